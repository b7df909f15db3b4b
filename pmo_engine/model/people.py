"""People and the roles they hold."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from pmo_engine.model.frozen import dataclass
from pmo_engine.model.vocabulary import OFFICE


@dataclass(frozen=True, slots=True)
class Person:
    """Someone who can hold a role; `address` is where notices go, an Apprise URL."""

    id: str
    name: str
    address: str


@dataclass(frozen=True, slots=True)
class RoleHolding:
    """A person in a role, on one project or (project None) everywhere, both days included.

    ``acting``: until somebody is appointed to it for good. ``unit``: the office or the programme
    for which it is held, as ``unit_of`` writes it, and then in no one project.
    """

    person: str
    role: str
    project: str | None
    since: date
    until: date | None = None
    acting: bool = False
    unit: str | None = None

    def __post_init__(self) -> None:
        if self.until is not None and self.until < self.since:
            raise ValueError(
                f"{self.person} holds {self.role} until {self.until}, before {self.since}"
            )

    def covers(self, project: str | None, on: date) -> bool:
        """Whether it holds for a project (None: for the office) on a day."""
        return self.holds(on) and self.unit is None and self.project in (None, project)

    def holds(self, on: date) -> bool:
        """Whether it is held on a day, wherever."""
        return self.since <= on and (self.until is None or on <= self.until)

    @property
    def place(self) -> str:
        """Where it is held, in words: "in P-1", "for the office hub", "everywhere"."""
        if self.unit is not None:
            return for_unit(self.unit)
        return "everywhere" if self.project is None else f"in {self.project}"


def in_order(held: Iterable[RoleHolding]) -> tuple[str, ...]:
    """Return the ids of holders: the project's own, a unit's, those of all, each by seniority.

    Seniority is the day the holding began, then the person's id; nobody is named twice.
    """
    ordered = sorted(held, key=lambda each: (nearness(each), each.since, each.person))
    return tuple(dict.fromkeys(each.person for each in ordered))


def nearness(held: RoleHolding) -> int:
    """How near to a project a role is held that counts there; 0 is the project itself."""
    return 0 if held.project is not None else 1 if held.unit is not None else 2


def unit_of(*, office: str | None = None, programme: str | None = None) -> str:
    """Write an office or a programme as holdings have it: "office hub"."""
    return f"office {office}" if programme is None else f"programme {programme}"


def place_of(office: str) -> str:
    """Name the place where an office's own records are: "office hub", or "the office"."""
    return "the office" if office == OFFICE else unit_of(office=office)


def for_unit(unit: str) -> str:
    """Say for which unit something is: "for the office hub"."""
    return f"for the {unit}"
