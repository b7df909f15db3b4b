"""Sections of an office's report on its portfolio: the dashboard, and what cycles say of it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from pmo_engine.documents.boards.report_pages import NOT_THERE, Cell, Grid, PageSection
from pmo_engine.documents.numbering import capital
from pmo_engine.model.rag import Colour
from pmo_engine.prose.values import joined, value_in_words
from pmo_engine.queries.dashboard.board import board
from pmo_engine.queries.dashboard.cells import UNKNOWN
from pmo_engine.queries.dashboard.cycles import number_of, trends
from pmo_engine.reports.dashboard import ASPECTS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pmo_engine.policy import ReportSection
    from pmo_engine.queries.dashboard.board import Board, Row
    from pmo_engine.queries.dashboard.cycles import Point, Shift, Trends
    from pmo_engine.reports.declared.scope import Scope

MOST = 100
"""At most so many projects are listed, the worst first; what is left out is counted."""
UNCHANGED = "unchanged"
WORST_FIRST = (Colour.RED, Colour.AMBER, UNKNOWN, Colour.GREEN)


def dashboard(scope: Scope, section: ReportSection) -> PageSection:
    """Give the colours of the portfolio, its programmes and its projects, the worst first."""
    found = board(scope.c, scope.c.governance.sheets)
    if not found.projects:
        return PageSection(title=section.title, lines=("No project is under way.",))
    there = {name: None for each in found.projects for name in each.aspects}
    aspects = sorted(there, key=lambda name: (*ASPECTS, name).index(name))
    programmes = [each for each in found.programmes if each.projects]
    projects = sorted(found.projects, key=lambda each: WORST_FIRST.index(each.colour))
    shown = (found.total, *programmes, *projects[:MOST])
    left = len(projects) - MOST
    return PageSection(
        title=section.title,
        lines=(capital(f"{_counted(found.total.colours)}."),),
        grids=(
            Grid(
                columns=("Of", "Colour", *map(capital, aspects), "Why"),
                rows=tuple(_row(each, aspects, found) for each in shown),
            ),
        ),
        notes=(*([f"And {left} more."] if left > 0 else ()), *_said_otherwise(found)),
    )


def _counted(colours: dict[str, int]) -> str:
    return joined([f"{colours[each]} {each}" for each in WORST_FIRST if colours.get(each)])


def _row(row: Row, aspects: Sequence[str], found: Board) -> tuple[Cell, ...]:
    colours = (row.aspects.get(each, NOT_THERE) for each in aspects)
    return tuple(
        Cell(text=each or NOT_THERE)
        for each in (_titled(row), row.colour, *colours, _why(row, found))
    )


def _titled(row: Row) -> str:
    own = row.sort == "project" and row.title != row.id
    return f"{row.id} {row.title}" if own else row.title


def _why(row: Row, found: Board) -> str:
    """Give the figures that make a project's colour, or of several how many there are of each."""
    if row.sort != "project":
        return _counted(row.colours)
    told = {Colour.RED, Colour.AMBER, UNKNOWN}
    bad = (
        f"{column.part or column.label} {row.figures[column.id].words}"
        for column in found.columns
        if row.figures[column.id].colour in told
    )
    return capital("; ".join(bad))


def _said_otherwise(found: Board) -> Iterator[str]:
    """Say which colours are not those of the figures, and who says so."""
    for row in (*found.programmes, *found.projects):
        why = f" ({row.override.reason.rstrip('.')})" if row.override is not None else ""
        for each in row.contradictions:
            yield f"{_titled(row)}: {each}{why}."


def cycles(scope: Scope, section: ReportSection) -> PageSection:
    """Hold the portfolio as it is against the last and the first cycle that was closed."""
    found = trends(scope.c, board(scope.c, scope.c.governance.sheets))
    if not found.cycles:
        return PageSection(title=section.title, lines=("No cycle was closed yet.",))
    grids = [_figures(found)]
    if found.shifts:
        rows = [(_named(each), each.was, each.now) for each in found.shifts]
        grids.append(_grid(("Colour of", f"In {found.cycles[-1].cycle}", "Now"), rows))
    return PageSection(
        title=section.title, lines=tuple(_since(found)), grids=tuple(grids), notes=_broken(found)
    )


def _named(shift: Shift) -> str:
    own = shift.sort == "project" and shift.title != shift.id
    return f"{shift.id} {shift.title}" if own else shift.title


def _figures(found: Trends) -> Grid:
    """Give each figure in the first cycle, in the last and now, and what is more since."""
    first, last = found.cycles[0].cycle, found.cycles[-1].cycle
    several = len(found.cycles) > 1
    places, names = ((0, -2, -1), (first, last)) if several else ((-2, -1), (last,))
    since = (f"Since {name}" for name in names)
    rows = tuple(
        (
            Cell(text=capital(each.label)),
            *(_point(each.points[place], each.unit) for place in places),
            *([_change(each.since_first)] if several else []),
            _change(each.since_last),
        )
        for each in found.figures
        if any(point.value is not None for point in each.points)
    )
    return Grid(columns=("Figure", *names, "Now", *since), rows=rows)


def _change(words: str) -> Cell:
    """Give by how much a figure is more, as it is said, with its number beside those it is of."""
    number = number_of(words.replace(",", ""))
    if number is None:
        return Cell(text=words)
    said = words if number else UNCHANGED
    return Cell(text=said, number=f"{number:f}", unit=_unit(words))


def _unit(words: str) -> str:
    return words.partition(" ")[2]


def _point(point: Point, unit: str) -> Cell:
    number = number_of(point.value)
    if number is None:
        return Cell(text=NOT_THERE if point.value is None else point.words)
    return Cell(text=point.words, number=f"{number:f}", unit=_unit(str(point.value)) or unit)


def _grid(columns: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> Grid:
    return Grid(columns=columns, rows=tuple(tuple(Cell(text=text) for text in row) for row in rows))


def _since(found: Trends) -> Iterator[str]:
    last = found.cycles[-1]
    day = value_in_words(date.fromisoformat(last.day))
    yield f"The last cycle, {last.cycle}, was closed as of {day}."
    for ids, did in ((found.came, "came"), (found.went, "went")):
        if ids:
            yield f"Since then {joined(ids)} {did}."


def _broken(found: Trends) -> tuple[str, ...]:
    """Say of which cycles the store holds something else than what was frozen."""
    return tuple(f"{e.cycle} is not what was frozen." for e in found.cycles if not e.sound)
