"""Stage gates: opened, assessed by the functional roles, answered for by people."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from pmo_engine.feel.wire import to_json
from pmo_engine.model.shape import Shape
from pmo_engine.policy.decision import Obligation
from pmo_engine.queries import reviews as queries
from pmo_engine.queries.reviews import RecordedAssessment, ReviewState
from pmo_engine.roles.base import Assessment, Review
from pmo_engine.roles.registry import assess as assess_with
from pmo_engine.store import tables
from pmo_engine.work.acts import ANSWER_ASSESSMENT, ASSESS, OPEN_GATE, REQUEST_FLOW
from pmo_engine.work.command import Command, Order, carry_out, carry_out_all
from pmo_engine.work.errors import CommandError, Refusal, the_one
from pmo_engine.work.facts import project_facts, records_by_register
from pmo_engine.work.figures import worked_figures
from pmo_engine.work.gates.course import (
    decide_gate,
    flow_request,
    gate_named,
    move_on,
    subject_of,
    title_of,
)
from pmo_engine.work.governance import SYSTEM
from pmo_engine.work.obligations import Asked, close_all, open_obligation
from pmo_engine.work.people.projects import require_takes_gates
from pmo_engine.work.subjects import OfProject, OfSubject

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import timedelta

    from pmo_engine.work.governance import Context, Governance


def open_gate(
    governance: Governance, *, project: str, gate: str, by: str, request: str | None = None
) -> ReviewState:
    """Open the review of a project's gate and ask for the flow that assesses it."""
    order = Order(by, OPEN_GATE, OfProject(project), ReviewState, request)
    return carry_out(governance, order, partial(_open, gate=gate))


def _open(c: Command, *, gate: str) -> ReviewState:
    project: tables.Project = c.on.row
    require_takes_gates(project)
    declared = gate_named(c, gate)
    if project.stage != declared.from_stage:
        raise Refusal(
            f"{project.id} is in stage '{project.stage}', and gate {gate} leads out of "
            f"'{declared.from_stage}'"
        )
    if c.uow.gate_reviews.open_for(project.id, gate) is not None:
        raise Refusal(f"gate {gate} of {project.id} is under review already")
    review = tables.GateReview(
        project=project.id,
        gate=declared.id,
        opened_at=c.now,
        opened_by=c.actor,
        policy_digest=c.policy.digest,
    )
    c.uow.gate_reviews.add(review, title_of(review), c.actor)
    c.journal("gate.opened", {"review": review.id, "gate": gate}, project.id, review.id)
    if declared.assessments:
        c.uow.outbox.add(flow_request(c, review))
    decide_gate(c, review, "gate.opened")
    if not declared.assessments:
        move_on(c, review)
    return state_of(c, review)


def state(governance: Governance, review_id: str) -> ReviewState:
    """Give a review as it stands; raises CommandError where its version has no such gate."""
    with governance.reading() as c:
        return state_of(c, c.uow.gate_reviews.get(review_id))


def state_of(c: Context, review: tables.GateReview) -> ReviewState:
    """Give a review as it stands in a transaction."""
    gate_named(c.under(review), review.gate)
    return queries.review(c, review.id)


def _recorded(row: tables.Assessment) -> RecordedAssessment:
    return RecordedAssessment(
        role=row.role,
        result=row.result,
        findings=row.findings,
        missing=row.missing,
        figures=row.figures,
        asked_of=row.asked_of,
        by=row.by,
        at=row.at.isoformat(),
    )


def assess(
    governance: Governance, *, review_id: str, role: str, by: str = SYSTEM
) -> RecordedAssessment:
    """Let a functional role assess a review and record what it found, once.

    Run again it gives what was recorded before. Raises CommandError for a role unknown.
    """
    with governance.reading() as c:
        review = c.uow.gate_reviews.get(review_id)
        for row in c.uow.assessments.of_review(review.id, review.revision):
            if row.role == role:
                return _recorded(row)
        made = _assess(c.under(review), review, role)
    order = Order(by, ASSESS, OfSubject(review_id), RecordedAssessment)
    return carry_out(governance, order, partial(_record, role=role, made=made))


def assess_awaited(
    governance: Governance,
    *,
    review_id: str,
    by: str,
    role: str | None = None,
    request: str | None = None,
) -> ReviewState:
    """Let one functional role, or all that are awaited, assess a review; gives how it stands."""

    def run() -> ReviewState:
        awaited = (role,) if role is not None else state(governance, review_id).awaited
        for each in awaited:
            assess(governance, review_id=review_id, role=each, by=by)
        return state(governance, review_id)

    order = Order(by, ASSESS, OfSubject(review_id), ReviewState, request)
    return carry_out_all(governance, order, run)


def _record(c: Command, *, role: str, made: Assessment) -> RecordedAssessment:
    review: tables.GateReview = c.on.row
    if review.status == "closed":
        raise Refusal(f"gate {review.gate} of {review.project} is closed")
    before = {row.role for row in c.uow.assessments.of_review(review.id, review.revision)}
    row = c.uow.assessments.record(_row(c, review, role, made))
    if role not in before:
        body = {"review": review.id, **_recorded(row).model_dump(mode="json")}
        c.journal("gate.assessed", body)
        under = c.under(review)
        if row.result == "asked":
            _ask(under, review, row)
        move_on(under, review)
    return _recorded(row)


def _assess(c: Context, review: tables.GateReview, role: str) -> Assessment:
    """Let a role look at the project with the parameters of the review's own version."""
    found = c.governance.roles.get(role)
    if found is None:
        known = ", ".join(sorted(c.governance.roles))
        raise CommandError(f"no functional role is called '{role}'; there are {known}")
    return assess_with(found, seen_by(c, role, review.project, review.gate))


def seen_by(c: Context, role: str, project: str, gate: str = "") -> Review:
    """Give what a functional role looks at in a project, at a gate or at none."""
    row = c.uow.projects.get(project)
    return Review(
        project=row.id,
        facts=project_facts(c, row, frozenset())["project"],
        gate=gate,
        stage=row.stage,
        today=c.today,
        now=c.now,
        currency=c.policy.currency,
        parameters=c.policy.parameters_on(role, c.today),
        registers=records_by_register(c, row.id),
        figures=worked_figures(c, [row.id], role),
    )


def _row(c: Command, review: tables.GateReview, role: str, made: Assessment) -> tables.Assessment:
    return tables.Assessment(
        review_id=review.id,
        revision=review.revision,
        role=role,
        result=made.result,
        findings=[text for text in (made.reason, *made.findings) if text],
        missing=list(made.missing),
        figures=to_json(dict(made.figures)),
        asked_of=made.of,
        within=made.within,
        at=c.now,
        by=c.actor,
    )


def _ask(c: Command, review: tables.GateReview, row: tables.Assessment) -> None:
    """Open the obligation of the person's role that was asked to assess."""
    assert row.asked_of is not None  # the table asks for it
    decision = c.uow.decisions.of_subject(review.id)[0].id
    item = Obligation(
        "assessment", review.gate, row.role, "shall", role=row.asked_of, within=row.within
    )
    reasons = (f"{row.role} needs a person's judgement for gate {review.gate}.",)
    open_obligation(c, subject_of(review), Asked(item, reasons, decision))


def answer(
    governance: Governance,
    *,
    review_id: str,
    role: str,
    by: str,
    met: bool,
    finding: str = "",
    request: str | None = None,
) -> ReviewState:
    """Give the assessment that a person was asked for; the last one moves the review on."""
    order = Order(by, ANSWER_ASSESSMENT, OfSubject(review_id), ReviewState, request)
    do = partial(_answer, role=role, met=met, finding=finding)
    return carry_out(governance, order, do)


def _answer(c: Command, *, role: str, met: bool, finding: str) -> ReviewState:
    review: tables.GateReview = c.on.row
    asked = c.uow.assessments.get(review.id, review.revision, role)
    if asked.asked_of not in c.roles_in(review.project):
        raise Refusal(f"{c.actor} does not hold {asked.asked_of}, who was asked")
    findings = [finding] if finding else []
    c.uow.assessments.answer(asked, result="met" if met else "not_met", findings=findings)
    rows = c.uow.obligations.open_for(review.id)
    close_all(c, [r for r in rows if r.kind == "assessment" and r.target == role], "met")
    c.journal("gate.answered", {"review": review.id, "role": role, "met": met, "finding": finding})
    move_on(c.under(review), review)
    return state_of(c, review)


def request_again(
    governance: Governance, *, older_than: timedelta, live: Collection[str] = (), by: str = SYSTEM
) -> int:
    """Ask anew for flows of reviews that still miss assessments; gives how many.

    Reviews whose run is ``live``, or was asked for less than ``older_than`` ago, are left alone.
    """
    with governance.reading() as c:
        waiting = [row.id for row in c.uow.gate_reviews.with_status("assessing")]
    again = partial(_request_again, older_than=older_than)
    orders = (Order(by, REQUEST_FLOW, OfSubject(id), Requested) for id in waiting if id not in live)
    return sum(carry_out(governance, order, again).asked for order in orders)


class Requested(Shape):
    """Whether a flow was asked for anew."""

    asked: bool


def _request_again(c: Command, *, older_than: timedelta) -> Requested:
    review: tables.GateReview = c.on.row
    latest = c.uow.outbox.by_key(flow_request(c, review).key)
    if review.status != "assessing" or latest is None or latest.due_at > c.now - older_than:
        return Requested(asked=False)
    if latest.state not in {"sent", "failed"}:
        return Requested(asked=False)
    c.uow.gate_reviews.change(review, attempt=review.attempt + 1)
    c.uow.outbox.add(flow_request(c, review))
    c.journal("gate.requested_again", {"review": review.id})
    return Requested(asked=True)


def reviews(governance: Governance) -> list[ReviewState]:
    """List all reviews of all projects, those opened last first."""
    with governance.reading() as c:
        return list(queries.reviews(c).items)


def find(governance: Governance, beginning: str) -> str:
    """Find a review by its id or the beginning of it; raises CommandError."""
    with governance.reading() as c:
        found = c.uow.gate_reviews.beginning_with(beginning)
    return the_one(found, beginning, "gate review")
