"""``init``: a new governance folder, ready to check and run."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from pmo_engine.resources import flows_dir
from pmo_engine.work.errors import CommandError

if TYPE_CHECKING:
    from pathlib import Path

SETTINGS = """\
# Where things are; paths count from this folder.
database = "sqlite:///pmo.db"
policy = "policies"
"""
IGNORED = """\
# What is made here: Prefect's files, the database.
.prefect/
pmo.db*
"""
POLICY = """\
kind: policy
name: {name}
version: "1"
in_force_from: 2026-01-01
currency: GBP
calendar: office
packs:
  - {{use: office}}
  - {{use: change_control}}
  - {{use: risk}}
---
kind: calendar
id: office
zone: Europe/London
holidays: {{country: GB, subdivision: ENG}}
hours: {{mon-fri: "09:00-17:30"}}
---
kind: terms_of_reference
for: project_manager
authority:
  - id: pm-changes
    may: approve change_request
    up_to:
      - {{from: 2026-01-01, value: 50000 GBP, source: "say which board set this, and when"}}
---
kind: terms_of_reference
for: pmo_head
purpose: Answers for how the portfolio is governed.
authority:
  - id: board-changes
    may: approve change_request
    up_to: unlimited
---
kind: rules
rules:
  - id: our-change-approval
    title: A change needs the approval of somebody with authority enough for its cost
    on: change_request.submitted
    binding: shall
    when: change.cost > @"0 GBP"
    then:
      - require_approval:
          from: least_senior_with_authority
          within: 3 working days
          ladder: standard
---
kind: suite
about: [our-change-approval]
event: change_request.submitted
cases:
  - name: at the limit
    facts: {{change: {{cost: 50000 GBP}}}}
    expect: {{approvals: [project_manager]}}
  - name: above it
    facts: {{change: {{cost: 50000.01 GBP}}}}
    expect: {{approvals: [pmo_head]}}
  - name: cost not known
    facts: {{change: {{}}}}
    expect: {{information: [change.cost]}}
"""


def make_folder(folder: Path) -> list[Path]:
    """Make a governance folder; raises CommandError rather than touch one that holds something."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise CommandError(f"{folder} holds something already; name a new or empty folder")
    policies = folder / "policies"
    try:
        policies.mkdir(parents=True, exist_ok=True)
        (policies / "policy.yaml").write_text(
            POLICY.format(name=folder.resolve().name), encoding="utf-8"
        )
        (folder / "pmo.toml").write_text(SETTINGS, encoding="utf-8")
        (folder / ".gitignore").write_text(IGNORED, encoding="utf-8")
        shutil.copy(flows_dir().parent / "prefect.yaml", folder / "prefect.yaml")
    except OSError as error:
        raise CommandError(f"{folder}: {error.strerror}") from None
    return [
        folder / "pmo.toml",
        folder / ".gitignore",
        folder / "prefect.yaml",
        policies / "policy.yaml",
    ]
