"""What a gate review was decided on: how each criterion was judged, and what was shown."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import String, UniqueConstraint, func, select, update
from sqlmodel import Field, col

from pmo_engine.model.vocabulary import EvidenceKind, Judged
from pmo_engine.store.base import Identified, Table, always, one_of, refers_to
from pmo_engine.store.columns import Document, Moment
from pmo_engine.store.errors import Refused
from pmo_engine.store.repository import IdRepository, Repository


class Judgement(Table, table=True):
    """How a criterion was judged in one revision of a review; once.

    `score`: of a should, a number from 0 to 10 as text. `asked_of`: the role that judges it; none
    where an expression does. `by`: who judged it, or the engine.
    """

    __tablename__ = "judgements"
    __table_args__ = (one_of("answer", Judged),)

    review_id: str = refers_to("gate_reviews.id", primary_key=True)
    revision: int = Field(primary_key=True)
    criterion: str = Field(primary_key=True)
    answer: Judged = Field(sa_type=String)
    score: str | None = None
    findings: list[Any] = Field(default_factory=list, sa_type=Document)
    asked_of: str | None = None
    at: datetime = Field(sa_type=Moment)
    by: str


class GivenEvidence(Identified, table=True):
    """What somebody showed at a gate; of several for one thing, the last counts.

    `number`: which it was of all that was shown at the review, from 1; the repository counts.
    `reference`: the entry as register and key, the name of a file, or what a document is called.
    `entry_version`: of the entry as it was shown. `digest`: SHA-256 of what a file held.
    `dated`: the day from which its age counts.
    """

    __tablename__ = "gate_evidence"
    __table_args__ = (
        one_of("kind", EvidenceKind),
        always("bound", "kind <> 'entry' OR entry_version IS NOT NULL"),
        always("digested", "kind <> 'file' OR digest IS NOT NULL"),
        UniqueConstraint("review_id", "number"),
    )

    review_id: str = refers_to("gate_reviews.id")
    number: int = Field(default=None, nullable=False)
    evidence: str
    kind: EvidenceKind = Field(sa_type=String)
    reference: str
    entry_version: int | None = None
    digest: str | None = None
    dated: date
    note: str = ""
    at: datetime = Field(sa_type=Moment)
    by: str


class Judgements(Repository[Judgement]):
    """How criteria were judged."""

    model = Judgement
    noun = "judgement"

    def add_new(self, rows: list[Judgement]) -> None:
        """Adds those of criteria that are not judged, nor asked about, yet."""
        if rows:
            self._session.flush()
            self._transaction.insert_unless_there(rows, "criterion")

    def answer(self, asked: Judgement, **values: Any) -> None:
        """Whoever was asked judged it: answer, score and findings are set, once.

        Raises:
            Refused: it is judged already.
        """
        stamp = self._transaction.stamp
        mine = (
            col(Judgement.review_id) == asked.review_id,
            col(Judgement.revision) == asked.revision,
            col(Judgement.criterion) == asked.criterion,
            col(Judgement.answer) == "asked",
        )
        judged = update(Judgement).where(*mine).values(at=stamp.at, by=stamp.actor, **values)
        if not self._transaction.update(judged):
            raise Refused(f"the criterion {asked.criterion} is judged already")

    def of_review(self, review_id: str, revision: int) -> list[Judgement]:
        """Those of a revision, as they are now, by criterion."""
        mine = col(Judgement.review_id) == review_id, col(Judgement.revision) == revision
        chosen = select(Judgement).where(*mine).order_by(col(Judgement.criterion))
        return self._all(chosen, fresh=True)


class Evidences(IdRepository[GivenEvidence]):
    """What was shown at gates."""

    model = GivenEvidence
    noun = "evidence"

    def add(self, row: GivenEvidence) -> GivenEvidence:
        """The row, with its id and number, at a review that is locked."""
        self._session.flush()
        mine = col(GivenEvidence.review_id) == row.review_id
        last = self._session.scalar(select(func.max(col(GivenEvidence.number))).where(mine))
        row.number = (last or 0) + 1
        return super().add(row)

    def of_review(self, review_id: str) -> list[GivenEvidence]:
        """All that was shown at a review, in the order in which it was."""
        mine = select(GivenEvidence).where(col(GivenEvidence.review_id) == review_id)
        return self._all(mine.order_by(col(GivenEvidence.number)))

    def latest(self, review_id: str) -> dict[str, GivenEvidence]:
        """What counts of it, by what it is evidence of."""
        return {each.evidence: each for each in self.of_review(review_id)}
