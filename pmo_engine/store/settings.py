"""What the store keeps for itself: properties by key, and counters."""

from typing import Any

from sqlalchemy import bindparam, delete, func, select, update
from sqlmodel import Field, col

from pmo_engine.store.base import Table
from pmo_engine.store.columns import Document
from pmo_engine.store.errors import Duplicate
from pmo_engine.store.repository import Repository


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


RESTORED = "restored"
"""The counter of how often a backup was put in the place of all there was."""


_VALUE = select(col(Setting.value)).where(col(Setting.key) == bindparam("key"))
_BEGINNING = (
    select(col(Setting.key), col(Setting.value))
    .where(func.substr(col(Setting.key), 1, bindparam("length")) == bindparam("beginning"))
    .order_by(col(Setting.key))
)


class Settings(Repository[Setting]):
    """Values by key, as documents."""

    model = Setting
    noun = "setting"

    def get(self, key: str) -> Any:
        """None if it was never put."""
        self._session.flush()
        return next((value for (value,) in self._session.ask(_VALUE, key=key)), None)

    def locked(self, key: str) -> Any:
        """As `get`, of what nobody else puts until this transaction ends, where it was put."""
        return self._session.scalars(_VALUE.with_for_update(), {"key": key}).first()

    def put(self, key: str, value: Any) -> None:
        if not self._transaction.insert_unless_there([Setting(key=key, value=value)], "key"):
            changed = update(Setting).where(col(Setting.key) == key).values(value=value)
            self._transaction.update(changed)

    def put_first(self, key: str, value: Any) -> None:
        """As `put`, of what is put once only. Raises `Duplicate` where somebody was faster."""
        if not self._transaction.insert_unless_there([Setting(key=key, value=value)], "key"):
            raise Duplicate("settings", key)

    def take_away(self, key: str) -> None:
        """From now on it was never put."""
        gone = delete(Setting).where(col(Setting.key) == key)
        self._session.execute(gone, execution_options={"synchronize_session": False})

    def beginning_with(self, beginning: str) -> dict[str, Any]:
        """Values of all keys that begin so, by the rest of the key."""
        self._session.flush()
        rows = self._session.ask(_BEGINNING, beginning=beginning, length=len(beginning))
        return {key.removeprefix(beginning): value for key, value in rows}
