"""Reviews that begin without anybody opening them, so long before a day.

Days are looked at when the clock looks at a project: each working morning on which one may have
come, and when something is written that the day hangs on.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from pmo_engine.decisions.gate_rules import day_of, due_at, unopened
from pmo_engine.feel.values import Missing
from pmo_engine.model.durations import days_before
from pmo_engine.model.moments import day_written
from pmo_engine.model.vocabulary import CLOSED, STOPPED
from pmo_engine.policy.events import make_event
from pmo_engine.work.facts import project_facts
from pmo_engine.work.gates.naming import may_be_opened
from pmo_engine.work.gates.on_events import tell_unopened
from pmo_engine.work.gates.opening import begin_review
from pmo_engine.work.governance import SYSTEM

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pmo_engine.policy import Gate
    from pmo_engine.policy.decision import Outcomes
    from pmo_engine.store import tables
    from pmo_engine.work.command import Command
    from pmo_engine.work.governance import Context

BY_DAY = frozenset({"today", "now"})
"""What is otherwise on another day, though nobody writes anything."""


def open_scheduled(c: Command, id: str) -> datetime | None:
    """Begin the reviews of a project whose time has come; gives when the next one may begin.

    None: not before something is written. Asked again it begins none twice.
    """
    gates = [gate for gate in c.policy.gates.values() if gate.scheduled]
    if not gates:
        return None
    engine = replace(c, actor=SYSTEM)
    project = c.uow.projects.lock(id)
    found = [each for gate in gates for each in _open_due(engine, project, gate)]
    return min(found, default=None)


def _open_due(c: Command, project: tables.Project, gate: Gate) -> list[datetime]:
    """Begin a review of a gate where it is due; gives the moments at which one is to begin yet."""
    if project.status in {CLOSED, STOPPED} or may_be_opened(c, project, gate):
        return []
    found, looked_at = _found(c, project, gate)
    if why := tuple(_unknown_days(gate, found)):
        tell_unopened(c, project, gate, why)
    days = list(_days(c, gate, found))
    past = [(begins, day) for begins, day in days if begins <= c.now]
    known = [r.opened_at for r in c.uow.gate_reviews.of_project(project.id) if r.gate == gate.id]
    if any(not any(begins <= each for each in known) for begins, _ in past):
        begin_review(c, project, gate, why=f"it goes by {max(day for _, day in past)}")
    tomorrow = [c.now + timedelta(days=1)] if BY_DAY & looked_at else []
    return [begins for begins, _ in days if begins > c.now] + tomorrow


def _found(c: Context, project: tables.Project, gate: Gate) -> tuple[Outcomes, frozenset[str]]:
    """Give what the engine finds of the days by which a gate is opened, and what it looked at."""
    name = due_at(gate.id)
    names = c.rules.asked_at_gate(name, c.now)
    facts: dict[str, Any] = project_facts(c, project, names)
    event = make_event(c.rules.judge.policy, name, c.now, facts, project.id)
    return c.rules.judge.decide(event).outcomes, names


def _days(c: Context, gate: Gate, found: Outcomes) -> Iterator[tuple[datetime, date]]:
    """Give when each scheduled review of a gate begins, and the day that it goes by."""
    for number, opening in enumerate(gate.opens):
        day = _as_day(found.derived.get(day_of(gate, number)))
        if opening.before is not None and day is not None:
            first = days_before(day, opening.before)
            yield datetime.combine(first, time(), c.zone), day


def _as_day(value: Any) -> date | None:
    """Read a day, also as the text that it is among what is known of a project."""
    if isinstance(value, str):
        with suppress(ValueError):
            return day_written(value)
    return value if type(value) is date else None


def _unknown_days(gate: Gate, found: Outcomes) -> Iterator[str]:
    """Say why it cannot be told by which day a gate goes; that none is given is no reason."""
    yield from unopened(gate, found)
    for number in range(len(gate.opens)):
        name = day_of(gate, number)
        value = found.derived.get(name, found.open.get(name))
        if isinstance(value, Missing):
            yield from value.faults
        elif value is not None and _as_day(value) is None:
            yield f"'{value}' is no day"
