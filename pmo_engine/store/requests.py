"""Requests that were answered."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlmodel import Field

from pmo_engine.store.base import Identified
from pmo_engine.store.columns import Document, Moment
from pmo_engine.store.repository import IdRepository, by_id


class Request(Identified, table=True):
    """A command that somebody gave an id of theirs, and its answer: asked again, given again."""

    __tablename__ = "requests"

    act: str
    actor: str
    at: datetime = Field(sa_type=Moment)
    answer: Any = Field(default=None, sa_type=Document, nullable=True)


class Requests(IdRepository[Request]):
    """The commands that were given an id, by it; the id being taken raises `Duplicate`."""

    model = Request
    noun = "request"

    def find(self, id: str) -> Request | None:
        """The request, if there was one with this id."""
        return next(iter(self._transaction.rows(by_id(Request).params(id=id))), None)
