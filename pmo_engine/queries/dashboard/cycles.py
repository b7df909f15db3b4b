"""Cycles that were closed, and what changed since the last one and since the first."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from pmo_engine.model.canonical_json import canonical
from pmo_engine.model.money import Money, MoneyError
from pmo_engine.model.shape import Shape
from pmo_engine.prose.figures import figure_in_words
from pmo_engine.queries.dashboard.board import Board, Row

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date

    from pmo_engine.queries.dashboard.board import Column
    from pmo_engine.queries.view import View
    from pmo_engine.store.tables import Cycle

NOW = "now"


class Kept(Shape):
    """A cycle that is closed; ``sound``: the dashboard is, byte for byte, what was frozen."""

    cycle: str
    number: int
    day: str
    by: str
    name: str  # of who closed it
    projects: int
    colour: str
    digest: str
    sound: bool


class Point(Shape):
    """A figure at the end of a cycle, or now: as JSON, and in words."""

    cycle: str
    day: str
    value: Any
    words: str


class Trend(Shape):
    """A figure over all cycles, and by how much it is more than at the last and the first."""

    id: str
    label: str
    of: str
    unit: str
    points: tuple[Point, ...]
    since_last: str = ""
    since_first: str = ""


class Shift(Shape):
    """A project or programme whose colour is otherwise than at the end of the last cycle."""

    sort: str
    id: str
    title: str
    was: str
    now: str
    first: str


class Trends(Shape):
    """What changed over the cycles; ``came`` and ``went``: projects since the last one."""

    cycles: tuple[Kept, ...]
    figures: tuple[Trend, ...]
    colours: tuple[tuple[str, dict[str, int]], ...]
    shifts: tuple[Shift, ...]
    came: tuple[str, ...]
    went: tuple[str, ...]


def digest_of(board: dict[str, Any]) -> str:
    """Give the SHA-256 of a frozen dashboard, of its one text."""
    return sha256(canonical(board)).hexdigest()


def cycles(view: View) -> list[Kept]:
    """List the cycles that were closed, the first one first."""
    return _all_kept(view, view.uow.cycles.all())


def frozen(view: View, cycle: str) -> Board:
    """Give the dashboard as it was when a cycle was closed; raises NotFound."""
    return Board.model_validate(view.uow.cycles.get(cycle).board)


def _all_kept(view: View, rows: Sequence[Cycle]) -> list[Kept]:
    called = view.uow.people.names_of(each.closed_by for each in rows)
    return [_kept(each, called[each.closed_by]) for each in rows]


def _kept(row: Cycle, name: str) -> Kept:
    total = row.board["total"]
    return Kept(
        cycle=row.id,
        number=row.number,
        day=row.day.isoformat(),
        by=row.closed_by,
        name=name,
        projects=total["projects"],
        colour=total["colour"],
        digest=row.digest,
        sound=digest_of(row.board) == row.digest,
    )


def trends(view: View, now: Board) -> Trends:
    """Hold the dashboard of now against the cycles that were closed."""
    rows = view.uow.cycles.all()
    kept = ((each.id, each.day, Board.model_validate(each.board)) for each in rows)
    boards = [*kept, (NOW, view.today, now)]
    first, last = boards[0][2], boards[-2][2] if rows else now
    before, after = _ids(last.projects), _ids(now.projects)
    return Trends(
        cycles=tuple(_all_kept(view, rows)),
        figures=tuple(_trend(column, boards) for column in now.columns),
        colours=tuple((name, each.total.colours) for name, _, each in boards),
        shifts=tuple(_shifts(first, last, now)),
        came=tuple(sorted(after - before)),
        went=tuple(sorted(before - after)),
    )


def _ids(rows: Iterable[Row]) -> set[str]:
    return {each.id for each in rows}


def _trend(column: Column, boards: Sequence[tuple[str, date, Board]]) -> Trend:
    points = tuple(_point(*each, column.id) for each in boards)
    *earlier, now = points
    return Trend(
        id=column.id,
        label=column.label,
        of=column.of,
        unit=column.unit,
        points=points,
        since_last=_more(column, earlier[-1], now) if earlier else "",
        since_first=_more(column, earlier[0], now) if earlier else "",
    )


def _point(name: str, day: date, board: Board, figure: str) -> Point:
    cell = board.total.figures.get(figure)
    value, words = (None, "") if cell is None else (cell.value, cell.words)
    return Point(cycle=name, day=day.isoformat(), value=value, words=words)


def _more(column: Column, before: Point, now: Point) -> str:
    """Say by how much a figure is more, or less; nothing where one of them is not there."""
    try:
        if column.unit == "money":
            change: Any = Money.parse(now.value) - Money.parse(before.value)
            sign = "+" if change.amount > 0 else ""
        else:
            change = Decimal(str(now.value)) - Decimal(str(before.value))
            sign = "+" if change > 0 else ""
    except (TypeError, MoneyError, InvalidOperation):
        return ""
    return f"{sign}{figure_in_words(column.unit, change)}"  # type: ignore[arg-type]  # a unit


def _shifts(first: Board, last: Board, now: Board) -> Iterator[Shift]:
    for kind in ("programmes", "projects"):
        was = {each.id: each.colour for each in getattr(last, kind)}
        began = {each.id: each.colour for each in getattr(first, kind)}
        for row in getattr(now, kind):
            before = was.get(row.id, row.colour)
            if before != row.colour:
                yield Shift(
                    sort=row.sort,
                    id=row.id,
                    title=row.title,
                    was=before,
                    now=row.colour,
                    first=began.get(row.id, ""),
                )


def number_of(value: Any) -> Decimal | None:
    """Give the number of a figure as JSON has it, for a plot; None where it is none."""
    try:
        return Decimal(str(value).partition(" ")[0])
    except InvalidOperation:
        return None
