"""Gate reviews and their assessments."""

from datetime import UTC, date, datetime, timedelta

import pytest

from pmo_engine.model.durations import Span
from pmo_engine.store.errors import NotFound, Refused, StaleVersion
from pmo_engine.store.tables import Assessment, GateReview, GivenEvidence

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def assessed(role="risk", result="met", **values):
    given = {"review_id": "r-1", "revision": 1, "at": AT, "by": "flow"}
    return Assessment(role=role, result=result, **given | values)


@pytest.fixture
def review(work, portfolio):
    with work() as uow:
        return uow.gate_reviews.add(
            GateReview(id="r-1", project="P-1", gate="G2", opened_at=AT, opened_by="ana")
        )


def test_the_open_review_of_a_gate_is_found(db, work, review):
    with db.read() as uow:
        assert uow.gate_reviews.open_for("P-1", "G2").id == "r-1"
        assert uow.gate_reviews.open_for("P-1", "G3") is None
        assert uow.gate_reviews.open_for("P-2", "G2") is None
        assert [r.id for r in uow.gate_reviews.with_status("assessing", "closed")] == ["r-1"]
        assert uow.gate_reviews.with_status("awaiting_decision") == []


def test_a_review_is_closed_with_its_outcome(db, work, review):
    with work(hours=1) as uow:
        locked = uow.gate_reviews.lock("r-1")
        uow.gate_reviews.change(locked, status="awaiting_decision", attempt=2)
        uow.gate_reviews.close(locked, "conditional_go")
    with db.read() as uow:
        assert uow.gate_reviews.open_for("P-1", "G2") is None
        (closed,) = uow.gate_reviews.of_project("P-1")
    assert (closed.status, closed.outcome, closed.version) == ("closed", "conditional_go", 3)
    assert (closed.closed_at, closed.attempt) == (AT + timedelta(hours=1), 2)
    with pytest.raises(StaleVersion, match="gate review 'r-1'"), work() as uow:
        uow.gate_reviews.change(uow.gate_reviews.get("r-1"), expected=2, attempt=3)


def test_an_assessment_is_recorded_once(db, work, review):
    with work() as uow:
        first = uow.assessments.record(assessed(findings=["all is well"], figures={"n": 3}))
        assert (first.result, first.findings) == ("met", ["all is well"])
    with work() as uow:
        again = uow.assessments.record(assessed(result="not_met", by="another flow"))
        assert (again.result, again.by, again.figures) == ("met", "flow", {"n": 3})
    with work() as uow:
        other = uow.assessments.record(assessed(result="not_met", revision=2))
        assert other.result == "not_met"
    with db.read() as uow:
        assert [a.result for a in uow.assessments.of_review("r-1", 1)] == ["met"]


def test_an_assessment_of_a_review_opened_just_now(work, portfolio):
    with work() as uow:
        uow.gate_reviews.add(
            GateReview(id="r-1", project="P-1", gate="G2", opened_at=AT, opened_by="ana")
        )
        assert uow.assessments.record(assessed()).role == "risk"


def test_who_was_asked_answers_once(db, work, review):
    with work() as uow:
        asked = uow.assessments.record(
            assessed("finance", "asked", asked_of="finance_officer", within=Span(3, "working_day"))
        )
    with work(hours=5) as uow:
        answered = uow.assessments.answer(asked, result="not_met", findings=["over budget"])
        assert (answered.result, answered.by) == ("not_met", "ana")
        assert answered.at == AT + timedelta(hours=5)
        assert (answered.asked_of, answered.within) == ("finance_officer", Span(3, "working_day"))
    with pytest.raises(Refused, match="by finance does not wait"), work() as uow:
        uow.assessments.answer(asked, result="met")
    with db.read() as uow:
        assert uow.assessments.get("r-1", 1, "finance").result == "not_met"


def test_assessments_are_listed_by_role(db, work, review):
    with work() as uow:
        for role in ("risk", "benefits"):
            uow.assessments.record(assessed(role))
    with db.read() as uow:
        assert [a.role for a in uow.assessments.of_review("r-1", 1)] == ["benefits", "risk"]
        with pytest.raises(NotFound, match="no assessment 'r-1/1/quality'"):
            uow.assessments.get("r-1", 1, "quality")


def shown(id, **values):
    given = {"review_id": "r-1", "evidence": "case", "kind": "document", "reference": id}
    return GivenEvidence(id=id, dated=date(2026, 3, 1), at=AT, by="ana", **given | values)


def test_of_evidence_of_one_moment_the_last_counts_whatever_its_id(db, work, review):
    with work() as uow:
        numbers = [uow.evidence.add(shown("b")).number, uow.evidence.add(shown("a")).number]
    with work() as uow:
        uow.gate_reviews.add(
            GateReview(id="r-2", project="P-1", gate="G3", opened_at=AT, opened_by="ana")
        )
        other = uow.evidence.add(shown("0", review_id="r-2")).number
        numbers.append(uow.evidence.add(shown("c", evidence="plan")).number)
    assert (numbers, other) == ([1, 2, 3], 1)
    with db.read() as uow:
        assert [each.id for each in uow.evidence.of_review("r-1")] == ["b", "a", "c"]
        latest = uow.evidence.latest("r-1")
    assert {evidence: each.id for evidence, each in latest.items()} == {"case": "a", "plan": "c"}
