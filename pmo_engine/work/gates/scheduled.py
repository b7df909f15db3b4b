"""Reviews that begin without anybody opening them: on an event, or so long before a day."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime, time
from functools import partial
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from pmo_engine.decisions.gate_rules import day_of, due_at, opened_on, unopened
from pmo_engine.model.canonical_json import canonical
from pmo_engine.model.durations import days_before
from pmo_engine.model.shape import Shape
from pmo_engine.model.vocabulary import CLOSED, STOPPED
from pmo_engine.policy.events import make_event
from pmo_engine.work.acts import OPEN_GATE
from pmo_engine.work.approvals.asking import tell_head
from pmo_engine.work.command import Command, Order, carry_out
from pmo_engine.work.facts import project_facts
from pmo_engine.work.gates.naming import may_be_opened
from pmo_engine.work.gates.opening import begin_review
from pmo_engine.work.governance import SYSTEM
from pmo_engine.work.subjects import OfProject

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pmo_engine.policy import Gate
    from pmo_engine.policy.decision import Outcomes
    from pmo_engine.policy.events import Event
    from pmo_engine.store import tables
    from pmo_engine.work.governance import Context, Governance


class Opened(Shape):
    """Whether a review began."""

    opened: bool


def open_on_event(c: Command, event: Event) -> None:
    """Begin the reviews that an event opens, in the project that it is about."""
    if event.project is None or event.name not in c.rules.opening_events:
        return
    found = c.rules.judge.decide(_with_all(c, event)).outcomes
    for gate in c.policy.gates.values():
        why = tuple(unopened(gate, found))
        if why or opened_on(gate, event.name, found):
            engine = replace(c, actor=SYSTEM)
            project = c.uow.projects.lock(event.project)
            if not may_be_opened(engine, project, gate):
                if why:
                    _tell(engine, project, gate, why)
                else:
                    begin_review(engine, project, gate, why=f"{event.name} opened it")


def _tell(c: Command, project: tables.Project, gate: Gate, why: tuple[str, ...]) -> None:
    """Tell the head of the office that it cannot be judged whether a gate is opened; once."""
    key = f"{project.id}/{gate.id}/unopened/{sha256(canonical(list(why))).hexdigest()[:16]}"
    what = ": whether it is to be opened could not be judged"
    tell_head(c, key, f"Gate {gate.id} of {project.id}", why, project.id, what)


def _with_all(c: Command, event: Event) -> Event:
    """Give the event with what its openings look at beside what its rules do."""
    names = c.rules.asked_at_gate(event.name, c.now) - event.facts.keys()
    project = c.uow.projects.get(str(event.project))
    more = project_facts(c, project, names) if names else {}
    facts = {**more, **event.facts}
    return make_event(c.rules.judge.policy, event.name, event.at, facts, event.project)


def open_due(governance: Governance) -> int:
    """Begin the reviews whose time has come; gives how many. Run again it begins none twice."""
    with governance.reading() as c:
        gates = [gate for gate in c.policy.gates.values() if gate.scheduled]
        due = [
            (project.id, gate.id)
            for project in (c.uow.projects.all() if gates else ())
            for gate in gates
            if _is_asked(c, project, gate)
            and (_is_due(c, project, gate) or _unknown_days(c, project, gate))
        ]
    opened = 0
    for project, gate in due:
        order = Order(SYSTEM, OPEN_GATE, OfProject(project), Opened)
        opened += carry_out(governance, order, partial(_open_due, gate=gate)).opened
    return opened


def _open_due(c: Command, *, gate: str) -> Opened:
    project: tables.Project = c.on.row
    declared = c.policy.gates.get(gate)
    if declared is None or not _is_asked(c, project, declared):
        return Opened(opened=False)
    if not _is_due(c, project, declared):
        _tell(c, project, declared, _unknown_days(c, project, declared))
        return Opened(opened=False)
    before = [day for begins, day in _days(c, project, declared) if begins <= c.now]
    begin_review(c, project, declared, why=f"it goes by {max(before)}")
    return Opened(opened=True)


def _is_asked(c: Context, project: tables.Project, gate: Gate) -> bool:
    return project.status not in {CLOSED, STOPPED} and not may_be_opened(c, project, gate)


def _is_due(c: Context, project: tables.Project, gate: Gate) -> bool:
    """Tell whether a review should have begun and none has since; one for each day that is set."""
    known = [r.opened_at for r in c.uow.gate_reviews.of_project(project.id) if r.gate == gate.id]
    return any(
        begins <= c.now and not any(begins <= each for each in known)
        for begins, _ in _days(c, project, gate)
    )


def _days(c: Context, project: tables.Project, gate: Gate) -> Iterator[tuple[datetime, date]]:
    """Give when each scheduled review of a gate begins, and the day that it goes by."""
    found = _outcomes(c, project, gate).derived
    for number, opening in enumerate(gate.opens):
        day = _as_day(found.get(day_of(gate, number)))
        if opening.before is not None and day is not None:
            first = days_before(day, opening.before)
            yield datetime.combine(first, time(), c.zone), day


def _unknown_days(c: Context, project: tables.Project, gate: Gate) -> tuple[str, ...]:
    """Say why it cannot be told by which day a gate goes; that none is given is no reason."""
    found = _outcomes(c, project, gate)
    given = {n: found.derived.get(day_of(gate, n)) for n in range(len(gate.opens))}
    wrong = (each for each in given.values() if each is not None and _as_day(each) is None)
    return (*unopened(gate, found), *(f"'{each}' is no day" for each in wrong))


def _outcomes(c: Context, project: tables.Project, gate: Gate) -> Outcomes:
    name = due_at(gate.id)
    facts: dict[str, Any] = project_facts(c, project, c.rules.asked_at_gate(name, c.now))
    return c.rules.judge.decide(
        make_event(c.rules.judge.policy, name, c.now, facts, project.id)
    ).outcomes


def _as_day(value: Any) -> date | None:
    """Read a day, also as the text that it is among what is known of a project."""
    if isinstance(value, str):
        with suppress(ValueError):
            return date.fromisoformat(value)
    return value if type(value) is date else None
