"""What the store keeps for itself: properties by key, and counters that number what is entered."""

from __future__ import annotations

from functools import cache
from typing import Any

from sqlalchemy import select, update
from sqlmodel import Field, col

from pmo_engine.store.base import Table
from pmo_engine.store.columns import Document
from pmo_engine.store.repository import Repository, insert_of


class Setting(Table, table=True):
    """A property of this store, such as the simulated clock of a demonstration."""

    __tablename__ = "settings"

    key: str = Field(primary_key=True)
    value: Any = Field(sa_type=Document)


class Counter(Table, table=True):
    """How far the numbers of a scope have come, as of a register's own keys."""

    __tablename__ = "counters"

    scope: str = Field(primary_key=True)
    value: int


class Settings(Repository[Setting]):
    """Values by key, as documents."""

    model = Setting
    noun = "setting"

    def get(self, key: str) -> Any:
        """None if it was never put."""
        value = select(col(Setting.value)).where(col(Setting.key) == key)
        return self._session.scalars(value).first()

    def put(self, key: str, value: Any) -> None:
        if not self._transaction.insert_unless_there([Setting(key=key, value=value)], "key"):
            changed = update(Setting).where(col(Setting.key) == key).values(value=value)
            self._transaction.update(changed)


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
    insert = insert_of(dialect)(Table.metadata.tables["counters"])
    value = col(Counter.value)
    return insert.on_conflict_do_update(
        index_elements=["scope"], set_={"value": value + 1}
    ).returning(value)
