"""Types whose values are bounded: what they take, what lies between, and what is said of them."""

import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pmo_engine.feel import types as t
from pmo_engine.feel.bounds import lies_between, nearest_within, takes, unbounded, universe
from pmo_engine.feel.checking.checker import check
from pmo_engine.feel.compatibility import join
from pmo_engine.feel.syntax.parser import parse
from pmo_engine.feel.values import Range
from pmo_engine.feel.wire import WireError, from_wire
from pmo_engine.model.money import Money


def number(**bounds: Any) -> t.Simple:
    return t.Simple("number", bounds=t.Bounds(**bounds))


def pounds(amount: int) -> Money:
    return Money(Decimal(amount), "GBP")


SCALE = number(low=Decimal(1), high=Decimal(5), whole=True)
SHARE = number(low=Decimal(0), high=Decimal(1))
POINTS = number(among=(Decimal(1), Decimal(2), Decimal(5)))
PERCENT = number(low=Decimal(0), high=Decimal(100), percent=True)
CREDIT = t.MoneyType("GBP", t.Bounds(low=pounds(0)))
SINCE = t.Simple("date", bounds=t.Bounds(low=date(2020, 1, 1), high=date(2020, 12, 31)))
HOURS = t.Simple("days and time duration", bounds=t.Bounds(high=timedelta(hours=8)))
LATELY = t.Simple(
    "date and time", zoned=True, bounds=t.Bounds(low=datetime(2020, 1, 1, tzinfo=UTC))
)


@pytest.mark.parametrize(
    ("type_", "inside", "outside"),
    [
        (SCALE, ["1", "5", 3, "5.0"], ["0", "6", "1.5", -1]),
        (SHARE, ["0", "1", "0.999"], ["-0.001", "1.001"]),
        (POINTS, ["1", "2.0", "5"], ["3", "0", "6"]),
        (PERCENT, ["0", "100", "40%", "40 %", "33.3"], ["-1", "100.1", "101 %"]),
        (CREDIT, ["0 GBP", "1 GBP"], ["-0.01 GBP"]),
        (SINCE, ["2020-01-01", "2020-12-31"], ["2019-12-31", "2021-01-01"]),
        (HOURS, ["PT8H", "-PT1H"], ["PT8H1M"]),
        (LATELY, ["2020-01-01T00:00:00Z"], ["2019-12-31T23:59:59Z", "2020-01-01T00:30:00+01:00"]),
    ],
)
def test_what_a_type_takes(type_: t.Type, inside: list[Any], outside: list[Any]) -> None:
    for value in inside:
        assert takes(type_, from_wire(type_, value, "x"))
    for value in outside:
        with pytest.raises(WireError, match=re.escape(f"is not {t.describe(type_)}")):
            from_wire(type_, value, "x")
        assert from_wire(unbounded(type_), str(value).removesuffix(" %"), "x") is not None


def test_lists_and_records_are_of_values_within_their_bounds() -> None:
    listed = t.ListType(t.ContextType((("level", SCALE), ("name", t.STRING)), "risk"))
    assert from_wire(listed, [{"level": "5"}], "risks") == [{"level": Decimal(5)}]
    with pytest.raises(WireError, match=r"risks\[2\].level: '6' is not a whole number from 1 to 5"):
        from_wire(listed, [{"level": "5"}, {"level": "6"}], "risks")
    assert from_wire(unbounded(listed), [{"level": "6"}], "risks") == [{"level": Decimal(6)}]
    plain = t.ListType(t.ContextType((("name", t.STRING),), "risk"))
    assert unbounded(plain) is plain


def test_null_is_within_every_bounds() -> None:
    assert from_wire(SCALE, None, "x") is None


@pytest.mark.parametrize(
    ("type_", "said"),
    [
        (SCALE, "a whole number from 1 to 5"),
        (number(whole=True), "a whole number"),
        (number(high=Decimal(5)), "a number up to 5"),
        (number(low=Decimal(5)), "a number from 5"),
        (POINTS, "a number among 1, 2, 5"),
        (PERCENT, "a percentage from 0 to 100"),
        (CREDIT, "money in GBP from 0 GBP"),
        (SINCE, "a date from 2020-01-01 to 2020-12-31"),
    ],
)
def test_bounds_in_words(type_: t.Type, said: str) -> None:
    assert t.describe(type_) == said


def test_with_or_without_bounds_a_type_is_the_same() -> None:
    assert SCALE == t.NUMBER
    assert t.MoneyType("GBP") == CREDIT
    assert len({SCALE, t.NUMBER, POINTS}) == 1


bounded = st.tuples(
    st.integers(-4, 4),
    st.integers(0, 4),
    st.booleans(),
    st.sets(st.integers(-4, 4).map(Decimal), max_size=2),
).map(
    lambda each: number(
        low=Decimal(each[0]),
        high=Decimal(each[0] + each[1]),
        whole=each[2],
        among=tuple(sorted(value for value in each[3])),
    )
)
ends = st.none() | st.integers(-12, 12).map(lambda each: Decimal(each) / 2)
TENTHS = [Decimal(each) / 10 for each in range(-90, 91)]


@given(bounded, ends, ends)
def test_something_lies_between_two_values_where_a_value_does(
    type_: t.Simple, low: Decimal | None, high: Decimal | None
) -> None:
    found = [
        each
        for each in TENTHS
        if takes(type_, each) and (low is None or each > low) and (high is None or each < high)
    ]
    assert lies_between(type_, low, high) is bool(found)


@given(bounded, st.sampled_from(TENTHS))
def test_the_nearest_within_is_within(type_: t.Simple, value: Decimal) -> None:
    nearest = nearest_within(type_, value)
    assert takes(type_, nearest)
    assert nearest == value or not takes(type_, value)


def test_between_days_there_is_none_but_days() -> None:
    assert not lies_between(SINCE, date(2020, 12, 31), None)
    assert lies_between(SINCE, date(2020, 12, 30), None)
    assert not lies_between(SINCE, date(2020, 3, 1), date(2020, 3, 2))
    assert not lies_between(SINCE, None, date(2020, 1, 1))
    assert lies_between(t.DATE, None, None)


def between(low: int, high: int | None) -> Range:
    top = None if high is None else Decimal(high)
    return Range(Decimal(low), top, low_included=True, high_included=high is not None)


def test_the_universe_of_a_type() -> None:
    assert universe(SCALE.bounds or t.Bounds()) == (between(1, 5),)
    assert len(universe(POINTS.bounds or t.Bounds())) == 3
    assert universe(t.Bounds(low=Decimal(1))) == (between(1, None),)


NAMES = {
    "a": SCALE,
    "b": number(low=Decimal(2)),
    "m": CREDIT,
    "l": t.ListType(SCALE),
    "free": t.NUMBER,
}


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("a", True),
        ("a + 1", False),
        ("-a", False),
        ("m * 2", False),
        ("m + m", False),
        ("sum(l)", False),
        ("max(l)", False),
        ("l[1]", True),
        ("if true then a else a", True),
        ("if true then a else b", False),
        ("if true then a else free", False),
        ("if true then a else null", True),
        ("[a, b][1]", False),
    ],
)
def test_what_is_worked_out_of_bounded_values_is_bounded_no_more(text: str, *, kept: bool) -> None:
    found = check(parse(text), NAMES).type
    assert (getattr(found, "bounds", None) is not None) is kept


def test_bounds_of_one_of_two_types_are_none_of_both() -> None:
    assert getattr(join(SCALE, POINTS), "bounds", None) is None
    assert getattr(join(CREDIT, t.MoneyType("GBP")), "bounds", None) is None
    assert getattr(join(SCALE, SCALE), "bounds", None) is not None
