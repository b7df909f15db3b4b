"""A cycle of reporting is closed: the dashboard as it is then is frozen, once."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from pmo_engine.model.identifiers import IdentifierError, canonical
from pmo_engine.model.shape import Shape
from pmo_engine.queries.dashboard.board import board
from pmo_engine.queries.dashboard.cycles import NOW, digest_of
from pmo_engine.store import tables
from pmo_engine.work.acts import CLOSE_CYCLE
from pmo_engine.work.command import Command, Order, carry_out
from pmo_engine.work.errors import CommandError
from pmo_engine.work.subjects import Office

if TYPE_CHECKING:
    from datetime import date

    from pmo_engine.work.governance import Governance


class ClosedCycle(Shape):
    """A cycle that is closed: which one it is, when, of how many projects, and its digest."""

    cycle: str
    number: int
    day: str
    projects: int
    colour: str
    digest: str


def close_cycle(
    governance: Governance,
    *,
    cycle: str,
    by: str,
    day: date | None = None,
    request: str | None = None,
) -> ClosedCycle:
    """Freeze the dashboard under the name of a cycle, such as 2026-Q1.

    ``day`` is the one that it reports of, today if left out: what comes in later, as a list of last
    year, has its place in the trend by it. Raises CommandError for a cycle that is closed already,
    and for a day to come, or before that of the last cycle; Refusal.
    """
    order = Order(by, CLOSE_CYCLE, Office(), ClosedCycle, request)
    return carry_out(governance, order, partial(_close, cycle=cycle, day=day))


def _require_day(c: Command, day: date) -> None:
    if day > c.today:
        raise CommandError(f"a cycle cannot be of a day to come ({day}; today is {c.today})")
    last = max(c.uow.cycles.all(), key=lambda each: each.number, default=None)
    if last is not None and day < last.day:
        raise CommandError(f"the cycle '{last.id}' is of {last.day} already, after {day}")


def _close(c: Command, *, cycle: str, day: date | None) -> ClosedCycle:
    try:
        canonical(cycle, "cycle")
    except IdentifierError as error:
        raise CommandError(str(error)) from None
    if cycle == NOW:
        raise CommandError(f"no cycle is called '{NOW}': a trend calls the present so")
    if (earlier := c.uow.cycles.find(cycle)) is not None:
        closed = earlier.closed_at.astimezone(c.zone).date()
        when = f"on {closed} by {c.uow.people.name_of(earlier.closed_by)}"
        raise CommandError(f"the cycle '{cycle}' was closed {when}; give the next one its own name")
    of = day or c.today
    _require_day(c, of)
    found = board(c, c.governance.sheets)
    frozen = found.model_dump(mode="json")
    row = tables.Cycle(
        id=cycle,
        number=c.uow.cycles.count() + 1,
        day=of,
        closed_at=c.now,
        closed_by=c.actor,
        policy_digest=c.policy.digest,
        digest=digest_of(frozen),
        board=frozen,
    )
    c.uow.cycles.add(row)
    total = found.total
    body = {"cycle": cycle, "number": row.number, "day": of.isoformat(), "digest": row.digest}
    c.journal("cycle.closed", {**body, "projects": total.projects, "colour": total.colour})
    return ClosedCycle(
        cycle=cycle,
        number=row.number,
        day=row.day.isoformat(),
        projects=total.projects,
        colour=total.colour,
        digest=row.digest,
    )
