"""Properties of the store itself."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select, update
from sqlmodel import col

from pmo_engine.store.repository import Repository
from pmo_engine.store.tables import Setting


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
