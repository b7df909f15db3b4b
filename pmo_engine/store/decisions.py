"""What the engine said."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlmodel import Field, col

from pmo_engine.store.base import Identified, refers_to
from pmo_engine.store.columns import Document, Moment
from pmo_engine.store.repository import IdRepository


class Decision(Identified, table=True):
    """What the engine said about an event, under which policy, from which facts.

    One that is about no project, as of a version of the policy, is the office's.
    """

    __tablename__ = "decisions"

    project: str | None = refers_to("projects.id", default=None, index=True)
    subject_id: str = refers_to("subjects.id", index=True)
    subject_version: int
    event: str
    at: datetime = Field(sa_type=Moment)
    policy_name: str
    policy_version: str
    policy_digest: str
    facts: dict[str, Any] = Field(sa_type=Document)
    result: dict[str, Any] = Field(sa_type=Document)


class Decisions(IdRepository[Decision]):
    """What the engine said."""

    model = Decision
    noun = "decision"

    def of_subject(self, id: str) -> list[Decision]:
        """The decisions about a subject, oldest first."""
        mine = select(Decision).where(col(Decision.subject_id) == id)
        return self._all(mine.order_by(*_oldest_first()))

    def of_project(self, project: str) -> list[Decision]:
        """All decisions in a project, oldest first."""
        mine = select(Decision).where(col(Decision.project) == project)
        return self._all(mine.order_by(*_oldest_first()))


def _oldest_first() -> tuple[Any, ...]:
    return col(Decision.at), col(Decision.subject_version), col(Decision.event), col(Decision.id)
