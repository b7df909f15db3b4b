"""For which value of one fact two sides of a comparison meet."""

from __future__ import annotations

from collections.abc import Callable
from decimal import ROUND_FLOOR, Context, Decimal, DecimalException
from typing import TYPE_CHECKING, TypeAlias

from pmo_engine.feel.quantities import Quantity, alike, as_number, is_quantity, like

if TYPE_CHECKING:
    from pmo_engine.analysis.situation import Situation
    from pmo_engine.feel.nodes import Node
    from pmo_engine.model.fact_paths import FactPath

Gap: TypeAlias = Callable[[Decimal], Decimal | None]
_WIDE = Context(prec=60, traps=[])


def gap_between(left: object, right: object) -> Decimal | None:
    """Give how much more the left is than the right; ``None`` where they do not compare."""
    if not (is_quantity(left) and is_quantity(right) and alike(left, right)):
        return None
    return _WIDE.subtract(as_number(left), as_number(right))


def gap_of(situation: Situation, left: Node, right: Node, path: FactPath, example: Quantity) -> Gap:
    """Give the gap between two sides as a function of one fact, which is of an example's kind."""

    def gap(number: Decimal) -> Decimal | None:
        value = like(example, number)
        if value is None:
            return None
        varied = situation.having(path, value)
        return gap_between(varied.value(left), varied.value(right))

    return gap


def crossing(gap: Gap, start: Decimal, step: Decimal) -> tuple[Decimal, Decimal] | None:
    """Find where a gap closes: the steps just before and after, or twice the one on which it does.

    ``None`` where the gap is not linear in its number near the start, or never closes.
    """
    first, second = gap(start), gap(start + step)
    if first is None or second is None or first == second:
        return None
    moved = _WIDE.divide(_WIDE.multiply(first, step), _WIDE.subtract(second, first))
    steps = _WIDE.divide(_WIDE.subtract(start, moved), step)
    try:
        low = steps.to_integral_value(ROUND_FLOOR) * step
    except DecimalException:
        return None
    for exact in (low, low + step):
        if gap(exact) == 0:
            return exact, exact
    before, after = gap(low), gap(low + step)
    if before is None or after is None or (before < 0) == (after < 0):
        return None
    return low, low + step
