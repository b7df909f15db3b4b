"""Stage gates: opened, assessed by the functional roles, answered for by people."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from pmo_engine.authority.titles import roles_in_words
from pmo_engine.engines.tracing import EvaluationLimit
from pmo_engine.model.shape import Shape
from pmo_engine.queries import reviews as queries
from pmo_engine.queries.reviews import RecordedAssessment, ReviewState
from pmo_engine.roles.base import Assessment, Review
from pmo_engine.roles.registry import assess as assess_with
from pmo_engine.store import tables
from pmo_engine.store.errors import StoreError
from pmo_engine.work.acts import ANSWER_ASSESSMENT, ASSESS, OPEN_GATE, REQUEST_FLOW
from pmo_engine.work.command import Command, Order, carry_out, carry_out_all
from pmo_engine.work.errors import CommandError, Refusal, the_one
from pmo_engine.work.facts import project_facts, records_by_register
from pmo_engine.work.figures import worked_figures
from pmo_engine.work.gates.assessing import of_person, record, recorded
from pmo_engine.work.gates.course import flow_request, move_on
from pmo_engine.work.gates.judging import require_asked
from pmo_engine.work.gates.naming import gate_named, may_be_opened, require_open
from pmo_engine.work.gates.opening import begin_review
from pmo_engine.work.governance import SYSTEM
from pmo_engine.work.obligations import close_all
from pmo_engine.work.people.projects import require_takes_gates
from pmo_engine.work.subjects import OfProject, OfSubject

if TYPE_CHECKING:
    from collections.abc import Collection

    from pmo_engine.policy import Gate
    from pmo_engine.work.governance import Context, Governance

PATIENCE = timedelta(hours=1)  # for the flow of a review, before it is assessed without


def open_gate(
    governance: Governance, *, project: str, gate: str, by: str, request: str | None = None
) -> ReviewState:
    """Open the review of a project's gate; people are asked, and the flow that assesses it is."""
    order = Order(by, OPEN_GATE, OfProject(project), ReviewState, request)
    return carry_out(governance, order, partial(_open, gate=gate))


def _open(c: Command, *, gate: str) -> ReviewState:
    project: tables.Project = c.on.row
    require_takes_gates(project)
    declared = gate_named(c, gate)
    _require_opener(c, declared)
    if why := may_be_opened(c, project, declared):
        raise Refusal(why)
    review = begin_review(c, project, declared)
    return state_of(c, review)


def _require_opener(c: Command, declared: Gate) -> None:
    """Refuse whoever holds no role that opens a gate by hand, where the policy names any."""
    held = c.roles_in(c.on.place)
    if declared.opened_by and not set(declared.opened_by) & set(held):
        by = roles_in_words(declared.opened_by, c.policy)
        raise Refusal(f"{c.actor_name} may not open gate {declared.id}: that is for {by}")


def state(governance: Governance, review_id: str) -> ReviewState:
    """Give a review as it stands; raises CommandError where its version has no such gate."""
    with governance.reading() as c:
        return state_of(c, c.uow.gate_reviews.get(review_id))


def state_of(c: Context, review: tables.GateReview) -> ReviewState:
    """Give a review as it stands in a transaction."""
    gate_named(c.under(review), review.gate)
    return queries.review(c, review.id)


def assess(
    governance: Governance, *, review_id: str, role: str, by: str = SYSTEM
) -> RecordedAssessment:
    """Let a functional role assess a review and record what it found, once.

    Run again it gives what was recorded before. Raises CommandError for a role unknown.
    """
    with governance.reading() as c:
        review = c.uow.gate_reviews.get(review_id)
        row = c.uow.assessments.find(review.id, review.revision, role)
        if row is not None:
            return recorded(c, row)
        under = c.under(review)
        made = _assess(under, review, role)
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

    order = Order(by, ASSESS, OfSubject(review_id), ReviewState, request, asked=role or "")
    return carry_out_all(governance, order, run)


def _record(c: Command, *, role: str, made: Assessment) -> RecordedAssessment:
    review: tables.GateReview = c.on.row
    under = c.under(review)
    require_open(review, f"an assessment by '{role}'")
    require_asks(gate_named(under, review.gate), role)
    before = c.uow.assessments.find(review.id, review.revision, role)
    row = record(under, review, role, made)
    if before is None:
        move_on(under, review)
    return recorded(c, row)


def _assess(c: Context, review: tables.GateReview, role: str) -> Assessment:
    """Let a role look at the project with the parameters of the review's own version."""
    found = c.governance.roles.get(role)
    declared = gate_named(c, review.gate)
    if found is None and role not in declared.assessments:
        known = ", ".join(sorted(c.governance.roles))
        raise CommandError(f"no functional role is called '{role}'; there are {known}")
    require_open(review, f"an assessment by '{role}'")
    require_asks(declared, role)
    if (how := declared.how(role)).in_person:
        return of_person(how)
    if found is None:
        raise CommandError(f"no functional role is called '{role}'")
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
    under = c.under(review)
    require_asks(gate_named(under, review.gate), role)
    require_open(review, f"an assessment by '{role}'")
    asked = _asked(c, review, role)
    open_ = c.uow.obligations.open_for(review.id)
    waits = [r for r in open_ if r.kind == "assessment" and r.target == role]
    if asked.result == "asked":
        require_asked(under, waits, str(asked.asked_of))
    findings = [finding] if finding else []
    c.uow.assessments.answer(asked, result="met" if met else "not_met", findings=findings)
    close_all(c, waits, "met")
    c.journal("gate.answered", {"review": review.id, "role": role, "met": met, "finding": finding})
    move_on(under, review)
    return state_of(c, review)


def _asked(c: Context, review: tables.GateReview, role: str) -> tables.Assessment:
    """Give the assessment by a role; raises Refusal before anybody is asked for it."""
    rows = c.uow.assessments.of_review(review.id, review.revision)
    found = next((row for row in rows if row.role == role), None)
    if found is None:
        raise Refusal(
            f"nobody is asked yet for the assessment by '{role}' at gate {review.gate} of"
            f" {review.project}; 'pmo gate assess {review.id[:8]}' asks, and so does its flow"
        )
    return found


def require_asks(declared: Gate, role: str) -> None:
    """Refuse an assessment by a functional role that a gate does not ask."""
    if role not in declared.assessments:
        known = ", ".join(declared.assessments) or "none"
        raise Refusal(f"gate {declared.id} asks for no assessment by '{role}'; it asks {known}")


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


def assess_what_is_left(governance: Governance) -> None:
    """Let roles assess whose flow was asked for long ago and did not come: none may run here."""
    with governance.reading() as c:
        waiting = c.uow.gate_reviews.with_status("assessing")
        left = [row.id for row in waiting if _has_no_flow(c, row)]
    for each in left:
        with suppress(StoreError, CommandError, EvaluationLimit):
            assess_awaited(governance, review_id=each, by=SYSTEM)


def _has_no_flow(c: Context, review: tables.GateReview) -> bool:
    latest = c.uow.outbox.by_key(flow_request(c, review).key)
    return latest is None or latest.due_at <= c.now - PATIENCE


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
        if beginning and not found and (review := _asked_about(c, beginning)):
            raise CommandError(
                f"{beginning} is something that is asked about a gate; its review is {review[:8]}"
            )
    return the_one(found, beginning, "gate review")


def _asked_about(c: Context, beginning: str) -> str | None:
    """Name the review about which something is asked whose id begins so; None where none is."""
    subjects = set(c.uow.obligations.subjects_of(beginning).values())
    return next((each for each in sorted(subjects) if c.uow.gate_reviews.is_there(each)), None)
