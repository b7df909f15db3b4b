"""Earned value management (PMI, The Standard for Earned Value Management; ISO 21508).

A figure whose divisor is 0 is None, not available: never 0, never an exception.
"""

from __future__ import annotations

from decimal import Decimal

from pmo_engine.model.frozen import dataclass
from pmo_engine.model.money import Money


def _ratio(top: Money, bottom: Money) -> Decimal | None:
    return top / bottom if bottom.amount else None


@dataclass(frozen=True, slots=True)
class EarnedValue:
    """The state of a project in money of one currency.

    `bac` budget at completion, `pv` planned value, `ev` earned value, `ac` actual cost.
    """

    bac: Money
    pv: Money
    ev: Money
    ac: Money

    @property
    def cv(self) -> Money:
        """Cost variance, EV - AC; negative is over cost."""
        return self.ev - self.ac

    @property
    def sv(self) -> Money:
        """Schedule variance, EV - PV; negative is behind."""
        return self.ev - self.pv

    @property
    def cpi(self) -> Decimal | None:
        """Cost performance index, EV / AC."""
        return _ratio(self.ev, self.ac)

    @property
    def spi(self) -> Decimal | None:
        """Schedule performance index, EV / PV."""
        return _ratio(self.ev, self.pv)

    def eac_at_cpi(self) -> Money | None:
        """Estimate at completion if cost goes on as it has: BAC / CPI."""
        if not self.cpi:
            return None
        return self.bac * self.ac.amount / self.ev.amount

    def eac_at_plan(self) -> Money:
        """Estimate at completion if the rest goes as budgeted: AC + (BAC - EV)."""
        return self.ac + (self.bac - self.ev)

    def eac_at_cpi_and_spi(self) -> Money | None:
        """Estimate at completion if cost and pace go on: AC + (BAC - EV) / (CPI x SPI)."""
        if not self.cpi or not self.spi:
            return None
        ev = self.ev.amount
        return self.ac + (self.bac - self.ev) * self.ac.amount * self.pv.amount / ev / ev

    def eac_bottom_up(self, estimate_to_complete: Money) -> Money:
        """Estimate at completion with a new estimate of the rest: AC + ETC."""
        return self.ac + estimate_to_complete

    def vac(self, eac: Money | None) -> Money | None:
        """Variance at completion, BAC - EAC; negative is over budget."""
        return None if eac is None else self.bac - eac

    def tcpi(self, eac: Money | None = None) -> Decimal | None:
        """To-complete performance index: (BAC - EV) / (BAC - AC), or / (EAC - AC) given an EAC."""
        return _ratio(self.bac - self.ev, (self.bac if eac is None else eac) - self.ac)
