"""A small policy, and places in it marked with ``^``."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from pmo_engine.compiler.names import Index
from pmo_engine.compiler.reading import read_text
from pmo_engine.editor.index import index_of
from pmo_engine.editor.place import Place, locate

POLICY = """kind: policy
name: museum
version: "1"
currency: GBP
packs:
  - {use: spills, with: {most: 4}}
---
kind: roles
roles:
  - {id: project_manager, senior: pmo_head}
  - {id: pmo_head, title: Head of the PMO, senior: board}
  - {id: board, body: true}
---
kind: registers
registers:
  - register: changes
    noun: change
    root: change
    plural: changes
    events: [withdrawn]
    fields:
      cost: {type: money, about: the whole cost}
      weeks: {type: number}
      category: {type: [scope, time, cost]}
  - register: risks
    noun: risk
    root: risk
    plural: risks
    fields:
      score: {type: number}
---
kind: ladders
ladders:
  - id: standard
    rungs:
      - {at: 50 %, remind: addressee}
      - {after: 1 working day, escalate: senior}
---
kind: terms_of_reference
for: pmo_head
purpose: Leads the office.
authority:
  - {id: large, may: approve change, up_to: [{value: 50000 GBP, source: Board}]}
---
kind: rules
rules:
  - id: dear
    title: Dear changes are seen
    on: change.submitted
    binding: shall
    when: change.cost > @"500 GBP"
    then:
      - require_approval: {from: pmo_head, within: 3 working days, ladder: standard}
      - derive: {fact: slow, value: change.weeks > 4}
---
kind: suite
about: [dear]
event: change.submitted
cases:
  - {name: dear, facts: {change: {cost: 501 GBP}}, expect: {approvals: [pmo_head]}}
"""
PACK = """kind: rules
pack: spills
parameters:
  most: {type: number, default: 3, about: How many spills are borne}
rules: []
"""


@dataclass(frozen=True)
class Marked:
    """A text without its mark, and where that stood."""

    lines: list[str]
    line: int
    column: int


def marked(text: str) -> Marked:
    before, _, after = text.partition("^")
    lines = (before + after).split("\n")
    upto = before.split("\n")
    return Marked(lines, len(upto) - 1, len(upto[-1]))


@pytest.fixture(scope="session")
def at() -> Callable[[str], Place]:
    """Give the place of the ``^`` in a text."""

    def at(text: str) -> Place:
        found = marked(text)
        return locate(found.lines, found.line, found.column)

    return at


@pytest.fixture(scope="session")
def index() -> Index:
    return index_of(
        [*read_text(POLICY, "policy.yaml").documents, *read_text(PACK, "spills.yaml").documents]
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The policy in a folder, with the pack beside it."""
    (tmp_path / "policy").mkdir()
    (tmp_path / "policy/policy.yaml").write_text(POLICY, encoding="utf-8")
    (tmp_path / "packs/spills").mkdir(parents=True)
    (tmp_path / "packs/spills/rules.yaml").write_text(PACK, encoding="utf-8")
    return tmp_path / "policy"
