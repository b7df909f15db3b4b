"""Turns what databases raise into the store's own errors, at the point where it is raised."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.exc import PendingRollbackError, SQLAlchemyError
from sqlalchemy.orm.exc import StaleDataError

from pmo_engine.store import wording
from pmo_engine.store.errors import (
    DatabaseLocked,
    DatabaseReadOnly,
    Duplicate,
    NotMigrated,
    Refused,
    StoreError,
    Unreachable,
    Unstorable,
)

# https://www.sqlite.org/rescode.html; the low byte is the primary code.
_SQLITE: dict[int, type[StoreError]] = {
    sqlite3.SQLITE_BUSY: DatabaseLocked,
    sqlite3.SQLITE_LOCKED: DatabaseLocked,
    sqlite3.SQLITE_READONLY: DatabaseReadOnly,
    sqlite3.SQLITE_CANTOPEN: Unreachable,
    sqlite3.SQLITE_NOTADB: Unreachable,
    sqlite3.SQLITE_PERM: Unreachable,
    sqlite3.SQLITE_CONSTRAINT: Refused,
}
_SQLITE_UNIQUE = {sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY}
_SQLITE_REFUSED: dict[int, Callable[[str], str]] = {
    sqlite3.SQLITE_CONSTRAINT_CHECK: wording.refused,
    sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY: lambda _: wording.NOT_THERE,
    sqlite3.SQLITE_CONSTRAINT_NOTNULL: lambda column: wording.not_given(*column.split(".")),
}
# https://www.postgresql.org/docs/current/errcodes-appendix.html; longer prefixes come first.
_POSTGRESQL: dict[str, type[StoreError]] = {
    "25006": DatabaseReadOnly,
    "40001": DatabaseLocked,
    "40P01": DatabaseLocked,
    "42703": NotMigrated,
    "42P01": NotMigrated,
    "55P03": DatabaseLocked,
    "08": Unreachable,
    "22": Unstorable,
    "23": Refused,
    "28": Unreachable,
    "3D": Unreachable,
    "57P": Unreachable,
}
_UNIQUE_VIOLATION, _NOT_GIVEN, _BROKEN = "23505", "23502", ("23503", "23514")
_WORDS: dict[type[StoreError], str] = {
    DatabaseLocked: "the database is locked by another writer; try again",
    DatabaseReadOnly: "the database is open for reading only",
    NotMigrated: "the database lacks tables of this version; migrate it first",
}


def translate_errors(engine: Engine, place: str) -> None:
    """From now on nothing that this engine, of the database at `place`, raises is SQLAlchemy's."""

    @event.listens_for(engine, "handle_error")
    def _(context: ExceptionContext) -> None:
        if context.is_pre_ping:  # which is answered by connecting anew
            return
        if not isinstance(context.original_exception, Exception):  # Ctrl-C, say
            return
        error = translated(context.original_exception)
        if isinstance(error, Unreachable):
            error = Unreachable(f"{place}: {error}")
        raise error from context.original_exception


def translated(error: BaseException) -> StoreError:
    """The store's error for one of a database driver or of SQLAlchemy."""
    match error:
        case StoreError():
            return error
        case sqlite3.Error():
            return _from_sqlite(error)
        case PendingRollbackError():
            return StoreError("this unit of work failed before; nothing of it is kept")
        case StaleDataError():
            return DatabaseLocked("somebody else changed it meanwhile; try again")
        case SQLAlchemyError() if isinstance(getattr(error, "orig", None), Exception):
            return translated(error.orig)  # type: ignore[attr-defined]
        case _ if hasattr(error, "sqlstate"):
            return _from_postgresql(error)
        case _:
            return Unstorable(_one_line(error))


def _from_sqlite(error: sqlite3.Error) -> StoreError:
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR)
    message = _one_line(error)
    what = message.rpartition(": ")[2]
    if code in _SQLITE_UNIQUE:
        return Duplicate(what.partition(".")[0], wording.unique(what))
    if code in _SQLITE_REFUSED:
        return Refused(_SQLITE_REFUSED[code](what))
    if message.startswith(("no such table", "no such column")) or "has no column" in message:
        return _with_words(NotMigrated, message)
    return _with_words(_SQLITE.get(code & 0xFF, StoreError), message)


def _from_postgresql(error: Any) -> StoreError:
    state = error.sqlstate
    message = _one_line(error)
    if state is None:  # the server did not answer at all
        return Unreachable(f"cannot be reached: {message}")
    if state == _UNIQUE_VIOLATION:
        return Duplicate(error.diag.table_name, wording.refused(error.diag.constraint_name))
    if state == _NOT_GIVEN:
        return Refused(wording.not_given(error.diag.table_name, error.diag.column_name))
    if state in _BROKEN:
        return Refused(wording.refused(error.diag.constraint_name))
    kinds = (kind for prefix, kind in _POSTGRESQL.items() if state.startswith(prefix))
    return _with_words(next(kinds, StoreError), message)


def _with_words(kind: type[StoreError], message: str) -> StoreError:
    return kind(_WORDS.get(kind, message))


def _one_line(error: BaseException) -> str:
    return str(error).strip().partition("\n")[0]
