"""What a query looks at: one reading transaction, at one moment, under a version of the policy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from pydantic import BaseModel, ConfigDict

if TYPE_CHECKING:
    from datetime import date, datetime

    from pmo_engine.policy import Policy
    from pmo_engine.store.unit_of_work import UnitOfWork


class View(Protocol):
    """What a query is given."""

    @property
    def uow(self) -> UnitOfWork: ...

    @property
    def policy(self) -> Policy: ...

    @property
    def now(self) -> datetime: ...

    @property
    def today(self) -> date: ...


class Answer(BaseModel):
    """What a query gives: frozen, by the names that are published; times are ISO 8601 in UTC."""

    model_config = ConfigDict(frozen=True, populate_by_name=True, serialize_by_alias=True)


def iso(moment: date | datetime | None) -> str | None:
    """Give a day or a moment as JSON has it."""
    return None if moment is None else moment.isoformat()
