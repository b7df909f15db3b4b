"""Who: roles, functional roles, ladders."""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING

from pmo_engine.model.frozen import dataclass
from pmo_engine.source.diagnostics import NOWHERE

if TYPE_CHECKING:
    from pmo_engine.model.durations import Share, Span
    from pmo_engine.model.vocabulary import RungAction
    from pmo_engine.source.diagnostics import Mark


@dataclass(frozen=True, slots=True)
class Role:
    """A role or, with ``body``, a board that decides by votes.

    ``not_with`` names the roles, functional ones too, that nobody holds beside it.
    """

    id: str
    title: str
    senior: str | None
    body: bool
    accountable: bool
    mark: Mark = field(compare=False)
    not_with: tuple[str, ...] = ()


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
