"""Requests that were answered, and the counters that number what is entered."""

from __future__ import annotations

from functools import cache
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import col

from pmo_engine.store.repository import IdRepository, Repository, _by_id
from pmo_engine.store.tables import Counter, Request, Table


class Requests(IdRepository[Request]):
    """The commands that were given an id, by it; the id being taken raises `Duplicate`."""

    model = Request
    noun = "request"

    def find(self, id: str) -> Request | None:
        """The request, if there was one with this id."""
        return next(iter(self._transaction.rows(_by_id(Request).params(id=id))), None)


class Counters(Repository[Counter]):
    """Numbers that are given out once each, by scope, as 'P-1/change_requests'."""

    model = Counter
    noun = "counter"

    def next(self, scope: str) -> int:
        """The next number, from 1 on; who asks next waits until this transaction ends."""
        step = _step(self._session.get_bind().dialect.name)
        with self._session.no_autoflush:
            return int(self._session.scalars(step, {"scope": scope, "value": 1}).one())


@cache
def _step(dialect: str) -> Any:
    made = postgresql.insert if dialect == "postgresql" else sqlite.insert
    insert = made(Table.metadata.tables["counters"])
    value = col(Counter.value)
    return insert.on_conflict_do_update(
        index_elements=["scope"], set_={"value": value + 1}
    ).returning(value)
