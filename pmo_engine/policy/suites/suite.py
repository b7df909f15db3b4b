"""Suites of tests, and the mapping of recorded histories."""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING, Any

from pmo_engine.model.frozen import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pmo_engine.model.ballots import Tally
    from pmo_engine.model.event_names import EventName
    from pmo_engine.source.diagnostics import Mark


@dataclass(frozen=True, slots=True)
class ActivityMapping:
    """How one recorded activity becomes an event of the policy."""

    activity: str
    event: EventName
    facts: tuple[tuple[str, Any], ...]  # field of the record, its constant value


@dataclass(frozen=True, slots=True)
class EventLog:
    """How a recorded history maps to registers and events."""

    id: str
    case: str
    activity: str
    timestamp: str
    zone: str | None
    activities: Mapping[str, ActivityMapping]
    ignore: frozenset[str]
    attributes: tuple[tuple[str, str], ...]  # attribute in the log, field of the record
    closed: EventName | None  # the event judged when the case has ended
    mark: Mark = field(compare=False)


@dataclass(frozen=True, slots=True)
class Case:
    """One test of a suite: facts in, and what must come out.

    ``after`` is the time that passes from the event to the moment of judging, with nobody acting.
    """

    name: str
    event: EventName
    at: str | None
    facts: Mapping[str, Any]
    expect: Mapping[str, Any]
    mark: Mark = field(compare=False)
    after: str | None = None


@dataclass(frozen=True, slots=True)
class BallotCase:
    """One test of how a body votes: how the votes stand, and what they must come to.

    ``closed``: the time is up. ``in_writing``: nobody took down who attends a meeting.
    """

    name: str
    body: str
    tally: Tally
    in_writing: bool
    closed: bool
    outcome: str
    mark: Mark = field(compare=False)


@dataclass(frozen=True, slots=True)
class GateCase:
    """One test of what the expressions of a gate say of a project.

    ``criteria``: by id, ``yes``, ``no``, ``cannot_tell`` or a score as text. ``recommended``: the
    outcome, ``none``, or nothing where it is free.
    """

    name: str
    gate: str
    at: str | None
    facts: Mapping[str, Any]
    criteria: Mapping[str, str]
    recommended: str
    mark: Mark = field(compare=False)


@dataclass(frozen=True, slots=True)
class Suite:
    """Tests of the whole policy, or of the rules it is ``about``."""

    id: str
    about: tuple[str, ...]
    cases: tuple[Case, ...]
    mark: Mark = field(compare=False)
    ballots: tuple[BallotCase, ...] = ()
    gates: tuple[GateCase, ...] = ()

    @property
    def size(self) -> int:
        """Count its cases, of every sort."""
        return len(self.cases) + len(self.ballots) + len(self.gates)
