"""What a decided gate leaves to be done, and how it comes to be opened again by itself.

A condition of a conditional go, and what a hold awaits, is an obligation of the holders of a role.
Where a condition lapses the gate is opened again, and the body is told; so it is when a hold is
over, or when what it awaits is there.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time
from typing import TYPE_CHECKING

from pmo_engine.model.vocabulary import CLOSED, STOPPED
from pmo_engine.policy.decision import Obligation, WhenTimeIsUp
from pmo_engine.work.gates.naming import gate_named, giver_of, subject_of, title_of
from pmo_engine.work.gates.opening import begin_review
from pmo_engine.work.gates.put import Task, put_of
from pmo_engine.work.governance import SYSTEM
from pmo_engine.work.notices import wording as notices
from pmo_engine.work.obligations import Asked, open_obligation
from pmo_engine.work.people.held import holders

if TYPE_CHECKING:
    from pmo_engine.store import tables
    from pmo_engine.work.command import Command
    from pmo_engine.work.governance import Context

LAST = time(23, 59)
LAPSES = WhenTimeIsUp("lapses")


def leave_behind(c: Command, review: tables.GateReview) -> None:
    """Ask for what the outcome of a gate leaves to be done; ``c`` is under the review's version."""
    drafted = put_of(review)
    if review.outcome == "conditional_go":
        for number, each in enumerate(drafted.conditions, 1):
            _ask(c, review, each, f"condition {number}")
    if review.outcome == "hold" and drafted.until:
        owner = giver_of(c, gate_named(c, review.gate))
        awaited = Task(text=drafted.awaits, owner=owner, due=drafted.until)
        _ask(c, review, awaited, "what is awaited")
    if review.outcome != "stop":
        for number, each in enumerate(drafted.recommendations, 1):
            _ask(c, review, each, f"recommendation {number}")


def _ask(c: Command, review: tables.GateReview, task: Task, target: str) -> None:
    declared = gate_named(c, review.gate)
    item = Obligation(
        "condition" if task.grade is None else "recommendation",
        declared.id,
        target,
        "shall" if task.grade is None else "should",
        role=task.owner,
        ladder=task.ladder or declared.ladder,
        text=task.text,
        when_time_is_up=LAPSES if task.grade is None else None,
    )
    grade = "" if task.grade is None else f" ({task.grade})"
    asked = Asked(item, (f"{target.capitalize()}{grade}: {task.text}",), _decision(c, review))
    due = datetime.combine(date.fromisoformat(task.due), LAST, c.zone)
    open_obligation(c, subject_of(review), asked, due=due)


def _decision(c: Context, review: tables.GateReview) -> str:
    return c.uow.decisions.of_subject(review.id)[-1].id


def lapsed(c: Command, review: tables.GateReview, row: tables.Obligation) -> None:
    """Open a gate again of which a condition was not met in time, or whose hold is over."""
    text = row.details["text"]
    if review.outcome == "hold":
        open_again(c, review, f"it was held until today, and '{text}' is not there")
    else:
        open_again(c, review, f"the condition '{text}' was not met in time")


def met(c: Command, review: tables.GateReview) -> str:
    """Go on after a condition was met, or what was awaited is there; gives how the gate stands."""
    rows = c.uow.obligations.open_for(review.id)
    waits = [row for row in rows if row.kind == "condition"]
    if review.outcome == "hold" and not waits:
        open_again(c, review, "what it was held for is there")
        return "opened again"
    _tell_body(c, review, "met", "Something that it left to be done is done", f"By {c.actor_name}.")
    return f"{len(waits)} conditions open" if waits else str(review.outcome)


def open_again(c: Command, review: tables.GateReview, why: str) -> None:
    """Open a decided gate again by itself and tell its body; unless somebody has, or it is over."""
    c = replace(c, actor=SYSTEM)
    project = c.uow.projects.lock(review.project)
    if project.status in {CLOSED, STOPPED}:
        return
    if c.uow.gate_reviews.open_for(project.id, review.gate) is None:
        begin_review(c, project, gate_named(c, review.gate), why=why, reopens=review)
    _tell_body(c, review, "again", "It is opened again", f"{why[:1].upper()}{why[1:]}.")


def _tell_body(c: Command, review: tables.GateReview, what: str, said: str, why: str) -> None:
    key = f"{review.id}/{what}/{c.now.isoformat()}"
    people = holders(c, gate_named(c, review.gate).decided_by, review.project)
    subject = f"{title_of(review)}: {said[:1].lower()}{said[1:]}"
    notices.send(c, [notices.notice(c, key, p, subject, why, review.project) for p in people])
