"""What the repositories share: adding rows, reading them, changing them from a known version."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import field
from datetime import datetime
from functools import cache
from typing import Any, Generic, TypeVar, cast

from sqlalchemy import (
    Connection,
    CursorResult,
    Engine,
    Select,
    Update,
    bindparam,
    func,
    inspect,
    select,
    update,
)
from sqlalchemy.orm.attributes import flag_modified, set_committed_value
from sqlalchemy.orm.exc import StaleDataError
from sqlalchemy.orm.util import identity_key
from sqlmodel import col

from pmo_engine.model.frozen import dataclass
from pmo_engine.model.life_cycle import NoSuchStep
from pmo_engine.store.base import Identified, Table, Versioned
from pmo_engine.store.columns import begins
from pmo_engine.store.errors import DatabaseReadOnly, NotFound, Refused, StaleVersion
from pmo_engine.store.prepared import insert_rows, insert_unless_there
from pmo_engine.store.session import WritingSession

AT_ONCE = 500
"""So many rows are asked for by their ids in one statement."""

Row = TypeVar("Row", bound=Table)


IdRow = TypeVar("IdRow", bound=Identified)


VersionRow = TypeVar("VersionRow", bound=Versioned)


@dataclass(frozen=True, slots=True)
class Stamp:
    """Who does the work, and when (UTC)."""

    actor: str
    at: datetime
    through: str | None = None  # the account of a machine


@dataclass(frozen=True, slots=True)
class Transaction:
    """What the repositories work in. One without a signature is for reading."""

    session: WritingSession
    ids: Callable[[], str]
    signed: Stamp | None = None
    alone: bool = False  # nothing that others write meanwhile is seen
    begun: set[str] = field(default_factory=set)  # ids of the subjects that came to be in it

    @property
    def stamp(self) -> Stamp:
        if self.signed is None:
            raise DatabaseReadOnly("this unit of work is for reading only")
        return self.signed

    def common_now(self, own: datetime) -> datetime:
        """The moment by a clock that all who use the store share; ``own`` is that of a machine.

        A server has one clock. Whoever uses a file sits at the machine in which it lies.
        """
        if self.session.get_bind().dialect.name != "postgresql":
            return own
        return cast("datetime", self.session.scalar(select(func.clock_timestamp())))

    def outside(self) -> AbstractContextManager[Connection]:
        """A connection that sees what others see, for reading."""
        engine = cast("Engine", self.session.get_bind())
        return engine.execution_options(sqlite_begin="BEGIN").connect()

    def known(self, model: type[Any], id: str) -> Any:
        """The row, if it was read or written in this transaction and is still as it was."""
        row = self.session.identity_map.get(identity_key(model, id))
        return None if row is None or inspect(row).expired else row

    def rows(self, statement: Any, *, fresh: bool = False, **values: Any) -> list[Any]:
        """The rows of a statement; with `fresh` those in memory are brought up to date.

        `values` are those that the statement leaves open: one that is made once is quicker.
        """
        options = {"populate_existing": fresh, "synchronize_session": False}
        return list(self.session.scalars(statement, values, execution_options=options))

    def read(self, question: Any, *, fresh: bool = False, **values: Any) -> list[Any]:
        """As `rows`, of a select of one table's whole rows that lives on, in half the time."""
        return [row for (row,) in self.session.read(question, fresh=fresh, **values)]

    def update(self, statement: Update) -> int:
        """Carries it out and returns the number of rows; rows in memory stay as they were."""
        options = {"synchronize_session": False}
        result = self.session.execute(statement, execution_options=options)
        return cast("CursorResult[Any]", result).rowcount

    def put_under(self, row: Versioned, policy_digest: str) -> None:
        """Sets which version of the policy a row is under, which is no change of what it says."""
        self.set_quietly(row, policy_digest=policy_digest)

    def set_quietly(self, row: Versioned, **values: Any) -> None:
        """Sets columns of a row that are no part of what it says: its version stays."""
        model: Any = type(row)
        self.update(update(model).where(col(model.id) == row.id).values(**values))
        for name, value in values.items():
            set_committed_value(row, name, value)

    def insert_unless_there(self, rows: Sequence[Table], key: str) -> frozenset[str]:
        """Inserts the rows, of one table, that break no uniqueness; returns the keys of these."""
        table = str(rows[0].__tablename__)
        self.session.written.add(table)
        return insert_unless_there(self.session.connection(), table, [*map(vars, rows)], key)

    def insert_what_is_new(self, table: type[Table], rows: Sequence[Mapping[str, Any]]) -> None:
        """As `insert_unless_there`, where it does not matter which those are: in half the time."""
        connection = self.session.connection()
        insert_rows(connection, str(table.__tablename__), rows, unless_there=True)


@cache
def by_id(model: type[Any]) -> Any:
    """The statement, made once for each table."""
    return select(model).where(col(model.id) == bindparam("id"))


@cache
def _by_ids(model: Any) -> Any:
    id = col(model.id)
    return select(model).where(id.in_(bindparam("ids", expanding=True))).order_by(id)


@cache
def _locked_by_id(model: Any) -> Any:
    return by_id(model).with_for_update()


@cache
def _locked_by_ids(model: Any) -> Any:
    return _by_ids(model).with_for_update()


class Repository(Generic[Row]):
    """The rows of one table, as the commands see them."""

    model: type[Row]
    noun: str

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction
        self._session = transaction.session
        self._held: dict[str, Row] = {}  # what a session has read it forgets if nobody holds it

    def _got(self, id: str) -> Row:
        """The row with this id, read once in a transaction. Raises `NotFound`."""
        held = self._held.get(id)
        if held is not None and not _is_expired(held):
            return held
        row: Row | None = self._transaction.known(self.model, id)
        if row is None:
            row = self._one(id, self._transaction.read(by_id(self.model), id=id))
        self._held[id] = row
        return row

    def _all(
        self, statement: Select[tuple[Row]], *, fresh: bool = False, **values: Any
    ) -> list[Row]:
        return self._transaction.rows(statement, fresh=fresh, **values)

    def _one(self, id: str, rows: Sequence[Row]) -> Row:
        """Raises `NotFound`."""
        if not rows:
            raise NotFound(self.noun, id)
        return rows[0]


class IdRepository(Repository[IdRow]):
    """Rows with an id of their own."""

    def add(self, row: IdRow) -> IdRow:
        """The row, with its id; it is written at the latest when the transaction commits."""
        row.id = row.id or self._transaction.ids()
        self._session.enter(row)
        return row

    def get(self, id: str) -> IdRow:
        """The row, read once in a transaction. Raises `NotFound`."""
        return self._got(id)

    def many(self, ids: Collection[str]) -> list[IdRow]:
        """The rows with these ids that there are, by id; each read once in a transaction."""
        known = {id: self._transaction.known(self.model, id) for id in ids}
        if all(row is not None for row in known.values()):
            return [row for _, row in sorted(known.items())]
        return self._transaction.read(_by_ids(self.model), ids=list(ids))

    def beginning_with(self, beginning: str) -> list[str]:
        """The ids that begin so, as people shorten them."""
        id = col(self.model.id)
        mine = select(id).where(begins(id, beginning)).order_by(id)
        return self._transaction.rows(mine)


class VersionRepository(IdRepository[VersionRow]):
    """Rows that only change from the version that was read."""

    def __init__(self, transaction: Transaction) -> None:
        super().__init__(transaction)
        self._absent: set[str] = set()

    def add(self, row: VersionRow) -> VersionRow:
        added = super().add(row)
        self._absent.discard(added.id)
        self._held[added.id] = added
        return added

    def look_up(self, ids: Collection[str]) -> None:
        """Reads at once those of these rows that there are, for who is about to ask for each."""
        new = [id for id in dict.fromkeys(ids) if not self._is_looked_up(id)]
        for start in range(0, len(new), AT_ONCE):
            some = new[start : start + AT_ONCE]
            self._held.update((row.id, row) for row in self.many(some))
            self._absent.update(id for id in some if id not in self._held)

    def _is_looked_up(self, id: str) -> bool:
        return id in self._absent or self._is_here(id)

    def _is_here(self, id: str) -> bool:
        held = self._held.get(id)
        here = held is not None and not _is_expired(held)
        return here or self._transaction.known(self.model, id) is not None

    def forget(self) -> None:
        """Asks anew which rows there are, as after a lock."""
        self._absent.clear()

    def is_there(self, id: str) -> bool:
        """Whether there is a row with this id."""
        if id in self._absent:
            return False
        if self._is_here(id):
            return True
        there = select(col(self.model.id)).where(col(self.model.id) == id)
        return self._session.scalars(there).first() is not None

    def lock(self, id: str) -> VersionRow:
        """The row as it is now, which nobody else changes until this transaction ends."""
        return self._one(id, self._transaction.read(_locked_by_id(self.model), fresh=True, id=id))

    def lock_all(self, ids: Collection[str]) -> list[VersionRow]:
        """As `lock`, of several whose subjects are locked."""
        return self._all(_locked_by_ids(self.model), fresh=True, ids=list(ids))

    def change(self, row: VersionRow, expected: int | None = None, **values: Any) -> VersionRow:
        """Sets columns of a row that is still at the version expected (as read, unless given).

        Raises:
            StaleVersion: somebody else changed it.
            NotFound: it is no row of this unit of work.
            Refused: what it becomes does not follow what it is.
        """
        if row not in self._session:
            self._session.flush()
        if row not in self._session:
            raise NotFound(self.noun, row.id)
        id, before = row.id, row.version
        if expected not in {None, before}:
            raise StaleVersion(self.noun, id, expected, before)
        _require_step(row, values)
        for name, value in values.items():
            setattr(row, name, value)
            flag_modified(row, name)  # said again is a change, too
        try:
            self._session.flush()
        except StaleDataError as error:
            raise self._stale(id, before) from error
        return row

    def _stale(self, id: str, expected: int) -> StaleVersion | NotFound:
        """What became of the row, as others see it: this transaction is over."""
        version = select(col(self.model.version)).where(col(self.model.id) == id)
        with self._transaction.outside() as connection:
            found = connection.scalars(version).first()
        if found is None:
            return NotFound(self.noun, id)
        return StaleVersion(self.noun, id, expected, found)


def _is_expired(row: Any) -> bool:
    return bool(inspect(row).expired)


def _require_step(row: Any, values: Mapping[str, Any]) -> None:
    """Raises `Refused` where a row's state cannot follow the one it is in."""
    if row.life_cycle is None or row.state_in not in values:
        return
    try:
        row.life_cycle.require(getattr(row, row.state_in), values[row.state_in])
    except NoSuchStep as error:
        raise Refused(str(error)) from None
