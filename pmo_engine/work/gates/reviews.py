"""Stage gates: opened, assessed by the functional roles, decided by a body, closed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pmo_engine.policy.decision import Obligation
from pmo_engine.roles.base import Assessment, Review
from pmo_engine.roles.registry import assess as assess_with
from pmo_engine.store import tables
from pmo_engine.work.errors import CommandError, Refusal, the_one
from pmo_engine.work.facts import project_facts, records_by_register
from pmo_engine.work.gates.course import decide_gate, flow_request, gate_named, move_on, subject_of
from pmo_engine.work.obligations import close_all, open_obligation
from pmo_engine.work.permissions import require_person, roles_of
from pmo_engine.work.rulebook import SYSTEM

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import timedelta

    from pmo_engine.store.unit_of_work import UnitOfWork
    from pmo_engine.work.rulebook import Desk


@dataclass(frozen=True, slots=True)
class ReviewState:
    """A gate review as it stands."""

    id: str
    project: str
    gate: str
    revision: int
    status: str
    outcome: str | None
    awaited: tuple[str, ...]  # functional roles whose assessment is not recorded yet
    assessments: tuple[dict[str, Any], ...]

    def as_dict(self) -> dict[str, Any]:
        """Give the shape that the command line prints."""
        return {
            "id": self.id,
            "project": self.project,
            "gate": self.gate,
            "revision": self.revision,
            "status": self.status,
            "outcome": self.outcome,
            "awaited": list(self.awaited),
            "assessments": list(self.assessments),
        }


def open_gate(desk: Desk, *, project: str, gate: str, by: str) -> ReviewState:
    """Open the review of a project's gate and ask for the flow that assesses it."""
    declared = gate_named(desk, gate)
    with desk.transaction(by) as uow:
        require_person(uow, by)
        row = uow.projects.get(project)
        if row.stage != declared.from_stage:
            raise Refusal(
                f"{project} is in stage '{row.stage}', and gate {gate} leads out of "
                f"'{declared.from_stage}'"
            )
        if uow.gate_reviews.open_for(project, gate) is not None:
            raise Refusal(f"gate {gate} of {project} is under review already")
        review = uow.gate_reviews.add(
            tables.GateReview(
                project=project,
                gate=declared.id,
                opened_at=desk.clock.now(),
                opened_by=by,
                policy_digest=desk.policy.digest,
            )
        )
        uow.journal.add(project, "gate.opened", {"review": review.id, "gate": gate})
        uow.outbox.add(flow_request(desk, review))
        decide_gate(desk, uow, review, "gate.opened")
        return _state(desk, uow, review)


def state(desk: Desk, review_id: str) -> ReviewState:
    """Give a review as it stands."""
    with desk.reading() as uow:
        return _state(desk, uow, uow.gate_reviews.get(review_id))


def _state(desk: Desk, uow: UnitOfWork, review: tables.GateReview) -> ReviewState:
    rows = uow.assessments.of_review(review.id, review.revision)
    done = {row.role for row in rows}
    declared = gate_named(desk.of(review), review.gate)
    return ReviewState(
        review.id,
        review.project,
        review.gate,
        review.revision,
        review.status,
        review.outcome,
        tuple(role for role in declared.assessments if role not in done),
        tuple(_assessment(row) for row in rows),
    )


def _assessment(row: tables.Assessment) -> dict[str, Any]:
    return {
        "role": row.role,
        "result": row.result,
        "findings": row.findings,
        "missing": row.missing,
        "figures": row.figures,
        "asked_of": row.asked_of,
        "by": row.by,
        "at": row.at.isoformat(),
    }


def assess(desk: Desk, *, review_id: str, role: str, by: str = SYSTEM) -> dict[str, Any]:
    """Let a functional role assess a review and record what it found, once.

    Run again it gives what was recorded before. Raises CommandError for a role unknown.
    """
    with desk.reading() as uow:
        review = uow.gate_reviews.get(review_id)
        for row in uow.assessments.of_review(review.id, review.revision):
            if row.role == role:
                return _assessment(row)
        made = _assess(desk, uow, review, role)
    with desk.transaction(by) as uow:
        review = uow.gate_reviews.lock(review_id)
        if review.status == "closed":
            raise Refusal(f"gate {review.gate} of {review.project} is closed")
        under = desk.of(review)
        before = {row.role for row in uow.assessments.of_review(review.id, review.revision)}
        row = uow.assessments.record(_row(under, review, role, made, by))
        if role not in before:
            uow.journal.add(
                review.project, "gate.assessed", {"review": review.id, **_assessment(row)}
            )
            if row.result == "asked":
                _ask(under, uow, review, row)
            move_on(under, uow, review)
        return _assessment(row)


def _assess(desk: Desk, uow: UnitOfWork, review: tables.GateReview, role: str) -> Assessment:
    found = desk.roles.get(role)
    if found is None:
        known = ", ".join(sorted(desk.roles))
        raise CommandError(f"no functional role is called '{role}'; there are {known}")
    project = uow.projects.get(review.project)
    facts = project_facts(desk, uow, project, frozenset())
    return assess_with(
        found,
        Review(
            project=project.id,
            facts=facts["project"],
            gate=review.gate,
            stage=project.stage,
            today=desk.today(),
            now=desk.clock.now(),
            currency=desk.policy.currency,
            parameters=desk.policy.parameters_on(role, desk.today()),
            registers=records_by_register(desk, uow, review.project),
        ),
    )


def _row(
    desk: Desk, review: tables.GateReview, role: str, made: Assessment, by: str
) -> tables.Assessment:
    shape = made.as_dict()
    return tables.Assessment(
        review_id=review.id,
        revision=review.revision,
        role=role,
        result=shape["result"],
        findings=[text for text in (shape["reason"], *shape["findings"]) if text],
        missing=shape["missing"],
        figures=shape["figures"],
        asked_of=shape["of"],
        within=shape["within"],
        at=desk.clock.now(),
        by=by,
    )


def _ask(desk: Desk, uow: UnitOfWork, review: tables.GateReview, row: tables.Assessment) -> None:
    """Open the obligation of the person's role that was asked to assess."""
    assert row.asked_of is not None  # the table asks for it
    decision = uow.decisions.of_subject("gate_review", review.id)[0].id
    item = Obligation(
        "assessment", review.gate, row.role, "shall", role=row.asked_of, within=row.within
    )
    reasons = (f"{row.role} needs a person's judgement for gate {review.gate}.",)
    open_obligation(desk, uow, subject_of(review), item, reasons, decision)


def answer(
    desk: Desk, *, review_id: str, role: str, by: str, met: bool, finding: str = ""
) -> ReviewState:
    """Give the assessment that a person was asked for; the last one moves the review on."""
    with desk.transaction(by) as uow:
        require_person(uow, by)
        review = uow.gate_reviews.lock(review_id)
        asked = uow.assessments.get(review.id, review.revision, role)
        held = roles_of(uow, by, review.project, desk.today())
        if asked.asked_of not in held:
            raise Refusal(f"{by} does not hold {asked.asked_of}, who was asked")
        findings = [finding] if finding else []
        uow.assessments.answer(asked, result="met" if met else "not_met", findings=findings)
        rows = uow.obligations.open_for("gate_review", review.id)
        close_all(uow, [r for r in rows if r.kind == "assessment" and r.target == role], "met")
        body = {"review": review.id, "role": role, "met": met, "finding": finding}
        uow.journal.add(review.project, "gate.answered", body)
        move_on(desk.of(review), uow, review)
        return _state(desk, uow, review)


def request_again(
    desk: Desk, *, older_than: timedelta, live: Collection[str] = (), by: str = SYSTEM
) -> int:
    """Ask anew for flows of reviews that still miss assessments; gives how many.

    Reviews whose run is ``live``, or was asked for less than ``older_than`` ago, are left alone.
    """
    asked = 0
    with desk.transaction(by) as uow:
        before = desk.clock.now() - older_than
        for review in uow.gate_reviews.with_status("assessing"):
            latest = uow.outbox.by_key(flow_request(desk, review).key)
            if review.id in live or latest is None or latest.due_at > before:
                continue
            if latest.state not in {"sent", "failed"}:
                continue
            uow.gate_reviews.change(review, attempt=review.attempt + 1)
            uow.outbox.add(flow_request(desk, review))
            uow.journal.add(review.project, "gate.requested_again", {"review": review.id})
            asked += 1
    return asked


def reviews(desk: Desk) -> list[ReviewState]:
    """List all reviews of all projects, the open ones first."""
    with desk.reading() as uow:
        rows = [
            row for project in uow.projects.all() for row in uow.gate_reviews.of_project(project.id)
        ]
        rows.sort(key=lambda row: (row.status == "closed", row.opened_at, row.project, row.gate))
        return [_state(desk, uow, row) for row in rows]


def find(desk: Desk, beginning: str) -> str:
    """Find a review by its id or the beginning of it; raises CommandError."""
    with desk.reading() as uow:
        found = uow.gate_reviews.beginning_with(beginning)
    return the_one(found, beginning, "gate review")
