"""What is put to the body beside the question: conditions, until when it is held, resources.

It is drafted before anybody votes, so that all vote on the same; once somebody has voted, it stays
as it is. With it goes what a review found and leaves to others: recommendations, and the confidence
that the project delivers.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from pmo_engine.model.shape import Shape
from pmo_engine.model.vocabulary import Grade
from pmo_engine.work.acts import PUT_TO_GATE, RATE_CONFIDENCE
from pmo_engine.work.command import Command, Order, carry_out
from pmo_engine.work.errors import CommandError, Refusal
from pmo_engine.work.gates.naming import MANAGER, gate_named, require_open
from pmo_engine.work.people.acting import are_one
from pmo_engine.work.people.held import holders
from pmo_engine.work.subjects import OfSubject

if TYPE_CHECKING:
    from datetime import date

    from pmo_engine.model.vocabulary import Outcome
    from pmo_engine.store import tables
    from pmo_engine.work.governance import Context, Governance

CONDITIONS, RECOMMENDATIONS, CONFIDENCE = "conditions", "recommendations", "confidence"


class Task(Shape):
    """Something to be done after a gate: by the holders of a role, until a day (ISO 8601).

    ``grade``: of a recommendation, how much hangs on it; None: it is a condition.
    """

    text: str
    owner: str
    due: str
    ladder: str | None = None
    grade: Grade | None = None


class Put(Shape):
    """What is put to the body of a gate so far; ``until`` and ``awaits`` are of a hold."""

    review: str
    conditions: tuple[Task, ...] = ()
    recommendations: tuple[Task, ...] = ()
    until: str | None = None
    awaits: str = ""
    resources: str = ""
    confidence: str | None = None


def put_of(review: tables.GateReview) -> Put:
    """Give what is put to the body of a review."""
    kept = dict(review.details.get("put", {}))
    rated = review.details.get(CONFIDENCE)
    return Put(review=review.id, **kept, confidence=None if rated is None else rated["value"])


def put_of_review(c: Context, review_id: str) -> Put:
    """Give what is put to the body of a review whose id is known."""
    return put_of(c.uow.gate_reviews.get(review_id))


def add_task(
    governance: Governance, *, review_id: str, task: Task, by: str, request: str | None = None
) -> Put:
    """Draft a condition of a conditional go; with a ``grade``, a recommendation of the review.

    Raises CommandError for a role or ladder that there is not and a day that has passed; Refusal
    once somebody has voted, or the gate is decided.
    """
    order = Order(by, PUT_TO_GATE, OfSubject(review_id), Put, request)
    return carry_out(governance, order, partial(_add_task, task=task))


def _add_task(c: Command, *, task: Task) -> Put:
    review: tables.GateReview = c.on.row
    policy = c.under(review).policy
    if not task.text.strip():
        raise CommandError("say what has to be done")
    if task.owner not in policy.roles:
        known = ", ".join(sorted(policy.roles))
        raise CommandError(f"'{task.owner}' is no role that could own it; there are {known}")
    if task.ladder is not None and task.ladder not in policy.ladders:
        known = ", ".join(sorted(policy.ladders)) or "none"
        raise CommandError(f"there is no ladder '{task.ladder}'; there are {known}")
    if task.due < c.today.isoformat():
        raise CommandError(f"it cannot be due on {task.due}, which has passed; it is {c.today}")
    name = CONDITIONS if task.grade is None else RECOMMENDATIONS
    before = review.details.get("put", {}).get(name, [])
    return _keep(c, review, {name: [*before, task.model_dump(mode="json")]})


def put(
    governance: Governance,
    *,
    review_id: str,
    by: str,
    until: date | None = None,
    awaits: str | None = None,
    resources: str | None = None,
    request: str | None = None,
) -> Put:
    """Draft until when the gate would be held and what is awaited, and which resources are given.

    Raises as ``add_task``.
    """
    given = {"until": until, "awaits": awaits, "resources": resources}
    said = {name: value for name, value in given.items() if value is not None}
    order = Order(by, PUT_TO_GATE, OfSubject(review_id), Put, request)
    return carry_out(governance, order, partial(_put, said=said))


def _put(c: Command, *, said: dict[str, Any]) -> Put:
    until = said.get("until")
    if until is not None and until <= c.today:
        raise CommandError(f"a gate is held until a day to come, and {until} is none")
    if not said:
        raise CommandError("nothing is put: give --until and --awaits, or --resources")
    return _keep(c, c.on.row, {name: str(value) for name, value in said.items()})


def _keep(c: Command, review: tables.GateReview, said: dict[str, Any]) -> Put:
    require_open(review, "what is put to the body")
    if any(c.uow.votes.current(row.id) for row in c.uow.obligations.open_for(review.id)):
        raise Refusal("somebody has voted already, on what was put then; the gate is opened again")
    now = {**review.details.get("put", {}), **said}
    c.uow.gate_reviews.change(review, details={**review.details, "put": now})
    c.journal("gate.put", {"review": review.id, **said})
    return _told(c, review)


def _told(c: Command, review: tables.GateReview) -> Put:
    """Let the pack and what the body is asked say it as well."""
    from pmo_engine.work.gates.advising import put_again  # noqa: PLC0415 - which says what is put

    put_again(c.under(review), review)
    return put_of(review)


def rate_confidence(
    governance: Governance,
    *,
    review_id: str,
    confidence: str,
    reason: str,
    by: str,
    request: str | None = None,
) -> Put:
    """Say how confident the review is that the project delivers, on the scale of the day.

    Raises CommandError for what is not on it, or without a reason; Refusal for its manager.
    """
    order = Order(by, RATE_CONFIDENCE, OfSubject(review_id), Put, request)
    do = partial(_rate, confidence=confidence, reason=reason.strip())
    return carry_out(governance, order, do)


def _rate(c: Command, *, confidence: str, reason: str) -> Put:
    review: tables.GateReview = c.on.row
    require_open(review, "confidence in the project")
    scale = c.under(review).policy.confidence_on(c.today)
    if scale is None:
        raise CommandError(
            f"the policy has no scale of confidence on {c.today}; 'confidence:' in its gates"
            " names one"
        )
    if confidence not in scale:
        raise CommandError(f"'{confidence}' is not on the scale of {c.today}: {', '.join(scale)}")
    if not reason:
        raise CommandError("confidence is rated for a reason; give it with --reason")
    if any(are_one(c, each, c.actor) for each in holders(c, MANAGER, review.project)):
        raise Refusal(f"{c.actor_name} manages {review.project}, and does not rate it")
    rated = {"value": confidence, "scale": list(scale), "reason": reason, "by": c.actor}
    rated["on"] = c.today.isoformat()
    c.uow.gate_reviews.change(review, details={**review.details, CONFIDENCE: rated})
    c.journal("gate.rated", {"review": review.id, **rated})
    return _told(c, review)


def require_terms(c: Command, review: tables.GateReview, outcome: Outcome | None) -> None:
    """Refuse a vote for an outcome without what belongs to it: conditions, until when, means."""
    drafted = put_of(review)
    if outcome == "conditional_go" and not drafted.conditions:
        raise CommandError("a conditional go has conditions: draft them with 'pmo gate condition'")
    if outcome == "hold" and not (drafted.until and drafted.awaits):
        raise CommandError(
            "a hold says until when and what is awaited:"
            " 'pmo gate put REVIEW --until 2026-03-31 --awaits \"...\"'"
        )
    declared = gate_named(c.under(review), review.gate)
    if outcome in {"go", "conditional_go"} and declared.resources and not drafted.resources:
        raise CommandError(
            f"gate {declared.id} gives the resources with the decision: say which with"
            " 'pmo gate put REVIEW --resources \"...\"'"
        )
