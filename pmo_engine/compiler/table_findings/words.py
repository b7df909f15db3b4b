"""Boxes in words: "category scope and cost between 10,000 and 20,000 GBP"."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, TypeAlias

from pmo_engine.compiler.table_findings.axes import Axis, Mask, Segment
from pmo_engine.compiler.table_findings.regions import Box, bits
from pmo_engine.feel import types as t
from pmo_engine.model.money import Money
from pmo_engine.model.names import words
from pmo_engine.prose.values import joined, value_in_words

Run: TypeAlias = list[tuple[int, Segment]]  # side by side, each with its place

MOST = 4  # stretches of one column that are told
_MOMENTS = frozenset({t.DATE, t.DATE_TIME, t.TIME})


def box_in_words(box: Box, axes: Sequence[Axis], null: str = "null") -> str:
    """Say what a box is, with a word for null; "anything" where it is everything."""
    sides = zip(box, axes, strict=True)
    said = [side_in_words(mask, axis, null) for mask, axis in sides if mask != axis.domain]
    return joined(said) if said else "anything"


def side_in_words(mask: Mask, axis: Axis, null: str = "null") -> str:
    """Say what some segments of a column are: "cost between 10,000 and 20,000 GBP"."""
    if not axis.name:
        return joined([_days(run) for run in _runs(mask, axis)], "or")
    name = f"{words(axis.name)} "
    if mask & axis.null:
        rest = (
            side_in_words(mask & ~axis.null, axis, null).removeprefix(name)
            if mask != axis.null
            else ""
        )
        return name + (f"{rest} or {null}" if rest else null)
    chosen = [axis.segments[place] for place in bits(mask)]
    are_words = axis.type == t.STRING and all(segment.is_point for segment in chosen)
    if are_words or axis.segments[0].is_point:
        return name + joined([value_in_words(segment.low) for segment in chosen], "or")
    left_out = [axis.segments[i] for i in bits(axis.domain & ~mask)]
    if axis.type == t.STRING and all(segment.is_point for segment in left_out):
        others = joined([value_in_words(segment.low) for segment in left_out], "or")
        return f"{name}other than {others}"
    said = [_run(run, axis) for run in _runs(mask, axis)]
    if len(said) > MOST:
        said = [*said[:MOST], f"in {len(said) - MOST} more stretches"]
    return name + joined(said, "or")


def _runs(mask: Mask, axis: Axis) -> Iterator[Run]:
    """Give the segments of a mask, those that lie side by side together."""
    run: Run = []
    for place, segment in enumerate(axis.segments):
        if mask >> place & 1 and not segment.is_null:
            run.append((place, segment))
        elif run and axis.domain >> place & 1:
            yield run
            run = []
    if run:
        yield run


def _run(run: Run, axis: Axis) -> str:
    (_, first), (_, last) = run[0], run[-1]
    low, high = _ends(first.low, last.high)
    if first.is_point and first is last:
        return f"on {high}" if axis.type in _MOMENTS else f"at {high} exactly"
    if first.low is None or last.high is None:
        return _half(low, high, run, axis)
    match first.is_point, last.is_point:
        case True, True:
            return f"from {low} to {high}"
        case True, False:
            return f"from {low} to {'before' if axis.type in _MOMENTS else 'below'} {high}"
        case False, True:
            return f"{'after' if axis.type in _MOMENTS else 'above'} {low} up to {high}"
        case _:
            return f"between {low} and {high}"


def _days(run: Run) -> str:
    (place, first), (_, last) = run[0], run[-1]
    low, high = value_in_words(first.low), value_in_words(last.high)
    if last.high is None:
        return f"from {low} on"
    return f"from {low} to before {high}" if place else f"before {high}"


def _half(low: str, high: str, run: Run, axis: Axis) -> str:
    is_moment = axis.type in _MOMENTS
    (_, first), (_, last) = run[0], run[-1]
    if first.low is None and last.high is None:
        return "of any value"
    if first.low is None:
        below = "before" if is_moment else "below"
        return f"{'up to' if last.is_point else below} {high}"
    if first.is_point:
        return f"from {low} on" if is_moment else f"of at least {low}"
    return f"{'after' if is_moment else 'above'} {low}"


def _ends(low: Any, high: Any) -> tuple[str, str]:
    """Say two ends; of two amounts the currency is said once."""
    said = value_in_words(low)
    if isinstance(low, Money) and isinstance(high, Money) and low != high:
        said = said.removesuffix(f" {low.currency}")
    return said, value_in_words(high)
