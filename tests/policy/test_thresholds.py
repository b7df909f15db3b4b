"""Thresholds give a value its colour, by the day and the way in which it is worse."""

from datetime import date
from decimal import Decimal

import pytest

from pmo_engine.model.money import Money
from pmo_engine.policy.figures import Band, Dashboard, Threshold
from pmo_engine.source.diagnostics import NOWHERE

DAY = date(2026, 3, 2)


def band(green: str, amber: str, start: date | None = None) -> Band:
    return Band(start, Decimal(green), Decimal(amber), "Ours", NOWHERE)


def colour(value: str, given: Band, **more: bool) -> str | None:
    return Threshold("f", "money", (given,), **more).colour(Decimal(value), DAY)


@pytest.mark.parametrize(
    ("value", "said"),
    [("-9", "green"), ("0.1", "green"), ("0.11", "amber"), ("0.3", "amber"), ("0.31", "red")],
)
def test_more_is_worse_where_amber_is_above_green(value: str, said: str) -> None:
    assert colour(value, band("0.1", "0.3")) == said


@pytest.mark.parametrize(
    ("value", "said"),
    [("1", "green"), ("0.9", "green"), ("0.89", "amber"), ("0.7", "amber"), ("0.69", "red")],
)
def test_less_is_worse_where_amber_is_below_green(value: str, said: str) -> None:
    assert colour(value, band("0.9", "0.7")) == said


@pytest.mark.parametrize(("value", "said"), [("-0.1", "green"), ("-0.2", "amber"), ("-1", "red")])
def test_the_distance_from_nothing_counts_either_way(value: str, said: str) -> None:
    assert colour(value, band("0.1", "0.3"), either_way=True) == said
    assert colour(value, band("0.1", "0.3")) == "green"


def test_an_amount_is_held_against_amounts() -> None:
    limits = (Money.parse("10 GBP"), Money.parse("20 GBP"))
    given = Threshold("f", "money", (Band(None, *limits, "Ours", NOWHERE),), either_way=True)
    assert [given.colour(Money.parse(each), DAY) for each in ("-10 GBP", "20 GBP", "-21 GBP")] == [
        *("green", "amber", "red")
    ]


def test_the_thresholds_of_a_day_are_those_that_began_last() -> None:
    bands = (band("1", "2", DAY), band("3", "4", date(2026, 7, 1)))
    given = Threshold("f", "money", bands)
    found = [given.on(date(2026, *each)) for each in ((3, 1), (3, 2), (6, 30), (7, 1))]
    assert found == [None, bands[0], bands[0], bands[1]]
    assert given.colour(Decimal(1), date(2026, 3, 1)) is None
    then = given.as_of(date(2026, 7, 1))
    assert then is not None
    assert then.bands == bands[1:]
    assert given.as_of(date(2026, 3, 1)) is None
    assert list(given.turns()) == []


def test_a_dashboard_names_each_figure_once() -> None:
    found = Dashboard(money={"baseline": "a", "forecast": "b"}, shows={"time": ("c", "a")})
    assert found.figures == ("a", "b", "c")
