"""Who: roles, functional roles, ladders, and the offices as a tree."""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING

from pmo_engine.model.frozen import dataclass
from pmo_engine.source.diagnostics import NOWHERE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date

    from pmo_engine.model.durations import Share, Span
    from pmo_engine.model.vocabulary import OfficeForm, OfficeKind, RungAction
    from pmo_engine.model.working_time.calendar import WorkingCalendar
    from pmo_engine.source.diagnostics import Mark


@dataclass(frozen=True, slots=True)
class Role:
    """A role or, with ``body``, a board that decides by votes.

    ``not_with`` names the roles, functional ones too, that nobody holds beside it; ``rank`` is that
    of whoever holds it: specialist or officer.
    """

    id: str
    title: str
    senior: str | None
    body: bool
    accountable: bool
    mark: Mark = field(compare=False)
    not_with: tuple[str, ...] = ()
    rank: str | None = None


@dataclass(frozen=True, slots=True)
class Incompatible:
    """Roles of which nobody holds two, and who says so."""

    roles: tuple[str, ...]
    source: str
    mark: Mark = field(compare=False)


@dataclass(frozen=True, slots=True)
class FunctionalAssignment:
    """Who performs a functional role, and for which office."""

    role: str
    performed_by: str
    office: str
    mark: Mark = field(compare=False, default=NOWHERE)


@dataclass(frozen=True, slots=True)
class Rung:
    """One step of a ladder: when, and whom to remind or escalate to.

    ``at`` is a share of the time allowed, ``after`` working time beyond the due moment.
    """

    at: Share | None
    after: Span | None
    action: RungAction
    to: str  # addressee, deputy, senior, or a role


@dataclass(frozen=True, slots=True)
class Ladder:
    """Reminders and escalations, in the order in which they come."""

    id: str
    rungs: tuple[Rung, ...]
    mark: Mark = field(compare=False)


@dataclass(frozen=True, slots=True)
class Office:
    """An office; ``calendar`` None: the policy's. ``roles`` empty: people hold any role for it.

    ``serves`` names portfolios and programmes whose projects it serves beside its own. It is there
    from its first day to its last; without, always.
    """

    id: str
    kind: OfficeKind
    title: str
    under: str | None = None
    head: str | None = None
    form: OfficeForm | None = None
    roles: tuple[str, ...] = ()
    serves: tuple[str, ...] = ()
    calendar: WorkingCalendar | None = None
    since: date | None = None
    until: date | None = None
    mark: Mark = field(compare=False, default=NOWHERE)

    def is_open(self, on: date) -> bool:
        """Tell whether it is there on a day."""
        begun = self.since is None or self.since <= on
        return begun and (self.until is None or on <= self.until)

    def has(self, role: str) -> bool:
        """Tell whether people hold a role for it."""
        return not self.roles or role == self.head or role in self.roles


def upward(offices: Mapping[str, Office], office: str | None) -> Iterator[Office]:
    """Go from an office up to the top; from one that there is not, the top alone is given."""
    current = offices.get(office or "") or top(offices)
    while current is not None:
        yield current
        current = None if current.under is None else offices.get(current.under)


def top(offices: Mapping[str, Office]) -> Office | None:
    """Give the office above which there is none."""
    return next((each for each in offices.values() if each.under is None), None)


def in_charge(offices: Mapping[str, Office], office: str | None, on: date) -> tuple[Office, ...]:
    """Give the offices that do the work of one on a day, itself first where it is there.

    The work of an office that is not there yet, or no more, is done by the one above it.
    """
    return tuple(each for each in upward(offices, office) if each.under is None or each.is_open(on))


def head_of_office(offices: Mapping[str, Office], office: str | None, on: date) -> str | None:
    """Name the role that heads an office on a day, or the next above that has a head."""
    heads = (each.head for each in in_charge(offices, office, on))
    return next((head for head in heads if head is not None), None)


def calendar_of(
    offices: Mapping[str, Office], office: str | None, on: date
) -> WorkingCalendar | None:
    """Give the calendar by which an office's work is done on a day; None: the policy's."""
    own = (each.calendar for each in in_charge(offices, office, on))
    return next((each for each in own if each is not None), None)
