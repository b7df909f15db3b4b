"""People and the roles they hold."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from pmo_engine.model.frozen import dataclass


@dataclass(frozen=True, slots=True)
class Person:
    """Someone who can hold a role; `address` is where notices go, an Apprise URL."""

    id: str
    name: str
    address: str


@dataclass(frozen=True, slots=True)
class RoleHolding:
    """A person in a role, on one project or (project None) office-wide, both days included.

    ``acting``: until somebody is appointed to it for good.
    """

    person: str
    role: str
    project: str | None
    since: date
    until: date | None = None
    acting: bool = False

    def __post_init__(self) -> None:
        if self.until is not None and self.until < self.since:
            raise ValueError(
                f"{self.person} holds {self.role} until {self.until}, before {self.since}"
            )

    def covers(self, project: str | None, on: date) -> bool:
        """Whether it holds for a project (None: for the office) on a day."""
        in_time = self.since <= on and (self.until is None or on <= self.until)
        return in_time and self.project in (None, project)


def holders(
    holdings: Iterable[RoleHolding], role: str, project: str | None, on: date
) -> tuple[str, ...]:
    """Return the ids of a role's holders: the project's own before office-wide, then by seniority.

    Seniority is the day the holding began, then the person's id; nobody is named twice.
    """
    held = [each for each in holdings if each.role == role and each.covers(project, on)]
    held.sort(key=lambda each: (each.project is None, each.since, each.person))
    return tuple(dict.fromkeys(each.person for each in held))
