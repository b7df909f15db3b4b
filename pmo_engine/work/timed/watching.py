"""What rules on time have said of a record so far, and that the clock looks at it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pmo_engine.policy.registers import REFUSED
from pmo_engine.store.tables import Watch

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import datetime

    from pmo_engine.decisions.decision import Decision
    from pmo_engine.model.event_names import EventName
    from pmo_engine.store.tables import Entry
    from pmo_engine.work.command import Command
    from pmo_engine.work.governance import Context

HOLDING = "holding"
"""The key of an answer under which the rules stand that hold, or that wait for a fact."""


def is_over(entry: Entry) -> bool:
    """Tell whether a record has come to its end: time raises no event for it."""
    return entry.closed_at is not None or entry.standing in REFUSED


def look_again(c: Command, entry: Entry) -> None:
    """Let the clock look at a record again that was closed."""
    for each in c.uow.watches.of([entry.id]):
        if each.rhythm != "stage":
            c.uow.watches.set(each, due_at=c.now)


def forget(c: Command, subject: str, rules: Collection[str]) -> None:
    """Forget that rules held of a subject, so that they ask anew where they hold again."""
    for each in c.uow.watches.of([subject]):
        left = [rule for rule in each.answer.get(HOLDING, ()) if rule not in rules]
        c.uow.watches.set(each, answer={HOLDING: left})


def events_of(c: Context, entry: Entry) -> tuple[EventName, ...]:
    """Give the events of the clock about a record that rules of its version judge."""
    register = c.policy.registers.get(entry.register_name)
    return () if register is None else c.rules.timed_events(register.noun)


def watched(c: Context, entry: Entry) -> list[Watch]:
    """Give what the clock looks at of a record that may have been entered earlier."""
    if entry.version == 1 or not events_of(c, entry):
        return []
    return c.uow.watches.of([entry.id])


def said(watches: Iterable[Watch]) -> frozenset[str]:
    """Name the rules that held when they were asked last."""
    return frozenset(rule for each in watches for rule in each.answer.get(HOLDING, ()))


def holding(decision: Decision, before: frozenset[str]) -> frozenset[str]:
    """Name the rules that hold by a decision, or that wait for a fact.

    Those that held ``before`` and could not be judged now have not ceased to.
    """
    found = decision.outcomes
    return frozenset((*found.fired, *found.unknown, *(before & found.faults.keys())))


def keep(c: Command, entry: Entry, watches: Collection[Watch], decision: Decision) -> None:
    """Keep what rules on time say in another decision; a record that is new is looked at."""
    judged = c.rules.selection(decision.event.name, c.now).by_id.keys()
    known = {each.event: each for each in watches}
    new = []
    for event in events_of(c, entry):
        own = c.rules.selection(event, c.now).by_id.keys()
        if event in known:
            before = said([known[event]])
            now = sorted((before - judged) | (holding(decision, before) & own))
            answer = {**known[event].answer, HOLDING: now}
            c.uow.watches.set(known[event], answer=answer)
        else:
            row = watch(entry.id, event, entry.project, c.now)
            row.answer = {HOLDING: sorted(holding(decision, frozenset()) & own)}
            new.append(row)
    c.uow.watches.add_new(new, unseen=c.uow.entries.take_unwatched(entry.id))


def watch(subject: str, event: EventName, project: str | None, since: datetime) -> Watch:
    """Make the row by which the clock looks at a subject, at times after a moment."""
    due = None if event.rhythm == "stage" else since
    values: dict[str, Any] = {"subject_id": subject, "event": event, "project": project}
    return Watch(**values, rhythm=str(event.rhythm), due_at=due, looked_at=since, answer={})
