"""A gate review, as what people are asked about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_engine.authority.interests import Interest
from pmo_engine.decisions.gate_standing import PASSING
from pmo_engine.documents.boards.gate_pack import summary
from pmo_engine.work.gates import after, course
from pmo_engine.work.gates.advising import let_vote_on_what_is_left
from pmo_engine.work.gates.by_rules import ASSESSED, OPENED, gate_event
from pmo_engine.work.gates.judging import require_passes, target_of
from pmo_engine.work.gates.naming import decides, gate_named, subject_of, title_of
from pmo_engine.work.gates.put import require_terms
from pmo_engine.work.governance import SYSTEM
from pmo_engine.work.versions.open_work import Judged, Wanted, wanted

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from pmo_engine.policy import Gate
    from pmo_engine.store.tables import GateReview, Obligation
    from pmo_engine.store.unit_of_work import UnitOfWork
    from pmo_engine.work.command import Command
    from pmo_engine.work.governance import Context
    from pmo_engine.work.subjects import Ballot

DECIDE_GATE = "decide gate"
"""The act of deciding at a gate, as terms may name it."""


class ReviewKind:
    """See ``SubjectKind``."""

    def get(self, uow: UnitOfWork, id: str) -> GateReview:
        return uow.gate_reviews.get(id)

    def lock(self, uow: UnitOfWork, id: str) -> GateReview:
        return uow.gate_reviews.lock(id)

    def many(self, uow: UnitOfWork, ids: Collection[str]) -> list[GateReview]:
        return uow.gate_reviews.many(ids)

    def interests(self, _c: Context, rows: Sequence[GateReview]) -> dict[str, tuple[Interest, ...]]:
        return {row.id: _asked_for(row) for row in rows}

    def act(self, _c: Context, _row: GateReview) -> str:
        return DECIDE_GATE

    def governing(self, c: Context, row: GateReview) -> Context:
        return c.under(row)

    def says_since(self, row: GateReview) -> int:
        return row.revision

    def changes(self, _c: Context, row: GateReview, version: int) -> list[str]:
        return [f"assessed {row.revision} times, then {version}"]

    def status(self, row: GateReview) -> str:
        return row.status

    def settle(self, c: Command, row: GateReview, ballot: Ballot) -> str:
        return course.settle(c.under(row), row, ballot)

    def advised(self, _c: Command, row: GateReview) -> str:
        return self.status(row)

    def lapsed(self, c: Command, row: GateReview, approval: Obligation) -> None:
        if approval.kind == "approval":
            course.hold(c.under(row), row, approval)
        else:
            after.lapsed(c.under(row), row, approval)

    def allows(self, c: Command, row: GateReview, ballot: Ballot) -> None:
        declared = gate_named(c.under(row), row.gate)
        outcome = course.outcome_of(declared, ballot)
        if outcome in PASSING and decides(ballot.approval, declared):
            require_passes(c, row)
        if ballot.outcome is not None or outcome in PASSING:
            require_terms(c, row, outcome)

    def against(self, c: Command, row: GateReview, approval: Obligation) -> str:
        under = c.under(row)
        why = let_vote_on_what_is_left(under, row)
        return why if decides(approval, gate_named(under, row.gate)) else ""

    def answered(self, c: Command, row: GateReview) -> str:
        return after.met(c.under(row), row) if row.status == "closed" else row.status

    def open(self, c: Context) -> list[GateReview]:
        return c.uow.gate_reviews.with_status(
            "assessing", "awaiting_assessments", "awaiting_decision"
        )

    def called(self, row: GateReview) -> str:
        return title_of(row)

    def judge(self, c: Context, row: GateReview) -> Judged | str:
        declared = c.policy.gates.get(row.gate)
        if declared is None:
            return f"it has no gate {row.gate}"
        found = c.uow.assessments.of_review(row.id, row.revision)
        complete = not set(declared.assessments) - {each.role for each in found}
        awaited = row.status == "awaiting_decision" and complete
        names = (OPENED, ASSESSED) if awaited else (OPENED,)
        events = [gate_event(c, row, name) for name in names]
        decisions = tuple((event, c.rules.engine.decide(event)) for event in events)
        asked = [
            each
            for number, (_, decision) in enumerate(decisions)
            for each in wanted(decision, number)
            if each.item.kind != "block"
        ]
        if awaited and not any(decides(each.item, declared) for each in asked):
            item = course.body_approval(declared)
            asked.append(Wanted(item, summary(found), len(decisions) - 1))
        rows = c.uow.obligations.of_subject(row.id)
        return Judged(
            row,
            subject_of(row),
            decisions,
            tuple(asked),
            tuple(each for each in rows if _stands(each, declared)),
            tuple(each for each in rows if each.status == "met"),
        )

    def go_on_under(self, c: Command, judged: Judged) -> None:
        row = c.uow.gate_reviews.get(judged.work.id)
        c.uow.gate_reviews.put_under(row, c.policy.digest)
        course.follow(c, row)


def _asked_for(row: GateReview) -> tuple[Interest, ...]:
    """Name whoever opened it, unless it opened by itself."""
    if row.opened_by == SYSTEM:
        return ()
    return (Interest(row.opened_by, "requester", "asked for this"),)


def _stands(row: Obligation, declared: Gate) -> bool:
    """Say whether it is open, and not what the gate itself still asks for."""
    wanted = {
        "assessment": {*declared.assessments, *(target_of(each.id) for each in declared.criteria)},
        "evidence": {each.id for each in declared.evidence},
    }
    of_gate = row.rule == declared.id and row.target in wanted.get(row.kind, ())
    return row.status == "open" and not of_gate


KIND = ReviewKind()
