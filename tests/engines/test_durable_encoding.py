"""Codes are in the order of the values, exactly, whatever the values are."""

import operator
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pmo_engine.engines.durable.encoding import LIMIT, kind_for, operands, standing_for
from pmo_engine.feel.temporal import Time, WideDate
from pmo_engine.model.durations import Months
from pmo_engine.model.money import Money

OPERATORS = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
exponents = st.integers(-40, 25)
numbers = st.builds(
    lambda units, exponent: Decimal(units).scaleb(exponent), st.integers(-999, 999), exponents
)
moments = st.datetimes(timezones=st.sampled_from([UTC, timezone(timedelta(hours=5))]))


def _alike(left, right, first, second):
    for compare in OPERATORS.values():
        assert compare(left, right) == compare(first, second)


def _beside(left, right):
    for name, compare in OPERATORS.items():
        assert compare(left, right) == compare(*operands(name, left, right))


@given(numbers, numbers)
def test_a_number_beside_a_constant(value, constant):
    kind = kind_for([constant])
    if kind is None:
        assert abs(constant) * 10**40 >= LIMIT // 2
    else:
        _alike(value, constant, kind.encode(value), kind.constant(constant))


@given(numbers, numbers)
def test_a_number_beside_a_number(left, right):
    _beside(left, right)


@given(moments, moments)
def test_moments(left, right):
    _alike(left, right, kind_for([right]).encode(left), kind_for([right]).constant(right))
    _beside(left, right)


@given(st.text(), st.text())
def test_texts(left, right):
    _alike(left, right, kind_for([right]).encode(left), kind_for([right]).constant(right))


@pytest.mark.parametrize(
    ("low", "high"),
    [
        (date(2026, 3, 1), date(2026, 3, 2)),
        (date(9999, 12, 31), WideDate(10000, 1, 1)),
        (timedelta.min, timedelta.max),
        (Months(-1), Months(12)),
        (Money.parse("0.01 GBP"), Money(Decimal("0.0100000001"), "GBP")),
        (Time(9, 0, 0), Time(9, 0, 1)),
    ],
)
def test_other_families_are_in_order(low, high):
    for name in ("<", "!="):
        first, second = operands(name, low, high)
        assert first < second


def test_booleans_are_equal_or_not_and_have_no_order():
    yes, no = True, False
    assert operands("=", yes, yes) == (1, 1)
    assert operands("<", no, yes) is None


@pytest.mark.parametrize(
    ("value", "constant"),
    [
        ("200", Decimal(100)),
        (True, Decimal(1)),
        (Decimal(1), True),
        (None, Decimal(1)),
        (Money.parse("1 EUR"), Money.parse("1 GBP")),
        (datetime(2026, 3, 1, tzinfo=UTC), date(2026, 3, 1)),
        (["a"], "a"),
    ],
)
def test_what_is_of_another_kind_is_not_encoded(value, constant):
    assert kind_for([constant]).encode(value) is None
    assert operands("=", value, constant) is None


def test_constants_of_several_kinds_have_no_kind():
    assert kind_for([Decimal(1), "1"]) is None
    assert kind_for([Decimal("1E+18"), Decimal("0.001")]) is None


def test_no_value_has_the_codes_that_stand_for_others():
    number, text = kind_for([Decimal(1)]), kind_for(["a"])
    assert number.encode(Decimal("1E+6000")) < number.unlike < number.held
    assert {text.encode("unlike"), text.encode("held")}.isdisjoint({text.unlike, text.held})


@pytest.mark.parametrize("name", OPERATORS)
@pytest.mark.parametrize("outcome", [True, False])
def test_operands_that_stand_for_an_outcome_have_it(name, outcome):
    assert OPERATORS[name](*standing_for(name, outcome=outcome)) is outcome
