"""Needs by skill and month: each month that a need touches, of the twelve from today on."""

from calendar import monthrange
from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from pmo_engine.queries.dashboard.planning import MONTHS, Need, by_month

DAYS = st.dates(date(2024, 11, 1), date(2028, 2, 29))
NEEDS = st.builds(
    Need,
    st.sampled_from(["analyst", "tester"]),
    st.integers(0, 40).map(lambda tenths: Decimal(tenths) / 10),
    DAYS,
    DAYS,
)


def touched(need: Need, day: date) -> list[str]:
    """Go through the days of each month, one by one."""
    found = []
    for number in range(day.month - 1, day.month - 1 + MONTHS):
        year, month = day.year + number // 12, number % 12 + 1
        first, last = date(year, month, 1), date(year, month, monthrange(year, month)[1])
        if need.first <= last and need.last >= first:
            found.append(f"{year}-{month:02}")
    return found


@given(st.lists(NEEDS, max_size=6), DAYS)
def test_a_need_counts_in_each_month_that_it_touches(needs: list[Need], day: date) -> None:
    expected: dict[tuple[str, str], Decimal] = {}
    for need in needs:
        for month in touched(need, day):
            key = need.skill, month
            expected[key] = expected.get(key, Decimal(0)) + need.amount
    assert by_month(needs, day) == expected


def test_the_last_months_that_there_are_can_be_looked_ahead() -> None:
    need = Need("analyst", Decimal(1), date(9999, 11, 30), date(9999, 12, 31))
    assert by_month([need], date(9999, 12, 1)) == {("analyst", "9999-12"): Decimal(1)}
