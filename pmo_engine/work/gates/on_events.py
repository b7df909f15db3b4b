"""Reviews that an event of a record begins by itself, at once or when it can be judged.

What an opening looks at may not be known when its event comes, or comes to a fault: neither is a
no. It waits, the journal says so, and it is judged again whenever something is written of the
project or of a record in it.
"""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256
from typing import TYPE_CHECKING

from pmo_engine.decisions.gate_rules import opening_of, unopened_on
from pmo_engine.model.canonical_json import canonical
from pmo_engine.model.event_names import EventName
from pmo_engine.policy.events import make_event
from pmo_engine.policy.registers import REFUSED
from pmo_engine.work.approvals.asking import tell_head
from pmo_engine.work.facts import entry_event, project_facts
from pmo_engine.work.gates.naming import may_be_opened
from pmo_engine.work.gates.opening import begin_review
from pmo_engine.work.governance import SYSTEM

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from pmo_engine.policy import Gate
    from pmo_engine.policy.events import Event
    from pmo_engine.store import tables
    from pmo_engine.work.command import Command

WAITS, JUDGED = "gate.opening_waits", "gate.opening_judged"


def open_on_event(c: Command, event: Event, entry: tables.Entry) -> None:
    """Begin the reviews that an event opens, in the project of the record that it is about."""
    if event.project is not None and event.name in c.rules.opening_events:
        _judge(c, event, entry)


def open_what_waited(c: Command, project: str) -> None:
    """Judge again what could not be judged when it was asked whether a gate is opened."""
    if not c.rules.opening_events:
        return
    engine = replace(c, actor=SYSTEM)
    for (id, name), openings in _waiting(engine, project).items():
        entry = engine.uow.entries.get(id)
        if entry.standing not in REFUSED:
            under = engine.under(entry)
            _judge(under, entry_event(under, entry, EventName(name)), entry, openings)


def _judge(
    c: Command, event: Event, entry: tables.Entry, again: Collection[str] | None = None
) -> None:
    """Begin what an event opens, and keep what cannot be judged; ``again``: what waited so far."""
    found = c.rules.judge.decide(_with_all(c, event)).outcomes
    for gate in c.policy.gates.values():
        asked = [
            opening_of(gate, number)
            for number, each in enumerate(gate.opens)
            if each.on == event.name
        ]
        names = asked if again is None else [name for name in asked if name in again]
        waits = unopened_on(names, found)
        opens = any(name in found.fired for name in names)
        if not (opens or waits or again):
            continue
        project = c.uow.projects.lock(entry.project)
        if may_be_opened(c, project, gate):
            continue
        _keep(c, gate, event.name, entry, names, waits, again or ())
        if opens:
            begin_review(replace(c, actor=SYSTEM), project, gate, why=f"{event.name} opened it")
        elif waits:
            tell_unopened(c, project, gate, [why for each in waits.values() for why in each])


def _keep(
    c: Command,
    gate: Gate,
    event: EventName,
    entry: tables.Entry,
    names: Sequence[str],
    waits: dict[str, tuple[str, ...]],
    before: Collection[str],
) -> None:
    """Write into the journal what waits from now on, and what waits no more."""
    engine = replace(c, actor=SYSTEM)
    for name in names:
        if (name in waits) == (name in before):
            continue
        said = {"gate": gate.id, "opening": name, "event": event, "key": entry.key}
        why = {"why": list(waits[name])} if name in waits else {}
        engine.journal(WAITS if why else JUDGED, {**said, **why}, entry.project, entry.id)


def _waiting(c: Command, project: str) -> dict[tuple[str, str], set[str]]:
    """Give the openings that wait, by record and event."""
    found: dict[tuple[str, str], set[str]] = {}
    for kind, subject, body in c.uow.journal.told_of(project, (WAITS, JUDGED)):
        waiting = found.setdefault((str(subject), body["event"]), set())
        if kind == WAITS:
            waiting.add(body["opening"])
        else:
            waiting.discard(body["opening"])
    return {of: openings for of, openings in found.items() if openings}


def tell_unopened(c: Command, project: tables.Project, gate: Gate, why: Sequence[str]) -> None:
    """Tell the head of the office that it cannot be judged whether a gate is opened; once."""
    key = f"{project.id}/{gate.id}/unopened/{sha256(canonical(list(why))).hexdigest()[:16]}"
    what = ": whether it is to be opened could not be judged"
    engine = replace(c, actor=SYSTEM)
    tell_head(engine, key, f"Gate {gate.id} of {project.id}", why, project.id, what)


def _with_all(c: Command, event: Event) -> Event:
    """Give the event with what its openings look at beside what its rules do."""
    names = c.rules.asked_at_gate(event.name, c.now) - event.facts.keys()
    project = c.uow.projects.get(str(event.project))
    more = project_facts(c, project, names) if names else {}
    facts = {**more, **event.facts}
    return make_event(c.rules.judge.policy, event.name, event.at, facts, event.project)
