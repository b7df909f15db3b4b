"""Rows of one table that name one another: what they say, and in which order they go in."""

from pmo_engine.exchange.record_rows import ImportedRecord
from pmo_engine.testing import policy_from
from pmo_engine.work.imports.together import named_first, together

POLICY = """
kind: policy
name: office
version: "1"
in_force_from: 2026-01-01
currency: GBP
---
kind: registers
registers:
  - register: works
    noun: work
    root: work
    plural: works
    fields:
      title: {type: text}
      after: {type: text}
      beside: {type: list<text>}
      owner_of: {type: text}
    must_be:
      after: a record of works
      beside: a record of works
      owner_of: a record of others
  - register: others
    noun: other
    root: other
    plural: others
    fields: {title: {type: text}}
"""
REGISTERS = policy_from(POLICY).registers


def row(key: str | None, project: str | None = None, **fields: object) -> ImportedRecord:
    first = fields.pop("first", {})
    assert isinstance(first, dict)
    return ImportedRecord(1, key, project, None, fields, first)


def order(*rows: ImportedRecord, project: str | None = "P-1") -> list[str | None]:
    return [each.key for each in named_first(REGISTERS["works"], rows, project)]


def test_rows_say_what_they_say_by_project_and_key() -> None:
    rows = (
        row("W-1", title="a", first={"after": "W-9"}),
        row("W-1", "P-2", after="W-2"),
        row(None, title="nobody names it"),
    )
    assert together(REGISTERS["works"], rows, "P-1") == {
        "P-1": {"W-1": {"after": "W-9", "title": "a"}},
        "P-2": {"W-1": {"after": "W-2"}},
    }


def test_of_a_register_that_names_no_record_of_its_own_nothing_is_kept() -> None:
    assert together(REGISTERS["others"], (row("O-1", title="a"),), "P-1") == {}
    rows = (row("O-2", after="O-1"), row("O-1"))
    assert named_first(REGISTERS["others"], rows, "P-1") == rows


def test_each_goes_in_after_those_that_it_names_in_whichever_way() -> None:
    assert order(row("W-1", after="W-2"), row("W-2")) == ["W-2", "W-1"]
    assert order(row("W-1", beside=["W-3", "W-2"]), row("W-2", after="W-3"), row("W-3")) == [
        "W-3",
        "W-2",
        "W-1",
    ]
    assert order(row("W-1", first={"after": "W-2"}), row("W-2")) == ["W-2", "W-1"]


def test_it_is_the_row_of_its_own_project_that_is_named() -> None:
    rows = (row("W-1", "P-2", after="W-2"), row("W-2"), row("W-2", "P-2"))
    found = named_first(REGISTERS["works"], rows, "P-1")
    order = [(each.project, each.key) for each in found]
    assert order.index(("P-2", "W-2")) < order.index(("P-2", "W-1"))
    only = (row("W-1", "P-2", after="W-2"), row("W-2"))
    assert named_first(REGISTERS["works"], only, "P-1") == only


def test_what_names_records_of_others_or_none_stays_where_it_is() -> None:
    assert order(row("W-1", owner_of="W-2"), row("W-2")) == ["W-1", "W-2"]
    assert order(row("W-1", after="W-7"), row("W-2")) == ["W-1", "W-2"]


def test_a_circle_stays_in_its_order() -> None:
    assert order(row("W-1", after="W-2"), row("W-2", after="W-1")) == ["W-1", "W-2"]
