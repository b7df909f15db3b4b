"""What the store holds of people, as the pure questions of authority take it: read once.

The database counts the changes of it. As long as none has come since a command began, what the
process knows is what the store says; where one has come, all of it is read anew.
"""

from __future__ import annotations

from dataclasses import field, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from pmo_engine.authority.people import Absence, Delegation, People, one_each
from pmo_engine.authority.units import Placed, Units, shared
from pmo_engine.model.frozen import dataclass
from pmo_engine.model.money import Money
from pmo_engine.model.people import RoleHolding

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pmo_engine.policy import Policy
    from pmo_engine.store import tables
    from pmo_engine.work.governance import Context

A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Known:
    """Who there is on a day, with all delegations and absences until then, and declared interests.

    ``declared``: rows of the store, those that are over among them. ``placed``: where programmes
    and projects stand, where anybody holds a role for an office or a programme. ``parted``: two
    accounts each that were one person's until a day. ``bodies``: what others made of it, by what it
    depends on beside people.
    """

    people: People
    declared: tuple[Any, ...]
    placed: tuple[Any, ...] = ()
    parted: tuple[tuple[str, str, date], ...] = ()
    bodies: dict[Any, Any] = field(default_factory=dict, compare=False)
    _by_policy: dict[str, Known] = field(default_factory=dict, compare=False)

    def under(self, policy: Policy, on: date) -> Known:
        """Give the same with the offices that a policy declares, as they are on a day."""
        if not self.placed:
            return self
        found = self._by_policy.get(policy.digest)
        if found is None:
            units = units_of(policy, self.placed, on)
            people = replace(self.people, units=units)
            found = Known(people, self.declared, parted=self.parted)
            self._by_policy[policy.digest] = found
        return found

    def since(self, day: date) -> People:
        """Give who there is for what was asked on a day: accounts that were one then are one."""
        then = [(one, other) for one, other, until in self.parted if until >= day]
        if not then:
            return self.people
        return replace(self.people, same=one_each((*self.people.same.items(), *then)))

    def declared_between(self, since: date, on: date) -> Iterator[Any]:
        """Give the interests that are had on any of some days."""
        return (
            each
            for each in self.declared
            if each.from_date <= on and (each.to_date is None or each.to_date >= since)
        )


def units_of(policy: Policy, placed: Iterable[Any], on: date) -> Units:
    """Give offices and programmes on a day, from what the store says of where each stands."""
    by_kind: dict[str, dict[str, Placed]] = {"project": {}, "programme": {}}
    for kind, id, *at in placed:
        by_kind[kind][id] = Placed(*at)
    served = shared(policy.functional, policy.offices)
    return Units(policy.offices, by_kind["project"], by_kind["programme"], served, on)


def with_units(c: Context, there: People, held: Iterable[RoleHolding]) -> Units:
    """Give offices and programmes where one of some roles is held for one of them."""
    if there.units.on is not None or all(each.unit is None for each in held):
        return there.units
    return units_of(c.governance.rules.policy, c.uow.programmes.placed(), c.today)


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
    """Give everything that is known of people on a day (today), and of the organisation now."""
    day = on or c.today
    known = _known(c, day)
    return known.under(c.governance.rules.policy, day) if known.placed else known


def _known(c: Context, day: date) -> Known:
    kept = c.governance.people
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
    delegations, absences, links, parted = [], [], [], []
    for kind, *row in c.uow.standing_in.until(day):
        match kind:
            case "delegation":
                delegations.append(_delegation(row))
            case "absence":
                absences.append(_absence(row))
            case _ if row[5] is None:
                links.append((row[1], row[2]))
            case _:
                parted.append((row[1], row[2], row[5]))
    found = People(holdings, tuple(delegations), tuple(absences), one_each(links))
    units = any(each.unit is not None for each in holdings)
    placed = tuple(c.uow.programmes.placed()) if units else ()
    return Known(found, tuple(c.uow.interests.until(day)), placed, tuple(parted))


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
