"""What the store holds of people, as the pure questions of authority take it: read once.

The database counts the changes of it. As long as none has come since a command began, what the
process knows is what the store says; where one has come, all of it is read anew.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from pmo_engine.authority.people import Absence, Delegation, People, one_each
from pmo_engine.model.frozen import dataclass
from pmo_engine.model.money import Money
from pmo_engine.model.people import RoleHolding

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pmo_engine.store import tables
    from pmo_engine.work.governance import Context

A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Known:
    """Who there is on a day, with all delegations and absences until then, and declared interests.

    ``declared``: rows of the store, those that are over among them.
    """

    people: People
    declared: tuple[Any, ...]

    def declared_between(self, since: date, on: date) -> Iterator[Any]:
        """Give the interests that are had on any of some days."""
        return (
            each
            for each in self.declared
            if each.from_date <= on and (each.to_date is None or each.to_date >= since)
        )


class KnownPeople(dict[tuple[int, date], Known]):
    """By the number of changes, and the day; a few of them."""

    MOST = 4

    def keep(self, key: tuple[int, date], known: Known) -> None:
        """Keep what is known, and forget what was known first where that is too much."""
        while len(self) >= self.MOST:
            del self[next(iter(self))]
        self[key] = known


def people(c: Context, on: date | None = None) -> People:
    """Give who holds what on a day (today), who decides or did for whom, and who is or was away."""
    return known_people(c, on).people


def known_people(c: Context, on: date | None = None) -> Known:
    """Give everything that is known of people on a day (today)."""
    day, kept = on or c.today, c.governance.people
    changes = c.uow.people.changes()
    if changes != c.uow.people.as_found:  # by others, or by this command, which may yet be undone
        return _read(c, day)
    found = kept.get((changes, day))
    if found is None:
        found = _read(c, day)
        if c.uow.people.changes_now() == changes:
            kept.keep((changes, day), found)
    return found


def _read(c: Context, day: date) -> Known:
    holdings = tuple(RoleHolding(*each) for each in c.uow.people.in_force(day))
    delegations, absences, links = [], [], []
    for kind, *row in c.uow.standing_in.until(day):
        match kind:
            case "delegation":
                delegations.append(_delegation(row))
            case "absence":
                absences.append(_absence(row))
            case _:
                links.append((row[1], row[2]))
    found = People(holdings, tuple(delegations), tuple(absences), one_each(links))
    return Known(found, tuple(c.uow.interests.until(day)))


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
