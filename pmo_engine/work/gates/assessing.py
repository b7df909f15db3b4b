"""What functional roles find at a gate: kept once, and asked of people where it is theirs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_engine.feel.wire import to_json
from pmo_engine.policy.decision import Obligation
from pmo_engine.queries.reviews import RecordedAssessment
from pmo_engine.roles.base import Assessment
from pmo_engine.store import tables
from pmo_engine.work.gates.naming import gate_named, subject_of
from pmo_engine.work.obligations import Asked, open_obligation

if TYPE_CHECKING:
    from pmo_engine.policy.gates import Assessing
    from pmo_engine.work.command import Command
    from pmo_engine.work.governance import Context


def of_person(how: Assessing) -> Assessment:
    """Give the assessment that whoever performs a role gives in person: it is asked for."""
    return Assessment(result="asked", of=how.role, within=how.within)


def ask_in_person(c: Command, review: tables.GateReview) -> None:
    """Ask for the assessments that people give, where nobody is asked yet; no flow is needed."""
    known = {row.role for row in c.uow.assessments.of_review(review.id, review.revision)}
    declared = gate_named(c, review.gate)
    for how in (declared.how(each) for each in declared.assessments if each not in known):
        if how.in_person:
            record(c, review, how.role, of_person(how))


def record(c: Command, review: tables.GateReview, role: str, made: Assessment) -> tables.Assessment:
    """Keep what a functional role found, once; whoever has to say it is asked.

    Gives what counts: this, or what was kept before. ``c`` is under the review's version.
    """
    before = {row.role for row in c.uow.assessments.of_review(review.id, review.revision)}
    row = c.uow.assessments.record(_row(c, review, role, made))
    if role not in before:
        found = recorded(c, row).model_dump(mode="json", exclude={"name"})
        c.journal("gate.assessed", {"review": review.id, **found}, review.project, review.id)
        if row.result == "asked":
            _ask(c, review, row)
    return row


def recorded(c: Context, row: tables.Assessment) -> RecordedAssessment:
    """Give an assessment as it is told."""
    return RecordedAssessment(
        role=row.role,
        result=row.result,
        findings=row.findings,
        missing=row.missing,
        figures=row.figures,
        asked_of=row.asked_of,
        by=row.by,
        name=c.uow.people.name_of(row.by),
        at=row.at.isoformat(),
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
    how = gate_named(c, review.gate).how(row.role)
    item = Obligation(
        "assessment",
        review.gate,
        row.role,
        "shall",
        role=row.asked_of,
        within=row.within,
        ladder=how.ladder,
    )
    reasons = (f"{row.role} needs a person's judgement for gate {review.gate}.",)
    asked = Asked(item, reasons, decision)
    open_obligation(c, subject_of(review), asked, independent=how.independent)
