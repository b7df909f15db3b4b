"""A table as boxes: its columns and the days on which its rows hold as axes, each row a box."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date

from pmo_engine.compiler.table_findings.axes import Axis, Mask, Segment, axis
from pmo_engine.compiler.table_findings.regions import Box, meet
from pmo_engine.feel import types as t
from pmo_engine.model.frozen import dataclass
from pmo_engine.policy import Table, TableRow


@dataclass(frozen=True, slots=True)
class Sketch:
    """A row: the box that it can match at most, and whether it matches all of that."""

    row: TableRow
    box: Box
    is_exact: bool


@dataclass(frozen=True, slots=True)
class Grid:
    """The axes of a table and its rows; the last axis is that of days."""

    axes: tuple[Axis, ...]
    rows: tuple[Sketch, ...]

    @property
    def domain(self) -> Box:
        """Give the box of everything that may be asked."""
        return tuple(each.domain for each in self.axes)

    @property
    def is_exact(self) -> bool:
        """Tell whether it is known what may be asked."""
        return all(each.is_exact for each in self.axes)

    def overlaps(self) -> Iterator[tuple[Sketch, Sketch, Box]]:
        """Give every two rows that match something together, and what; exact rows alone."""
        exact = [sketch for sketch in self.rows if sketch.is_exact]
        for place, later in enumerate(exact):
            for earlier in exact[:place]:
                shared = meet(earlier.box, later.box)
                if all(shared) and not self._only_by_the_way(earlier.box, later.box, shared):
                    yield earlier, later, shared

    def _only_by_the_way(self, one: Box, other: Box, shared: Box) -> bool:
        """Tell whether rows share null alone in some column, and neither is there for it."""
        sides = zip(self.axes[:-1], one, other, shared, strict=False)
        return any(axis.null == both and both not in {a, b} for axis, a, b, both in sides)


def grid(
    table: Table,
    since: date | None,
    computed: Collection[str] = (),
    nullable: Collection[str] = (),
    *,
    nulls: bool = False,
) -> Grid:
    """Lay a table out; what held before ``since`` alone is left out, and null unless asked for.

    Null comes where a fact has no value. That no row is made for it is no gap of a table; a row
    that only null reaches is reached. ``computed`` names the columns of amounts that may have parts
    of a minor unit, ``nullable`` those that are given null on purpose.
    """
    columns = [
        axis(
            column.label or column.name,
            column.type,
            column.allowed.node if column.allowed else None,
            [row.when[place].node for row in table.rows],
            is_computed=column.name in computed,
        )
        for place, column in enumerate(table.inputs)
    ]
    pairs = zip(columns, table.inputs, strict=True)
    columns = [
        each.with_null if column.allowed is None and (nulls or column.name in nullable) else each
        for each, column in pairs
    ]
    days = _days(table, since)
    rows = tuple(_sketch(row, columns, days) for row in table.rows)
    return Grid((*columns, days), rows)


def _sketch(row: TableRow, columns: list[Axis], days: Axis) -> Sketch:
    masks = [column.passing(cell.node) for column, cell in zip(columns, row.when, strict=True)]
    sides = [
        column.domain if mask is None else mask for column, mask in zip(columns, masks, strict=True)
    ]
    return Sketch(row, (*sides, _in_force(row, days)), is_exact=None not in masks)


def _days(table: Table, since: date | None) -> Axis:
    """Cut time where a row begins or ends to hold: each day of a change begins a stretch."""
    turns = {day for row in table.rows for day in (row.in_force.start, row.in_force.end)}
    later = sorted(day for day in turns if day is not None and (since is None or day > since))
    begins: list[date | None] = [since, *later]
    ends: list[date | None] = [*later, None]
    stretches = tuple(Segment(low, high) for low, high in zip(begins, ends, strict=True))
    return Axis("", t.DATE, stretches, (1 << len(stretches)) - 1, {})


def _in_force(row: TableRow, days: Axis) -> Mask:
    mask = 0
    for place, stretch in enumerate(days.segments):
        first = stretch.low or date.min
        if first in row.in_force:
            mask |= 1 << place
    return mask
