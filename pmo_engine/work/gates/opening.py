"""A review of a gate begins: by hand, by the clock, by an event, or because it is opened again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_engine.model.vocabulary import MANDATE
from pmo_engine.store import tables
from pmo_engine.work.gates.naming import title_of

if TYPE_CHECKING:
    from pmo_engine.policy import Gate
    from pmo_engine.work.command import Command


STAGE = "stage"
"""The detail of a review that keeps in which stage a project was when its gate was put first."""


def stage_before(review: tables.GateReview | None) -> str | None:
    """Give in which stage a project was before a gate, which may have been opened again since."""
    return None if review is None else review.details.get(STAGE)


def begin_review(
    c: Command,
    project: tables.Project,
    declared: Gate,
    *,
    why: str = "",
    reopens: tables.GateReview | None = None,
    mandate: str | None = None,
) -> tables.GateReview:
    """Begin a review of a gate of a project, which is locked, and ask whoever is asked for it.

    ``mandate``: the id of the proposal whose mandate goes to the body beside the pack.
    """
    from pmo_engine.work.gates import course  # noqa: PLC0415 - what follows a decision comes here

    review = tables.GateReview(
        project=project.id,
        gate=declared.id,
        opened_at=c.now,
        opened_by=c.actor,
        policy_digest=c.policy.digest,
        reopens=None if reopens is None else reopens.id,
        details={
            STAGE: stage_before(reopens) or project.stage,
            **({"why": why} if why else {}),
            **({MANDATE: mandate} if mandate else {}),
        },
    )
    c.uow.gate_reviews.add(review, title_of(review), c.actor)
    told = {"review": review.id, "gate": declared.id, **({"why": why} if why else {})}
    c.journal("gate.opened", told, project.id, review.id)
    if declared.assessments:
        c.uow.outbox.add(course.flow_request(c, review))
    course.ask_people(c, review, course.decide_gate(c, review, "gate.opened"))
    course.move_on(c, review)
    return review
