"""Stage gates: opened, assessed by the functional roles, decided by a body, closed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pmo_engine.policy.decision import Obligation
from pmo_engine.policy.events import make_event
from pmo_engine.policy.feel.values import Record
from pmo_engine.roles.base import Assessment, Review
from pmo_engine.roles.registry import assess as assess_with
from pmo_engine.store import tables
from pmo_engine.work import notices
from pmo_engine.work.authorization import require_person, roles_of
from pmo_engine.work.errors import CommandError, Refusal, the_one
from pmo_engine.work.facts import project_facts, records_by_register
from pmo_engine.work.obligations import Subject, close_all, open_obligation
from pmo_engine.work.records import keep_decision

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import timedelta

    from pmo_engine.policy.tree import Gate
    from pmo_engine.store.unit_of_work import UnitOfWork
    from pmo_engine.work.desk import Desk

STAGE_GATE = "stage-gate"
GATE_PACK = "gate-pack"
PASSING = frozenset({"go", "conditional_go"})
SYSTEM = "pmo-engine"


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
                project=project, gate=declared.id, opened_at=desk.clock.now(), opened_by=by
            )
        )
        uow.journal.add(project, "gate.opened", {"review": review.id, "gate": gate})
        uow.outbox.add(flow_request(desk, review))
        _decide(desk, uow, review, "gate.opened")
        return _state(desk, uow, review)


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


def state(desk: Desk, review_id: str) -> ReviewState:
    """Give a review as it stands."""
    with desk.reading() as uow:
        return _state(desk, uow, uow.gate_reviews.get(review_id))


def _state(desk: Desk, uow: UnitOfWork, review: tables.GateReview) -> ReviewState:
    rows = uow.assessments.of_review(review.id, review.revision)
    done = {row.role for row in rows}
    declared = gate_named(desk, review.gate)
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
        before = {row.role for row in uow.assessments.of_review(review.id, review.revision)}
        row = uow.assessments.record(_row(desk, review, role, made, by))
        if role not in before:
            uow.journal.add(
                review.project, "gate.assessed", {"review": review.id, **_assessment(row)}
            )
            if row.result == "asked":
                _ask(desk, uow, review, row)
            _move_on(desk, uow, review)
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
        _move_on(desk, uow, review)
        return _state(desk, uow, review)


def _move_on(desk: Desk, uow: UnitOfWork, review: tables.GateReview) -> None:
    """Bring a review to where its assessments let it be."""
    declared = gate_named(desk, review.gate)
    rows = uow.assessments.of_review(review.id, review.revision)
    if {row.role for row in rows} < set(declared.assessments):
        return
    asked = any(row.result == "asked" for row in rows)
    status: tables.ReviewStatus = "awaiting_assessments" if asked else "awaiting_decision"
    if review.status == status:
        return
    uow.gate_reviews.change(review, status=status)
    uow.journal.add(review.project, f"gate.{status}", {"review": review.id})
    if not asked:
        _ask_body(desk, uow, review, declared, rows)


def _ask_body(
    desk: Desk,
    uow: UnitOfWork,
    review: tables.GateReview,
    declared: Gate,
    rows: list[tables.Assessment],
) -> None:
    decision = _decide(desk, uow, review, "gate.assessed")
    standing = uow.obligations.open_for("gate_review", review.id)
    if any(row.kind == "approval" and row.target == declared.decided_by for row in standing):
        return  # a rule asks the body already
    item = Obligation(
        "approval",
        declared.id,
        declared.decided_by,
        "shall",
        role=declared.decided_by,
        within=None if declared.within is None else str(declared.within),
        ladder=declared.ladder,
        clause=declared.title,
    )
    open_obligation(desk, uow, subject_of(review), item, summary(rows), decision)


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


def _decide(desk: Desk, uow: UnitOfWork, review: tables.GateReview, name: str) -> str:
    """Let the policy's rules speak about a gate, and keep what they say; gives its id."""
    project = uow.projects.get(review.project)
    facts = project_facts(desk, uow, project, desk.looked_at(name))
    facts["gate"] = Record("gate", {"id": review.gate})
    event = make_event(desk.policy, name, desk.clock.now(), facts, project.id)
    decision = desk.engine.decide(event)
    row = keep_decision(uow, event, decision, "gate_review", review.id, review.version)
    subject = subject_of(review)
    for item in decision.obligations:
        if item.kind not in {"notice", "block"}:
            open_obligation(desk, uow, subject, item, decision.reasons(item), row.id)
    return row.id


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
    declared = gate_named(desk, review.gate)
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
