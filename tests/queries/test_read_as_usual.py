"""What a dashboard reads in one go is what each record says alone."""

from datetime import date

import pytest
from sqlalchemy import Column

from pmo_engine.feel.types import DATE, MoneyType
from pmo_engine.feel.wire import WireError, from_wire
from pmo_engine.queries.dashboard.records import Reader, _as_usual
from pmo_engine.store.columns import SHAPE, Shaped, documents_of
from pmo_engine.store.errors import Newer
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
