"""What a version of the policy asks about open work, beside what stands: shown, or carried out."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, TypeAlias

from pmo_engine.feel.limits import EvaluationLimit
from pmo_engine.store import tables
from pmo_engine.work.facts import entry_event
from pmo_engine.work.gates import course as gate_course
from pmo_engine.work.obligations import Subject, open_obligation, same_as, tell, withdraw
from pmo_engine.work.records.settlement import (
    approve_if_done,
    given_since_changed,
    keep_decision,
    passes_by_itself,
    settle_entry,
    subject_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pmo_engine.decisions.decision import Decision
    from pmo_engine.policy import Gate
    from pmo_engine.policy.decision import Obligation
    from pmo_engine.policy.events import Event
    from pmo_engine.store.unit_of_work import UnitOfWork
    from pmo_engine.work.rulebook import Desk

Work: TypeAlias = tables.Entry | tables.GateReview


@dataclass(frozen=True, slots=True)
class Asked:
    """An obligation that a version asks for, why, and by which of its decisions."""

    item: Obligation
    reasons: tuple[str, ...]
    decision: int


@dataclass(frozen=True)
class Judged:
    """A piece of open work as a version of the policy sees it.

    ``standing`` are the open obligations that it may change, ``done`` what people gave already.
    """

    work: Work
    subject: Subject
    decisions: tuple[tuple[Event, Decision], ...]
    asked: tuple[Asked, ...]
    standing: tuple[tables.Obligation, ...]
    done: tuple[tables.Obligation, ...]

    @cached_property
    def kept(self) -> list[tuple[tables.Obligation, Obligation]]:
        """Pair what stands with what is asked for all the same."""
        return [
            (row, each.item)
            for row in self.standing
            for each in self.asked
            if same_as(row, each.item)
        ]

    @cached_property
    def gone(self) -> list[tables.Obligation]:
        """List what stands and would no longer be asked for."""
        kept = {row.id for row, _ in self.kept}
        return [row for row in self.standing if row.id not in kept]

    @cached_property
    def new(self) -> list[Asked]:
        """List what would be asked for anew."""
        there = (*self.standing, *self.done)
        return [each for each in self.asked if not any(same_as(row, each.item) for row in there)]


def open_work(uow: UnitOfWork) -> list[Work]:
    """List what is open in all projects: entries that nobody decided, reviews not closed."""
    reviews = uow.gate_reviews.with_status("assessing", "awaiting_assessments", "awaiting_decision")
    return [*uow.entries.open(), *reviews]


def judge(desk: Desk, uow: UnitOfWork, work: Work) -> Judged | str:
    """See a piece of work with the eyes of the desk's version; a text says why it cannot."""
    policy = desk.policy
    try:
        if isinstance(work, tables.Entry):
            known = work.register_name in policy.registers
            return _entry(desk, uow, work) if known else f"it has no {work.register_name}"
        known = work.gate in policy.gates
        return _review(desk, uow, work) if known else f"it has no gate {work.gate}"
    except EvaluationLimit as error:
        return str(error)


def _entry(desk: Desk, uow: UnitOfWork, entry: tables.Entry) -> Judged:
    noun = desk.policy.registers[entry.register_name].noun
    event = entry_event(desk, uow, entry, f"{noun}.updated")
    decision = desk.engine.decide(event)
    asker = uow.entries.versions(entry.id)[0].by
    rows = uow.obligations.of_subject("entry", entry.id)
    return Judged(
        entry,
        subject_of(desk, entry, asker),
        ((event, decision),),
        tuple(_asked(decision, 0)),
        tuple(row for row in rows if row.status == "open"),
        tuple(given_since_changed(uow, entry, rows)),
    )


def _asked(decision: Decision, number: int) -> Iterator[Asked]:
    for item in decision.obligations:
        if item.kind != "notice":
            yield Asked(item, decision.reasons(item), number)


def _review(desk: Desk, uow: UnitOfWork, review: tables.GateReview) -> Judged:
    declared = desk.policy.gates[review.gate]
    found = uow.assessments.of_review(review.id, review.revision)
    complete = not set(declared.assessments) - {row.role for row in found}
    awaited = review.status == "awaiting_decision" and complete
    names = ("gate.opened", "gate.assessed") if awaited else ("gate.opened",)
    events = [gate_course.gate_event(desk, uow, review, name) for name in names]
    decisions = tuple((event, desk.engine.decide(event)) for event in events)
    asked = [
        each
        for number, (_, decision) in enumerate(decisions)
        for each in _asked(decision, number)
        if each.item.kind != "block"
    ]
    if awaited and not any(_of_body(each.item, declared.decided_by) for each in asked):
        item = gate_course.body_approval(declared)
        asked.append(Asked(item, gate_course.summary(found), len(decisions) - 1))
    rows = uow.obligations.of_subject("gate_review", review.id)
    return Judged(
        review,
        gate_course.subject_of(review),
        decisions,
        tuple(asked),
        tuple(row for row in rows if row.status == "open" and not _assessing(row, declared)),
        tuple(row for row in rows if row.status == "met"),
    )


def _of_body(item: Obligation, body: str) -> bool:
    return item.kind == "approval" and item.target == body


def _assessing(row: tables.Obligation, declared: Gate) -> bool:
    """Say whether a functional role, which still assesses the gate, asked somebody for it."""
    asked = row.kind == "assessment" and row.rule == declared.id
    return asked and row.target in declared.assessments


def carry_out(desk: Desk, uow: UnitOfWork, judged: Judged, by: str) -> None:
    """Bring work under the desk's version: what stays asked keeps its deadline."""
    work = judged.work
    kept = [
        keep_decision(uow, event, decision, judged.subject.kind, work.id, work.version)
        for event, decision in judged.decisions
    ]
    for row in judged.gone:
        withdraw(uow, row)
    for each in judged.new:
        source = kept[each.decision].id
        open_obligation(desk, uow, judged.subject, each.item, each.reasons, source)
    for _, decision in judged.decisions:
        tell(desk, uow, judged.subject, decision)
    if isinstance(work, tables.Entry):
        uow.entries.put_under(work, desk.policy.digest)
        _settle(desk, uow, work, judged.decisions[0][1], by)
    else:
        uow.gate_reviews.put_under(work, desk.policy.digest)
        gate_course.follow(desk, uow, work)


def _settle(desk: Desk, uow: UnitOfWork, entry: tables.Entry, decision: Decision, by: str) -> None:
    if passes_by_itself(desk, decision):
        settle_entry(desk, uow, entry, "approved", by)
    else:
        approve_if_done(desk, uow, entry, by)
