"""Gate reviews and the assessments of the functional roles."""

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import Index, String, bindparam, select, update
from sqlmodel import Field, col

from pmo_engine.model.durations import Span
from pmo_engine.model.life_cycle import GATE_REVIEW, LifeCycle
from pmo_engine.model.vocabulary import A_GATE, Outcome, Result, ReviewStatus
from pmo_engine.store.base import Table, Versioned, always, one_of, only_one, refers_to
from pmo_engine.store.columns import Document, Moment, Shaped, TimeAllowed
from pmo_engine.store.errors import Refused
from pmo_engine.store.repository import Repository
from pmo_engine.store.subjects import SubjectRepository


class GateReview(Versioned, table=True):
    """A gate under review. `revision` counts reassessments, `attempt` the flow runs asked for.

    `policy_digest`: of the version of the policy that it is under. `reopens`: the earlier review
    that it opens again. `details`: why it was opened, what is put to the body, what was decided.
    """

    __tablename__ = "gate_reviews"
    __table_args__ = (
        one_of("status", ReviewStatus),
        one_of("outcome", Outcome),
        always("closed_at", "(status = 'closed') = (closed_at IS NOT NULL)"),
        always("decided", "(status = 'closed') = (outcome IS NOT NULL)"),
        always("version", "version >= 1"),
        only_one("uq_gate_reviews_open", "project", "gate", where="status <> 'closed'"),
        Index("ix_gate_reviews_project_gate", "project", "gate"),
        Index("ix_gate_reviews_opened_at", "opened_at"),
    )

    life_cycle: ClassVar[LifeCycle] = GATE_REVIEW
    id: str = refers_to("subjects.id", default="", primary_key=True)
    project: str = refers_to("projects.id")
    gate: str
    revision: int = 1
    status: ReviewStatus = Field(default="assessing", sa_type=String, index=True)
    opened_at: datetime = Field(sa_type=Moment)
    opened_by: str
    outcome: Outcome | None = Field(default=None, sa_type=String)
    closed_at: datetime | None = Field(default=None, sa_type=Moment)
    attempt: int = 1
    policy_digest: str | None = refers_to("policy_texts.digest", default=None)
    reopens: str | None = refers_to("gate_reviews.id", default=None)
    details: dict[str, Any] = Field(default_factory=dict, sa_type=Shaped("gate_review"))


class Assessment(Table, table=True):
    """What a functional role found in one revision of a review; recorded once."""

    __tablename__ = "assessments"
    __table_args__ = (
        one_of("result", Result),
        always("asked_of", "result <> 'asked' OR asked_of IS NOT NULL"),
    )

    review_id: str = refers_to("gate_reviews.id", primary_key=True)
    revision: int = Field(primary_key=True)
    role: str = Field(primary_key=True)
    result: Result = Field(sa_type=String)
    findings: list[Any] = Field(default_factory=list, sa_type=Document)
    missing: list[Any] = Field(default_factory=list, sa_type=Document)
    figures: dict[str, Any] = Field(default_factory=dict, sa_type=Shaped("assessment"))
    asked_of: str | None = None
    within: Span | None = Field(default=None, sa_type=TimeAllowed)
    at: datetime = Field(sa_type=Moment)
    by: str


class GateReviews(SubjectRepository[GateReview]):
    """Which gates are, and were, under review."""

    model = GateReview
    noun = "gate review"
    kind = A_GATE

    def open_for(self, project: str, gate: str) -> GateReview | None:
        """The one open review of a gate, if there is one."""
        reviews = (review for review in self.of_project(project) if review.gate == gate)
        return next((review for review in reviews if review.status != "closed"), None)

    def put_under(self, review: GateReview, policy_digest: str) -> None:
        """The version of the policy it is under changes; how it stands does not."""
        self._transaction.put_under(review, policy_digest)

    def of_project(self, project: str) -> list[GateReview]:
        """All reviews in a project, oldest first."""
        return self._where(col(GateReview.project) == project)

    def with_status(self, *statuses: ReviewStatus) -> list[GateReview]:
        """The reviews that stand so, in all projects, oldest first."""
        return self._where(col(GateReview.status).in_(statuses))

    def close(self, review: GateReview, outcome: Outcome, reason: str = "") -> GateReview:
        """The review is decided, now, and why is kept with it."""
        at, kept = self._transaction.stamp.at, {"reason": reason} if reason else {}
        details = {**review.details, **kept}
        return self.change(review, status="closed", outcome=outcome, closed_at=at, details=details)

    def _where(self, *conditions: Any) -> list[GateReview]:
        order = (GateReview.opened_at, GateReview.project, GateReview.gate, GateReview.id)
        chosen = select(GateReview).where(*conditions)
        return self._all(chosen.order_by(*(col(column) for column in order)))


_OF_REVIEW = (
    select(Assessment)
    .where(col(Assessment.review_id) == bindparam("review"))
    .where(col(Assessment.revision) == bindparam("revision"))
    .order_by(col(Assessment.role))
)
_OF_ROLE = _OF_REVIEW.where(col(Assessment.role) == bindparam("role"))


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
        found = self._recorded(review_id, revision, role, fresh=True)
        return self._one(f"{review_id}/{revision}/{role}", found)

    def find(self, review_id: str, revision: int, role: str) -> Assessment | None:
        """What one role recorded for this revision, if it did."""
        return next(iter(self._recorded(review_id, revision, role)), None)

    def _recorded(
        self, review_id: str, revision: int, role: str, *, fresh: bool = False
    ) -> list[Assessment]:
        these = {"review": review_id, "revision": revision, "role": role}
        return self._transaction.read(_OF_ROLE, fresh=fresh, **these)

    def of_review(self, review_id: str, revision: int) -> list[Assessment]:
        """What was recorded for this revision, by role."""
        return self._transaction.read(_OF_REVIEW, review=review_id, revision=revision)


def _this(review_id: str, revision: int, role: str) -> tuple[Any, ...]:
    return (
        col(Assessment.review_id) == review_id,
        col(Assessment.revision) == revision,
        col(Assessment.role) == role,
    )
