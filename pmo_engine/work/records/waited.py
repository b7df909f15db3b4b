"""Rules on what happened to a record that could not be judged then: judged again as more is known.

A fact that was not known, or a fault, is no answer. What a rule looks at may come by an update of
the record, by a change of its project or by another record: each has the rule judged once more.
"""

from __future__ import annotations

from contextlib import suppress
from types import NoneType
from typing import TYPE_CHECKING

from pmo_engine.engines.tracing import EvaluationLimit
from pmo_engine.model.event_names import SUBMITTED, UPDATED, EventName
from pmo_engine.model.fact_paths import FactPath
from pmo_engine.policy.registers import REFUSED
from pmo_engine.queries.obligations import is_for_same
from pmo_engine.store.errors import StoreError
from pmo_engine.work.acts import LOOK_AGAIN
from pmo_engine.work.command import Order, carry_out
from pmo_engine.work.errors import CommandError
from pmo_engine.work.facts import entry_event
from pmo_engine.work.governance import SYSTEM
from pmo_engine.work.notices import wording as notices
from pmo_engine.work.notices.asking import tell
from pmo_engine.work.obligations import (
    OF_ITSELF,
    asked_in,
    is_beside,
    meet,
    open_obligation,
)
from pmo_engine.work.records import settlement
from pmo_engine.work.records.living import is_settled
from pmo_engine.work.subjects import OfSubject
from pmo_engine.work.unjudged import tell_faults

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from pmo_engine.decisions.decision import Decision
    from pmo_engine.decisions.published import PublishedDecision
    from pmo_engine.policy.events import Event
    from pmo_engine.store import tables
    from pmo_engine.work.command import Command
    from pmo_engine.work.governance import Governance

_BY_WHAT_IT_SAYS = frozenset({SUBMITTED, UPDATED})
"""What is judged anew by every update, as a whole."""


def judge_what_waited(c: Command, entry: tables.Entry) -> None:
    """Judge the rules on earlier events of a record that could not be judged, by what it says now.

    What the others found on their event stands.
    """
    if entry.closed_at is not None or entry.standing in REFUSED or not _has_rules(c, entry):
        return
    meet_what_holds_no_more(c, entry)
    for name, before in _waiting(c, entry).items():
        event = entry_event(c, entry, name)
        decision = c.rules.engine.decide(event).of_rules(before)
        now = {**decision.unknown, **decision.faults}
        if now == before:
            continue
        kept = settlement.keep_decision(c, event, decision, entry.id, entry.version)
        _close_given(c, entry, decision)
        ask_beside(c, entry, decision, kept)
        tell_faults(c, kept, settlement.title_of(c, entry))


def meet_what_holds_no_more(c: Command, entry: tables.Entry) -> None:
    """Close what a record meets by what it says of what rules asked on what happened to it.

    A fact that is given, and a block whose rule holds no more. Rules that cannot be judged say
    themselves what they wait for.
    """
    rows = [
        row
        for row in c.uow.obligations.open_for(entry.id)
        if row.kind in OF_ITSELF and is_beside(row)
    ]
    for row in rows:
        name = EventName(c.uow.decisions.get(row.decision_id).event)
        decision = c.rules.engine.decide(entry_event(c, entry, name))
        unjudged = {*decision.unknown, *decision.faults}
        asked = any(is_for_same(row, item) for item in decision.obligations)
        if not asked and row.rule not in unjudged:
            meet(c, row)
    if any(row.kind == "block" for row in rows):
        settlement.note_blocks(c, entry)


def ask_beside(c: Command, entry: tables.Entry, decision: Decision, kept: tables.Decision) -> None:
    """Ask for what is not asked about the record already; nothing else is taken back."""
    subject = settlement.subject_of(c, entry)
    for each in asked_in(decision, kept):
        there = c.uow.obligations.open_for(entry.id)
        if not any(is_for_same(row, each.item) for row in there):
            open_obligation(c, subject, each, beside=True)
    if decision.status == "blocked":
        settlement.note_blocks(c, entry)
    tell(c, subject, decision, occasion=kept.id)


def _has_rules(c: Command, entry: tables.Entry) -> bool:
    """Tell whether any rule is on what happens to such records, which spares most the looking."""
    names = (each for each in c.policy.registers[entry.register_name].events)
    others = (each for each in names if each.what not in _BY_WHAT_IT_SAYS)
    return any(c.rules.selection(each, c.now).rules for each in others)


def _waiting(c: Command, entry: tables.Entry) -> dict[EventName, dict[str, object]]:
    """Give the rules that could not be judged when they were last, with why, by their event."""
    found: dict[str, tuple[EventName, object]] = {}
    for each in c.uow.decisions.untimed(entry.id):
        name, result = EventName(each.event), each.result
        for rule in (*result.fired, *result.not_fired):
            found.pop(rule, None)
        open_ones = {**{r: tuple(p) for r, p in result.unknown.items()}, **result.faults}
        found |= {rule: (name, why) for rule, why in open_ones.items()}
    waiting: dict[EventName, dict[str, object]] = {}
    for rule, (name, why) in found.items():
        if name.what not in _BY_WHAT_IT_SAYS and rule in c.rules.selection(name, c.now).by_id:
            waiting.setdefault(name, {})[rule] = why
    return waiting


def _close_given(c: Command, entry: tables.Entry, decision: Decision) -> None:
    """Ask nobody any more for the facts that rules wait for no longer."""
    judged = set(decision.outcomes.rules)
    for row in c.uow.obligations.open_for(entry.id):
        rules = {row.rule, *row.also_rules}
        if row.kind != "information" or not rules <= judged:
            continue
        if any(row.target in decision.unknown.get(rule, ()) for rule in rules):
            continue
        meet(c, row)


def note(c: Command, subject_id: str, event: Event, decision: Decision) -> None:
    """Keep what a decision about a record looked for outside it and did not find.

    What the clock raises is looked at again by itself.
    """
    register = c.policy.register_of(event.name.noun)
    if register is None or event.name.rhythm is not None:
        return
    assert event.project is not None  # a record is in one, or in the place of an office
    rules = c.rules.selection(event.name, event.at).by_id
    paths = {path for each in decision.unknown.values() for path in each}
    paths |= {each.target for each in decision.obligations if each.kind == "information"}
    roots = {FactPath(path).root for path in paths}
    for rule in decision.faults.keys() & rules.keys():
        roots |= {name for each in rules[rule].expressions for name in each.names}
    c.uow.waits.add(subject_id, event.project, roots & _elsewhere(c))


def _elsewhere(c: Command) -> set[str]:
    """Name the facts that do not come with a record: its project, and lists of records."""
    return {"project", *(each.plural for each in c.policy.registers.values())}


def have_come(c: Command, project: str, roots: Iterable[str]) -> list[str]:
    """Name the records of a project that wait for something of it, by where that lies.

    They are due to be looked at, by whoever has this command carried out or by the next sweep.
    """
    return c.uow.waits.come(project, frozenset(roots))


def look_again(governance: Governance, subjects: Iterable[str]) -> None:
    """Judge records again that waited for a fact of something else, each in its own command.

    What led to this is kept already: where that cannot be now, the next sweep sees to it.
    """
    for subject in subjects:
        order = Order(SYSTEM, LOOK_AGAIN, OfSubject(subject), NoneType)
        with suppress(StoreError, CommandError, EvaluationLimit):
            carry_out(governance, order, _look_again)


def look_at_due(governance: Governance) -> None:
    """Judge what nobody has judged since a fact that it waited for came to be."""
    with governance.reading() as c:
        found = c.uow.waits.due()
    look_again(governance, found)


def _look_again(c: Command) -> None:
    entry: tables.Entry = c.on.row
    c.uow.waits.forget(entry.id)
    under = c.under(entry)
    if entry.closed_at is not None or entry.register_name not in under.policy.registers:
        return
    name = EventName.of(under.policy.registers[entry.register_name].noun, UPDATED)
    before = c.uow.obligations.open_for(entry.id)
    event = entry_event(under, entry, name)
    decision = under.rules.engine.decide(event)
    if _is_as_it_was(under, entry, decision):
        note(under, entry.id, event, decision)
        judge_what_waited(under, entry)
        if any(row.status != "open" for row in before):
            settlement.approve_if_done(under, entry)
    else:
        settled = is_settled(under, entry)
        settlement.decide_entry(under, entry, name, settled=settled, stands=True)
    _note_what_waits(under, entry)
    _tell_those_asked(under, entry, {row.id for row in before})


def _is_as_it_was(c: Command, entry: tables.Entry, decision: Decision) -> bool:
    """Tell whether nothing that could not be judged can be by now."""
    whole = [
        each.result
        for each in c.uow.decisions.untimed(entry.id)
        if EventName(each.event).what in _BY_WHAT_IT_SAYS
    ]
    if not whole:
        return False
    before, now = whole[-1], decision.published()
    return (before.fired, before.unknown, before.faults, _wanted(before)) == (
        now.fired,
        now.unknown,
        now.faults,
        _wanted(now),
    )


def _wanted(decision: PublishedDecision) -> set[str]:
    return {each.target for each in decision.obligations if each.kind == "information"}


def _note_what_waits(c: Command, entry: tables.Entry) -> None:
    """Keep what rules on what happened to a record wait for still."""
    whys = (why for rules in _waiting(c, entry).values() for why in rules.values())
    paths = {path for why in whys if isinstance(why, tuple) for path in why}
    rows = c.uow.obligations.open_for(entry.id)
    paths |= {row.target for row in rows if row.kind == "information"}
    roots = {FactPath(each).root for each in paths}
    c.uow.waits.add(entry.id, entry.project, roots & _elsewhere(c))


def _tell_those_asked(c: Command, entry: tables.Entry, before: Collection[str]) -> None:
    """Tell whoever was asked to decide about a record what else is asked by what is known now."""
    rows = c.uow.obligations.open_for(entry.id)
    new = [row for row in rows if row.id not in before and row.kind != "information"]
    asked = [row for row in rows if row.id in before and row.kind == "approval"]
    if not new or not asked:
        return
    heard = {person for row in new for person in row.details.get("told", ())}
    people = {person for row in asked for person in notices.waited_for(c, row)} - heard
    said = [f"Asked for as well: {row.kind} {row.target}. {' '.join(row.reasons)}" for row in new]
    key, title = f"{new[0].id}/besides", settlement.title_of(c, entry)
    body = "\n".join(["More is known since you were asked.", *said])
    subject = f"{title}: more is known"
    notices.send(
        c, [notices.notice(c, key, each, subject, body, entry.project) for each in sorted(people)]
    )
