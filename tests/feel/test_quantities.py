"""Smallest steps of quantities, and quantities as plain numbers and back."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pmo_engine.feel.quantities import alike, as_number, is_quantity, like, step_of
from pmo_engine.model.durations import Months
from pmo_engine.model.money import Money

STEPS = [
    (Money.parse("50000 GBP"), "0.01"),
    (Money.parse("50000 JPY"), "1"),
    (Money.parse("1.5 KWD"), "0.001"),
    (Decimal(15), "1"),
    (Decimal("0.85"), "0.01"),
    (Decimal("1E+3"), "1"),
    (Decimal(1) / Decimal(3), "0.000001"),
    (date(2026, 3, 1), "1"),
    (datetime(2026, 3, 1, 9, 30, tzinfo=UTC), "60"),
    (datetime(2026, 3, 1, 9, 30, 5, tzinfo=UTC), "1"),
    (timedelta(days=30), "86400"),
    (timedelta(hours=36), "3600"),
    (timedelta(minutes=90), "60"),
    (timedelta(seconds=1.5), "1"),
    (Months(12), "1"),
]


@pytest.mark.parametrize(("value", "step"), STEPS)
def test_the_smallest_step_follows_what_is_written(value: object, step: str) -> None:
    assert step_of(value) == Decimal(step)


@pytest.mark.parametrize("value", [True, "x", None, [], datetime(2026, 3, 1)])
def test_what_cannot_be_more_or_less_is_no_quantity(value: object) -> None:
    assert not is_quantity(value)


def test_kinds_and_currencies_do_not_mix() -> None:
    assert alike(Money.parse("1 GBP"), Money.parse("2 GBP"))
    assert not alike(Money.parse("1 GBP"), Money.parse("1 EUR"))
    assert not alike(date(2026, 1, 1), datetime(2026, 1, 1, tzinfo=UTC))


def test_what_a_kind_cannot_hold_is_none() -> None:
    assert like(date(2026, 1, 1), Decimal(-5)) is None
    assert like(timedelta(1), Decimal("1e30")) is None
    assert like(Money.parse("1 GBP"), Decimal("NaN")) is None


@given(
    st.one_of(
        st.decimals(allow_nan=False, allow_infinity=False, places=6),
        st.dates(),
        st.datetimes(timezones=st.just(UTC)),
        st.timedeltas(min_value=timedelta(days=-1000), max_value=timedelta(days=1000)),
        st.integers(-1000, 1000).map(Months),
        st.decimals(-1_000_000, 1_000_000, places=2).map(lambda amount: Money(amount, "GBP")),
    )
)
def test_as_a_number_and_back_is_the_same(value: object) -> None:
    assert like(value, as_number(value)) == value
