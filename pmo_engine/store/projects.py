"""The projects of the portfolio."""

from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import false, select
from sqlmodel import Field, col

from pmo_engine.model.life_cycle import PROJECT, LifeCycle
from pmo_engine.model.vocabulary import OFFICE
from pmo_engine.store.base import Versioned, always, refers_to
from pmo_engine.store.columns import Moment, Shaped
from pmo_engine.store.repository import VersionRepository
from pmo_engine.store.timed.watches import Watches


class Project(Versioned, table=True):
    """A project; `attributes` are facts that the policy's rules may look at.

    It is in one programme, if in any, and runs from one day to another, both included. `held_at`:
    since when it is on hold, where it is. `is_office`: it is no project, but the place where the
    records of its office's own registers are.
    """

    __tablename__ = "projects"
    __table_args__ = (
        always("not_the_office", f"id <> '{OFFICE}'"),
        always("version", "version >= 1"),
        always("dates", "ends_on IS NULL OR ends_on >= starts_on"),
    )

    life_cycle: ClassVar[LifeCycle] = PROJECT
    id: str = Field(primary_key=True)
    name: str
    stage: str
    office: str = Field(index=True)
    status: str = Field(index=True)
    programme: str | None = refers_to("programmes.id", default=None, index=True)
    starts_on: date | None = None
    ends_on: date | None = None
    held_at: datetime | None = Field(default=None, sa_type=Moment)
    is_office: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    attributes: dict[str, Any] = Field(default_factory=dict, sa_type=Shaped("project"))


class Projects(VersionRepository[Project]):
    """The portfolio."""

    model = Project
    noun = "project"

    def change(self, row: Project, expected: int | None = None, **values: Any) -> Project:
        stage = row.stage
        changed = super().change(row, expected, **values)
        Watches(self._transaction).project_changed(changed.id, stage=changed.stage != stage)
        return changed

    def all(self) -> list[Project]:
        mine = select(Project).where(col(Project.is_office).is_(False))
        return self._all(mine.order_by(col(Project.id)))

    def places(self) -> list[str]:
        """The ids of all projects, and of the places where offices have their own records."""
        return list(self._session.scalars(select(col(Project.id)).order_by(col(Project.id))))
