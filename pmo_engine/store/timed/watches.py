"""What rules on time look at, and from when on they may have another answer about it."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Index, and_, bindparam, or_, select, update
from sqlmodel import Field, col

from pmo_engine.model.vocabulary import Rhythm
from pmo_engine.store.base import Table, one_of, refers_to
from pmo_engine.store.columns import Moment, Shaped
from pmo_engine.store.repository import Repository, Transaction


class Watch(Table, table=True):
    """A subject, and an event that the clock raises for it.

    `due_at`: the next time of the event from then on is looked at; none is while it is None.
    `looked_at`: the time for which it was looked at last, or when it came to be; no time up to it
    is looked at again. `answer`: what the rules said last.
    """

    __tablename__ = "watches"
    __table_args__ = (
        one_of("rhythm", Rhythm),
        Index("ix_watches_rhythm_due_at", "rhythm", "due_at"),
    )

    subject_id: str = refers_to("subjects.id", primary_key=True)
    event: str = Field(primary_key=True)
    rhythm: str
    project: str | None = refers_to("projects.id", default=None, index=True)
    due_at: datetime | None = Field(default=None, sa_type=Moment)
    looked_at: datetime = Field(sa_type=Moment)
    answer: dict[str, Any] = Field(default_factory=dict, sa_type=Shaped("answer"))


_SUBJECT: Any = col(Watch.subject_id)
_PROJECT: Any = col(Watch.project)
_DUE: Any = col(Watch.due_at)
_RHYTHM: Any = col(Watch.rhythm)
_AT = bindparam("at", type_=Moment)
_LATER = or_(_DUE.is_(None), _DUE > _AT)
_BY_TIME = and_(_RHYTHM != "stage", _LATER)
_WATCHES = Table.metadata.tables["watches"]
_WRITTEN = (
    update(_WATCHES)
    .where(_SUBJECT.in_(bindparam("ids", expanding=True)), _BY_TIME)
    .values(due_at=_AT)
)
_ONE_WRITTEN = update(_WATCHES).where(bindparam("id") == _SUBJECT, _BY_TIME).values(due_at=_AT)
FEW = 3
AT_ONCE = 500
"""So many subjects are told in one statement that they were written."""
_OF_PROJECT = update(_WATCHES).where(bindparam("of") == _PROJECT, _BY_TIME).values(due_at=_AT)
_STAGE = (
    update(_WATCHES)
    .where(bindparam("of") == _PROJECT, _RHYTHM == "stage", _LATER)
    .values(due_at=_AT)
)


class Watches(Repository[Watch]):
    """What the clock's events are raised for."""

    model = Watch
    noun = "watch"

    def __init__(self, transaction: Transaction) -> None:
        super().__init__(transaction)
        self._written: dict[str, None] = {}

    def add_new(self, rows: Iterable[Watch], *, unseen: bool = False) -> None:
        """Adds those that are not there; of a subject that is `unseen` there are none."""
        rows = list(rows)
        if unseen:
            for row in rows:
                self._session.put(row)
        elif rows:
            self.write()
            self._session.flush()
            self._transaction.insert_unless_there(rows, "subject_id")

    def of(self, subjects: Collection[str]) -> list[Watch]:
        """Those of some subjects, as they are now."""
        self.write()
        mine = select(Watch).where(_SUBJECT.in_(sorted(subjects)))
        return self._all(mine.order_by(_SUBJECT, col(Watch.event)), fresh=True)

    def due(
        self, rhythm: Rhythm, until: datetime
    ) -> list[tuple[str, str, str | None, datetime, datetime]]:
        """Subject, event, project, `due_at` and `looked_at` of what is due by a time of a rhythm.

        What was looked at for that time already is not among it.
        """
        self.write()
        columns = (_SUBJECT, col(Watch.event), _PROJECT, _DUE, col(Watch.looked_at))
        chosen = select(*columns).where(rhythm == _RHYTHM, until >= _DUE)
        if rhythm != "stage":
            chosen = chosen.where(col(Watch.looked_at) < until)
        return [tuple(row) for row in self._session.execute(chosen)]

    def unwatched_places(self) -> list[str]:
        """The projects, and places of offices, that are not looked at themselves."""
        places = Table.metadata.tables["projects"].c
        there = select(_SUBJECT).where(places.id == _SUBJECT)
        chosen = select(places.id).where(~there.exists()).order_by(places.id)
        return list(self._session.scalars(chosen))

    def watched(self, project: str) -> set[tuple[str, str]]:
        """Subject and event of all in a project."""
        chosen = select(_SUBJECT, col(Watch.event)).where(project == _PROJECT)
        return {(subject, event) for subject, event in self._session.execute(chosen)}

    def set(self, row: Watch, **values: Any) -> None:
        """Sets columns of a watch whose subject is locked."""
        self.write()
        here = update(Watch).where(row.subject_id == _SUBJECT, col(Watch.event) == row.event)
        self._transaction.update(here.values(**values))

    def written(self, *subjects: str) -> None:
        """These say something else from now on: a record, and the place that has it.

        They are told together, when all is written or it is asked what is watched.
        """
        self._written.update(dict.fromkeys(subjects))

    def write(self) -> None:
        """Lets what was written so far be looked at again."""
        told, self._written = list(self._written), {}
        if len(told) <= FEW:
            for id in told:
                self._session.carry_out(_ONE_WRITTEN, at=self._transaction.stamp.at, id=id)
            return
        for start in range(0, len(told), AT_ONCE):
            self._look_again(_WRITTEN, ids=told[start : start + AT_ONCE])

    def project_changed(self, project: str, *, stage: bool) -> None:
        """Rules may see a project otherwise from now on; where it has come into another stage."""
        self._session.flush()
        self._look_again(_OF_PROJECT, of=project)
        if stage:
            self._look_again(_STAGE, of=project)

    def _look_again(self, statement: Any, **values: Any) -> None:
        asked = {"at": self._transaction.stamp.at, **values}
        self._session.connection().execute(statement, asked)
