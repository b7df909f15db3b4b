"""Score, expected value and exposure of risks."""

from decimal import Decimal

import pytest

from pmo_engine.model.money import CurrencyMismatch, Money
from pmo_engine.model.risk import expected_value, exposure, score


def test_the_score_is_a_product():
    assert [score(1, 1), score(3, 4), score(5, 5)] == [1, 12, 25]


@pytest.mark.parametrize(("probability", "impact"), [(0, 3), (6, 3), (3, 0), (3, 6)])
def test_the_scale_is_one_to_five(probability, impact):
    with pytest.raises(ValueError, match="must be 1 to 5"):
        score(probability, impact)


def test_an_opportunity_has_the_opposite_sign():
    impact = Money.parse("80000 GBP")
    assert str(expected_value(Decimal("0.25"), impact)) == "20000 GBP"
    assert str(expected_value(Decimal("0.25"), impact, opportunity=True)) == "-20000 GBP"


@pytest.mark.parametrize("probability", ["-0.01", "1.01", "25"])
def test_a_probability_is_a_part_of_one(probability):
    with pytest.raises(ValueError, match="must be 0 to 1"):
        expected_value(Decimal(probability), Money.parse("1 GBP"))


def test_exposure_is_the_sum():
    values = [Money.parse("20000 GBP"), Money.parse("-5000.50 GBP")]
    assert str(exposure(values, "GBP")) == "14999.50 GBP"
    assert str(exposure([], "EUR")) == "0 EUR"
    with pytest.raises(CurrencyMismatch):
        exposure(values, "EUR")
