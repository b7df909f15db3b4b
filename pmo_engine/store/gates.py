"""Gate reviews and the assessments of the functional roles."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select, update
from sqlmodel import col

from pmo_engine.store.errors import Refused
from pmo_engine.store.repository import Repository, SubjectRepository
from pmo_engine.store.tables import Assessment, GateReview, Outcome, ReviewStatus


class GateReviews(SubjectRepository[GateReview]):
    """Which gates are, and were, under review."""

    model = GateReview
    noun = "gate review"
    kind = "gate_review"

    def open_for(self, project: str, gate: str) -> GateReview | None:
        """The one open review of a gate, if there is one."""
        reviews = (review for review in self.of_project(project) if review.gate == gate)
        return next((review for review in reviews if review.status != "closed"), None)

    def put_under(self, review: GateReview, policy_digest: str) -> None:
        """The version of the policy it is under changes; how it stands does not."""
        self._transaction.put_under(review, policy_digest)

    def all(self) -> list[GateReview]:
        """All reviews, oldest first."""
        return self._where()

    def of_project(self, project: str) -> list[GateReview]:
        """All reviews in a project, oldest first."""
        return self._where(col(GateReview.project) == project)

    def with_status(self, *statuses: ReviewStatus) -> list[GateReview]:
        """The reviews that stand so, in all projects, oldest first."""
        return self._where(col(GateReview.status).in_(statuses))

    def close(
        self, review: GateReview, outcome: Outcome, expected: int | None = None
    ) -> GateReview:
        """The review is decided, now."""
        at = self._transaction.stamp.at
        return self.change(review, expected, status="closed", outcome=outcome, closed_at=at)

    def _where(self, *conditions: Any) -> list[GateReview]:
        order = (GateReview.opened_at, GateReview.project, GateReview.gate, GateReview.id)
        chosen = select(GateReview).where(*conditions)
        return self._all(chosen.order_by(*(col(column) for column in order)))


class Assessments(Repository[Assessment]):
    """What the functional roles found; once per review, revision and role."""

    model = Assessment
    noun = "assessment"

    def record(self, assessment: Assessment) -> Assessment:
        """The assessment that counts: this one, or the one that was recorded before it."""
        self._transaction.insert_unless_there([assessment], "role")
        return self.get(assessment.review_id, assessment.revision, assessment.role)

    def answer(self, asked: Assessment, **values: Any) -> Assessment:
        """The person who was asked answered: result, findings, missing, figures, at and by are set.

        Raises:
            Refused: it was not waiting for an answer (any more).
        """
        stamp = self._transaction.stamp
        answered = (
            update(Assessment)
            .where(*_this(asked.review_id, asked.revision, asked.role))
            .where(col(Assessment.result) == "asked")
            .values(at=stamp.at, by=stamp.actor, **values)
        )
        if not self._transaction.update(answered):
            raise Refused(f"the assessment by {asked.role} does not wait for an answer")
        return self.get(asked.review_id, asked.revision, asked.role)

    def get(self, review_id: str, revision: int, role: str) -> Assessment:
        """Raises `NotFound`."""
        wanted = select(Assessment).where(*_this(review_id, revision, role))
        return self._one(f"{review_id}/{revision}/{role}", wanted, fresh=True)

    def of_review(self, review_id: str, revision: int) -> list[Assessment]:
        """What was recorded for this revision, by role."""
        mine = select(Assessment).where(
            col(Assessment.review_id) == review_id, col(Assessment.revision) == revision
        )
        return self._all(mine.order_by(col(Assessment.role)))


def _this(review_id: str, revision: int, role: str) -> tuple[Any, ...]:
    return (
        col(Assessment.review_id) == review_id,
        col(Assessment.revision) == revision,
        col(Assessment.role) == role,
    )
