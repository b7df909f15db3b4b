"""The timeline of a portfolio as a picture: lanes of projects, a row for each matter, marks."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from pmo_engine.model.frozen import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from pmo_engine.model.working_time.calendar import WorkingCalendar
    from pmo_engine.reports.story import Item, Mark, Matter

WIDTH, LEFT, RIGHT, TOP = 1120, 236, 34, 46
ROW, HEAD, GAP = 24, 26, 6
MOST_TICKS = 12
SHORT = 31  # days of which the weekday says more than the year
SPREAD = 11  # between marks that would lie on one another


@dataclass(frozen=True, slots=True)
class Bar:
    """How long an obligation was open: up to its due moment, and ``late`` beyond it."""

    x: int
    width: int
    late_x: int
    late_width: int
    due_x: int | None
    status: str
    text: str


@dataclass(frozen=True, slots=True)
class Sign:
    """A mark at its place."""

    x: int
    sort: str
    text: str


@dataclass(frozen=True, slots=True)
class Row:
    """A matter: its label, its bars and its signs."""

    y: int
    label: str
    title: str
    bars: tuple[Bar, ...]
    signs: tuple[Sign, ...]


@dataclass(frozen=True, slots=True)
class Lane:
    """A project with its rows."""

    y: int
    height: int
    project: str
    name: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Tick:
    """A day on the axis; ``closed`` days are shaded, not all have a label."""

    x: int
    width: int
    label: str
    closed: bool


@dataclass(frozen=True, slots=True)
class Picture:
    """All of it, in the picture's own units."""

    width: int
    height: int
    left: int
    top: int
    ticks: tuple[Tick, ...]
    lanes: tuple[Lane, ...]


def draw(
    projects: Sequence[tuple[str, str, Sequence[Matter]]], calendar: WorkingCalendar, now: datetime
) -> Picture | None:
    """Draw projects (id, name, matters), of which those with no matter have no lane."""
    shown = [each for each in projects if each[2]]
    moments = [mark.at for _, _, found in shown for each in found for mark in each.marks]
    if not moments:
        return None
    scale = _Scale.of(min(moments), max(*moments, now), ZoneInfo(calendar.zone))
    lanes, y = [], TOP
    for project, name, found in shown:
        rows = tuple(
            _row(matter, y + HEAD + ROW * number, scale, now) for number, matter in enumerate(found)
        )
        height = HEAD + ROW * len(rows) + GAP
        lanes.append(Lane(y, height, project, name, rows))
        y += height + GAP
    return Picture(WIDTH, y, LEFT, TOP, tuple(scale.ticks(calendar)), tuple(lanes))


@dataclass(frozen=True, slots=True)
class _Scale:
    """Whole days from the first to the last, on the width beside the labels."""

    first: date
    days: int
    zone: ZoneInfo

    @classmethod
    def of(cls, start: datetime, end: datetime, zone: ZoneInfo) -> _Scale:
        first, last = start.astimezone(zone).date(), end.astimezone(zone).date()
        return cls(first, (last - first).days + 1, zone)

    def x(self, moment: datetime) -> int:
        begin = datetime.combine(self.first, time(), self.zone).astimezone(UTC)
        whole = timedelta(days=self.days)
        return LEFT + round((WIDTH - LEFT - RIGHT) * ((moment - begin) / whole))

    def ticks(self, calendar: WorkingCalendar) -> Iterator[Tick]:
        step = -(-self.days // MOST_TICKS)
        for number in range(self.days):
            day = self.first + timedelta(days=number)
            x = self._at(number)
            label = self._label(day) if number % step == 0 else ""
            yield Tick(x, self._at(number + 1) - x, label, not calendar.is_working_day(day))

    def _label(self, day: date) -> str:
        if self.days <= SHORT:
            return f"{day:%a} {day.day} {day:%b}"
        return f"{day.day} {day:%b %Y}"

    def _at(self, days: int) -> int:
        return LEFT + round((WIDTH - LEFT - RIGHT) * days / self.days)


def _row(matter: Matter, y: int, scale: _Scale, now: datetime) -> Row:
    bars = tuple(_bar(item, scale, now) for item in matter.items if item.kind != "notice")
    return Row(y, matter.label, matter.title, bars, tuple(_signs(matter.marks, scale)))


def _bar(item: Item, scale: _Scale, now: datetime) -> Bar:
    start, end = scale.x(item.opened_at), scale.x(item.closed_at or now)
    due = None if item.due_at is None else scale.x(item.due_at)
    late = end if due is None else min(max(due, start), end)
    text = f"{item.words} {item.status}"
    passed = due if due is not None and due <= end else None
    return Bar(start, late - start, late, end - late, passed, item.status, text)


def _signs(marks: Sequence[Mark], scale: _Scale) -> Iterator[Sign]:
    """Place marks from left to right; one that would cover the one before it moves aside."""
    last = 0
    for mark in marks:
        last = max(scale.x(mark.at), last + SPREAD if last else 0)
        yield Sign(last, mark.sort, f"{mark.at.astimezone(scale.zone):%a %d %b %H:%M}: {mark.text}")
