"""What decisions and obligations are about, of whatever kind."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlmodel import Field, col

from pmo_engine.model.vocabulary import A_PLACE, OFFICE
from pmo_engine.store.base import Identified, refers_to
from pmo_engine.store.columns import Moment
from pmo_engine.store.repository import IdRepository, VersionRepository, VersionRow, by_id


class Subject(Identified, table=True):
    """What decisions and obligations are about, with the id of the row of its own kind.

    `kind`: "entry", "gate_review", "policy_version", or another that a module of its own keeps; a
    "place" is a project, or that of an office, and has the same id.
    `title`: how people call it. One that is about no project is the office's.
    """

    __tablename__ = "subjects"

    kind: str
    project: str | None = refers_to("projects.id", default=None, index=True)
    title: str
    requester: str
    created_at: datetime = Field(sa_type=Moment)

    @property
    def chain(self) -> str:
        """The chain of the journal that tells of it."""
        return self.project or OFFICE


_LOCKED = by_id(Subject).with_for_update(key_share=True)


class Subjects(IdRepository[Subject]):
    """One for each entry, gate review and policy version, with the same id.

    Whoever works on a subject locks it first, here, whatever its kind is.
    """

    model = Subject
    noun = "subject"

    def is_empty(self) -> bool:
        """Whether no work has begun yet."""
        begun = select(col(Subject.id)).where(col(Subject.kind) != A_PLACE)
        return self._session.scalars(begun.limit(1)).first() is None

    def add_place(self, id: str, title: str) -> None:
        """A project, or the place of an office, that the clock looks at; unless it is there."""
        stamp = self._transaction.stamp
        row = Subject(
            id=id,
            kind=A_PLACE,
            project=id,
            title=title,
            requester=stamp.actor,
            created_at=stamp.at,
        )
        self._session.flush()
        self._transaction.insert_unless_there([row], "id")

    def lock(self, id: str) -> Subject:
        """The subject, which nobody else locks until this transaction ends.

        Raises:
            NotFound: there is none.
        """
        locked = self._transaction.read(_LOCKED, fresh=True, id=id)
        self._last = self._one(id, locked)  # who holds it reads it no more
        return self._last

    def lock_all(self, ids: Collection[str], *, skip_locked: bool = False) -> list[Subject]:
        """The subjects by id, locked in that order, so that two who lock several never deadlock.

        With `skip_locked` those that others hold are left out, as are those that are not there.
        """
        return self._all(_locked(sorted(ids), skip_locked=skip_locked), fresh=True)


def _locked(ids: list[str], *, skip_locked: bool = False) -> Any:
    """Their rows' keys stay open to references, which need no turn of their own."""
    chosen = select(Subject).where(col(Subject.id).in_(ids)).order_by(col(Subject.id))
    return chosen.with_for_update(key_share=True, skip_locked=skip_locked)


class SubjectRepository(VersionRepository[VersionRow]):
    """Rows that decisions and obligations can be about; each has one among the subjects too."""

    kind: str

    def add(self, row: VersionRow, title: str = "", requester: str = "") -> VersionRow:
        """The row, with its id; `title` is how people call it, `requester` who asks for it.

        Whoever does the work asks for it unless somebody else is named.
        """
        added = super().add(row)
        self._transaction.begun.add(added.id)
        stamp = self._transaction.stamp
        self._session.put(
            Subject(
                id=added.id,
                kind=self.kind,
                project=getattr(added, "project", None),
                title=title,
                requester=requester or stamp.actor,
                created_at=stamp.at,
            )
        )
        return added
