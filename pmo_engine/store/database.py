"""A database, SQLite or PostgreSQL, and the units of work in it."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from time import monotonic, sleep
from typing import Any
from urllib.parse import quote, unquote
from uuid import uuid4
from weakref import finalize

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from pmo_engine.store.columns import canonical, in_utc
from pmo_engine.store.errors import StoreError, Unreachable
from pmo_engine.store.migrations import schema
from pmo_engine.store.prepared import COMPILED
from pmo_engine.store.repository import Stamp, Transaction
from pmo_engine.store.session import WritingSession
from pmo_engine.store.translate import place_of, translate_errors, translated
from pmo_engine.store.unit_of_work import UnitOfWork

LOOKS_AGAIN = 0.01
"""Seconds after which whoever waits for a turn to write looks again."""


def new_id() -> str:
    """An id that nobody else has."""
    return uuid4().hex


class Database:
    """Where the engine keeps things.

    Args:
        url: `sqlite:///path/to/file.db` or `postgresql://user:password@host/database`.
        ids: makes the ids of new rows.
        lock_timeout: seconds to wait for another writer before `DatabaseLocked`.

    Attributes:
        place: the file, or the server and database, as people know it; without a password.

    Raises:
        StoreError: the URL is not one of these.
    """

    def __init__(
        self, url: str, ids: Callable[[], str] = new_id, lock_timeout: float = 5.0
    ) -> None:
        self.ids = ids
        parsed = _parsed(url)
        self.place = place_of(parsed)
        self._engine = _engine(parsed, lock_timeout).execution_options(compiled_cache=COMPILED)
        finalize(self, self._engine.dispose)
        translate_errors(self._engine)
        self._one_writes = self._engine.dialect.name == "sqlite"  # others wait until it has
        self._writing = self._engine.execution_options(
            sqlite_begin="BEGIN IMMEDIATE", sqlite_turn=(Path(self.place).parent, lock_timeout)
        )
        self._migrating = self._writing.execution_options(sqlite_references="OFF")
        self._reading = self._engine.execution_options(**_reading_options(self._engine))

    @contextmanager
    def unit_of_work(
        self, actor: str, at: datetime, through: str | None = None
    ) -> Iterator[UnitOfWork]:
        """One transaction: kept when the block ends, undone when it raises.

        `through`: by which account of which machine the actor came in, for the journal.

        Raises:
            StoreError: one of `pmo_engine.store.errors`; nothing was kept.
        """
        stamp = Stamp(actor, in_utc(at), through)
        with self._session(self._writing) as session:
            uow = UnitOfWork(Transaction(session, self.ids, stamp, alone=self._one_writes))
            yield uow
            uow.flush()
            session.commit()
            uow.was_kept()

    @contextmanager
    def read(self) -> Iterator[UnitOfWork]:
        """As `unit_of_work`, for reading only: writing raises `DatabaseReadOnly`.

        All of its statements see the store as it stood at the first, whoever writes meanwhile.
        """
        with self._session(self._reading) as session:
            uow = UnitOfWork(Transaction(session, self.ids, alone=True))
            yield uow
            uow.flush()
            session.commit()  # nothing; but after a rollback PostgreSQL's driver prepares all anew
            uow.was_kept()

    def migrate(self) -> None:
        """Makes what is missing, the SQLite file included. Can be run again, and at once by two."""
        with self.rebuilding() as connection:
            schema.upgrade(connection)

    def schema_is_current(self) -> bool:
        """Whether `migrate` has nothing to do."""
        with self._reading.connect() as connection:
            return schema.is_current(connection)

    @contextmanager
    def snapshot(self) -> Iterator[Connection]:
        """All of it as it stands at one moment, for reading; others go on writing."""
        with self._reading.begin() as connection:
            yield connection

    @contextmanager
    def rebuilding(self) -> Iterator[Connection]:
        """One transaction that may make tables and take them away; the SQLite file is made."""
        if self._engine.dialect.name == "sqlite":
            self._make_file()
        with self._migrating.begin() as connection:
            yield connection
            _refuse_dangling(connection)

    def close(self) -> None:
        """Gives its connections back."""
        self._engine.dispose()

    @contextmanager
    def _session(self, engine: Engine) -> Iterator[WritingSession]:
        try:
            with WritingSession(engine, expire_on_commit=False) as session:
                yield session
        except SQLAlchemyError as error:
            raise translated(error) from error

    def _make_file(self) -> None:
        path = Path(self.place)
        try:
            path.touch(mode=0o600)  # for its owner alone: it holds addresses, and everything said
            path.chmod(0o600)  # one that was made before; SQLite's other files follow it
        except OSError as error:
            raise Unreachable(f"cannot make the database {path}: {error.strerror}") from error
        with self._engine.connect() as connection:  # not in a transaction, where it has no effect
            connection.exec_driver_sql("PRAGMA journal_mode = WAL")


def _parsed(url: str) -> URL:
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):  # whose words repeat the password
        shown = f"'{url}'" if re.fullmatch(r"[\w./-]*", url) else "what is given"
        raise StoreError(
            f"{shown} is not the URL of a database: give sqlite:///FILE or "
            "postgresql://USER@HOST/DATABASE"
        ) from None
    if "@" in (parsed.host or ""):
        raise StoreError("the database's password has an @ in it: write it as %40")
    match parsed.get_backend_name():
        case "sqlite" if parsed.database:
            return parsed if "uri" in parsed.query else _existing(parsed)
        case "postgresql" | "postgres":
            return parsed.set(drivername="postgresql+psycopg")
        case _:
            given = parsed.render_as_string()
            raise StoreError(
                f"'{given}' is not supported: give sqlite:///FILE or postgresql://HOST/DATABASE"
            )


def _existing(url: URL) -> URL:
    """For a file that is there: a mistyped path must not make an empty database."""
    return url.set(
        database=f"file:{quote(unquote(url.database or ''))}", query={"mode": "rw", "uri": "true"}
    )


def _engine(url: URL, lock_timeout: float) -> Engine:
    if url.get_backend_name() == "sqlite":
        engine = create_engine(
            url, json_serializer=canonical, connect_args={"timeout": lock_timeout}
        )
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        event.listen(engine, "checkin", _end_sqlite)
        return engine
    options = f"-c lock_timeout={round(lock_timeout * 1000)} -c timezone=UTC"
    return create_engine(
        url,
        json_serializer=canonical,
        pool_pre_ping=True,
        connect_args={"connect_timeout": 5, "options": options},
    )


def _reading_options(engine: Engine) -> dict[str, Any]:
    """What makes a transaction read one state: SQLite's does so by itself."""
    if engine.dialect.name == "sqlite":
        return {"sqlite_begin": "BEGIN"}
    return {"postgresql_readonly": True, "isolation_level": "REPEATABLE READ"}


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # transactions begin where we say, see below
    connection.execute("PRAGMA foreign_keys = ON")


def _begin_sqlite(connection: Connection) -> None:
    """Writers queue at the start: a reader that turns writer could only fail.

    A migration makes tables anew, which SQLite bears only while it does not watch references.
    """
    options = connection.get_execution_options()
    begin = options.get("sqlite_begin")
    if "sqlite_references" in options:
        connection.exec_driver_sql(f"PRAGMA foreign_keys = {options['sqlite_references']}")
    if begin == "BEGIN":
        connection.exec_driver_sql("PRAGMA query_only = 1")
    if begin == "BEGIN IMMEDIATE":
        with _in_turn(*options["sqlite_turn"]):
            connection.exec_driver_sql(begin)
    elif begin:
        connection.exec_driver_sql(begin)


@contextmanager
def _in_turn(folder: Path, patience: float) -> Iterator[None]:
    """Let whoever waits to write begin before this one does, which may have written just now.

    SQLite only looks now and then whether it may begin, and who goes on writing without a pause
    would be quicker each time. So one at a time waits, with a lock on the folder that the system
    takes away with the process. Where there is none, or it lasts too long, SQLite alone decides.
    """
    held = _lock(folder, patience)
    try:
        yield
    finally:
        if held is not None:
            os.close(held)


def _lock(folder: Path, patience: float) -> int | None:
    if sys.platform == "win32":
        return None
    from fcntl import LOCK_EX, LOCK_NB, flock  # noqa: PLC0415 - not everywhere

    end = monotonic() + patience
    try:
        held = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return None
    while True:
        try:
            flock(held, LOCK_EX | LOCK_NB)
        except OSError as error:
            if not isinstance(error, BlockingIOError) or monotonic() > end:
                os.close(held)
                return None
            sleep(LOOKS_AGAIN)
        else:
            return held


def _end_sqlite(connection: Any, _record: Any) -> None:
    if connection is not None:
        connection.rollback()  # a commit that SQLite refuses leaves its transaction open
        connection.execute("PRAGMA query_only = 0")
        connection.execute("PRAGMA foreign_keys = ON")


def _refuse_dangling(connection: Connection) -> None:
    """Refuse a migration that left a reference to nothing, which nobody watched meanwhile."""
    if connection.dialect.name == "sqlite":
        dangling = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
        if dangling is not None:
            raise StoreError(f"the migration left {dangling[0]} with a reference to nothing")
