"""Checks of rates."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from pmo_engine.compiler.checks.check import check
from pmo_engine.source import codes
from pmo_engine.source.diagnostics import Diagnostic, at

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pmo_engine.policy import Policy, Rates
    from pmo_engine.source.diagnostics import Mark


@check(codes.DAYS_WITHOUT_RATE)
def every_day_has_a_rate(policy: Policy) -> Iterator[Diagnostic]:
    """Warn of days of the policy on which a currency that has rates has none."""
    for rates in policy.rates.values():
        first, last = rates.values[0], rates.values[-1]
        begins, start = first.in_force.start, policy.in_force_from
        if begins is not None and (start is None or start < begins):
            since = "" if start is None else f" from {start}"
            yield _told(rates, first.mark, f"{since} until {begins}")
        for earlier, later in pairwise(rates.values):
            if earlier.in_force.end != later.in_force.start:
                span = f" from {earlier.in_force.end} until {later.in_force.start}"
                yield _told(rates, later.mark, span)
        if last.in_force.end is not None:
            yield _told(rates, last.mark, f" from {last.in_force.end} on")


def _told(rates: Rates, mark: Mark, span: str) -> Diagnostic:
    message = f"there is no rate of {rates.currency}{span}"
    hint = "an amount of it is refused then, and what waits for a decision cannot be approved"
    return at(mark, codes.DAYS_WITHOUT_RATE, message, hint)
