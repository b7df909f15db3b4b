"""Answers to requests: what was committed and then could not be printed is not done twice."""

from datetime import datetime
from typing import Any

from sqlmodel import Field

from pmo_engine.store.base import Identified
from pmo_engine.store.columns import Moment, Shaped
from pmo_engine.store.repository import IdRepository, by_id


class Request(Identified, table=True):
    """A command that somebody gave an id of theirs, and its answer: asked again, given again."""

    __tablename__ = "requests"

    act: str
    actor: str
    at: datetime = Field(sa_type=Moment)
    answer: Any = Field(default=None, sa_type=Shaped("answer"), nullable=True)
    asked: str | None = None  # a digest of what it was for; of earlier ones it is not known


class Requests(IdRepository[Request]):
    """The commands that were given an id, by it; the id being taken raises `Duplicate`."""

    model = Request
    noun = "request"

    def find(self, id: str) -> Request | None:
        """The request, if there was one with this id."""
        return next(iter(self._transaction.read(by_id(Request), id=id)), None)

    def keep(self, id: str, act: str, actor: str, answer: Any, asked: str) -> None:
        """Keeps what a command was for and what it answered, as a document, under its id."""
        at = self._transaction.stamp.at
        self.add(Request(id=id, act=act, actor=actor, at=at, answer=answer, asked=asked))
