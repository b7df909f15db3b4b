"""Events: something happened to a record, and what a rule may look at."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from pmo_engine.policy.diagnostics import nearest
from pmo_engine.policy.feel import types as t
from pmo_engine.policy.feel.values import Record
from pmo_engine.policy.wire import WireError, aware, from_wire, plain

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pmo_engine.policy.tree import Policy

KEYS = frozenset({"event", "at", "project", "facts"})


class EventError(ValueError):
    """An event that the policy cannot judge as it stands; one line for each problem."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(problems))


@dataclass(frozen=True, slots=True)
class Event:
    """What happened (``change_request.submitted``), when (UTC), and the typed facts."""

    name: str
    at: datetime
    project: str | None
    facts: Mapping[str, Any]

    def day(self, zone: ZoneInfo) -> date:
        """Give the day of the event in the office's zone."""
        return self.at.astimezone(zone).date()


def read_event(policy: Policy, raw: Mapping[str, Any]) -> Event:
    """Type an event given as a mapping (see the published shape); raises EventError."""
    problems = [f"'{key}' is not part of an event" for key in sorted(set(raw) - KEYS)]
    name = raw.get("event")
    if not isinstance(name, str):
        raise EventError([*problems, "an event needs its name, as in 'event: risk.raised'"])
    problems += _unknown_event(policy, name)
    moment = _moment(raw.get("at"), problems)
    given = raw.get("facts", {})
    facts = _facts(policy, given, problems) if isinstance(given, dict) else {}
    if not isinstance(given, dict):
        problems.append("'facts' must be a mapping from name to value")
    if problems or moment is None:
        raise EventError(problems)
    project = raw.get("project")
    return make_event(policy, name, moment, facts, None if project is None else str(project))


def make_event(
    policy: Policy, name: str, at: datetime, facts: Mapping[str, Any], project: str | None = None
) -> Event:
    """Put an event together from facts that are typed already."""
    moment = at.astimezone(UTC)
    scope = dict(facts)
    scope.setdefault("now", moment)
    scope.setdefault("today", moment.astimezone(ZoneInfo(policy.calendar.zone)).date())
    if project is not None:
        scope.setdefault("project", Record("project", {"id": project}))
    return Event(name, moment, project, scope)


def _unknown_event(policy: Policy, name: str) -> list[str]:
    known = known_events(policy)
    if name in known:
        return []
    hint = nearest(name, known)
    return [f"no register or rule knows the event '{name}'" + (f" ({hint})" if hint else "")]


def known_events(policy: Policy) -> frozenset[str]:
    """Name every event that a register declares or a rule waits for."""
    declared = {event for register in policy.registers.values() for event in register.events}
    awaited = {event for rule in policy.rules for event in rule.on}
    return frozenset(declared | awaited)


def _moment(value: Any, problems: list[str]) -> datetime | None:
    try:
        return aware(value)
    except (ValueError, TypeError):
        problems.append(
            f"'at' must be a time with its zone, as in 2026-03-02T09:00:00Z, not {value!r}"
        )
        return None


def _facts(policy: Policy, given: Mapping[str, Any], problems: list[str]) -> dict[str, Any]:
    facts: dict[str, Any] = {}
    for name, value in given.items():
        try:
            facts[name] = _fact(policy, name, value)
        except WireError as error:
            problems.append(f"facts.{error}")
    return facts


def _fact(policy: Policy, name: str, value: Any) -> Any:
    kind = policy.facts.get(name)
    if kind is None:
        hint = nearest(name, policy.facts)
        raise WireError(name, "is no fact of this policy" + (f" ({hint})" if hint else ""))
    if kind == t.ANY:
        return plain(value, name)
    return from_wire(kind, value, name)
