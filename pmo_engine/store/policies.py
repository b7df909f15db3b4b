"""The policy's versions: their texts, how far each has come, what people say about them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select, update
from sqlmodel import col

from pmo_engine.store.repository import Repository, SubjectRepository
from pmo_engine.store.tables import PolicyComment, PolicyText, PolicyVersion


@dataclass(frozen=True, slots=True, order=True)
class Term:
    """When a version binds: from a moment on; `took_force` once that was carried out.

    The order of terms is that in which they come.
    """

    binds_from: datetime
    decided_at: datetime
    stands: bool  # nothing has superseded it
    version_id: str
    digest: str
    took_force: bool


class PolicyTexts(Repository[PolicyText]):
    """The files of every policy that anything was decided by, by digest."""

    model = PolicyText
    noun = "policy text"

    def keep(self, row: PolicyText) -> None:
        """Keeps a text unless it is there already."""
        self._transaction.insert_unless_there([row], "digest")

    def is_kept(self, digest: str) -> bool:
        """Whether there is one with this digest."""
        kept = select(col(PolicyText.digest)).where(col(PolicyText.digest) == digest)
        return self._session.scalars(kept).first() is not None

    def get(self, digest: str) -> PolicyText:
        """Raises `NotFound`."""
        return self._one(digest, select(PolicyText).where(col(PolicyText.digest) == digest))


_OLDEST_FIRST = (
    col(PolicyVersion.drafted_at),
    col(PolicyVersion.policy_version),
    col(PolicyVersion.id),
)


class PolicyVersions(SubjectRepository[PolicyVersion]):
    """Every version that was ever drafted."""

    model = PolicyVersion
    noun = "policy version"
    kind = "policy_version"

    def all(self) -> list[PolicyVersion]:
        """The oldest draft first."""
        return self._all(select(PolicyVersion).order_by(*_OLDEST_FIRST))

    def called(self, name: str) -> list[PolicyVersion]:
        """Those of this version, or whose digest or id begins so; the oldest draft first."""
        wanted = or_(
            col(PolicyVersion.policy_version) == name,
            col(PolicyVersion.digest).startswith(name, autoescape=True),
            col(PolicyVersion.id).startswith(name, autoescape=True),
        )
        return self._all(select(PolicyVersion).where(wanted).order_by(*_OLDEST_FIRST))

    def terms(self) -> list[Term]:
        """When each version that was ever adopted binds or bound."""
        columns = (
            PolicyVersion.binds_from,
            PolicyVersion.decided_at,
            PolicyVersion.status,
            PolicyVersion.id,
            PolicyVersion.digest,
            PolicyVersion.took_force_at,
        )
        wanted = select(*(col(each) for each in columns)).where(
            col(PolicyVersion.binds_from).is_not(None)
        )
        return [
            Term(binds_from, decided_at, status == "adopted", id, digest, took_force_at is not None)
            for binds_from, decided_at, status, id, digest, took_force_at in self._session.execute(
                wanted
            )
        ]


class PolicyComments(Repository[PolicyComment]):
    """What people say about the versions, numbered for each."""

    model = PolicyComment
    noun = "comment"

    def add(self, row: PolicyComment) -> PolicyComment:
        self._session.add(row)
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
