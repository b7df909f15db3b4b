"""Who there is: roles held, who decides for whom, who is away, and whose accounts are one person's.

Days are the office's, and both ends of a span count.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import field
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeVar

from pmo_engine.authority.units import NO_UNITS, Units
from pmo_engine.model.frozen import dataclass
from pmo_engine.model.people import in_order, nearness

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from pmo_engine.model.money import Money
    from pmo_engine.model.people import RoleHolding

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Delegation:
    """What somebody lets somebody else do for them, and how far; what is empty bounds nothing.

    ``acts`` are whole (``approve change_request``) or a verb alone. ``up_to`` includes itself. One
    that was withdrawn does not hold on the day of it any more, nor after.
    """

    id: str
    owner: str
    delegate: str
    since: date
    until: date | None = None
    acts: tuple[str, ...] = ()
    projects: tuple[str, ...] = ()
    up_to: Money | None = None
    withdrawn_on: date | None = None

    def holds(self, on: date) -> bool:
        """Tell whether it holds on a day."""
        withdrawn = self.withdrawn_on is not None and self.withdrawn_on <= on
        return self.since <= on and (self.until is None or on <= self.until) and not withdrawn

    @property
    def last(self) -> date | None:
        """Give the last day on which it held for any time; None where it goes on."""
        return min(
            (day for day in (self.until, self.withdrawn_on) if day is not None), default=None
        )

    def lets(self, act: str) -> bool:
        """Tell whether it is of an act."""
        return not self.acts or act in self.acts or act.partition(" ")[0] in self.acts

    def reaches(self, project: str | None) -> bool:
        """Tell whether it is of a project; one of some projects is not of the office."""
        return not self.projects or project in self.projects


@dataclass(frozen=True, slots=True)
class Absence:
    """Somebody is away; ``deputy`` is the person who stands in, None: as the terms say.

    ``upward``: nobody stands in, and what waits for them goes up.
    """

    person: str
    since: date
    until: date | None = None
    deputy: str | None = None
    upward: bool = False

    def holds(self, on: date) -> bool:
        """Tell whether they are away on a day."""
        return self.since <= on and (self.until is None or on <= self.until)


_ALONE: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True)
class People:
    """Everything that a question about people is answered from; an order of its own, no other.

    ``same`` gives for a second account the person whose it is; who is not in it has one account.
    ``units`` say where roles count that are held for an office or a programme.
    """

    holdings: tuple[RoleHolding, ...]
    delegations: tuple[Delegation, ...] = ()
    absences: tuple[Absence, ...] = ()
    same: Mapping[str, str] = field(default_factory=lambda: _ALONE)
    units: Units = NO_UNITS

    def one(self, account: str) -> str:
        """Give the person whose account it is; for every guard, accounts of one person are one."""
        return self.same.get(account, account)

    def are_one(self, account: str, other: str) -> bool:
        """Tell whether two accounts are one person's."""
        return self.one(account) == self.one(other)

    def accounts(self, person: str) -> tuple[str, ...]:
        """Give every account of the person whose this is, in order; at least this one."""
        one = self.one(person)
        others = [each for each, whose in self.same.items() if whose == one] if self.same else ()
        return tuple(sorted({one, person, *others})) if others or one != person else (person,)

    def holders(self, role: str, project: str | None, on: date) -> tuple[str, ...]:
        """Name who holds a role for a project, the project's own first, then by seniority.

        Where nobody near it does, those of the next office above who hold the role do.
        """
        return in_order(self.counting(role, project, on))

    def counting(self, role: str, project: str | None, on: date) -> list[RoleHolding]:
        """Give the holdings of a role that count for a project, or for the office (None)."""
        held = self._by_role.get(role, ())
        found = [each for each in held if each.covers(project, on)]
        units = [each for each in held if each.unit is not None and each.holds(on)]
        if units:
            near = self.units.near(role, project)
            found += [each for each in units if each.unit in near]
        for above in self.units.above(project) if units and not found else ():
            found = [each for each in units if each.unit == above]
            if found:
                break
        return found

    def roles_of(self, person: str, project: str | None, on: date) -> tuple[str, ...]:
        """Name the roles that an account holds for a project, or for the office, on a day."""
        held = self._by_person.get(person, ())
        return tuple(sorted({each.role for each in held if self.counts(each, project, on)}))

    def counts(self, held: RoleHolding, project: str | None, on: date) -> bool:
        """Tell whether a holding counts for a project, or for the office, on a day."""
        if held.unit is None:
            return held.covers(project, on)
        return held.holds(on) and held in self.counting(held.role, project, on)

    def holding(self, person: str, role: str, project: str | None, on: date) -> RoleHolding | None:
        """Find how an account holds a role, the project's own span before the office's."""
        held = (each for each in self._by_person.get(person, ()) if each.role == role)
        found = [each for each in held if self.counts(each, project, on)]
        return min(found, key=lambda each: (nearness(each), each.since), default=None)

    def absence(self, person: str, on: date) -> Absence | None:
        """Find the absence of a person, through whichever account it was said."""
        one = self.one(person)
        return next((a for a in self._away.get(one, ()) if a.holds(on)), None)

    def ever_given_to(self, person: str) -> Iterable[Delegation]:
        """Give what others let an account do for them, or did, in order."""
        return self._by_delegate.get(person, ())

    def ever_given_by(self, person: str) -> Iterable[Delegation]:
        """Give what an account lets others do, or did, in order."""
        return self._by_owner.get(person, ())

    def given_to(self, person: str, on: date) -> tuple[Delegation, ...]:
        """Give what holds on a day of what others let an account do for them, in order."""
        return tuple(each for each in self.ever_given_to(person) if each.holds(on))

    def given_by(self, person: str, on: date) -> tuple[Delegation, ...]:
        """Give what holds on a day of what an account lets others do, in order."""
        return tuple(each for each in self.ever_given_by(person) if each.holds(on))

    @cached_property
    def _by_role(self) -> Mapping[str, list[RoleHolding]]:
        return _grouped((each.role, each) for each in self.holdings)

    @cached_property
    def _by_person(self) -> Mapping[str, list[RoleHolding]]:
        return _grouped((each.person, each) for each in self.holdings)

    @cached_property
    def _away(self) -> Mapping[str, list[Absence]]:
        return _grouped((self.one(each.person), each) for each in self.absences)

    @cached_property
    def _by_delegate(self) -> Mapping[str, list[Delegation]]:
        return _grouped((each.delegate, each) for each in self._ordered)

    @cached_property
    def _by_owner(self) -> Mapping[str, list[Delegation]]:
        return _grouped((each.owner, each) for each in self._ordered)

    @cached_property
    def _ordered(self) -> list[Delegation]:
        return sorted(self.delegations, key=lambda each: (each.since, each.id))


def _grouped(pairs: Iterable[tuple[str, T]]) -> Mapping[str, list[T]]:
    found: dict[str, list[T]] = defaultdict(list)
    for key, value in pairs:
        found[key].append(value)
    return found


def one_each(links: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Make ``same`` of pairs of accounts that are one person's, however far the pairs go on.

    The person of a group is its first account in the order of names.
    """
    groups: dict[str, set[str]] = {}
    for one, other in links:
        merged = groups.get(one, {one}) | groups.get(other, {other})
        groups.update(dict.fromkeys(merged, merged))
    return {account: min(group) for account, group in groups.items() if account != min(group)}
