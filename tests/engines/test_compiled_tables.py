"""Tables in generated code: the fast way where all is ordinary, and what the reference says."""

# ruff: noqa: E501 - what is tried stands on one line, however long

from datetime import date
from decimal import Decimal

import pytest

from pmo_engine.authority.functions import functions
from pmo_engine.engines.compiled import Compiled
from pmo_engine.engines.compiled.code import Unspecialised
from pmo_engine.engines.compiled.generator import Generator
from pmo_engine.engines.compiled.tables import MOST_WORK, call_of
from pmo_engine.engines.reference import Tracing
from pmo_engine.feel import types as t
from pmo_engine.model.money import Money
from tests.engines.samples import (
    FACTS,
    case,
    expression,
    policy,
    record,
    rule,
    select,
    selection,
    table,
)

WORD = t.EnumType(("scope", "time", "cost"))
POUNDS = t.MoneyType("GBP")
ROLES = t.EnumType(("lead", "head"))
TABLES = (
    table(
        "signer",
        "unique",
        {"word": WORD, "cost": POUNDS},
        {"role": ROLES, "days": t.NUMBER},
        [
            (('"scope"', '< @"50000 GBP"'), ('"lead"', "3")),
            (('"scope"', '>= @"50000 GBP"'), ('"head"', "5 + 1")),
            (('not("scope")', "-"), ('"head"', "1")),
        ],
    ),
    table(
        "points",
        "first",
        {"n": t.NUMBER, "due": t.DATE, "flag": t.BOOLEAN},
        {"it": t.NUMBER},
        [
            (("[1..5)", '> @"2026-01-01"', "-"), ("n * 2",)),
            (("-", "-", "true"), ("n + 100",)),
            (("? > 50 or ? = 7", "-", "-"), ('if signer("time", @"1 GBP").days = 1 then 7 else 8',)),
        ],
        ("0",),
    ),
    table("clash", "unique", {"n": t.NUMBER}, {"it": t.NUMBER}, [(("> 1",), ("1",)), (("> 2",), ("2",))]),
    table("bare", "first", {"n": t.NUMBER}, {"it": t.NUMBER}, [(("> 5",), ("1",))]),
    table("list", "collect", {"n": t.NUMBER}, {"it": t.NUMBER}, [(("> 5",), ("1",))]),
    table("odd", "first", {"n": t.NUMBER}, {"it": ROLES}, [(("> 5",), ('if n > 6 then "lead" else "head"',))]),
    table("null", "first", {"n": t.NUMBER}, {"it": t.NUMBER}, [(("> 5",), ("null",))]),
    table("large", "first", {"n": t.NUMBER}, {"it": t.NUMBER}, [((f"{n}",), ("1",)) for n in range(MOST_WORK)]),
)  # fmt: skip
FULL = {
    "cost": Money.parse("50000 GBP"),
    "category": "scope",
    "score": Decimal(4),
    "due": date(2026, 3, 1),
    "critical": True,
}
ORDINARY = {
    'signer(change.category, change.cost).role = "head"': True,
    'signer(change.category, change.cost - @"0.01 GBP").role = "lead"': True,
    "signer(cost: change.cost, word: change.category).days = 6": True,
    "signer(change.category, change.cost).days > 6": False,
    "points(change.score, change.due, change.critical) = 8": True,
    "points(change.score + 3, change.due, not(change.critical)) = 7": True,
    "points(20, change.due, false) = 0": True,
    "bare(change.score + 5) = 1": True,
    "clash(change.score / 2) = 1": True,
    'change.score > 5 or signer("time", change.cost).role = "head"': True,
}
FOR_THE_REFERENCE = (
    "list(change.score) = [1]",
    'odd(change.score) = "lead"',
    "null(change.score) = 1",
    "large(change.score) = 1",
    "signer(change.category, change.cost) = null",
    "signer(change.category).days = 1",
    "signer(change.category, change.score).days = 1",
    "signer(word: change.category, money: change.cost).days = 1",
    "some c in changes satisfies bare(c.score) = 1",
)


def generator() -> Generator:
    tables = {each.id: each for each in TABLES}
    return Generator(FACTS, functions(selection(), {}), call_of, tables)


def agreed(condition, **change):
    chosen = select(policy([[rule("r1", condition)]], TABLES))
    facts = {**case(), "change": record("change", **change), "changes": []}
    found = Compiled().outcomes(chosen, facts)
    assert found == Tracing().outcomes(chosen, facts)
    return found


@pytest.mark.parametrize(("condition", "expected"), ORDINARY.items())
def test_the_ordinary_case_needs_no_reference(condition, expected):
    assert generator().condition(expression(condition).node)
    assert agreed(condition, **FULL).fired == (("r1",) if expected else ())


@pytest.mark.parametrize("condition", ORDINARY)
@pytest.mark.parametrize("name", FULL)
def test_any_fact_may_be_missing_null_or_of_another_type(condition, name):
    others = {key: value for key, value in FULL.items() if key != name}
    for change in (others, {**others, name: None}, {**others, name: Money.parse("1 EUR")}):
        agreed(condition, **change)


@pytest.mark.parametrize("condition", FOR_THE_REFERENCE)
def test_what_is_not_ordinary_is_left_to_the_reference(condition):
    with pytest.raises(Unspecialised):
        generator().condition(expression(condition).node)
    agreed(condition, **FULL)


@pytest.mark.parametrize(
    ("condition", "fault"),
    [
        ("clash(change.score) = 1", "table 'clash': rows 1 and 2 both match"),
        ("bare(change.score) = 1", "table 'bare': no row matches"),
        (
            "signer(change.note, change.cost).days = 1",
            "table 'signer': 'word' is elsewhere, not one",
        ),
    ],
)
def test_no_answer_is_a_fault(condition, fault):
    assert fault in agreed(condition, **FULL, note="elsewhere").faults["r1"]


def test_a_table_is_written_once():
    writing = generator()
    for condition in ORDINARY:
        writing.condition(expression(condition).node)
    assert sum(line.startswith("def ") for line in writing.functions) == 5
