"""The projects of the portfolio."""

from typing import Any, ClassVar

from sqlalchemy import select
from sqlmodel import Field, col

from pmo_engine.model.life_cycle import PROJECT, LifeCycle
from pmo_engine.model.vocabulary import OFFICE
from pmo_engine.store.base import Versioned, always
from pmo_engine.store.columns import Shaped
from pmo_engine.store.repository import VersionRepository
from pmo_engine.store.timed.watches import Watches


class Project(Versioned, table=True):
    """A project of the portfolio; `attributes` are facts that the policy's rules may look at."""

    __tablename__ = "projects"
    __table_args__ = (
        always("not_the_office", f"id <> '{OFFICE}'"),
        always("version", "version >= 1"),
    )

    life_cycle: ClassVar[LifeCycle] = PROJECT
    id: str = Field(primary_key=True)
    name: str
    stage: str
    office: str = Field(index=True)
    status: str = Field(index=True)
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
        return self._all(select(Project).order_by(col(Project.id)))
