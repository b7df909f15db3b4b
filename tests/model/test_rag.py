"""Colours by threshold, rolled up worst of."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pmo_engine.model.rag import USUAL, Bands, Colour, worst

GREEN, AMBER, RED = Colour


@pytest.mark.parametrize(
    ("deviation", "colour"),
    [
        ("0", GREEN),
        ("0.10", GREEN),
        ("-0.10", GREEN),
        ("0.1001", AMBER),
        ("0.30", AMBER),
        ("-0.3", AMBER),
        ("0.3001", RED),
        ("-5", RED),
    ],
)
def test_the_usual_bands(deviation, colour):
    assert USUAL.colour(Decimal(deviation)) is colour


def test_what_is_not_available_has_no_colour():
    assert USUAL.colour(None) is None


def test_an_office_sets_its_own_bands():
    assert Bands(Decimal("0.05"), Decimal("0.05")).colour(Decimal("0.06")) is RED
    with pytest.raises(ValueError, match="bands must rise from 0"):
        Bands(Decimal("0.3"), Decimal("0.1"))


@pytest.mark.parametrize(
    ("colours", "rolled_up"),
    [
        ([GREEN, AMBER, GREEN], AMBER),
        ([GREEN, RED, AMBER], RED),
        ([GREEN], GREEN),
        ([GREEN, None], None),
        ([RED, None], RED),
        ([], None),
    ],
)
def test_roll_up_is_worst_of(colours, rolled_up):
    assert worst(colours) is rolled_up


@given(st.lists(st.sampled_from([*Colour, None]), min_size=1), st.lists(st.sampled_from(Colour)))
def test_more_measures_never_make_it_better(colours, more):
    order = [GREEN, AMBER, None, RED]
    assert order.index(worst(colours + more)) >= order.index(worst(colours))
