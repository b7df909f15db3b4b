"""``init``: a new governance folder, ready to check and run."""

from __future__ import annotations

import json
import re
import unicodedata
from typing import TYPE_CHECKING

from pmo_engine.model.identifiers import problem
from pmo_engine.resources import flows_dir, policies_dir
from pmo_engine.work.errors import CommandError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

MODELS = {"pmo": "pmo-single", "p3o": "p3o"}
"""The model organisations that a folder may begin with, each with the policy that it is."""

UNFINISHED = ".pmo-init"
"""What the name of a file ends in until it is whole."""

SETTINGS = """\
# Where things are; paths count from this folder.
database = "sqlite:///pmo.db"
policy = "policies"
"""
_NAME = re.compile(r"(?m)^name: .*$")
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
  - id: our-free-change
    title: A change that costs nothing is the project manager's to decide
    on: change_request.submitted
    binding: shall
    when: change.cost <= @"0 GBP"
    then:
      - require_approval: {{from: project_manager, within: 3 working days}}
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
---
kind: suite
about: [our-free-change]
event: change_request.submitted
cases:
  - name: free of cost, and not
    vary: change.cost
    expect:
      0 GBP: {{approvals: [project_manager]}}
      0.01 GBP: {{fired: []}}
"""


def make_folder(folder: Path, model: str | None = None) -> list[Path]:
    """Make a governance folder, or the rest of one whose making was interrupted.

    ``model``: one of `MODELS`, of which its policies are a copy; without, a small policy.

    Raises:
        CommandError: it holds something else already, which is not touched.
    """
    try:
        made = _contents(folder, model)
        _check_free(folder, made)
        for path, text in made.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            _write_whole(path, text)
    except OSError as error:
        raise CommandError(f"{folder}: {error.strerror}") from None
    return list(made)


def _contents(folder: Path, model: str | None) -> dict[Path, str]:
    prefect = flows_dir().parent / "prefect.yaml"
    return {
        folder / "pmo.toml": SETTINGS,
        folder / ".gitignore": IGNORED,
        folder / "prefect.yaml": prefect.read_text(encoding="utf-8"),
        **{folder / "policies" / name: text for name, text in _policies(folder, model)},
    }


def _policies(folder: Path, model: str | None) -> Iterator[tuple[str, str]]:
    if model is None:
        yield "policy.yaml", POLICY.format(name=_name(folder))
        return
    for path in sorted((policies_dir() / MODELS[model]).glob("*.yaml")):
        text = path.read_text(encoding="utf-8")
        named = path.name == "policy.yaml"
        yield path.name, _NAME.sub(f"name: {_name(folder)}", text, count=1) if named else text


def _name(folder: Path) -> str:
    """Give the folder's name as YAML, or another where that is none that a policy can have."""
    name = unicodedata.normalize("NFKC", folder.resolve().name)
    if problem(name):
        name = re.sub(r"[^A-Za-z0-9]+", "-", name).strip("-")
    return json.dumps(name if problem(name) is None else "our-office", ensure_ascii=False)


def _check_free(folder: Path, made: Mapping[Path, str]) -> None:
    """Raise CommandError unless the folder holds less than what is made in it, and nothing else."""
    if not folder.exists():
        return
    whole = 0
    for path in folder.rglob("*") if folder.is_dir() else [folder]:
        if path.is_dir() or path.name.endswith(UNFINISHED):
            continue
        whole += 1
        foreign = path not in made or path.read_bytes() != made[path].encode()
        if foreign or whole == len(made):
            raise CommandError(f"{folder} holds something already; name a new or empty folder")


def _write_whole(path: Path, text: str) -> None:
    beside = path.with_name(f".{path.name}{UNFINISHED}")
    beside.write_text(text, encoding="utf-8")
    beside.replace(path)
