"""What the store holds of people, as the pure questions of authority take it: two statements."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from pmo_engine.authority.people import Absence, Delegation, People, one_each
from pmo_engine.model.money import Money
from pmo_engine.model.people import RoleHolding

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from pmo_engine.store import tables
    from pmo_engine.work.governance import Context

A_DAY = timedelta(days=1)


def people(c: Context, on: date | None = None, *, since: date | None = None) -> People:
    """Gather who holds what on a day (today), who decides for whom, and who is away.

    Of delegations and absences also those that held on a day from ``since`` on.
    """
    day = on or c.today
    holdings = tuple(RoleHolding(*each) for each in c.uow.people.in_force(day))
    delegations, absences, links = [], [], []
    for kind, *row in c.uow.standing_in.between(since or day, day):
        match kind:
            case "delegation":
                delegations.append(_delegation(row))
            case "absence":
                absences.append(_absence(row))
            case _:
                links.append((row[1], row[2]))
    return People(holdings, tuple(delegations), tuple(absences), one_each(links))


def _delegation(row: Iterable[Any]) -> Delegation:
    id, owner, delegate, since, until, ended, up_to, acts, projects, _ = row
    bound = None if up_to is None else Money.parse(up_to)
    return Delegation(id, owner, delegate, since, until, tuple(acts), tuple(projects), bound, ended)


def pure_delegation(row: tables.Delegation) -> Delegation:
    """Give a row of the store as the pure questions take it."""
    values = (row.id, row.owner, row.delegate, row.from_date, row.to_date, row.ended_on, row.up_to)
    return _delegation((*values, row.acts, row.projects, None))


def _absence(row: Iterable[Any]) -> Absence:
    _, person, deputy, since, until, ended, *_, upward = row
    back = None if ended is None else ended - A_DAY
    ends = [day for day in (until, back) if day is not None]
    return Absence(person, since, min(ends, default=None), deputy, upward)
