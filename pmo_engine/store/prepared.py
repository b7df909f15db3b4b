"""Statements as a driver takes them, made once for each kind of database; new rows among them.

What SQLAlchemy looks at anew whenever it carries out a statement (its cache, the names and types
of all parameters, who listens, what the result is made of) is the same each time, and takes longer
for a few rows than the database does. The connection, its transaction and what is said of an error
stay SQLAlchemy's and `pmo_engine.store.translate`'s.
"""

from __future__ import annotations

from functools import lru_cache
from importlib import import_module
from typing import TYPE_CHECKING, Any

from sqlalchemy import SelectBase, insert
from sqlalchemy.util import LRUCache

from pmo_engine.model.frozen import dataclass
from pmo_engine.store.base import Table
from pmo_engine.store.translate import raise_translated

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from sqlalchemy import Connection, Dialect


@dataclass(frozen=True, slots=True)
class Prepared:
    """A statement's text, and what makes of some parameters' values what the driver takes."""

    text: str
    names: tuple[str, ...]  # of the parameters, as they stand in the text
    taking: tuple[tuple[int, Callable[[Any], Any]], ...]  # by the parameters' places
    fixed: Mapping[str, Any]  # the values of parameters that nobody gives
    by_place: bool  # parameters go in by their place, not by their name
    reading: tuple[tuple[int, Callable[[Any], Any]], ...] = ()  # by the places of a row's values
    several: tuple[tuple[str, Sequence[str]], ...] = ()  # what each of several is called

    def parameters(self, given: Mapping[str, Any]) -> Any:
        """Give what the driver takes for some values; one that is not given is null."""
        known = {**self.fixed, **given} if self.fixed else given
        for name, each in self.several:
            known = {**known, **dict(zip(each, given[name], strict=True))}
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


def prepare(
    statement: Any, dialect: Dialect, several: tuple[tuple[str, int], ...] = ()
) -> Prepared:
    """Compile a statement; `several`: for how many values each parameter stands that is a list."""
    compiled = statement.compile(dialect=dialect)
    given = {name: None for name, each in compiled.binds.items() if each.required}
    stated = compiled.construct_expanded_state({**given, **{n: [None] * k for n, k in several}})
    names = tuple(stated.positiontup if compiled.positional else stated.parameters)
    kinds = {name: each.type for name, each in compiled.binds.items()}
    kinds |= {one: kinds[name] for name, each in stated.parameter_expansion.items() for one in each}
    takers = [kinds[name].dialect_impl(dialect).bind_processor(dialect) for name in names]
    return Prepared(
        stated.statement,
        names,
        taking=tuple((place, take) for place, take in enumerate(takers) if take is not None),
        fixed={name: value for name, value in stated.parameters.items() if value is not None},
        by_place=compiled.positional,
        reading=_reading(statement, dialect),
        several=tuple((name, stated.parameter_expansion[name]) for name, _ in several),
    )


def _reading(statement: Any, dialect: Dialect) -> tuple[tuple[int, Callable[[Any], Any]], ...]:
    if not isinstance(statement, SelectBase):
        return ()
    kinds = [column.type.dialect_impl(dialect) for column in statement.selected_columns]
    readers = [kind.result_processor(dialect, None) for kind in kinds]
    return tuple((place, read) for place, read in enumerate(readers) if read is not None)


_prepared = lru_cache(maxsize=256)(prepare)
_first: dict[tuple[Any, ...], Dialect] = {}


def _kind_of(dialect: Dialect) -> tuple[Any, ...]:
    """Give what dialects share that say the same: each engine has its own."""
    return type(dialect), dialect.server_version_info


def _kind(connection: Connection) -> Dialect:
    """Give the first dialect of the connection's kind."""
    return _first.setdefault(_kind_of(connection.dialect), connection.dialect)


class Compiled(LRUCache[Any, Any]):
    """What SQLAlchemy compiled, for all engines of a kind: its own cache is each engine's."""

    def get(self, key: Any, default: Any = None) -> Any:
        return super().get((_kind_of(key[0]), *key[1:]), default)

    def __setitem__(self, key: Any, value: Any) -> None:
        super().__setitem__((_kind_of(key[0]), *key[1:]), value)


COMPILED = Compiled(1_000)


def execute(connection: Connection, statement: Any, *given: Mapping[str, Any]) -> list[Any]:
    """Carry out a statement that lives on, for each of these values; what it gives is untyped."""
    return _driven(connection, _prepared(statement, _kind(connection)), given or ({},))


def ask(connection: Connection, question: Any, given: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """Give the rows that answer a select that lives on, their values typed as its columns are.

    A value that is a list stands for several: give it as few, the statement is made for each size.
    """
    several = tuple((name, len(each)) for name, each in given.items() if isinstance(each, list))
    made = _prepared(question, _kind(connection), several)
    return [made.typed(row) for row in _driven(connection, made, [given])]


def insert_rows(
    connection: Connection,
    table: str,
    rows: Sequence[Mapping[str, Any]],
    *,
    unless_there: bool = False,
) -> None:
    """Writes rows of a table; ``unless_there``: those alone that break no uniqueness."""
    _driven(connection, _insert(_kind(connection), table, unless_there=unless_there), rows)


def insert_unless_there(
    connection: Connection, table: str, rows: Sequence[Mapping[str, Any]], key: str
) -> frozenset[str]:
    """Writes the rows of a table that break no uniqueness; gives what these say in a text column.

    Drivers say that of one row at a time.
    """
    made = _insert(_kind(connection), table, unless_there=True, giving=key)
    return frozenset(value for row in rows for (value,) in _driven(connection, made, [row]))


def _driven(
    connection: Connection, made: Prepared, given: Sequence[Mapping[str, Any]]
) -> list[Any]:
    """Hand a statement to the driver, once for each of these values; gives its rows."""
    values = [made.parameters(each) for each in given]
    try:
        cursor = connection.connection.cursor()
        if len(values) == 1:
            cursor.execute(made.text, values[0])
        else:
            cursor.executemany(made.text, values)
        rows = list(cursor.fetchall()) if cursor.description else []
        cursor.close()
    except BaseException as error:  # noqa: BLE001 - also what stops the program leaves it half done
        raise_translated(connection, error)
    return rows


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
