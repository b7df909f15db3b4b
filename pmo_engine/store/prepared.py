"""Statements as a driver takes them, made once for each kind of database; new rows among them.

What SQLAlchemy looks at anew whenever it carries out a statement (its cache, the names and types
of all parameters) is the same each time, and takes longer for a few rows than the database does.
"""

from __future__ import annotations

from functools import lru_cache
from importlib import import_module
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert

from pmo_engine.model.frozen import dataclass
from pmo_engine.store.base import Table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from sqlalchemy import Connection, CursorResult, Dialect


@dataclass(frozen=True, slots=True)
class Prepared:
    """A statement's text, and what makes of some parameters' values what the driver takes."""

    text: str
    names: tuple[str, ...]  # of the parameters, as they stand in the text
    taking: tuple[tuple[int, Callable[[Any], Any]], ...]  # by the parameters' places
    fixed: Mapping[str, Any]  # the values of parameters that nobody gives
    by_place: bool  # parameters go in by their place, not by their name
    reading: tuple[tuple[int, Callable[[Any], Any]], ...] = ()  # by the places of a row's values

    def parameters(self, given: Mapping[str, Any]) -> Any:
        """Give what the driver takes for some values; one that is not given is null."""
        known = {**self.fixed, **given} if self.fixed else given
        values = list(map(known.get, self.names))
        for place, take in self.taking:
            values[place] = take(values[place])
        return tuple(values) if self.by_place else dict(zip(self.names, values, strict=True))

    def typed(self, row: Iterable[Any]) -> tuple[Any, ...]:
        """Give the values of a row as the types of its columns have them."""
        values = list(row)
        for place, read in self.reading:
            values[place] = read(values[place])
        return tuple(values)


def prepare(statement: Any, dialect: Dialect) -> Prepared:
    """Compile a statement, none of whose parameters stands for several values."""
    compiled = statement.compile(dialect=dialect)
    kinds = {name: each.type for name, each in compiled.binds.items()}
    names = tuple(compiled.positiontup if compiled.positional else compiled.binds)
    takers = [kinds[name].dialect_impl(dialect).bind_processor(dialect) for name in names]
    taking = tuple((place, take) for place, take in enumerate(takers) if take is not None)
    fixed = {name: value for name, value in compiled.params.items() if value is not None}
    return Prepared(
        str(compiled), names, taking, fixed, compiled.positional, _reading(statement, dialect)
    )


def _reading(statement: Any, dialect: Dialect) -> tuple[tuple[int, Callable[[Any], Any]], ...]:
    if not statement.is_select:
        return ()
    kinds = [column.type.dialect_impl(dialect) for column in statement.selected_columns]
    readers = [kind.result_processor(dialect, None) for kind in kinds]
    return tuple((place, read) for place, read in enumerate(readers) if read is not None)


_prepared = lru_cache(maxsize=256)(prepare)


def execute(connection: Connection, statement: Any, *given: Mapping[str, Any]) -> CursorResult[Any]:
    """Carry out a statement that lives on, for each of these values; what it gives is untyped."""
    made = _prepared(statement, connection.dialect)
    return connection.exec_driver_sql(made.text, _of(made, given))


def ask(connection: Connection, question: Any, given: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """Give the rows that answer a select that lives on, their values typed as its columns are."""
    made = _prepared(question, connection.dialect)
    rows = connection.exec_driver_sql(made.text, made.parameters(given))
    return [made.typed(row) for row in rows]


def _of(made: Prepared, given: Sequence[Mapping[str, Any]]) -> Any:
    if len(given) == 1:
        return made.parameters(given[0])
    return [made.parameters(each) for each in given]


def insert_rows(
    connection: Connection,
    table: str,
    rows: Sequence[Mapping[str, Any]],
    *,
    unless_there: bool = False,
) -> None:
    """Writes rows of a table; ``unless_there``: those alone that break no uniqueness."""
    made = _insert(connection.dialect, table, unless_there=unless_there)
    connection.exec_driver_sql(made.text, [made.parameters(row) for row in rows])


def insert_unless_there(
    connection: Connection, table: str, rows: Sequence[Mapping[str, Any]], key: str
) -> frozenset[str]:
    """Writes the rows of a table that break no uniqueness; gives what these say in a text column.

    Drivers say that of one row at a time.
    """
    made = _insert(connection.dialect, table, unless_there=True, giving=key)
    answers = (connection.exec_driver_sql(made.text, made.parameters(row)) for row in rows)
    return frozenset(value for answer in answers for value in answer.scalars())


@lru_cache(maxsize=256)
def _insert(dialect: Dialect, table: str, *, unless_there: bool, giving: str = "") -> Prepared:
    columns = Table.metadata.tables[table]
    wanted: Any = insert(columns)
    if unless_there:
        # The dialect's own, which SQLAlchemy would make anew each time; no other's is imported.
        own = import_module(f"sqlalchemy.dialects.{dialect.name}").insert
        wanted = own(columns).on_conflict_do_nothing()
    if giving:
        wanted = wanted.returning(columns.c[giving])
    return prepare(wanted, dialect)
