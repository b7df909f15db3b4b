"""What rules look for outside a record and do not find: it is looked at again when that comes."""

from collections.abc import Collection, Iterable

from sqlalchemy import delete, select, update
from sqlmodel import Field, col

from pmo_engine.store.base import Table, partial, refers_to
from pmo_engine.store.records.rows import Entry
from pmo_engine.store.repository import Repository


class Wait(Table, table=True):
    """That rules could not judge a record for want of a fact elsewhere.

    `root`: the fact that it begins with, the project or a list of records. `due`: something came to
    be there, and nobody has looked at the record since.
    """

    __tablename__ = "waits"
    __table_args__ = (partial("ix_waits_due", "subject_id", where="due"),)

    subject_id: str = refers_to("subjects.id", primary_key=True)
    root: str = Field(primary_key=True)
    project: str = refers_to("projects.id", index=True)
    due: bool = False


_SUBJECT = col(Wait.subject_id)


class Waits(Repository[Wait]):
    """Which records wait for what."""

    model = Wait
    noun = "wait"

    def add(self, subject: str, project: str, roots: Iterable[str]) -> None:
        """A subject waits for something of each root too."""
        rows = [Wait(subject_id=subject, root=each, project=project) for each in sorted(roots)]
        if rows:
            self._session.flush()
            self._transaction.insert_unless_there(rows, "root")

    def come(self, project: str, roots: Collection[str]) -> list[str]:
        """The open records of a project that wait for something of these roots, which are due."""
        open_ones = select(col(Entry.id)).where(
            col(Entry.project) == project, col(Entry.closed_at).is_(None)
        )
        mine = (col(Wait.project) == project, col(Wait.root).in_(sorted(roots)))
        found = sorted(
            set(self._session.scalars(select(_SUBJECT).where(*mine, _SUBJECT.in_(open_ones))))
        )
        if found:
            self._transaction.update(update(Wait).where(*mine).values(due=True))
        return found

    def due(self, project: str | None = None) -> list[str]:
        """The records, of a project or of all, at which nobody has looked since something came."""
        open_ones = select(col(Entry.id)).where(col(Entry.closed_at).is_(None))
        chosen = select(_SUBJECT).where(col(Wait.due), _SUBJECT.in_(open_ones))
        if project is not None:
            chosen = chosen.where(col(Wait.project) == project)
        return list(self._session.scalars(chosen.distinct().order_by(_SUBJECT)))

    def forget(self, subject: str) -> None:
        """A subject waits for nothing, until rules are found to."""
        self._session.execute(delete(Wait).where(col(Wait.subject_id) == subject))
