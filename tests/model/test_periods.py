"""Periods: whole weeks, months, quarters and years, one after another without a gap."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pmo_engine.model.periods import Period

CYCLES = st.sampled_from(["week", "month", "quarter", "year"])
DAYS = st.dates(date(2, 1, 1), date(9998, 12, 31))  # before it there is no year


@given(CYCLES, DAYS)
def test_every_day_is_in_one_period_and_the_last_one_ends_before_it(cycle, day):
    period, before = Period.of(cycle, day), Period.before(cycle, day)
    assert period.start <= day <= period.end
    assert before.end == period.start - timedelta(days=1)
    assert Period.of(cycle, period.start) == Period.of(cycle, period.end) == period


@given(CYCLES, st.dates(date(1000, 1, 1), date(9998, 12, 31)))
def test_a_period_is_read_as_it_is_written(cycle, day):
    period = Period.of(cycle, day)
    assert Period.named(cycle, period.name(cycle)) == period


@pytest.mark.parametrize(
    ("cycle", "name", "first", "last"),
    [
        ("week", "2026-W53", date(2026, 12, 28), date(2027, 1, 3)),
        ("month", "2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("quarter", "2026-Q4", date(2026, 10, 1), date(2026, 12, 31)),
        ("year", "2026", date(2026, 1, 1), date(2026, 12, 31)),
    ],
)
def test_names(cycle, name, first, last):
    assert Period.named(cycle, name) == Period(first, last)
    assert Period(first, last).name(None) == last.isoformat()


@pytest.mark.parametrize(
    ("cycle", "text"),
    [
        ("month", "2026-13"),
        ("month", "2026-3"),
        ("week", "2025-W53"),
        ("quarter", "2026-Q5"),
        ("year", "26"),
        ("year", "0000"),
    ],
)
def test_what_is_none_is_said_with_an_example(cycle, text):
    with pytest.raises(ValueError, match=f"'{text}' is no {cycle}, as in '2026"):
        Period.named(cycle, text)
