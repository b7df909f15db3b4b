"""What becomes of money and people if projects are stopped, or moved by quarters; nothing is kept.

What is left to spend is spread evenly over the days that a project still has; where its end is not
known, over none. A stopped project spends no more than it has, and its demand goes; its people
stay to be had. A moved one does all that is ahead so many quarters later, or earlier from today on.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlmodel import col

from pmo_engine.model.money import Money, MoneyError
from pmo_engine.model.shape import Shape
from pmo_engine.policy.figures import Dashboard
from pmo_engine.queries.dashboard.planning import Planned, by_month, planned
from pmo_engine.queries.dashboard.sheets import sheets
from pmo_engine.store.errors import NotFound
from pmo_engine.store.tables import Project

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from pmo_engine.queries.dashboard.planning import Need
    from pmo_engine.queries.dashboard.sheets import KnownSheets, Sheet
    from pmo_engine.queries.view import View

QUARTER = 3  # months


class Quarter(Shape):
    """What is to be spent in a quarter, as things are and as they would be."""

    quarter: str  # empty for what projects are to spend whose end is not known
    before: str
    after: str


class Changed(Shape):
    """A project that is stopped or moved: what it is still to spend, and from when to when."""

    project: str
    what: str
    left: str  # to spend; empty where the figures do not say
    saved: str
    ahead: str  # its days, before and after; empty where its end is not known


class Struck(Shape):
    """A project that waits for one that is stopped or moved."""

    project: str
    on: str
    key: str
    needed: str
    promised: str
    late: bool


class WhatIf(Shape):
    """Money by quarter, people by skill and month, and who waits: before and after."""

    day: str
    changed: tuple[Changed, ...]
    quarters: tuple[Quarter, ...]
    forecast_before: str
    forecast_after: str
    before: Planned
    after: Planned
    struck: tuple[Struck, ...]
    unknown: tuple[str, ...]  # projects whose figures do not say what is left to spend


def what_if(
    view: View, known: KnownSheets, stopped: Collection[str], moved: Mapping[str, int]
) -> WhatIf:
    """Work it out for projects that are stopped, and for those that are moved by quarters.

    Raises NotFound for a project that is not under way.
    """
    found = sheets(view, known).by_project
    for project in (*stopped, *moved):
        if project not in found:
            raise NotFound("project under way", project)
    today = view.today
    spending = _Spending(view, found)
    other = {
        id: _otherwise(sheet, today, stopped=id in stopped, by=moved.get(id, 0))
        for id, sheet in found.items()
    }
    before, after = (spending.quarters(*each) for each in (((), {}), (stopped, moved)))
    zero = Money(Decimal(0), view.policy.currency)
    return WhatIf(
        day=today.isoformat(),
        changed=tuple(spending.changed(stopped, moved)),
        quarters=tuple(
            Quarter(
                quarter=name,
                before=_said(before.get(name, zero)),
                after=_said(after.get(name, zero)),
            )
            for name in sorted({*before, *after})
        ),
        forecast_before=_said(sum(spending.forecast.values(), zero)),
        forecast_after=_said(
            sum((m for id, m in spending.forecast.items() if id not in stopped), zero)
            + sum((spending.actual[id] for id in stopped if id in spending.actual), zero)
        ),
        before=planned(today, found),
        after=planned(today, other),
        struck=tuple(_struck(found, today, stopped, moved)),
        unknown=tuple(spending.unknown),
    )


class _Spending:
    """What each project is still to spend, and over which days."""

    def __init__(self, view: View, found: Mapping[str, Sheet]) -> None:
        self.today, self.currency = view.today, view.policy.currency
        shown = view.policy.dashboard or Dashboard()
        self.forecast = _amounts(found, shown.money.get("forecast"))
        self.actual = _amounts(found, shown.money.get("actual"))
        self.unknown = [id for id in found if id not in self.forecast or id not in self.actual]
        columns = (col(Project.id), col(Project.starts_on), col(Project.ends_on))
        self.days = {id: (start, end) for id, start, end in view.uow.select(select(*columns))}

    def left(self, project: str) -> Money | None:
        """Say what a project is still to spend; None where that is not known."""
        if project not in self.forecast or project not in self.actual:
            return None
        return self.forecast[project] - self.actual[project]

    def ahead(self, project: str, quarters: int = 0) -> tuple[date, date] | None:
        """Give the days that a project still has, moved by quarters; today where it is over.

        None where its end is not known.
        """
        start, end = self.days.get(project, (None, None))
        if end is None:
            return None
        first = max(start or self.today, self.today)
        return moved_by(quarters, first, max(end, first), self.today)

    def quarters(self, stopped: Collection[str], moved: Mapping[str, int]) -> dict[str, Money]:
        """Add up by quarter what is to be spent."""
        found: dict[str, Money] = {}
        for project in self.forecast:
            left = self.left(project)
            if left is None or project in stopped:
                continue
            days = self.ahead(project, moved.get(project, 0))
            for name, share in (("", left),) if days is None else spread(left, *days):
                found[name] = found[name] + share if name in found else share
        return found

    def changed(self, stopped: Collection[str], moved: Mapping[str, int]) -> Iterator[Changed]:
        """Say what becomes of each project that is stopped or moved."""
        for project in sorted({*stopped, *moved}):
            left, is_stopped = self.left(project), project in stopped
            days = (
                self.ahead(project, by) for by in (0, *(() if is_stopped else [moved[project]]))
            )
            yield Changed(
                project=project,
                what="stopped" if is_stopped else f"moved {_quarters(moved[project])}",
                left="" if left is None else _said(left),
                saved=_said(left) if left is not None and is_stopped else "",
                ahead=" -> ".join(f"{each[0]}..{each[1]}" for each in days if each),
            )


def _quarters(number: int) -> str:
    said = "1 quarter" if abs(number) == 1 else f"{abs(number)} quarters"
    return f"by {said}" if number > 0 else f"{said} earlier"


def _amounts(found: Mapping[str, Sheet], figure: str | None) -> dict[str, Money]:
    """Give the amounts of a figure by project, of those that have it."""
    amounts: dict[str, Money] = {}
    for id, sheet in found.items() if figure is not None else ():
        value = sheet.shown.cells[str(figure)].value
        try:
            amounts[id] = Money.parse(value)
        except (TypeError, MoneyError):
            continue
    return amounts


def spread(amount: Money, first: date, last: date) -> Iterator[tuple[str, Money]]:
    """Spread an amount evenly over days, and give it by quarter; the last takes the rest."""
    days = (last - first).days + 1
    given, day = Money(Decimal(0), amount.currency), first
    while day <= last:
        following = min(_next_quarter(day), last + timedelta(days=1))
        share = (amount * (Decimal((following - day).days) / days)).quantized()
        if following > last:
            share = amount - given
        given += share
        yield f"{day.year}-Q{(day.month - 1) // QUARTER + 1}", share
        day = following


def _next_quarter(day: date) -> date:
    month = (day.month - 1) // QUARTER * QUARTER + 1
    return later(date(day.year, month, 1), 1)


def later(day: date, quarters: int) -> date:
    """Give the same day of the month some quarters later, or the month's last."""
    months = day.year * 12 + day.month - 1 + quarters * QUARTER
    year, month = divmod(months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def moved_by(quarters: int, first: date, last: date, today: date) -> tuple[date, date]:
    """Give days moved by quarters; what is ahead comes no earlier than today."""
    first = max(later(first, quarters), today)
    return first, max(later(last, quarters), first)


def _otherwise(sheet: Sheet, today: date, *, stopped: bool, by: int) -> Sheet:
    """Give what a project comes to, stopped or moved."""
    if stopped:
        return replace(sheet, demand=(), wanted={})
    if not by:
        return sheet
    demand = tuple(_moved(each, today, by) for each in sheet.demand if each.last >= today)
    return replace(sheet, demand=demand, wanted=by_month(demand, today))


def _moved(need: Need, today: date, by: int) -> Need:
    first, last = moved_by(by, max(need.first, today), need.last, today)
    return replace(need, first=first, last=last)


def _struck(
    found: Mapping[str, Sheet], today: date, stopped: Collection[str], moved: Mapping[str, int]
) -> Iterator[Struck]:
    """Give those that wait for what is stopped, or comes later."""
    for project, sheet in found.items():
        for each in sheet.waits:
            if project in stopped or each.on not in {*stopped, *moved}:
                continue
            promised = max(later(each.promised or today, moved.get(each.on, 0)), today)
            gone = each.on in stopped
            yield Struck(
                project=project,
                on=each.on,
                key=each.key,
                needed="" if each.needed is None else each.needed.isoformat(),
                promised="never" if gone else promised.isoformat(),
                late=gone or (each.needed is not None and promised > each.needed),
            )


def _said(amount: Money) -> str:
    return str(amount.quantized())
