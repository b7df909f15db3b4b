"""What a version of the policy asks about open work, beside what stands: shown, or carried out."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, TypeAlias

from pmo_engine.feel.limits import EvaluationLimit
from pmo_engine.store import tables
from pmo_engine.work.facts import entry_event
from pmo_engine.work.gates import course
from pmo_engine.work.obligations import Asked, Subject, open_obligation, same_as, tell, withdraw
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
    from pmo_engine.work.command import Command
    from pmo_engine.work.governance import Context

Work: TypeAlias = tables.Entry | tables.GateReview


@dataclass(frozen=True, slots=True)
class Wanted:
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
    asked: tuple[Wanted, ...]
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
    def new(self) -> list[Wanted]:
        """List what would be asked for anew."""
        there = (*self.standing, *self.done)
        return [each for each in self.asked if not any(same_as(row, each.item) for row in there)]


def open_work(c: Context) -> list[Work]:
    """List what is open in all projects: entries that nobody decided, reviews not closed."""
    reviews = c.uow.gate_reviews.with_status(
        "assessing", "awaiting_assessments", "awaiting_decision"
    )
    return [*c.uow.entries.open(), *reviews]


def judge(c: Context, work: Work) -> Judged | str:
    """See a piece of work with the eyes of a version; a text says why it cannot."""
    policy = c.policy
    try:
        if isinstance(work, tables.Entry):
            known = work.register_name in policy.registers
            return _entry(c, work) if known else f"it has no {work.register_name}"
        known = work.gate in policy.gates
        return _review(c, work) if known else f"it has no gate {work.gate}"
    except EvaluationLimit as error:
        return str(error)


def _entry(c: Context, entry: tables.Entry) -> Judged:
    noun = c.policy.registers[entry.register_name].noun
    event = entry_event(c, entry, f"{noun}.updated")
    decision = c.rules.engine.decide(event)
    rows = c.uow.obligations.of_subject(entry.id)
    return Judged(
        entry,
        subject_of(c, entry),
        ((event, decision),),
        tuple(_asked(decision, 0)),
        tuple(row for row in rows if row.status == "open"),
        tuple(given_since_changed(entry, rows)),
    )


def _asked(decision: Decision, number: int) -> Iterator[Wanted]:
    for item in decision.obligations:
        if item.kind != "notice":
            yield Wanted(item, decision.reasons(item), number)


def _review(c: Context, review: tables.GateReview) -> Judged:
    declared = c.policy.gates[review.gate]
    found = c.uow.assessments.of_review(review.id, review.revision)
    complete = not set(declared.assessments) - {row.role for row in found}
    awaited = review.status == "awaiting_decision" and complete
    names = ("gate.opened", "gate.assessed") if awaited else ("gate.opened",)
    events = [course.gate_event(c, review, name) for name in names]
    decisions = tuple((event, c.rules.engine.decide(event)) for event in events)
    asked = [
        each
        for number, (_, decision) in enumerate(decisions)
        for each in _asked(decision, number)
        if each.item.kind != "block"
    ]
    if awaited and not any(_of_body(each.item, declared.decided_by) for each in asked):
        item = course.body_approval(declared)
        asked.append(Wanted(item, course.summary(found), len(decisions) - 1))
    rows = c.uow.obligations.of_subject(review.id)
    return Judged(
        review,
        course.subject_of(review),
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


def lock_open_work(c: Command) -> list[Work]:
    """Lock what is open in all projects, in one order, and give it as it is then."""
    c.uow.subjects.lock_all([work.id for work in open_work(c)])
    return open_work(c)


def bring_under(c: Command, judged: Judged) -> None:
    """Bring work under the version: what stays asked keeps its deadline."""
    work = judged.work
    kept = [
        keep_decision(c, event, decision, work.id, work.version)
        for event, decision in judged.decisions
    ]
    for row in judged.gone:
        withdraw(c, row)
    for each in judged.new:
        asked = Asked(each.item, each.reasons, kept[each.decision].id)
        open_obligation(c, judged.subject, asked)
    for _, decision in judged.decisions:
        tell(c, judged.subject, decision)
    if isinstance(work, tables.Entry):
        c.uow.entries.put_under(work, c.policy.digest)
        _settle(c, work, judged.decisions[0][1])
    else:
        c.uow.gate_reviews.put_under(work, c.policy.digest)
        course.follow(c, work)


def _settle(c: Command, entry: tables.Entry, decision: Decision) -> None:
    if passes_by_itself(c, decision):
        settle_entry(c, entry, "approved")
    else:
        approve_if_done(c, entry)
