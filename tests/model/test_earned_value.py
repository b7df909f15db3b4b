"""Earned value figures, and None where a divisor is 0."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from pmo_engine.model.earned_value import EarnedValue
from pmo_engine.model.money import Money


def gbp(amount) -> Money:
    return Money(Decimal(amount), "GBP")


def project(bac, pv, ev, ac) -> EarnedValue:
    return EarnedValue(gbp(bac), gbp(pv), gbp(ev), gbp(ac))


LATE_AND_DEAR = project(1000, 500, 400, 500)


def test_variances_and_indices():
    assert LATE_AND_DEAR.cv == LATE_AND_DEAR.sv == gbp(-100)
    assert LATE_AND_DEAR.cpi == LATE_AND_DEAR.spi == Decimal("0.8")


def test_four_estimates_at_completion():
    assert LATE_AND_DEAR.eac_at_cpi() == gbp(1250)
    assert LATE_AND_DEAR.eac_at_plan() == gbp(1100)
    assert LATE_AND_DEAR.eac_at_cpi_and_spi() == gbp("1437.50")
    assert LATE_AND_DEAR.eac_bottom_up(gbp(700)) == gbp(1200)


def test_variance_at_completion_and_what_is_left_to_perform():
    assert LATE_AND_DEAR.vac(LATE_AND_DEAR.eac_at_cpi()) == gbp(-250)
    assert LATE_AND_DEAR.tcpi() == Decimal("1.2")
    assert LATE_AND_DEAR.tcpi(gbp(1250)) == Decimal("0.8")


def test_nothing_spent():
    begun = project(1000, 100, 50, 0)
    assert begun.cpi is begun.eac_at_cpi() is begun.eac_at_cpi_and_spi() is None
    assert begun.vac(begun.eac_at_cpi()) is None
    assert begun.spi == Decimal("0.5")


def test_nothing_planned_yet():
    early = project(1000, 0, 50, 40)
    assert early.spi is early.eac_at_cpi_and_spi() is None
    assert early.eac_at_cpi() == gbp(800)


def test_nothing_earned():
    stuck = project(1000, 100, 0, 50)
    assert stuck.cpi == stuck.spi == 0
    assert stuck.eac_at_cpi() is stuck.eac_at_cpi_and_spi() is None


def test_nothing_left_to_spend():
    spent = project(1000, 1000, 900, 1000)
    assert spent.tcpi() is None
    assert spent.tcpi(gbp(1000)) is None


MONEY = st.integers(0, 10**6)


@given(MONEY, MONEY, MONEY, MONEY)
def test_no_figure_is_ever_an_exception(bac, pv, ev, ac):
    state = project(bac, pv, ev, ac)
    assert (state.cpi is None) == (ac == 0)
    assert (state.spi is None) == (pv == 0)
    assert (state.eac_at_cpi() is None) == (ac == 0 or ev == 0)
    assert (state.eac_at_cpi_and_spi() is None) == (0 in (ac, ev, pv))
    assert (state.tcpi() is None) == (bac == ac)
