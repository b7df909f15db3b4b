"""The course of a gate review: from its assessments to the body that decides, and to its close."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pmo_engine.authority.titles import role_in_words
from pmo_engine.decisions.gate_standing import PASSING
from pmo_engine.documents.boards.gate_pack import summary
from pmo_engine.model.vocabulary import GATE_CLOSED
from pmo_engine.policy.decision import Obligation
from pmo_engine.prose.values import joined
from pmo_engine.store import tables
from pmo_engine.work.approvals.bodies import bodies_of
from pmo_engine.work.approvals.deciding import prevailing_outcome
from pmo_engine.work.approvals.departing import departs
from pmo_engine.work.approvals.taking_back import take_back
from pmo_engine.work.errors import CommandError
from pmo_engine.work.gates.advising import advice, advise_again, let_vote_on_what_is_left
from pmo_engine.work.gates.after import leave_behind
from pmo_engine.work.gates.assessing import ask_in_person
from pmo_engine.work.gates.by_rules import gate_event
from pmo_engine.work.gates.evidence import ask_for_evidence
from pmo_engine.work.gates.judging import (
    ask_judges,
    keep_judgements,
    standing_at,
    unjudged,
)
from pmo_engine.work.gates.naming import decides, gate_named, subject_of, title_of
from pmo_engine.work.gates.opening import stage_before
from pmo_engine.work.gates.packs import finder_in_words, freeze
from pmo_engine.work.gates.put import put_of
from pmo_engine.work.governance import SYSTEM
from pmo_engine.work.notices import wording as notices
from pmo_engine.work.obligations import Asked, open_obligation
from pmo_engine.work.people.held import holders
from pmo_engine.work.people.project_states import after_gate
from pmo_engine.work.planning.stages import stage_begins
from pmo_engine.work.records.settlement import keep_decision
from pmo_engine.work.subjects import Ballot
from pmo_engine.work.unjudged import tell_faults

if TYPE_CHECKING:
    from pmo_engine.policy import Gate
    from pmo_engine.store.tables import Choice, Outcome, ReviewStatus
    from pmo_engine.work.command import Command
    from pmo_engine.work.governance import Context

STAGE_GATE = "stage-gate"
GATE_PACK = "gate-pack"


def flow_request(c: Context, review: tables.GateReview) -> tables.Message:
    """Ask for the flow that assesses a review; each attempt is a run of its own."""
    key = f"{review.id}/{review.revision}/{review.attempt}"
    return notices.flow_request(c, STAGE_GATE, key, {"review_id": review.id})


def move_on(c: Command, review: tables.GateReview) -> None:
    """Bring a review to where its assessments let it be."""
    declared = gate_named(c, review.gate)
    rows = c.uow.assessments.of_review(review.id, review.revision)
    if set(declared.assessments) - {row.role for row in rows}:
        return
    asked = any(row.result == "asked" for row in rows) or bool(unjudged(c, review, declared))
    status: ReviewStatus = "awaiting_assessments" if asked else "awaiting_decision"
    if review.status == status:
        advise_again(c, review)
        return
    c.uow.gate_reviews.change(review, status=status)
    _tell(c, review, f"gate.{status}")
    if not asked:
        _ask_body(c, review, declared, rows)


def follow(c: Command, review: tables.GateReview) -> None:
    """Go on with a review that has come under the desk's version of the policy.

    Where the version asks for more assessments, it waits for these first.
    """
    declared = gate_named(c, review.gate)
    rows = c.uow.assessments.of_review(review.id, review.revision)
    missing = set(declared.assessments) - {row.role for row in rows}
    ask_people(c, review, c.uow.decisions.of_subject(review.id)[-1].id)
    if missing and review.status != "assessing":
        c.uow.gate_reviews.change(review, status="assessing", attempt=review.attempt + 1)
        c.uow.outbox.add(flow_request(c, review))
        _tell(c, review, "gate.assessing")
    if review.status != "awaiting_decision":
        move_on(c, review)


def ask_people(c: Command, review: tables.GateReview, decision: str) -> None:
    """Ask for the assessments in person, judgements and evidence that nobody is asked for yet."""
    ask_in_person(c, review)
    ask_judges(c, review, decision)
    ask_for_evidence(c, review, decision)


def _tell(c: Command, review: tables.GateReview, kind: str) -> None:
    c.journal(kind, {"review": review.id}, review.project, review.id)


def _ask_body(
    c: Command,
    review: tables.GateReview,
    declared: Gate,
    rows: list[tables.Assessment],
) -> None:
    pack = freeze(c, review)
    decision = decide_gate(c, review, "gate.assessed")
    standing = c.uow.obligations.open_for(review.id)
    if any(decides(row, declared) for row in standing):
        return  # a rule asks the body already
    item = body_approval(declared)
    found = summary(rows, finder_in_words(c, review.project))
    reasons = (pack.question, *found, *advice(c, review, pack.recommendation))
    open_obligation(c, subject_of(review), Asked(item, reasons, decision))


def body_approval(declared: Gate) -> Obligation:
    """Give the obligation of the body that decides a gate."""
    return Obligation(
        "approval",
        declared.id,
        declared.decided_by,
        "shall",
        role=declared.decided_by,
        within=declared.within,
        ladder=declared.ladder,
        clause=declared.title,
        when_time_is_up=declared.when_time_is_up,
    )


def decide_gate(c: Command, review: tables.GateReview, name: str) -> str:
    """Let the policy's rules speak about a gate, and keep what they say; gives its id."""
    event = gate_event(c, review, name)
    decision = c.rules.engine.decide(event)
    row = keep_decision(c, event, decision, review.id, review.version)
    subject = subject_of(review)
    for item in decision.obligations:
        if item.kind not in {"notice", "block"}:
            open_obligation(c, subject, Asked(item, decision.reasons(item), row.id))
    tell_faults(c, row, title_of(review))
    return row.id


def settle(c: Command, review: tables.GateReview, ballot: Ballot) -> str:
    """Close a gate once its body has decided and nobody else's approval is waited for.

    One approval that is refused refuses it. Which outcome it is, the body says; where it is not
    left any more, the body is asked anew.
    """
    if ballot.choice == "reject":
        return close_review(c, review, ballot)
    decided = _decided(c, review, ballot)
    if decided is None:
        return review.status
    outcome = outcome_of(gate_named(c, review.gate), decided)
    if outcome in PASSING and let_vote_on_what_is_left(c, review):
        return review.status
    return close_review(c, review, replace(decided, reason=ballot.reason))


def _decided(c: Command, review: tables.GateReview, ballot: Ballot) -> Ballot | None:
    """Give what the body has decided, where nothing that binds is still to be approved.

    The ``ballot`` says why what should be approved too is not waited for, where there is such.
    """
    if review.status != "awaiting_decision":
        return None  # it has not been put to the body
    declared = gate_named(c, review.gate)
    rows = [each for each in c.uow.obligations.of_subject(review.id) if each.kind == "approval"]
    if any(each.status == "open" and each.binding == "shall" for each in rows):
        return None
    given = [
        each
        for each in rows
        if decides(each, declared)
        and (each.status, each.subject_version) == ("met", review.revision)
    ]
    if not given or not departs(c, rows, ballot):
        return None
    outcome = prevailing_outcome(c.uow.votes.current(given[-1].id), "approve")
    return Ballot(given[-1], "approve", "", outcome)


def close_review(c: Command, review: tables.GateReview, ballot: Ballot) -> str:
    """Close a gate by the vote that decided it; where it may pass, the stage moves."""
    declared = gate_named(c, review.gate)
    chosen = outcome_of(declared, ballot)
    keep_judgements(c, review, standing_at(c, review))
    c.uow.gate_reviews.close(review, chosen, ballot.reason)
    by = _decided_by(c, ballot.approval)
    why = f"It is decided by {by}: {chosen.replace('_', ' ')}."
    take_back(c, c.uow.obligations.open_for(review.id), why, _hear_outcome(c, review))
    project = c.uow.projects.lock(review.project)
    stage = _stage_after(review, declared, chosen, project.stage)
    if stage != project.stage:
        c.uow.projects.change(project, stage=stage)
        stage_begins(c, project)
    after_gate(c, project, chosen, f"gate {review.gate} is decided: {chosen.replace('_', ' ')}")
    body = {"review": review.id, "gate": review.gate, "outcome": chosen, "stage": project.stage}
    c.journal(GATE_CLOSED, {**body, **_given(review)}, review.project, review.id)
    leave_behind(c, review)
    c.uow.watches.written(review.project)
    _tell_outcome(c, review, chosen, by, ballot.reason)
    return chosen


def _decided_by(c: Command, approval: tables.Obligation) -> str:
    """Name who decided: the body where it voted, and not whose vote was the last one needed."""
    bodies = [] if c.actor == SYSTEM else list(bodies_of(approval))
    return joined([role_in_words(each, c.policy) for each in bodies]) or c.actor_name


def _stage_after(review: tables.GateReview, declared: Gate, chosen: Outcome, stage: str) -> str:
    """Say in which stage a project is then; one that is not let pass again goes back."""
    if chosen in PASSING:
        return declared.to_stage if stage == declared.from_stage else stage
    went_on = review.reopens is not None and stage == declared.to_stage
    return stage_before(review) or declared.from_stage if went_on else stage


def _given(review: tables.GateReview) -> dict[str, str]:
    """Give for the journal what was decided with the outcome."""
    drafted = put_of(review)
    if review.outcome in PASSING:
        return {"resources": drafted.resources} if drafted.resources else {}
    until = {"until": drafted.until, "awaits": drafted.awaits} if drafted.until else {}
    return until if review.outcome == "hold" else {}


def outcome_of(declared: Gate, ballot: Ballot) -> Outcome:
    """Give what a vote decides a gate to be; raises CommandError where it cannot be that."""
    chosen = ballot.outcome or _usual(declared, ballot.choice)
    if chosen not in declared.outcomes:
        known = ", ".join(declared.outcomes)
        raise CommandError(f"'{chosen}' is no outcome of gate {declared.id}; it has {known}")
    if (chosen in PASSING) != (ballot.choice == "approve"):
        other = "reject" if ballot.choice == "approve" else "approve"
        raise CommandError(
            f"'{ballot.choice}' does not go with the outcome '{chosen}': say it with '{other}'"
        )
    return chosen


def hold(c: Command, review: tables.GateReview, approval: tables.Obligation) -> None:
    """Close a gate on which no decision was taken in time: held where it can be."""
    outcomes = gate_named(c, review.gate).outcomes
    held: Outcome | None = "hold" if "hold" in outcomes else None
    close_review(c, review, Ballot(approval, "reject", "no decision in time", held))


def _usual(declared: Gate, choice: Choice) -> Outcome:
    """Take an approval for go, and a rejection for the first outcome that does not pass."""
    passing = choice == "approve"
    fitting: list[Any] = [name for name in declared.outcomes if (name in PASSING) == passing]
    if not fitting:
        raise CommandError(f"gate {declared.id} has no outcome for '{choice}'")
    outcome: Outcome = fitting[0]
    return outcome


def _hear_outcome(c: Context, review: tables.GateReview) -> set[str]:
    by = {review.opened_by} - {SYSTEM}
    return by | set(holders(c, "project_manager", review.project))


def _tell_outcome(
    c: Command, review: tables.GateReview, outcome: str, by: str, reason: str
) -> None:
    subject = f"{title_of(review)}: {outcome.replace('_', ' ')}"
    key = f"{review.id}/closed"
    given = [f"{name.capitalize()}: {said}." for name, said in _given(review).items()]
    body = "\n".join([f"Decided by {by}{f': {reason}' if reason else '.'}", *given])
    messages = [
        notices.notice(c, key, person, subject, body, review.project)
        for person in sorted(_hear_outcome(c, review))
    ]
    messages.append(
        notices.flow_request(c, GATE_PACK, f"{GATE_PACK}/{review.id}", {"review_id": review.id})
    )
    notices.send(c, messages)
