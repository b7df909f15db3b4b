"""What a dashboard reads in one go is what each record says alone."""

from datetime import UTC, date, datetime
from functools import cache
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Column, update
from sqlmodel import col

from pmo_engine.feel.bounds import unbounded
from pmo_engine.feel.types import DATE, MoneyType
from pmo_engine.feel.wire import WireError, from_wire
from pmo_engine.model.fact_paths import FactPath
from pmo_engine.policy import Policy
from pmo_engine.policy.registers import record_type
from pmo_engine.queries.dashboard.records import Reader, _as_usual, _Typed
from pmo_engine.store.columns import SHAPE, Shaped, documents_of
from pmo_engine.store.errors import Newer
from pmo_engine.store.tables import Entry
from pmo_engine.testing import World, policy_from

TEXTS = (
    "12 GBP",
    "-12 GBP",
    "12.5 GBP",
    "12.50 GBP",
    "0 GBP",
    "12 JPY",
    "12.345 KWD",
    "2026-02-28",
)
ODD = (
    "12.505 GBP",
    "12. GBP",
    "12.5 JPY",
    "12 gbp",
    " 12 GBP",
    "12 GBP\n",
    "2026-02-30",
    "1" * 19,
)


@pytest.mark.parametrize("currency", ["GBP", "JPY", "KWD"])
@pytest.mark.parametrize("text", [*TEXTS, *ODD])
def test_what_is_as_usual_is_what_the_wire_gives(text: str, currency: str) -> None:
    for kind in (MoneyType(currency), DATE):
        try:
            expected = from_wire(kind, text, "x")
        except WireError:
            expected = None
        assert _as_usual(kind)(text) == expected


@pytest.mark.parametrize("text", TEXTS)
def test_of_a_currency_known_only_later_nothing_is_usual(text: str) -> None:
    assert _as_usual(MoneyType())(text) is None


def test_documents_read_in_one_go_are_in_the_shape_of_today() -> None:
    column = Column("document", Shaped("a record", (lambda old: {**old, "new": "yes"},)))
    texts = ["{}", f'{{"{SHAPE}": 2, "a": "[,]"}}', '{"a": ["é", 1]}']
    assert documents_of(column, texts) == [
        {"new": "yes"},
        {"a": "[,]"},
        {"a": ["é", 1], "new": "yes"},
    ]
    assert documents_of(column, []) == []
    with pytest.raises(Newer):
        documents_of(column, [f'{{"{SHAPE}": 3}}'])


POLICY = """
kind: policy
name: small
version: "1"
in_force_from: 2026-01-01
currency: GBP
---
kind: roles
roles: [{id: head}]
---
kind: registers
registers:
  - register: visits
    noun: visit
    root: visit
    plural: visits
    fields: {began: {type: date}}
  - register: notes
    noun: note
    root: note
    plural: notes
    fields: {text: {type: string}}
"""


def test_records_of_the_registers_that_are_wanted_say_their_status(sqlite_url: str) -> None:
    policy = policy_from(POLICY)
    world = World(policy, sqlite_url)
    for id in ("P-1", "P-2"):
        world.project(id)
    world.person("petra", "head")
    world.submit("P-1", "notes", "petra", text="What else was said")
    world.submit("P-1", "visits", "petra", began="2026-03-01")
    world.submit("P-2", "visits", "petra", began="2026-03-03")
    with world.governance.reading() as c:
        ((place, register, record),) = Reader(policy, c.today, {"visits": {"began"}}).read(
            c, ["P-1"]
        )
        (row,) = c.uow.entries.of_project("P-1", "visits")
    assert (place, register) == ("P-1", "visits")
    assert record["status"] == row.status
    assert record["began"] == date(2026, 3, 1)
    world.close()


LINES = """
kind: policy
name: small
version: "1"
in_force_from: 2026-01-01
currency: GBP
---
kind: registers
registers:
  - register: lines
    noun: line
    root: line
    plural: lines
    fields:
      budget: {type: money, from: 0 GBP}
      began: {type: date}
      part: {type: number}
      done: {type: boolean}
      sort: {type: [own, bought]}
      note: {type: string}
      names: {type: list<text>}
"""
FIELDS = ("budget", "began", "part", "done", "sort", "note", "names")
VALUES = st.sampled_from(
    [
        *("12.50 GBP", "-1 GBP", "12.505 GBP", "12 EUR", "2026-02-28", "2026-02-30", "1.50", "0"),
        *("true", "own", "", "null", "~", None, True, 7, ["a", "b"], {"a": "b"}),
    ]
)
DOCUMENT = st.fixed_dictionaries({}, optional=dict.fromkeys(FIELDS, VALUES))
KEYS = st.sampled_from(["L-1", "17", 'L"2', "[L]", "L-2"]) | st.text(min_size=1, max_size=4)


@cache
def lines() -> Policy:
    return policy_from(LINES)


@given(st.lists(st.tuples(KEYS, DOCUMENT), max_size=5))
def test_many_records_read_together_are_what_each_says_alone(several) -> None:
    policy = lines()
    register = policy.registers["lines"]
    typed = _Typed(policy, register, FIELDS, ("standing", "closed_at"))
    kinds = dict(record_type(register).entries)
    rows = [(("", "P-1", "lines", key, "entered", "approved", None), doc) for key, doc in several]
    day = date(2026, 3, 2)
    for read in (typed.records(rows, day), typed.records(rows, day)):
        for (key, document), record in zip(several, read, strict=True):
            expected: dict[str, Any] = {"key": key, "standing": "approved", "status": "entered"}
            for name, raw in document.items():
                try:
                    expected[name] = from_wire(unbounded(kinds[name]), raw, "x")
                except WireError:
                    continue
            assert record == expected
            assert record.path == FactPath("lines").record(f"P-1/{key}")
            assert record.fields == kinds.keys()
            assert {name: type(value) for name, value in record.items()} == {
                name: type(value) for name, value in expected.items()
            }


def test_places_and_registers_are_told_apart_and_keys_are_in_order(sqlite_url: str) -> None:
    world = World(policy_from(POLICY), sqlite_url)
    for id in ("P-1", "P-2"):
        world.project(id)
    world.person("petra", "head")
    for project, day in (("P-2", "2026-03-03"), ("P-1", "2026-03-01"), ("P-1", "2026-03-02")):
        world.submit(project, "visits", "petra", began=day)
    world.submit("P-2", "notes", "petra", text="What else was said")
    with world.governance.reading() as c:
        reader = Reader(c.policy, c.today, {"visits": {"began"}, "notes": {"text"}})
        found = [
            (place, register, [dict(each) for each in records])
            for place, register, records in reader.together(c, ["P-1", "P-2"])
        ]
        one_by_one = [(place, name, dict(each)) for place, name, each in reader.read(c, ["P-1"])]
    told = [
        (place, register, [each.get("began") or each["text"] for each in records])
        for place, register, records in found
    ]
    assert told == [
        ("P-1", "visits", [date(2026, 3, 1), date(2026, 3, 2)]),
        ("P-2", "notes", ["What else was said"]),
        ("P-2", "visits", [date(2026, 3, 3)]),
    ]
    assert one_by_one == [("P-1", "visits", each) for each in found[0][2]]
    world.close()


RATES = """
---
kind: roles
roles: [{id: head}]
---
kind: rates
rates:
  - {of: EUR, from: 2026-01-01, rate: 0.5, source: Note 1}
  - {of: EUR, from: 2026-03-04, rate: 2, source: Note 2}
"""


def test_an_amount_of_another_currency_counts_by_the_day_on_which_it_was_decided(
    sqlite_url: str,
) -> None:
    world = World(policy_from(LINES + RATES), sqlite_url)
    world.project("P-1")
    world.person("petra", "head")
    for text in ("10 EUR", "10 EUR", "3 GBP"):
        world.submit("P-1", "lines", "petra", budget=text)
    moment = datetime(2026, 3, 3, 23, 59, 59, tzinfo=UTC)
    with world.database._engine.begin() as here:
        mine = update(Entry).where(col(Entry.key) == "L-1")
        here.execute(mine.values(decided_at=moment))
        here.execute(update(Entry).where(col(Entry.key) != "L-1").values(decided_at=None))
    with world.governance.reading() as c:
        keys = sorted(row.key for row in c.uow.entries.of_project("P-1", "lines"))
        reader = Reader(c.policy, date(2026, 3, 5), {"lines": {"budget", "decided_at"}})
        ((_, _, records),) = reader.together(c, ["P-1"])
    assert [each["key"] for each in records] == keys
    assert [str(each["budget"]) for each in records] == ["5 GBP", "20 GBP", "3 GBP"]
    assert records[0]["decided_at"] == moment
    assert records[0]["decided_at"].tzinfo is c.policy.calendar.clocks
    world.close()


@pytest.mark.parametrize("number", [1, 2, 3, 5])
def test_however_many_are_typed_at_once_each_is_read(
    number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pmo_engine.queries.dashboard.records.AT_ONCE", number)
    typed = _Typed(lines(), lines().registers["lines"], FIELDS, ("standing", "closed_at"))
    texts = ["1 GBP", "2 GBP\n3 GBP", "4 GBP", "5.50 GBP"]
    rows: Any = [
        (("", "P-1", "lines", f"L-{text}", "entered", "approved", None), {"budget": text})
        for text in texts
    ]
    read = [each.get("budget") for each in typed.records(rows, date(2026, 3, 2))]
    assert [each and str(each) for each in read] == ["1 GBP", None, "4 GBP", "5.50 GBP"]


MOVED = """
kind: policy
name: small
version: "1"
in_force_from: 2026-01-01
currency: GBP
---
kind: registers
registers:
  - register: lines
    noun: line
    root: line
    plural: lines
    fields:
      plan: {type: date, baseline_of: day}
      day: {type: date}
"""


@pytest.mark.parametrize(
    ("document", "first"),
    [
        ({"plan": "2026-03-02"}, date(2026, 3, 2)),  # written before firsts were kept
        ({"plan": "2026-03-02", "first_plan": "2026-02-01"}, date(2026, 2, 1)),
        ({"day": "2026-03-02"}, None),
    ],
)
def test_the_first_baseline_is_what_it_is_where_none_was_kept(document: Any, first: Any) -> None:
    policy = policy_from(MOVED)
    register = policy.registers["lines"]
    (name,) = (each.name for each in register.fields.values() if each.first_of == "plan")
    kept = {name if key == "first_plan" else key: value for key, value in document.items()}
    row = ("", "P-1", "lines", "L-1", "entered", "approved", None)
    typed = _Typed(policy, register, (name,), ("standing", "closed_at"))
    (record,) = typed.records([(row, kept)], date(2026, 3, 2))
    assert record.get(name) == first
