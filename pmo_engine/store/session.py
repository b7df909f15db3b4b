"""The session of a unit of work, with a short way for rows that it does not come back to."""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pmo_engine.store.base import Table


class WritingSession(Session):
    """Writes rows that were `put` along with those that were added, in one statement per table.

    A row that was put is not kept in memory and watched for changes, which takes half of the time;
    whoever reads it later gets another object of the same values.
    """

    _put: defaultdict[type[Table], list[dict[str, Any]]]

    def put(self, row: Table) -> None:
        """Write a new row as it stands now with the next flush; what is set later is lost."""
        values = vars(row)
        held = self.__dict__.setdefault("_put", defaultdict(list))
        held[type(row)].append({name: values[name] for name in _columns(type(row))})

    def flush(self, objects: Sequence[Any] | None = None) -> None:
        """Write what was added and what was put."""
        super().flush(objects)
        held = self.__dict__.pop("_put", {})
        for model, rows in held.items():
            self.connection().execute(_insert(model), rows)


@cache
def _columns(model: type[Table]) -> tuple[str, ...]:
    return tuple(model.metadata.tables[str(model.__tablename__)].columns.keys())


@cache
def _insert(model: type[Table]) -> Any:
    return insert(model.metadata.tables[str(model.__tablename__)])
