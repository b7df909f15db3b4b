"""The course of a gate review: from its assessments to the body that decides, and to its close."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pmo_engine.feel.values import Record
from pmo_engine.policy.decision import Obligation
from pmo_engine.policy.events import Event, make_event
from pmo_engine.store import tables
from pmo_engine.work.errors import CommandError
from pmo_engine.work.facts import project_facts
from pmo_engine.work.notices import wording as notices
from pmo_engine.work.obligations import Subject, close_all, open_obligation
from pmo_engine.work.records.settlement import keep_decision

if TYPE_CHECKING:
    from pmo_engine.policy import Gate
    from pmo_engine.store.unit_of_work import UnitOfWork
    from pmo_engine.work.rulebook import Desk

STAGE_GATE = "stage-gate"
GATE_PACK = "gate-pack"
PASSING = frozenset({"go", "conditional_go"})


def gate_named(desk: Desk, name: str) -> Gate:
    """Find a gate by its id; raises CommandError."""
    if name not in desk.policy.gates:
        known = ", ".join(sorted(desk.policy.gates)) or "none"
        raise CommandError(f"no gate is called '{name}'; the policy has {known}")
    return desk.policy.gates[name]


def flow_request(desk: Desk, review: tables.GateReview) -> tables.Message:
    """Ask for the flow that assesses a review; each attempt is a run of its own."""
    key = f"{review.id}/{review.revision}/{review.attempt}"
    return notices.flow_request(desk, STAGE_GATE, key, {"review_id": review.id})


def move_on(desk: Desk, uow: UnitOfWork, review: tables.GateReview) -> None:
    """Bring a review to where its assessments let it be."""
    declared = gate_named(desk, review.gate)
    rows = uow.assessments.of_review(review.id, review.revision)
    if set(declared.assessments) - {row.role for row in rows}:
        return
    asked = any(row.result == "asked" for row in rows)
    status: tables.ReviewStatus = "awaiting_assessments" if asked else "awaiting_decision"
    if review.status == status:
        return
    uow.gate_reviews.change(review, status=status)
    uow.journal.add(review.project, f"gate.{status}", {"review": review.id})
    if not asked:
        _ask_body(desk, uow, review, declared, rows)


def follow(desk: Desk, uow: UnitOfWork, review: tables.GateReview) -> None:
    """Go on with a review that has come under the desk's version of the policy.

    Where the version asks for more assessments, it waits for these first.
    """
    declared = gate_named(desk, review.gate)
    rows = uow.assessments.of_review(review.id, review.revision)
    missing = set(declared.assessments) - {row.role for row in rows}
    if missing and review.status != "assessing":
        uow.gate_reviews.change(review, status="assessing", attempt=review.attempt + 1)
        uow.outbox.add(flow_request(desk, review))
        uow.journal.add(review.project, "gate.assessing", {"review": review.id})
    elif review.status != "awaiting_decision":
        move_on(desk, uow, review)


def _ask_body(
    desk: Desk,
    uow: UnitOfWork,
    review: tables.GateReview,
    declared: Gate,
    rows: list[tables.Assessment],
) -> None:
    decision = decide_gate(desk, uow, review, "gate.assessed")
    standing = uow.obligations.open_for("gate_review", review.id)
    if any(row.kind == "approval" and row.target == declared.decided_by for row in standing):
        return  # a rule asks the body already
    item = body_approval(declared)
    open_obligation(desk, uow, subject_of(review), item, summary(rows), decision)


def body_approval(declared: Gate) -> Obligation:
    """Give the obligation of the body that decides a gate."""
    return Obligation(
        "approval",
        declared.id,
        declared.decided_by,
        "shall",
        role=declared.decided_by,
        within=None if declared.within is None else str(declared.within),
        ladder=declared.ladder,
        clause=declared.title,
    )


def summary(rows: list[tables.Assessment]) -> tuple[str, ...]:
    """Say in a few sentences what the functional roles found."""
    met = sum(row.result == "met" for row in rows)
    lines = [f"{met} of {len(rows)} assessments are met."]
    for row in rows:
        if row.result == "not_met":
            lines.append(f"{row.role}: {'; '.join(str(item) for item in row.findings)}.")
        elif row.result == "cannot_tell":
            lines.append(f"{row.role} cannot tell without {', '.join(map(str, row.missing))}.")
    return tuple(lines)


def subject_of(review: tables.GateReview) -> Subject:
    """Say how people call a review."""
    title = f"Gate {review.gate} of {review.project}"
    return Subject("gate_review", review.id, review.project, title, review.opened_by)


def decide_gate(desk: Desk, uow: UnitOfWork, review: tables.GateReview, name: str) -> str:
    """Let the policy's rules speak about a gate, and keep what they say; gives its id."""
    event = gate_event(desk, uow, review, name)
    decision = desk.engine.decide(event)
    row = keep_decision(uow, event, decision, "gate_review", review.id, review.version)
    subject = subject_of(review)
    for item in decision.obligations:
        if item.kind not in {"notice", "block"}:
            open_obligation(desk, uow, subject, item, decision.reasons(item), row.id)
    return row.id


def gate_event(desk: Desk, uow: UnitOfWork, review: tables.GateReview, name: str) -> Event:
    """Give the event that something happened to a review, with all facts that rules look at."""
    project = uow.projects.get(review.project)
    facts = project_facts(desk, uow, project, desk.looked_at(name))
    facts["gate"] = Record("gate", {"id": review.gate})
    return make_event(desk.policy, name, desk.clock.now(), facts, project.id)


def close_review(
    desk: Desk,
    uow: UnitOfWork,
    row: tables.Obligation,
    by: str,
    choice: tables.Choice,
    outcome: tables.Outcome | None,
) -> str:
    """Close a gate by the vote that decided it; where it may pass, the stage moves."""
    review = uow.gate_reviews.lock(row.subject_id)
    declared = gate_named(desk.of(review), review.gate)
    chosen = outcome or _usual(declared, choice)
    if chosen not in declared.outcomes:
        known = ", ".join(declared.outcomes)
        raise CommandError(f"'{chosen}' is no outcome of gate {review.gate}; it has {known}")
    if (chosen in PASSING) != (choice == "approve"):
        raise CommandError(f"'{choice}' does not go with the outcome '{chosen}'")
    uow.gate_reviews.close(review, chosen)
    close_all(uow, uow.obligations.open_for("gate_review", review.id), "withdrawn")
    project = uow.projects.get(review.project)
    if chosen in PASSING:
        uow.projects.change(project, stage=declared.to_stage)
    body = {"review": review.id, "gate": review.gate, "outcome": chosen, "stage": project.stage}
    uow.journal.add(review.project, "gate.closed", body)
    _tell_outcome(desk, uow, review, chosen, by)
    return chosen


def _usual(declared: Gate, choice: tables.Choice) -> tables.Outcome:
    """Take an approval for go, and a rejection for the first outcome that does not pass."""
    passing = choice == "approve"
    fitting: list[Any] = [name for name in declared.outcomes if (name in PASSING) == passing]
    if not fitting:
        raise CommandError(f"gate {declared.id} has no outcome for '{choice}'")
    outcome: tables.Outcome = fitting[0]
    return outcome


def _tell_outcome(
    desk: Desk, uow: UnitOfWork, review: tables.GateReview, outcome: str, by: str
) -> None:
    text = outcome.replace("_", " ")
    subject = f"Gate {review.gate} of {review.project}: {text}"
    key = f"{review.id}/closed"
    body = f"Decided by {by}."
    people = {review.opened_by, *notices.holders(desk, uow, "project_manager", review.project)}
    messages = [
        notices.notice(desk, key, person, subject, body, review.project)
        for person in sorted(people)
    ]
    messages.append(
        notices.flow_request(desk, GATE_PACK, f"{GATE_PACK}/{review.id}", {"review_id": review.id})
    )
    notices.send(uow, messages)
