"""What people say about the policy's versions."""

from datetime import datetime

from sqlalchemy import select, update
from sqlmodel import Field, col

from pmo_engine.store.base import Table, always, refers_to
from pmo_engine.store.columns import Moment
from pmo_engine.store.repository import Repository


class PolicyComment(Table, table=True):
    """What somebody says about a version, or about one clause of it; open until answered."""

    __tablename__ = "policy_comments"
    __table_args__ = (always("answered_at", "(answer IS NULL) = (answered_at IS NULL)"),)

    policy_id: str = refers_to("policy_versions.id", primary_key=True)
    number: int = Field(primary_key=True)
    clause: str | None = None
    text: str
    at: datetime = Field(sa_type=Moment)
    by: str
    answer: str | None = None
    answered_at: datetime | None = Field(default=None, sa_type=Moment)
    answered_by: str | None = None


class PolicyComments(Repository[PolicyComment]):
    """What people say about the versions, numbered for each."""

    model = PolicyComment
    noun = "comment"

    def add(self, row: PolicyComment) -> PolicyComment:
        self._session.enter(row)
        return row

    def of_version(self, policy_id: str) -> list[PolicyComment]:
        mine = select(PolicyComment).where(col(PolicyComment.policy_id) == policy_id)
        return self._all(mine.order_by(col(PolicyComment.number)), fresh=True)

    def answer(self, comment: PolicyComment, text: str) -> bool:
        """Answers a comment that is open; False if it was answered before."""
        stamp = self._transaction.stamp
        mine = (
            update(PolicyComment)
            .where(
                col(PolicyComment.policy_id) == comment.policy_id,
                col(PolicyComment.number) == comment.number,
                col(PolicyComment.answer).is_(None),
            )
            .values(answer=text, answered_at=stamp.at, answered_by=stamp.actor)
        )
        return bool(self._transaction.update(mine))
