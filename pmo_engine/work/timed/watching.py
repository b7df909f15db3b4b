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
WAITING = "waiting"
"""The key under which those stand that were never found to hold: they wait, or came to a fault."""


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


def still(watches: Collection[Watch], decision: Decision) -> frozenset[str]:
    """Name the rules that say in a decision what they said before, so that nobody is told again.

    One that waited for a fact and holds by now says it for the first time.
    """
    return said(watches) - (_waiting(watches) & frozenset(decision.fired))


def _waiting(watches: Iterable[Watch]) -> frozenset[str]:
    return frozenset(rule for each in watches for rule in each.answer.get(WAITING, ()))


def answered(
    decision: Decision, watches: Collection[Watch], rules: Collection[str] | None = None
) -> dict[str, list[str]]:
    """Give what is kept of a decision: which of some rules hold, and which wait and never did."""
    before, waited = said(watches), _waiting(watches)
    found = decision.outcomes
    unjudged = found.unknown.keys() | found.faults.keys()
    waits = (each for each in unjudged if each not in before or each in waited)
    kept = {HOLDING: holding(decision, before), WAITING: waits}
    of = found.rules if rules is None else rules
    return {key: sorted(rule for rule in names if rule in of) for key, names in kept.items()}


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
            before = known[event].answer
            now = answered(decision, [known[event]], own)
            unasked = {key: set(before.get(key, ())) - judged for key in now}
            both = {key: sorted({*now[key], *unasked[key]}) for key in now}
            c.uow.watches.set(known[event], answer={**before, **both})
        else:
            row = watch(entry.id, event, entry.project, c.now)
            row.answer = answered(decision, (), own)
            new.append(row)
    c.uow.watches.add_new(new, unseen=c.uow.entries.take_unwatched(entry.id))


def watch(subject: str, event: EventName, project: str | None, since: datetime) -> Watch:
    """Make the row by which the clock looks at a subject, at times after a moment."""
    due = None if event.rhythm == "stage" else since
    values: dict[str, Any] = {"subject_id": subject, "event": event, "project": project}
    return Watch(**values, rhythm=str(event.rhythm), due_at=due, looked_at=since, answer={})
