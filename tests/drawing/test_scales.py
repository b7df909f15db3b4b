"""Scales: round steps, days with their years, places in order."""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pmo_engine.drawing.scales import Days, Numbers, round_step

NUMBERS = st.decimals(min_value=-(10**15), max_value=10**15, places=2)


@given(st.lists(NUMBERS, min_size=1, max_size=5))
def test_numbers_lie_in_order_between_round_ends(values: list[Decimal]) -> None:
    scale = Numbers.over(values, 300, 20)
    places = [scale.at(each) for each in sorted(values)]
    assert all(20 <= each <= 300 for each in places)
    assert places == sorted(places, reverse=True)
    ticks = scale.ticks()
    assert 2 <= len(ticks) <= 8
    assert "0" in {each.text for each in ticks}
    assert (ticks[0].at, ticks[-1].at) == (300, 20)


@pytest.mark.parametrize(
    ("least", "step"),
    [("1", "1"), ("1.1", "2"), ("3", "5"), ("5.01", "10"), ("0.03", "0.05"), ("1900", "2000")],
)
def test_steps_are_round(least: str, step: str) -> None:
    assert round_step(Decimal(least)) == Decimal(step)


def test_all_nought_has_an_axis() -> None:
    assert [each.text for each in Numbers.over([Decimal(0)], 0, 100).ticks()] == ["0", "1"]


@given(st.dates(), st.dates())
def test_days_have_few_ticks_each_with_its_year(one: date, other: date) -> None:
    scale = Days.over([one, other], 50, 600)
    ticks = scale.ticks()
    assert len(ticks) <= 7
    assert all(re.search(r"\b\d{1,4}$", each.text) for each in ticks)
    assert all(50 <= each.at <= 600 for each in ticks)
    assert all(a.at < b.at for a, b in pairwise(ticks))


@pytest.mark.parametrize(
    ("days", "texts"),
    [
        (2, ["30 Dec 2025", "31 Dec 2025", "1 Jan 2026"]),
        (100, ["Jan 2026", "Feb 2026", "Mar 2026", "Apr 2026"]),
        (400, ["Jan 2026", "Apr 2026", "Jul 2026", "Oct 2026", "Jan 2027"]),
        (2200, ["2026", "2027", "2028", "2029", "2030", "2031", "2032"]),
    ],
)
def test_ticks_are_days_months_or_years(days: int, texts: list[str]) -> None:
    first = date(2025, 12, 30)
    scale = Days.over([first + timedelta(days), first], 0, 500)
    assert [each.text for each in scale.ticks()] == texts


def test_one_day_lies_in_the_middle() -> None:
    scale = Days.over([date(2026, 1, 1)], 100, 200)
    assert scale.at(date(2026, 1, 1)) == 150
    assert [(each.at, each.text) for each in scale.ticks()] == [(150, "1 Jan 2026")]
