"""Where roles count that are held for an office or a programme, and to whom it goes up."""

from __future__ import annotations

from dataclasses import field
from functools import cached_property
from typing import TYPE_CHECKING

from pmo_engine.model.frozen import dataclass
from pmo_engine.model.people import unit_of
from pmo_engine.policy.organisation import in_charge, top, upward

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date

    from pmo_engine.model.people import RoleHolding
    from pmo_engine.policy import FunctionalAssignment, Office


@dataclass(frozen=True, slots=True)
class Placed:
    """Where a project or a programme stands: the programme that it is in, and its office."""

    within: str | None = None
    office: str | None = None


@dataclass(frozen=True, slots=True)
class Reach:
    """The units whose roles count at a place; and those above, next first, where nobody is near."""

    near: frozenset[str] = frozenset()
    above: tuple[str, ...] = ()


@dataclass(frozen=True)
class Units:
    """The offices and programmes of an organisation on a day, and what stands where in it.

    ``shared``: by the functional role, the office whose people perform it for all.
    """

    offices: Mapping[str, Office] = field(default_factory=dict)
    projects: Mapping[str, Placed] = field(default_factory=dict)
    programmes: Mapping[str, Placed] = field(default_factory=dict)
    shared: Mapping[str, str] = field(default_factory=dict)
    on: date | None = None

    def near(self, role: str, project: str | None) -> frozenset[str]:
        """Name the units whose holders of a role have it for a project, or for all (None)."""
        own = self._reach(project).near
        return own | {self.shared[role]} if role in self.shared else own

    def above(self, project: str | None) -> tuple[str, ...]:
        """Name the offices whose people do for a project what nobody near it can, next first."""
        return self._reach(project).above

    def offices_of(self, project: str | None) -> tuple[Office, ...]:
        """Give the offices that serve a project on the day, its own first, then those above."""
        return self._serving(self.projects.get(project or "", Placed()))

    def within(self, programme: str) -> Iterator[str]:
        """Name a programme or portfolio, and what it is in, up to the top."""
        current: str | None = programme
        while current is not None:
            yield current
            placed = self.programmes.get(current)
            current = None if placed is None else placed.within

    def around(self, unit: str) -> frozenset[str]:
        """Name a unit and those above it, whose roles give a right to what is done in it."""
        kind, _, id = unit.partition(" ")
        if kind == "office":
            return frozenset({unit, *(unit_of(office=e.id) for e in upward(self.offices, id))})
        offices = self._serving(Placed(within=id))
        programmes = {unit_of(programme=each) for each in self.within(id)}
        return frozenset({unit, *programmes, *(unit_of(office=each.id) for each in offices)})

    def meet(self, one: RoleHolding, other: RoleHolding) -> bool:
        """Tell whether there is a project for which both count, neither being held for all."""
        return not self._reached(one).isdisjoint(self._reached(other))

    def _reached(self, held: RoleHolding) -> frozenset[str]:
        """Name the projects for which a role counts, or would where nobody near them has it."""
        if held.unit is None:
            return frozenset() if held.project is None else frozenset({held.project})
        return frozenset(
            each
            for each in self.projects
            if held.unit in self.near(held.role, each) or held.unit in self.above(each)
        )

    @cached_property
    def _known(self) -> dict[str | None, Reach]:
        return {}

    def _reach(self, project: str | None) -> Reach:
        found = self._known.get(project)
        if found is None:
            found = self._known[project] = self._made(project)
        return found

    def _made(self, project: str | None) -> Reach:
        if project is None:
            highest = top(self.offices)
            return Reach() if highest is None else Reach(frozenset({unit_of(office=highest.id)}))
        placed = self.projects.get(project, Placed())
        programmes = [] if placed.within is None else [*self.within(placed.within)]
        own, *above = self._serving(placed) or [None]
        near = {unit_of(programme=each) for each in programmes}
        near |= {unit_of(office=each.id) for each in self._beside(programmes)}
        near |= set() if own is None else {unit_of(office=own.id)}
        higher = (unit_of(office=each.id) for each in above if each is not None)
        return Reach(frozenset(near), tuple(higher))

    def _serving(self, placed: Placed) -> tuple[Office, ...]:
        """Give the offices in charge of what is placed so, where no office of its own is named."""
        office, within = placed.office, placed.within
        while office not in self.offices and within is not None:
            above = self.programmes.get(within, Placed())
            office, within = above.office, above.within
        assert self.on is not None or not self.offices
        return in_charge(self.offices, office, self.on) if self.on is not None else ()

    def _beside(self, programmes: list[str]) -> Iterator[Office]:
        """Give the offices that serve one of some programmes, beside the projects' own."""
        for office in self.offices.values():
            open_now = self.on is not None and office.is_open(self.on)
            if open_now and not set(office.serves).isdisjoint(programmes):
                yield office


NO_UNITS = Units()


def shared(
    functional: Mapping[str, FunctionalAssignment], offices: Mapping[str, Office]
) -> dict[str, str]:
    """Give the functional roles that one office performs for all, with that office."""
    return {
        each.role: unit_of(office=each.office)
        for each in functional.values()
        if each.office in offices
    }
