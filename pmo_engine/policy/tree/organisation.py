"""Who: roles, terms of reference with their authority, ladders."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from datetime import date
    from fractions import Fraction

    from pmo_engine.model.durations import Share, Span
    from pmo_engine.model.money import Money
    from pmo_engine.policy.diagnostics import Mark


@dataclass(frozen=True, slots=True)
class Role:
    """A role or, with ``body``, a board that decides by votes."""

    id: str
    title: str
    senior: str | None
    body: bool
    accountable: bool
    mark: Mark = field(compare=False)


@dataclass(frozen=True, slots=True)
class FunctionalAssignment:
    """Who performs a functional role, and for which office."""

    role: str
    performed_by: str
    office: str


@dataclass(frozen=True, slots=True)
class Limit:
    """A dated value of an authority; ``value`` ``None`` is unlimited."""

    start: date | None
    value: Money | None
    source: str


@dataclass(frozen=True, slots=True)
class Cumulative:
    """Over what a cumulative limit adds up: the ``by`` key and a window in days."""

    by: Literal["project"]
    days: int


@dataclass(frozen=True, slots=True)
class Authority:
    """A dated limit to an act (``approve change_request``) of one role."""

    id: str
    role: str
    act: str
    limits: tuple[Limit, ...]
    cumulative: Cumulative | None
    mark: Mark = field(compare=False)

    def limit_on(self, day: date) -> Limit | None:
        """Give the latest limit that has begun by ``day``, or ``None``."""
        begun = [item for item in self.limits if item.start is None or item.start <= day]
        return begun[-1] if begun else None


@dataclass(frozen=True, slots=True)
class Quorum:
    """What part of a body must be there to meet, and must vote alike to decide."""

    meet: Fraction
    vote: Fraction


@dataclass(frozen=True, slots=True)
class TermsOfReference:
    """What a role or body is for and may do."""

    role: str
    purpose: str
    responsibilities: tuple[str, ...]
    authority: tuple[Authority, ...]
    members: int | None
    quorum: Quorum | None
    deputy: str | None
    reports_to: str | None
    escalates_to: str | None
    review_every: str | None
    mark: Mark = field(compare=False)


@dataclass(frozen=True, slots=True)
class Rung:
    """One step of a ladder: when, and whom to remind or escalate to.

    ``at`` is a share of the time allowed, ``after`` working time beyond the due moment.
    """

    at: Share | None
    after: Span | None
    action: Literal["remind", "escalate"]
    to: str  # addressee, deputy, senior, or a role


@dataclass(frozen=True, slots=True)
class Ladder:
    """Reminders and escalations, in the order in which they come."""

    id: str
    rungs: tuple[Rung, ...]
    mark: Mark = field(compare=False)
