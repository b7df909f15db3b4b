"""Turns what databases raise into the store's own errors, at the point where it is raised."""

from __future__ import annotations

import sqlite3
from functools import cache
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import unquote

from sqlalchemy import (
    URL,
    CheckConstraint,
    Connection,
    Constraint,
    Engine,
    ForeignKeyConstraint,
    Index,
    PrimaryKeyConstraint,
    Table,
    UniqueConstraint,
    event,
)
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.exc import PendingRollbackError, SQLAlchemyError
from sqlalchemy.orm.exc import StaleDataError

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
from pmo_engine.store.tables import whole

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


def translate_errors(engine: Engine) -> None:
    """From now on nothing that this engine raises is SQLAlchemy's."""

    @event.listens_for(engine, "handle_error")
    def _(context: ExceptionContext) -> None:
        if context.is_pre_ping:  # which is answered by connecting anew
            return
        if not isinstance(context.original_exception, Exception):  # Ctrl-C, say
            return
        raise _of_engine(engine, context.original_exception) from context.original_exception


def raise_translated(connection: Connection, error: BaseException) -> NoReturn:
    """As `translate_errors`, for what was raised where the driver is asked past SQLAlchemy.

    A connection of which nobody knows in what state it is, as after Ctrl-C, is used no more.
    """
    if not isinstance(error, Exception):
        connection.invalidate(error)
        raise error
    dialect: Any = connection.dialect
    if not connection.invalidated and dialect.is_disconnect(error, connection.connection, None):
        connection.invalidate(error)
    raise _of_engine(connection.engine, error) from error


def place_of(url: URL) -> str:
    """The file, or the server and database, as people know it."""
    if url.get_backend_name() == "sqlite":
        return unquote((url.database or "").removeprefix("file:"))
    return url.set(drivername="postgresql", query={}).render_as_string()


def _of_engine(engine: Engine, cause: Exception) -> StoreError:
    error = translated(cause)
    if isinstance(error, Unreachable):
        return _unreachable(place_of(engine.url), error, cause)
    return error


def _unreachable(place: str, error: Unreachable, cause: BaseException) -> Unreachable:
    code = getattr(cause, "sqlite_errorcode", None)
    if code == sqlite3.SQLITE_CANTOPEN and not Path(place).exists():
        return Unreachable(f"there is no database {place}; 'pmo database migrate' makes it")
    return Unreachable(f"{place}: {error}")


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
        return Duplicate(what.partition(".")[0], _duplicate(what))
    if code == sqlite3.SQLITE_CONSTRAINT_CHECK:
        return Refused(refused(what))
    if code == sqlite3.SQLITE_CONSTRAINT_NOTNULL:
        return Refused(_not_given(*what.split(".")))
    if code == sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY:
        return Refused(_NOT_THERE)
    if message.startswith(("no such table", "no such column")) or "has no column" in message:
        return _with_words(NotMigrated, message)
    return _with_words(_SQLITE.get(code & 0xFF, StoreError), message)


def _from_postgresql(error: Any) -> StoreError:
    state = error.sqlstate
    message = _one_line(error)
    if state is None:  # the server did not answer at all
        return Unreachable(f"cannot be reached: {message}")
    if state == _UNIQUE_VIOLATION:
        return Duplicate(error.diag.table_name, refused(error.diag.constraint_name))
    if state == _NOT_GIVEN:
        return Refused(_not_given(error.diag.table_name, error.diag.column_name))
    if state in _BROKEN:
        return Refused(refused(error.diag.constraint_name))
    kinds = (kind for prefix, kind in _POSTGRESQL.items() if state.startswith(prefix))
    return _with_words(next(kinds, StoreError), message)


def _with_words(kind: type[StoreError], message: str) -> StoreError:
    return kind(_WORDS.get(kind, message))


def _one_line(error: BaseException) -> str:
    return str(error).strip().partition("\n")[0]


_ONE_ALREADY = "there is one already, made at the same moment or before; look at what is there"
_NOT_THERE = "it refers to something that is not there; add that first"

_NOUNS = {
    "assessments": "assessment",
    "decisions": "decision",
    "entries": "record",
    "gate_reviews": "gate review",
    "obligations": "obligation",
    "outbox": "message",
    "people": "person",
    "policy_texts": "policy text",
    "policy_versions": "version of the policy",
    "programmes": "programme",
    "projects": "project",
    "subjects": "subject",
}
_REFUSALS = {
    "ck_obligation_addressees_one": "an obligation waits for a role or for a person, one of them",
    "ck_projects_not_the_office": "a project cannot be called as the office's own journal is; "
    "give another id",
    "ck_projects_dates": "a project cannot end before it begins; give a later day",
    "ck_programmes_not_within_itself": "a programme cannot be within itself; name another one",
    "ck_role_holdings_dates": "a role cannot end before it begins; give a later day",
    "pk_assessments": "this role's assessment is recorded already",
    "pk_entry_versions": "the record was changed at the same moment; look at it again",
    "pk_people": "there is somebody with this id already; give another id",
    "pk_policy_comments": "somebody commented at the same moment; comment again",
    "pk_programmes": "there is a programme with this id already; give another id",
    "pk_projects": "there is a project with this id already; give another id",
    "pk_requests": "a request with this id was carried out already; give another id",
    "uq_entries_project_register_name_key": "the register has a record with this key already; "
    "give another key, or change that record",
    "uq_gate_reviews_open": "the gate is under review already",
    "uq_obligation_addressees_person": "it waits for this person already",
    "uq_obligation_addressees_role": "it waits for this role already",
    "uq_obligations_open": "this is asked already, and still open",
    "uq_obligations_open_approval": "this approval is asked for already, and still open",
    "uq_outbox_key": "this message was queued already",
    "uq_policy_versions_live": "the policy has this version already; give the draft another one",
    "uq_votes_current": "this person voted at the same moment; look at the vote, and vote again",
}


def refused(constraint: str) -> str:
    """Why the constraint of that name refuses a row."""
    known = constraints().get(constraint)
    if constraint in _REFUSALS:
        return _REFUSALS[constraint]
    match known:
        case ForeignKeyConstraint():
            target = next(iter(known.elements)).column.table.name
            return f"it refers to a {_noun(target)} that is not there; add that first"
        case CheckConstraint():
            return f"{_of(known)}: '{_checked(known)}' does not fit with the rest"
        case _:
            return f"{_of(known)}: {_ONE_ALREADY}"


def _duplicate(columns: str) -> str:
    """Why a row is refused that has the same columns, as in `people.id`, as another."""
    return refused(_unique().get(tuple(columns.split(", ")), ""))


def _not_given(table: str, column: str) -> str:
    """Why a row is refused that lacks a column."""
    return f"{_noun(table)}: '{column}' has to be given"


def _noun(table: str) -> str:
    return _NOUNS.get(table, table.removesuffix("s").replace("_", " "))


def _of(constraint: Constraint | Index | None) -> str:
    table = None if constraint is None else constraint.table
    return "the store" if table is None else _noun(table.name)


def _checked(constraint: CheckConstraint) -> str:
    return str(constraint.name).removeprefix(f"ck_{constraint.table.name}_").replace("_", " ")


@cache
def constraints() -> dict[str, Constraint | Index]:
    """All that the tables refuse by, by its name."""
    tables = whole().tables.values()
    return {str(each.name): each for table in tables for each in _of_table(table)}


@cache
def _unique() -> dict[tuple[str, ...], str]:
    return {
        tuple(f"{each.table.name}.{column.name}" for column in each.columns): name
        for name, each in constraints().items()
        if isinstance(each, PrimaryKeyConstraint | UniqueConstraint | Index)
        and each.table is not None
    }


def _of_table(table: Table) -> list[Constraint | Index]:
    return [*table.constraints, *(index for index in table.indexes if index.unique)]
