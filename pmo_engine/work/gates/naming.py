"""A gate and its review as commands name them: which there are, and what people call them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_engine.model.vocabulary import A_GATE, MANDATE
from pmo_engine.policy.gates import later
from pmo_engine.policy.selection import head_of
from pmo_engine.work.errors import CommandError, Refusal
from pmo_engine.work.notices.papers import GATE_PACK
from pmo_engine.work.notices.papers import MANDATE as OF_PROPOSAL
from pmo_engine.work.obligations import Subject

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pmo_engine.policy import Gate
    from pmo_engine.policy.decision import Obligation as AskedFor
    from pmo_engine.store import tables
    from pmo_engine.work.governance import Context

MANAGER = "project_manager"
PACK = "pack"
"""The detail of a review that keeps the pack that its body is asked on."""


def gate_named(c: Context, name: str) -> Gate:
    """Find a gate by its id; raises CommandError."""
    if name not in c.policy.gates:
        known = ", ".join(sorted(c.policy.gates)) or "none"
        raise CommandError(f"no gate is called '{name}'; the policy has {known}")
    return c.policy.gates[name]


def may_be_opened(c: Context, project: tables.Project, declared: Gate) -> str:
    """Say why a gate of a project cannot be opened; empty where it can."""
    if not _is_before(c, project.stage, declared):
        return (
            f"{project.id} is in stage '{project.stage}', and gate {declared.id} leads out of "
            f"'{declared.from_stage}'"
        )
    if c.uow.gate_reviews.open_for(project.id, declared.id) is not None:
        return f"gate {declared.id} of {project.id} is under review already"
    return ""


def _is_before(c: Context, stage: str, declared: Gate) -> bool:
    """Tell whether a gate is the next one in a stage, or is held again in it."""
    if stage == declared.from_stage:
        return True
    led_to = later(c.policy.gates.values(), declared.from_stage)
    return declared.repeats and stage in {*led_to, *declared.behind}


def giver_of(c: Context, declared: Gate, role: str = "") -> str:
    """Name the role that gives what a gate asks of a project: the one named, or its manager."""
    usual = MANAGER if MANAGER in c.policy.roles else head_of(c.policy)
    return role or usual or declared.decided_by


def decides(asked: AskedFor | tables.Obligation, declared: Gate) -> bool:
    """Tell whether what is asked is a gate's decision, and not another act of the same body."""
    return (asked.kind, asked.target, asked.act) == ("approval", declared.decided_by, "")


def title_of(review: tables.GateReview) -> str:
    """Say how people call a review."""
    return f"Gate {review.gate} of {review.project}"


def subject_of(review: tables.GateReview) -> Subject:
    """Give what obligations about a review are about."""
    return Subject(
        review.id,
        review.project,
        title_of(review),
        review.opened_by,
        review.revision,
        A_GATE,
        review,
        review.opened_at,
        papers=tuple(_papers(review)),
    )


def _papers(review: tables.GateReview) -> Iterator[str]:
    """Name what goes to the body with the question."""
    if PACK in review.details:
        yield f"{GATE_PACK}/{review.id}"
    if MANDATE in review.details:
        yield f"{OF_PROPOSAL}/{review.details[MANDATE]}"


def require_open(review: tables.GateReview, what: str) -> None:
    """Refuse what comes after the decision."""
    if review.status != "closed" or review.closed_at is None:
        return
    decided = f"{review.closed_at.date()}: {str(review.outcome).replace('_', ' ')}"
    raise Refusal(
        f"gate {review.gate} of {review.project} is closed, decided on {decided};"
        f" {what} comes too late"
    )
