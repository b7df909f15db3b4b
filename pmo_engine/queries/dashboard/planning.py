"""People wanted and had, by skill and month; what projects wait for of one another and share."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING

from pmo_engine.model.decimals import digits
from pmo_engine.model.frozen import dataclass
from pmo_engine.model.graphs import short_circles
from pmo_engine.model.shape import Shape, iso

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from pmo_engine.queries.dashboard.sheets import Sheet

MONTHS = 12
_NONE = Decimal(0)
"""So many months are looked ahead, the present one first."""


@dataclass(frozen=True, slots=True)
class Need:
    """How many people with a skill a project needs, or can be had, from a day to a day."""

    skill: str
    amount: Decimal
    first: date
    last: date


class Staffed(Shape):
    """A skill in a month: full-time equivalents wanted and had, and which projects want it."""

    skill: str
    month: str
    demand: str
    capacity: str
    short: bool
    projects: tuple[str, ...]


class Dependency(Shape):
    """What one project waits for of another; ``late``: it comes after it is needed."""

    project: str
    on: str
    key: str
    needed: str | None
    promised: str | None
    late: bool
    known: bool  # whether the other project is under way here


class Overlap(Shape):
    """Projects that want the same skill in a month in which there is not enough of it."""

    skill: str
    month: str
    projects: tuple[str, ...]


class Planned(Shape):
    """Capacity against demand, dependencies, projects in circles of these, and overlaps."""

    staffed: tuple[Staffed, ...]
    dependencies: tuple[Dependency, ...]
    overlaps: tuple[Overlap, ...]
    circles: tuple[tuple[str, ...], ...] = ()


def planned(day: date, sheets: Mapping[str, Sheet]) -> Planned:
    """Give them for twelve months from a day."""
    staffed = tuple(_staffed(sheets))
    waits = {project: {each.on for each in sheet.waits} for project, sheet in sheets.items()}
    return Planned(
        staffed=staffed,
        dependencies=tuple(_dependencies(day, sheets)),
        circles=tuple(tuple(each[:-1]) for each in short_circles(waits)),
        overlaps=tuple(
            Overlap(skill=each.skill, month=each.month, projects=each.projects)
            for each in staffed
            if each.short and len(each.projects) > 1
        ),
    )


def _staffed(sheets: Mapping[str, Sheet]) -> Iterator[Staffed]:
    wanted: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    had: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    who: dict[tuple[str, str], dict[str, None]] = defaultdict(dict)
    for project, sheet in sheets.items():
        for key, amount in sheet.wanted.items():
            wanted[key] += amount
            who[key][project] = None
        for key, amount in sheet.had.items():
            had[key] += amount
    for key in sorted({*wanted, *had}):
        yield Staffed(
            skill=key[0],
            month=key[1],
            demand=digits(wanted[key]),
            capacity=digits(had[key]),
            short=wanted[key] > had[key],
            projects=tuple(who[key]),
        )


def by_month(needs: Iterable[Need], day: date) -> dict[tuple[str, str], Decimal]:
    """Add up needs by skill and month, over the months that they touch of those ahead."""
    begun = _number(day)
    names = _months(begun)
    found: dict[tuple[str, str], Decimal] = {}
    for need in needs:
        first, last = _number(need.first) - begun, _number(need.last) - begun
        for name in names[max(first, 0) : max(last + 1, 0)]:
            key = need.skill, name
            found[key] = found.get(key, _NONE) + need.amount
    return found


def _number(day: date) -> int:
    """Number the month of a day, so that months are one apart."""
    return day.year * 12 + day.month - 1


@lru_cache(maxsize=2)
def _months(first: int) -> tuple[str, ...]:
    """Name the months that are looked ahead."""
    ahead = range(first, first + MONTHS)
    return tuple(f"{number // 12}-{number % 12 + 1:02}" for number in ahead)


def _dependencies(day: date, sheets: Mapping[str, Sheet]) -> Iterator[Dependency]:
    for project, sheet in sheets.items():
        for each in sheet.waits:
            at, needed = each.promised or day, each.needed
            yield Dependency(
                project=project,
                on=each.on,
                key=each.key,
                needed=iso(needed),
                promised=iso(each.promised),
                late=needed is not None and max(at, day) > needed,
                known=each.on in sheets,
            )
