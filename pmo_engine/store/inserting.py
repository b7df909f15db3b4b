"""New rows, in one plain statement for each table, made once for each kind of database.

What SQLAlchemy looks at anew whenever it carries out a statement (its cache, the names and types
of all parameters) is the same for every row of a table, and takes longer for a few rows than the
database does.
"""

from __future__ import annotations

from functools import lru_cache
from importlib import import_module
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert

from pmo_engine.model.frozen import dataclass
from pmo_engine.store.base import Table

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from sqlalchemy import Connection, Dialect


@dataclass(frozen=True, slots=True)
class Insert:
    """A statement as a driver takes it, and what makes of some columns' values what it takes."""

    statement: str
    columns: tuple[str, ...]
    taking: tuple[tuple[int, Callable[[Any], Any]], ...]  # by the columns' places
    by_place: bool  # parameters go in by their place, not by their name

    def parameters(self, row: Mapping[str, Any]) -> Any:
        """A row's values; a column that it does not have is null."""
        values = list(map(row.get, self.columns))
        for place, take in self.taking:
            values[place] = take(values[place])
        return tuple(values) if self.by_place else dict(zip(self.columns, values, strict=True))


def insert_rows(
    connection: Connection,
    table: str,
    rows: Sequence[Mapping[str, Any]],
    *,
    unless_there: bool = False,
) -> None:
    """Writes rows of a table; ``unless_there``: those alone that break no uniqueness."""
    made = _insert(connection.dialect, table, unless_there=unless_there)
    connection.exec_driver_sql(made.statement, [made.parameters(row) for row in rows])


def insert_unless_there(
    connection: Connection, table: str, rows: Sequence[Mapping[str, Any]], key: str
) -> frozenset[str]:
    """Writes the rows of a table that break no uniqueness; gives what these say in a text column.

    Drivers say that of one row at a time.
    """
    made = _insert(connection.dialect, table, unless_there=True, giving=key)
    answers = (connection.exec_driver_sql(made.statement, made.parameters(row)) for row in rows)
    return frozenset(value for answer in answers for value in answer.scalars())


@lru_cache(maxsize=256)
def _insert(dialect: Dialect, table: str, *, unless_there: bool, giving: str = "") -> Insert:
    columns = Table.metadata.tables[table]
    wanted: Any = insert(columns)
    if unless_there:
        # The dialect's own, which SQLAlchemy would make anew each time; no other's is imported.
        own = import_module(f"sqlalchemy.dialects.{dialect.name}").insert
        wanted = own(columns).on_conflict_do_nothing()
    if giving:
        wanted = wanted.returning(columns.c[giving])
    compiled = wanted.compile(dialect=dialect)
    takers = [_taker(each.type, dialect) for each in columns.columns]
    taking = tuple((place, take) for place, take in enumerate(takers) if take is not None)
    return Insert(str(compiled), tuple(columns.columns.keys()), taking, compiled.positional)


def _taker(kind: Any, dialect: Dialect) -> Any:
    return kind.dialect_impl(dialect).bind_processor(dialect)
