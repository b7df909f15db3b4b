"""What rules on time say of a record at a time of the clock, and what follows."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from typing import TYPE_CHECKING

from pmo_engine.engines.next_change import next_change
from pmo_engine.model.canonical_json import canonical
from pmo_engine.model.event_names import EventName
from pmo_engine.model.working_time.occasions import beginning, next_occasion
from pmo_engine.work.gates.scheduled import open_scheduled
from pmo_engine.work.obligations import reconcile
from pmo_engine.work.people.places import calendar_for
from pmo_engine.work.records.settlement import keep_decision
from pmo_engine.work.timed.things import thing_of
from pmo_engine.work.timed.watching import HOLDING, answered, still
from pmo_engine.work.unjudged import tell_faults

if TYPE_CHECKING:
    from datetime import datetime

    from pmo_engine.decisions.decision import Decision
    from pmo_engine.engines.rulebook import Rulebook
    from pmo_engine.model.working_time.calendar import WorkingCalendar
    from pmo_engine.policy.events import Event
    from pmo_engine.store.tables import Watch
    from pmo_engine.work.command import Command
    from pmo_engine.work.governance import Context
    from pmo_engine.work.timed.things import Thing

SAID = "said"
"""The key of an answer under which the digest of all that the rules said stands."""
NOTHING = ""
"""The digest of an answer in which no rule holds."""
AFTER = timedelta(seconds=1)


def pending(
    calendar: WorkingCalendar,
    event: EventName,
    due_at: datetime,
    looked_at: datetime,
    now: datetime,
) -> datetime | None:
    """Give the earliest time of an event that is to be looked at and has come; None: none has."""
    rhythm = event.rhythm
    assert rhythm is not None  # it is one that the clock raises
    if rhythm == "stage":
        return due_at  # which is when the stage began
    found = next_occasion(calendar, rhythm, max(due_at, looked_at + AFTER))
    return None if found is None or found > now else found


def look(c: Command, watch: Watch, at: datetime) -> bool:
    """Judge what a watch is about at a time; True where the rules say something else than before.

    What they said before is kept as it was, and nobody is told again.
    """
    thing = thing_of(c, watch)
    rules, until = rules_at(c, thing, at)
    under = c.by_rules(rules)
    opens = open_scheduled(c, watch.subject_id) if watch.subject_id == watch.project else None
    if thing.is_over(under):
        c.uow.watches.set(watch, due_at=opens, looked_at=at)
        return False
    event = thing.event(replace(under, now=at), EventName(watch.event))
    decision = under.rules.engine.decide(event)
    answer = {**answered(decision, [watch]), SAID: _digest(decision)}
    again = watch.rhythm != "day" and bool(answer[HOLDING])
    told = again or answer[SAID] != watch.answer.get(SAID, NOTHING)
    if told:
        _follow(under, thing, watch, decision)
    when = (_next_due(under, event, at, again=again), until, opens)
    due = min(filter(None, when), default=None)
    c.uow.watches.set(watch, due_at=due, looked_at=at, answer=answer)
    return told


def rules_at(c: Context, thing: Thing, at: datetime) -> tuple[Rulebook, datetime | None]:
    """Give the version that something was under at a time: its own, unless that began later.

    Then, until when the earlier one was that which binds.
    """
    own = thing.rules(c)
    begins = [t.binds_from for t in c.governance.terms if t.digest == own.digest]
    if not begins or min(begins) <= at:
        return own, None
    earlier = c.governance.in_force(at)
    return (own if earlier is None else c.version(earlier.digest)), min(begins)


def _follow(c: Command, thing: Thing, watch: Watch, decision: Decision) -> None:
    """Keep a decision of the clock's and do what follows; each week or month is a new occasion."""
    kept = keep_decision(c, decision.event, decision, thing.row.id, thing.row.version)
    as_before = still([watch], decision) if watch.rhythm == "day" else frozenset()
    subject = thing.subject(c)
    reconcile(c, subject, decision, kept, still=as_before)
    tell_faults(c, kept, subject.title)


def _next_due(c: Context, event: Event, at: datetime, *, again: bool) -> datetime | None:
    """Give the next time at which the rules may say something else."""
    rhythm, calendar = event.name.rhythm, calendar_for(c, event.project)
    if rhythm is None or rhythm == "stage":
        return None
    if again:
        return next_occasion(calendar, rhythm, at + AFTER)
    day = c.rules.day_of(at)
    change = next_change(c.rules.selection(event.name, at), event.facts, day)
    turns = (each for each in c.rules.turning_days if each > day)
    since = beginning(c.policy.calendar, min(change, next(turns, change)))
    return next_occasion(calendar, rhythm, max(since, at + AFTER)) or since


def _digest(decision: Decision) -> str:
    """Give what a decision asks and tells in short, its reasons aside: they count the days."""
    asked = [
        [each.id, each.role, str(each.within), each.ladder, str(each.signatures)]
        for each in decision.obligations
    ]
    found = decision.outcomes
    unknown = {rule: list(paths) for rule, paths in found.unknown.items()}
    said = [asked, list(found.fired), unknown, sorted(found.faults)]
    return sha256(canonical(said)).hexdigest()[:16] if any(said) else NOTHING
