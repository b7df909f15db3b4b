"""What is wrong with a table, in words: gaps, overlaps, rows out of reach, answers out of place."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING, Any

from pmo_engine.compiler.table_findings.axes import axis, constant, is_between_pence
from pmo_engine.compiler.table_findings.grid import Grid, Sketch, grid
from pmo_engine.compiler.table_findings.regions import (
    Box,
    TooMuch,
    Work,
    inside,
    is_covered,
    uncovered,
)
from pmo_engine.compiler.table_findings.words import box_in_words
from pmo_engine.feel import nodes as n
from pmo_engine.feel import operations as op
from pmo_engine.feel import types as t
from pmo_engine.feel.compatibility import kind_of
from pmo_engine.feel.format import to_text
from pmo_engine.feel.kinds import DAYS, MONEY, MONTHS, NUMBER, ORDERED
from pmo_engine.policy import AGGREGATING, LISTING, ORDERED_BY_OUTPUT
from pmo_engine.prose.values import joined
from pmo_engine.source import codes
from pmo_engine.source.diagnostics import Diagnostic, at

if TYPE_CHECKING:
    from datetime import date

    from pmo_engine.compiler.table_findings.regions import Box
    from pmo_engine.policy import Expression, Table, TableOutput

MOST = 5  # regions of one table that are told
MOST_NAMED = 3  # rows
_ADD = "add a row, or a 'default' to the outputs"
_ROUND = (
    "some rule gives a computed amount: round it, as in round half up(..., 2), or let the rows meet"
)
_ADDED = frozenset({NUMBER, MONEY, DAYS, MONTHS, "any"})


def gaps(
    table: Table,
    since: date | None,
    computed: Collection[str] = (),
    nullable: Collection[str] = (),
) -> Iterator[Diagnostic]:
    """Warn of what no row matches, where that would give no answer."""
    if table.has_default or table.hit_policy in LISTING | {"count"}:
        return
    laid_out = grid(table, since, computed, nullable)
    if not laid_out.is_exact:
        return
    try:
        found = uncovered(laid_out.domain, [sketch.box for sketch in laid_out.rows])
    except TooMuch:
        message = f"table '{table.id}' has too many columns and rows to look for gaps"
        hint = "split it into tables that call one another, or give a default"
        yield at(table.mark, codes.TABLE_GAP, message, hint, "warning")
        return
    for box in found[:MOST]:
        message = f"table '{table.id}' has no row for {box_in_words(box, laid_out.axes)}"
        hint = _ROUND if _between_pence(box, laid_out) else _ADD
        yield at(table.mark, codes.TABLE_GAP, message, hint, "warning")
    if len(found) > MOST:
        message = f"table '{table.id}' has {len(found) - MOST} more gaps"
        yield at(table.mark, codes.TABLE_GAP, message, "begin with those that are told", "warning")


def _between_pence(box: Box, laid_out: Grid) -> bool:
    """Tell whether a box holds nothing but amounts with parts of a minor unit."""
    return any(is_between_pence(mask, axis) for mask, axis in zip(box, laid_out.axes, strict=True))


def overlaps(
    table: Table, since: date | None, computed: Collection[str] = ()
) -> Iterator[Diagnostic]:
    """Find rows that match the same and may not."""
    if table.hit_policy not in {"unique", "any"}:
        return
    laid_out = grid(table, since, computed, nulls=True)
    pairs = (
        (one, other, box)
        for one, other, box in laid_out.overlaps()
        if table.hit_policy == "unique" or _differ(one, other)
    )
    told = list(islice(pairs, MOST + 1))
    for one, other, box in told[:MOST]:
        what = "both match" if table.hit_policy == "unique" else "give different answers for"
        numbers = f"rows {one.row.number} and {other.row.number}"
        message = f"{numbers} of table '{table.id}' {what} {box_in_words(box, laid_out.axes)}"
        hint = "let them exclude each other, or take another hit policy"
        yield at(other.row.mark, codes.TABLE_OVERLAP, message, hint)
    if len(told) > MOST:
        message = f"more rows of table '{table.id}' overlap than are told"
        yield at(table.mark, codes.TABLE_OVERLAP, message, "begin with those that are told")


def unreachable(
    table: Table, since: date | None, computed: Collection[str] = ()
) -> Iterator[Diagnostic]:
    """Warn of rows that never match, or whose answer never counts."""
    laid_out, work = grid(table, since, computed, nulls=True), Work()
    ranks = [_rank(table, each) for each in laid_out.rows]
    for place, sketch in enumerate(laid_out.rows):
        if empty := [a.name for a, side in zip(laid_out.axes, sketch.box, strict=True) if not side]:
            yield from _never(table, sketch, empty)
            continue
        before = _before(table, laid_out, place, ranks)
        if before and _covered(_meant(sketch, before, laid_out), before, work):
            message = f"row {sketch.row.number} of table '{table.id}' never counts"
            first = table.hit_policy == "first"
            hint = "leave it out, or move it up" if first else "leave it out"
            covered = f"{message}: {_named(before, sketch)} whatever it does"
            yield at(sketch.row.mark, codes.UNREACHABLE_ROW, covered, hint, "warning")


def _named(before: Sequence[Sketch], sketch: Sketch) -> str:
    met = [str(each.row.number) for each in before if _meets(each, sketch)]
    if len(met) > MOST_NAMED:
        return "rows that go before it match"
    return f"row {met[0]} matches" if len(met) == 1 else f"rows {joined(met)} match"


def _never(table: Table, sketch: Sketch, empty: Sequence[str]) -> Iterator[Diagnostic]:
    if not empty[0]:  # a row of the past
        return
    message = f"row {sketch.row.number} of table '{table.id}' never matches"
    hint = f"no value of '{empty[0]}' passes its test"
    yield at(sketch.row.mark, codes.UNREACHABLE_ROW, message, hint, "warning")


def _before(
    table: Table, laid_out: Grid, place: int, ranks: Sequence[tuple[int, ...] | None]
) -> list[Sketch]:
    """Give the rows whose answer is taken before that of the row at ``place``."""
    own = laid_out.rows[place]
    match table.hit_policy:
        case "first":
            rows: Iterable[Sketch] = laid_out.rows[:place]
        case "priority":
            mine = ranks[place]
            rows = (
                each
                for number, each in enumerate(laid_out.rows)
                if mine is not None
                and (rank := ranks[number]) is not None
                and (rank, number) < (mine, place)
            )
        case "any":
            same = (each for each in laid_out.rows[:place] if _same(each, own))
            rows = (each for each in same if inside(own.box, each.box))
        case _:
            rows = ()
    return [each for each in rows if each.is_exact]


def _meant(sketch: Sketch, before: Sequence[Sketch], laid_out: Grid) -> Sketch:
    """Leave null out of what a row is there for, unless it says so or takes in whatever is left.

    A row that is narrower than one before it in some column is an exception that comes too late,
    even if null in another column still reaches it.
    """
    if all(inside(each.box, _wider(sketch, each)) for each in before if _meets(each, sketch)):
        return sketch
    sides = zip(sketch.box, laid_out.axes, strict=True)
    box = tuple(mask & ~axis.null or mask if axis.name else mask for mask, axis in sides)
    return replace(sketch, box=box)


def _wider(sketch: Sketch, other: Sketch) -> Box:
    """Give a row's box, with the days of another."""
    return (*sketch.box[:-1], other.box[-1])


def _covered(sketch: Sketch, before: Sequence[Sketch], work: Work) -> bool:
    try:
        return is_covered(sketch.box, [each.box for each in before], work)
    except TooMuch:
        return False


def _meets(one: Sketch, other: Sketch) -> bool:
    return all(a & b for a, b in zip(one.box, other.box, strict=True))


def _rank(table: Table, sketch: Sketch) -> tuple[int, ...] | None:
    """Say where a row's answers stand among the allowed ones; None where they are computed."""
    places = []
    for output, cell in zip(table.outputs, sketch.row.then, strict=True):
        if output.allowed:
            place = _place(output, cell)
            if place is None:
                return None
            places.append(place)
    return tuple(places)


def _place(output: TableOutput, cell: Expression) -> int | None:
    """Say which of the allowed values an answer is, or how many there are; None if computed."""
    value = constant(cell.node)
    if value is None:
        return None
    known = axis(output.name, output.type, None, [*(a.node for a in output.allowed), cell.node])
    mine = known.passing(n.Membership(n.Name("?"), (n.Literal(value),)))
    masks = [known.passing(each.node) for each in output.allowed]
    if mine is None or None in masks:
        return None
    places = (place for place, mask in enumerate(masks) if mask is not None and mask & mine)
    return next(places, len(masks))


def _differ(one: Sketch, other: Sketch) -> bool:
    """Tell whether two rows surely answer differently."""
    pairs = zip(_constants(one), _constants(other), strict=True)
    return any(None not in pair and op.equal(*pair) is False for pair in pairs)


def _same(one: Sketch, other: Sketch) -> bool:
    nodes = zip(one.row.then, other.row.then, strict=True)
    return all(a.node == b.node for a, b in nodes)


def _constants(sketch: Sketch) -> list[Any]:
    return [constant(cell.node) for cell in sketch.row.then]


def hit_policy(table: Table) -> Iterator[Diagnostic]:
    """Find outputs that do not go with the hit policy, and answers that are not allowed."""
    policy = table.hit_policy
    if policy in ORDERED_BY_OUTPUT and not any(output.allowed for output in table.outputs):
        message = f"hit policy '{policy}' goes by the order of the allowed answers: there are none"
        yield at(
            table.mark,
            codes.OUTPUTS_AND_HIT_POLICY,
            message,
            "add 'allowed:' to an output, the first one first",
        )
    if policy in AGGREGATING and len(table.outputs) > 1:
        message = f"hit policy '{policy}' takes one output, and there are {len(table.outputs)}"
        yield at(
            table.outputs[1].mark, codes.OUTPUTS_AND_HIT_POLICY, message, "make a table for each"
        )
    for output in table.outputs:
        yield from _of_output(table, output)
    for row in table.rows:
        for output, cell in zip(table.outputs, row.then, strict=True):
            yield from _allowed(output, cell, f"row {row.number} answers")


def _of_output(table: Table, output: TableOutput) -> Iterator[Diagnostic]:
    kind = kind_of(output.type)
    fitting = {"sum": _ADDED, "min": ORDERED | {"any"}, "max": ORDERED | {"any"}}
    if kind not in fitting.get(table.hit_policy, {kind}):
        message = f"there is no {table.hit_policy} of {t.describe(output.type)}"
        yield at(
            output.mark,
            codes.OUTPUTS_AND_HIT_POLICY,
            message,
            "choose another hit policy, or another type",
        )
    if output.default is not None:
        yield from _allowed(output, output.default, "the default is")


def _allowed(output: TableOutput, cell: Expression, what: str) -> Iterator[Diagnostic]:
    if output.allowed and _place(output, cell) == len(output.allowed):
        known = "; ".join(each.text for each in output.allowed)
        message = f"{what} {to_text(constant(cell.node))}, which '{output.name}' does not allow"
        yield at(cell.mark, codes.OUTPUTS_AND_HIT_POLICY, message, f"allowed: {known}")
