"""An example of a box of facts, in words."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from pmo_engine.compiler.table_findings.regions import Box, bits
from pmo_engine.model.money import Money, minor_digits
from pmo_engine.prose.values import joined, value_in_words

if TYPE_CHECKING:
    from pmo_engine.compiler.rule_findings.conditions import Space
    from pmo_engine.compiler.table_findings.axes import Axis, Mask, Segment
    from pmo_engine.feel.nodes import Node


def example_in_words(box: Box, space: Space) -> str:
    """Say one case of a box: "as with change.cost at 0 GBP; "; nothing where there is none."""
    pairs = zip(box, space.axes.items(), strict=True)
    said = [
        f"{_path(key)} {value_in_words(value)}"
        for mask, (key, axis) in pairs
        if mask != axis.domain and (value := _value(mask, axis)) is not None
    ]
    return f"as with {joined(said)}; " if said else ""


def _path(node: Node) -> str:
    base = getattr(node, "base", None)
    return f"{_path(base)}.{node.name}" if base is not None else str(getattr(node, "name", ""))  # type: ignore[attr-defined]


def _value(mask: Mask, axis: Axis) -> Any:
    """Choose a value of a mask: one that conditions name, else one beside such."""
    segments = [axis.segments[place] for place in bits(mask & ~axis.null)]
    point = next((each.low for each in segments if each.is_point), None)
    if point is not None or not segments:
        return point
    return _beside(segments[0])


def _beside(segment: Segment) -> Any:
    """Give a value within a stretch, next to one of its ends."""
    end, sign = (segment.low, 1) if segment.high is None else (segment.high, -1)
    match end:
        case Money():
            step = Decimal(1).scaleb(-minor_digits(end.currency))
            return Money(end.amount + sign * step, end.currency)
        case Decimal():
            return end + sign if segment.low is None or segment.high is None else _middle(segment)
        case date():
            return end + sign * timedelta(days=1)
        case _:
            return None


def _middle(segment: Segment) -> Any:
    return (segment.low + segment.high) / 2
