"""Votes: who answered an approval, and how."""

from collections.abc import Collection
from datetime import datetime
from typing import Literal

from sqlalchemy import Index, String, bindparam, select, update
from sqlalchemy.orm.attributes import set_committed_value
from sqlmodel import Field, col

from pmo_engine.model.vocabulary import Capacity, Choice, Outcome
from pmo_engine.store.base import Identified, one_of, only_one, refers_to
from pmo_engine.store.columns import Moment
from pmo_engine.store.obligations import Obligation
from pmo_engine.store.repository import IdRepository, Transaction


class Vote(Identified, table=True):
    """A person's answer to an approval; the current one is not superseded.

    `subject_version`: what they answered about. `role`: the role or body for which it counts, and
    `capacity` how they came to it, `on_behalf_of` somebody or nobody else; both empty where it was
    cast before these were kept. `outcome`: of a gate, which they are for.
    """

    __tablename__ = "votes"
    __table_args__ = (
        one_of("choice", Choice),
        one_of("outcome", Outcome),
        only_one("uq_votes_current", "obligation_id", "person", where="superseded_at IS NULL"),
        Index("ix_votes_obligation_id", "obligation_id"),
    )

    obligation_id: str = refers_to("obligations.id")
    person: str = refers_to("people.id")
    choice: Choice = Field(sa_type=String)
    reason: str = ""
    role: str = ""
    capacity: Capacity | Literal[""] = Field(default="", sa_type=String)
    on_behalf_of: str | None = refers_to("people.id", default=None)
    outcome: Outcome | None = Field(default=None, sa_type=String)
    subject_version: int = 1
    at: datetime = Field(sa_type=Moment)
    superseded_at: datetime | None = Field(default=None, sa_type=Moment)


_ABOUT = (
    select(Obligation, Vote)
    .join(Vote, col(Vote.obligation_id) == col(Obligation.id))
    .where(
        col(Obligation.subject_id).in_(bindparam("subjects", expanding=True)),
        col(Obligation.status).in_(("open", "met")),
        col(Vote.superseded_at).is_(None),
    )
    .order_by(col(Vote.at), col(Vote.person), col(Vote.id))
)


_OF = (
    select(Vote)
    .where(col(Vote.obligation_id) == bindparam("obligation"))
    .order_by(col(Vote.at), col(Vote.person), col(Vote.id))
)


def _as_given(vote: Vote) -> tuple[datetime, str, str]:
    return vote.at, vote.person, vote.id


class Votes(IdRepository[Vote]):
    """Who answered an approval, and how."""

    model = Vote
    noun = "vote"

    def __init__(self, transaction: Transaction) -> None:
        super().__init__(transaction)
        self._read: dict[str, list[Vote]] = {}

    def forget(self) -> None:
        """Reads anew from now on."""
        self._read.clear()

    def begin(self, obligation_id: str) -> None:
        """Nobody has voted on a new obligation: that is not looked up."""
        self._read[obligation_id] = []

    def cast(  # noqa: PLR0913 - all that a vote says
        self,
        obligation_id: str,
        person: str,
        choice: Choice,
        reason: str = "",
        subject_version: int = 1,
        *,
        role: str = "",
        capacity: Capacity | Literal[""] = "",
        on_behalf_of: str | None = None,
        outcome: Outcome | None = None,
    ) -> Vote:
        """The person's vote from now on; one that they cast before, or others for them, is kept."""
        at, before = self._transaction.stamp.at, self.all_of(obligation_id)
        made = Vote(
            obligation_id=obligation_id,
            person=person,
            choice=choice,
            reason=reason,
            role=role,
            capacity=capacity,
            on_behalf_of=on_behalf_of,
            outcome=outcome,
            subject_version=subject_version,
            at=at,
        )
        self.forget()
        theirs = [each for each in before if person in {each.person, each.on_behalf_of}]
        if standing := [each for each in theirs if each.superseded_at is None]:
            self._supersede(standing)
            return self.add(made)
        self._read[obligation_id] = sorted([*before, self.add(made)], key=_as_given)
        return made

    def _supersede(self, votes: Collection[Vote]) -> None:
        at = self._transaction.stamp.at
        chosen = col(Vote.id).in_([each.id for each in votes])
        self._transaction.update(update(Vote).where(chosen).values(superseded_at=at))
        for each in votes:
            set_committed_value(each, "superseded_at", at)

    def count_for(self, vote: Vote, role: str) -> None:
        """A vote counts for another role of its person's than that for which it was cast."""
        self.forget()
        self._transaction.update(update(Vote).where(col(Vote.id) == vote.id).values(role=role))
        vote.role = role

    def make_void(self, vote: Vote) -> None:
        """A vote does not count from now on, and is kept as those that were superseded are."""
        self.forget()
        self._supersede([vote])

    def subjects_of(self, persons: Collection[str]) -> list[str]:
        """The subjects on which these have votes that count."""
        chosen = (
            select(col(Obligation.subject_id))
            .join(Vote, col(Vote.obligation_id) == col(Obligation.id))
            .where(
                col(Vote.person).in_(sorted(persons)),
                col(Vote.superseded_at).is_(None),
                col(Obligation.status).in_(("open", "met")),
            )
            .distinct()
            .order_by(col(Obligation.subject_id))
        )
        return list(self._session.scalars(chosen))

    def about(self, subjects: Collection[str]) -> list[tuple[Obligation, Vote]]:
        """The current votes on open and met approvals of some subjects, as they were given."""
        rows = self._session.read(_ABOUT, subjects=list(subjects))
        return [(obligation, vote) for obligation, vote in rows]

    def current(self, obligation_id: str) -> list[Vote]:
        """One vote per person, in the order in which they were given."""
        return [vote for vote in self.all_of(obligation_id) if vote.superseded_at is None]

    def all_of(self, obligation_id: str) -> list[Vote]:
        """Every vote, superseded ones included, in the order in which they were given."""
        if obligation_id not in self._read:
            self._read[obligation_id] = self._transaction.read(_OF, obligation=obligation_id)
        return [*self._read[obligation_id]]
