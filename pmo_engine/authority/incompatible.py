"""Roles that nobody holds together, as the policy says: which of some holdings clash."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import combinations
from typing import TYPE_CHECKING

from pmo_engine.authority.units import NO_UNITS, Units
from pmo_engine.model.frozen import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from pmo_engine.model.people import RoleHolding
    from pmo_engine.policy import Policy


@dataclass(frozen=True, slots=True)
class Clash:
    """Two roles that one person holds together, though the policy keeps them apart."""

    one: RoleHolding
    other: RoleHolding

    def __str__(self) -> str:
        """Say it: 'ana holds sponsor in P-1 and risk everywhere, which nobody holds together'."""
        return self.in_words(str)

    def in_words(self, called: Callable[[str], str]) -> str:
        """Say it of people as they are called."""
        held = " and ".join(f"{each.role} {_where(each)}" for each in (self.one, self.other))
        other = called(self.other.person)
        whose = f" (as {other})" if self.one.person != self.other.person else ""
        return f"{called(self.one.person)} holds {held}{whose}, which nobody holds together"


def _where(held: RoleHolding) -> str:
    return held.place


def apart(policy: Policy) -> frozenset[frozenset[str]]:
    """Give the pairs of roles that nobody holds together."""
    pairs = [(role.id, each) for role in policy.roles.values() for each in role.not_with]
    for entry in policy.incompatible:
        pairs += combinations(entry.roles, 2)
    return frozenset(frozenset(pair) for pair in pairs)


def clashes(
    policy: Policy, held: Iterable[RoleHolding], units: Units = NO_UNITS
) -> Iterator[Clash]:
    """Find the clashes among what one person holds, through whichever of their accounts.

    A role for an office or a programme meets those for the projects that ``units`` have it serve on
    a day on which both are held, roles that begin later among them.
    """
    pairs = apart(policy)
    for one, other in combinations(held, 2):
        if frozenset({one.role, other.role}) in pairs and _together(one, other, units):
            yield Clash(one, other)


def _together(one: RoleHolding, other: RoleHolding, units: Units) -> bool:
    """Tell whether there is a day and a project for which both are held."""
    first = max(one.since, other.since)
    last = min((e.until for e in (one, other) if e.until is not None), default=date.max)
    if first > last:
        return False
    return _same_place(one, other) or any(
        each.meet(one, other) for each in _between(units, first, last)
    )


def _between(units: Units, first: date, last: date) -> Iterator[Units]:
    """Give the organisation on the first of some days, and whenever an office begins on one.

    One that ends joins nobody: its work is done by those above it, who could do it before. Of days
    that are over it is as it is now.
    """
    if units.on is None or last <= units.on:
        yield units
        return
    begins = max(first, units.on)
    turns = {each.since for each in units.offices.values() if each.since is not None}
    for day in sorted({begins, *(each for each in turns if begins < each <= last)}):
        yield units if day == units.on else replace(units, on=day)


def _same_place(one: RoleHolding, other: RoleHolding) -> bool:
    everywhere = any(each.project is None and each.unit is None for each in (one, other))
    return everywhere or (one.project, one.unit) == (other.project, other.unit)
