from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest

from pmo_engine.engines.tracing import evaluate
from pmo_engine.feel import types as t
from pmo_engine.feel.builtins import BUILTINS
from pmo_engine.feel.checking.checker import check
from pmo_engine.feel.format import to_text
from pmo_engine.feel.syntax.parser import parse
from pmo_engine.feel.temporal import Time
from pmo_engine.feel.values import Missing, Range
from pmo_engine.model.durations import Months
from pmo_engine.model.money import Money


def call(name: str, *values: Any, **named: Any) -> Any:
    arguments = [_number(each) for each in (*values, *named.values())]
    return BUILTINS[name.replace("_", " ")].call(arguments, tuple(named))


def _number(value: Any) -> Any:
    if isinstance(value, int) and not isinstance(value, bool):
        return Decimal(value)
    if isinstance(value, list):
        return [_number(each) for each in value]
    return Decimal(str(value)) if isinstance(value, float) else value


NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
GBP = [Money(Decimal(each), "GBP") for each in (3, 1, 2)]


@pytest.mark.parametrize(
    ("name", "values", "expected"),
    [
        ("substring", ("foobar", 3), "obar"),
        ("substring", ("foobar", -2, 1), "a"),
        ("substring", ("foobar", 0), None),
        ("substring before", ("foobar", "bar"), "foo"),
        ("substring after", ("foobar", "ob"), "ar"),
        ("contains", ("foobar", "oba"), True),
        ("starts with", ("foobar", "oo"), False),
        ("string", (Decimal("1.50"),), "1.5"),
        ("string", ([1, "a", None],), '[1, "a", null]'),
        ("string", (GBP[0],), "3 GBP"),
        ("string join", (["a", None, "b"], ", "), "a, b"),
        ("matches", ("abc", "^a.c$"), True),
        ("matches", ("abc", "("), None),
        ("split", ("a b", " "), ["a", "b"]),
        ("sum", ([1, 2.5],), Decimal("3.5")),
        ("sum", (GBP,), Money(Decimal(6), "GBP")),
        ("sum", ([],), None),
        ("sum", ([1, "a"],), None),
        ("sum", ([GBP[0], Money(Decimal(1), "EUR")],), None),
        ("mean", ([1, 2],), Decimal("1.5")),
        ("mean", (GBP,), Money(Decimal(2), "GBP")),
        ("min", (GBP,), GBP[1]),
        ("max", (3, 7, 5), Decimal(7)),
        ("max", (["a", 1],), None),
        ("median", ([8, 2, 5],), Decimal(5)),
        ("stddev", ([1],), None),
        ("mode", ([1, 2, 2, 1],), [Decimal(1), Decimal(2)]),
        ("all", ([True, None],), None),
        ("any", ([False, True],), True),
        ("insert before", ([1, 3], 2, 2), [1, 2, 3]),
        ("remove", ([1, 2, 3], -1), [1, 2]),
        ("list replace", ([1, 2], 1, 9), [9, 2]),
        ("sublist", ([1, 2, 3], 2), [2, 3]),
        ("sublist", ([1, 2, 3], 2, 5), None),
        ("index of", ([1, 2, 1], 1), [1, 3]),
        ("union", ([1, 2], [2, 3]), [1, 2, 3]),
        ("flatten", ([1, [2, [3]]],), [1, 2, 3]),
        ("sort", ([3, 1, 2],), [1, 2, 3]),
        ("sort", ([3, "a"],), None),
        ("abs", (GBP[0],), GBP[0]),
        ("abs", (timedelta(days=-1),), timedelta(days=1)),
        ("modulo", (-12, 5), Decimal(3)),
        ("modulo", (1, 0), None),
        ("modulo", (1e40, 7), Decimal(4)),
        ("modulo", (-1e40, 7), Decimal(3)),
        ("sqrt", (-1,), None),
        ("round half up", (2.5, 0), Decimal(3)),
        ("round half down", (2.5, 0), Decimal(2)),
        ("round up", (-1.1, 0), Decimal(-2)),
        ("floor", (-1.5,), Decimal(-2)),
        ("ceiling", (1.21, 1), Decimal("1.3")),
        ("decimal", (2.345, 2), Decimal("2.34")),
        ("number", ("1 000,5", " ", ","), Decimal("1000.5")),
        ("number", ("1,000", ",", ","), None),
        ("number", ("x",), None),
        ("date", (2026, 2, 30), None),
        ("date", ("2026-02-28",), date(2026, 2, 28)),
        ("duration", ("P1Y",), Months(12)),
        ("time", (9, 30, 0), Time(9, 30, 0)),
        ("years and months duration", (date(2025, 12, 22), date(2027, 8, 21)), Months(19)),
        ("day of week", (date(2026, 3, 2),), "Monday"),
        ("week of year", (date(2027, 1, 1),), Decimal(53)),
        ("month of year", (date(2026, 3, 2),), "March"),
        ("day of year", (date(2024, 12, 31),), Decimal(366)),
        ("get value", ({"a": 1}, "a"), 1),
        ("get entries", ({"a": 1},), [{"key": "a", "value": 1}]),
        ("context put", ({"a": {"b": 1}}, ["a", "b"], 2), {"a": {"b": 2}}),
        ("context merge", ([{"a": 1}, {"a": 2, "b": 3}],), {"a": 2, "b": 3}),
        ("is", (Decimal(1), Decimal(1)), True),
        ("is", ([NOON, {"a": NOON}], [NOON, {"a": NOON}]), True),
        ("is", ([NOON], [NOON.astimezone(timezone(timedelta(hours=1)))]), False),
        ("is", ({"a": NOON}, {"a": NOON, "b": None}), False),
        ("range", ('["a".."c"]',), Range("a", "c", low_included=True, high_included=True)),
        ("range", ("[1..2] or true",), None),
    ],
)
def test_results(name: str, values: tuple[Any, ...], expected: Any) -> None:
    assert call(name, *values) == expected


def test_wrong_arguments_give_null() -> None:
    assert call("abs") is None
    assert call("abs", 1, 2) is None
    assert call("abs", "1") is None
    assert call("abs", number=1) is None
    assert call("sum", None) is None


def test_named_arguments_come_in_any_order() -> None:
    by_name = BUILTINS["substring"].call
    values = (Decimal(2), "abc"), ("start position", "string")
    assert by_name(*values) == "bc"


def test_what_is_not_named_is_not_given() -> None:
    assert call("ceiling", n=-1.5) == Decimal(-1)
    assert call("floor", n=1.25, scale=1) == Decimal("1.2")
    assert call("floor", n=1.25, scale=None) is None
    by_name = BUILTINS["number"].call
    assert by_name(("1,5", ","), ("from", "decimal separator")) == Decimal("1.5")


def test_a_single_value_is_a_list_of_one_and_the_other_way_round() -> None:
    assert call("count", 5) == Decimal(1)
    assert call("abs", [-5]) == Decimal(5)


def test_what_is_missing() -> None:
    missing = Missing(("x",))
    assert call("abs", missing) == missing
    assert call("count", [missing]) == Decimal(1)
    assert call("union", [1, missing], [2]) == missing


def _range(text: str) -> Any:
    return call("range", text)


@pytest.mark.parametrize(
    ("relation", "left", "right", "expected"),
    [
        ("before", "[1..5)", "[5..9]", True),
        ("before", "[1..5]", "[5..9]", False),
        ("after", "[5..9]", "[1..4]", True),
        ("meets", "[1..5]", "[5..9]", True),
        ("meets", "[1..5)", "[5..9]", False),
        ("met by", "[5..9]", "[1..5]", True),
        ("overlaps", "[1..5]", "[5..9]", True),
        ("overlaps", "[1..5)", "[5..9]", False),
        ("overlaps before", "[1..5]", "[3..9]", True),
        ("overlaps before", "[3..5]", "(3..9]", True),
        ("overlaps after", "[3..9]", "[1..5]", True),
        ("finishes", "[5..10]", "[1..10]", True),
        ("finished by", "[1..10]", "[5..10)", False),
        ("includes", "[1..10]", "(1..10)", True),
        ("includes", "(1..10]", "[1..10]", False),
        ("during", "[2..3]", "[1..10]", True),
        ("starts", "[1..5]", "[1..10]", True),
        ("started by", "(1..10]", "[1..5]", False),
        ("coincides", "[1..5]", "[1..5)", False),
    ],
)
def test_relations_of_ranges(relation: str, left: str, right: str, *, expected: bool) -> None:
    assert call(relation, _range(left), _range(right)) is expected


def test_relations_of_points() -> None:
    assert call("before", 1, 2) is True
    assert call("during", 1, _range("(1..2]")) is False
    assert call("includes", _range("[1..2]"), 1) is True
    assert call("starts", 1, _range("[1..2]")) is True
    assert call("before", 1, "a") is None
    assert call("before", 1, None) is None
    assert (
        call("before", Range(Decimal(1), None, low_included=True, high_included=False), "a") is None
    )
    assert call("after", None, _range("[1..2]")) is None
    assert call("meets", 1, 2) is None
    above = Range(Decimal(5), None, low_included=False, high_included=False)
    assert call("during", 1000, above) is True
    assert call("before", 5, above) is True


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ('round half up(@"8333.34 GBP" * 1.2, 2)', "10000.01 GBP"),
        ('round half down(@"0.05 GBP" / 2 * 1.0, 2)', "0.02 GBP"),
        ('round half up(@"-0.05 GBP" / 2, 2)', "-0.03 GBP"),
        ('round up(@"1.01 GBP" / 3, 2)', "0.34 GBP"),
        ('round down(@"-1.01 GBP" / 3, 2)', "-0.33 GBP"),
        ('decimal(@"0.05 GBP" / 2, 2)', "0.02 GBP"),
        ('floor(@"-8.50 GBP")', "-9 GBP"),
        ('floor(@"8.55 GBP", 1)', "8.50 GBP"),
        ('ceiling(@"8.50 GBP")', "9 GBP"),
        ('round up(@"1234 JPY", -2)', "1300 JPY"),
        ('round half up(@"1 GBP", 1e9)', "null"),
        ('floor(@"1 GBP", null)', "null"),
    ],
)
def test_money_is_rounded_as_numbers_are_and_stays_money(expression, expected):
    assert to_text(evaluate(parse(expression), {})) == expected


@pytest.mark.parametrize("name", ["round half up", "round up", "decimal", "floor", "ceiling"])
def test_rounded_money_is_of_the_type_of_money(name):
    found = check(parse(f'{name}(cost * 1.2, 2) > @"5 GBP"'), {"cost": t.MoneyType("GBP")})
    assert not found.problems
    found = check(parse(f'{name}(cost * 1.2, 2) > @"5 EUR"'), {"cost": t.MoneyType("GBP")})
    assert [each.code for each in found.problems] == ["PMO024"]
