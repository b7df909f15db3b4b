"""Checks of tolerances."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from pmo_engine.compiler.checks.check import check
from pmo_engine.compiler.schema import LEVELS
from pmo_engine.source import codes
from pmo_engine.source.diagnostics import Diagnostic, at

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pmo_engine.policy import Policy, Tolerance


@check(codes.TOLERANCE_MISFIT)
def tolerance_fits(policy: Policy) -> Iterator[Diagnostic]:
    """Find levels that may exceed more than the next level above that has such a tolerance."""
    for below in policy.tolerances.values():
        higher = LEVELS[: LEVELS.index(below.level)]
        above = next(
            (
                found
                for level in reversed(higher)
                if (found := policy.tolerances.get((level, below.of))) and found.values
            ),
            None,
        )
        if above is not None:
            yield from _misfits(below, above)


def _misfits(below: Tolerance, above: Tolerance) -> Iterator[Diagnostic]:
    """Compare two tolerances on each day on which one of them changes; each pair is told once."""
    days = {value.start or date.min for each in (below, above) for value in each.values}
    told: set[tuple[str, str]] = set()
    for day in sorted(days):
        inner, outer = below.on(day), above.on(day)
        if inner is None or outer is None or (inner.written, outer.written) in told:
            continue
        told.add((inner.written, outer.written))
        both = f"the {below.level}'s tolerance of {below.of} ({inner.written})"
        since = f" from {day}" if day > date.min else ""
        if inner.measure != outer.measure:
            message = f"{both} is not measured like the {above.level}'s ({outer.written})"
            hint = "measured alike, it could be checked that one fits in the other"
            yield at(inner.mark, codes.TOLERANCE_MISFIT, message, hint, "warning")
        elif inner.value > outer.value:  # type: ignore[operator] # of one measure
            message = f"{both} is more than the {above.level}'s ({outer.written}){since}"
            yield at(
                inner.mark,
                codes.TOLERANCE_MISFIT,
                message,
                "what one level may do, the next one may too",
            )
