"""Backups: all rows as they stood at one moment, in a form that both databases read.

A backup is a gzip file of JSON lines: a head with the schema's revision, for each table a line with
its columns and one for each row, and an end with the number of rows and the SHA-256 of all before.
"""

from __future__ import annotations

import gzip
import json
import os
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from sqlalchemy import JSON, Connection, delete, insert, inspect, select
from sqlmodel import col

from pmo_engine.model.frozen import dataclass
from pmo_engine.store.columns import as_kept
from pmo_engine.store.errors import NotMigrated, StoreError
from pmo_engine.store.migrations import schema
from pmo_engine.store.settings import RESTORED, Counter
from pmo_engine.store.tables import whole

if TYPE_CHECKING:
    from pmo_engine.store.database import Database

FORM = 1
LONGEST = 1 << 28  # bytes of a line, that what claims to be a backup does not fill the memory
BATCH = 500


class BackupError(StoreError):
    """A backup that cannot be made or read."""


@dataclass(frozen=True, slots=True)
class Saved:
    """What a backup holds."""

    tables: int
    rows: int
    at: datetime


def backup(database: Database, path: Path, at: datetime, *, force: bool = False) -> Saved:
    """Writes all rows, as they are now, to a file for its owner alone; others go on working.

    Raises:
        BackupError: there is such a file already, and `force` does not say to replace it.
        NotMigrated: the database is not at the schema of this version.
    """
    if path.exists() and not force:
        raise BackupError(f"{path} is there already; give another name, or --force to replace it")
    with database.snapshot() as connection, _beside(path) as raw:
        if not schema.is_current(connection):
            raise NotMigrated("the database is not at the schema of this version; migrate it first")
        with gzip.GzipFile(fileobj=raw, mode="wb", filename="", mtime=0) as packed:
            return _write(connection, _Writer(packed), at)


_RESTORED = select(col(Counter.value)).where(col(Counter.scope) == RESTORED)


def restore(database: Database, path: Path, *, force: bool = False) -> Saved:
    """Puts the rows of a backup in place of what the database holds, in one transaction.

    Raises:
        BackupError: the file is no backup, or not whole, or of a later version; or the database
            holds something, and `force` does not say to replace it.
    """
    saved = check(path)
    with database.rebuilding() as connection:
        if not force and _holds_anything(connection):
            raise BackupError(
                "the database is not empty; give --force to replace all that it holds"
            )
        before = _times_restored(connection)
        schema.clear(connection)
        with _reading(path) as lines:
            schema.upgrade(connection, next(lines)["schema"])
            _load(connection, lines)
        schema.upgrade(connection)
        _count_restored(connection, before)
    return saved


def _times_restored(connection: Connection) -> int:
    if not inspect(connection).has_table("counters"):
        return 0
    return connection.execute(_RESTORED).scalar() or 0


def _count_restored(connection: Connection, before: int) -> None:
    """Lets programs that run on forget what they know: the store is at no moment it was at."""
    times = max(before, _times_restored(connection)) + 1
    connection.execute(delete(Counter).where(col(Counter.scope) == RESTORED))
    connection.execute(insert(Counter).values(scope=RESTORED, value=times))


def check(path: Path) -> Saved:
    """Reads a backup from beginning to end. Raises `BackupError` if it is not whole."""
    with _reading(path) as lines:
        head = next(lines)
        counts = [0, 0]
        for line in lines:
            counts[isinstance(line, list)] += 1
        tables, rows = counts
        return Saved(tables, rows, datetime.fromisoformat(head["at"]))


class _Writer:
    """Writes lines and remembers their digest."""

    def __init__(self, file: gzip.GzipFile) -> None:
        self._file = file
        self._digest = sha256()
        self.rows = 0

    def line(self, value: Any) -> None:
        text = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
        self._digest.update(text)
        self._file.write(text)

    def end(self) -> None:
        self.line({"rows": self.rows, "sha256": self._digest.hexdigest()})


def _write(connection: Connection, writer: _Writer, at: datetime) -> Saved:
    head = {"pmo_engine_backup": FORM, "schema": schema.HEAD, "at": at.astimezone(UTC).isoformat()}
    writer.line(head)
    tables = whole().sorted_tables
    for table in tables:
        writer.line({"table": table.name, "columns": [column.name for column in table.columns]})
        chosen = select(*map(as_kept, table.columns)).order_by(*table.primary_key)
        for row in connection.execute(chosen, execution_options={"yield_per": BATCH}):
            writer.line([_as_json(value) for value in row])
            writer.rows += 1
    writer.end()
    return Saved(len(tables), writer.rows, at)


def _as_json(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime | date) else value


@contextmanager
def _beside(path: Path) -> Iterator[IO[bytes]]:
    """A file that takes the path's place once it is whole, for its owner alone."""
    new = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        new.replace(path)
    except OSError as error:
        raise BackupError(f"cannot write {path}: {error.strerror}") from error
    finally:
        with suppress(OSError):
            new.unlink()


@contextmanager
def _reading(path: Path) -> Iterator[Iterator[Any]]:
    """The head of a backup and its tables and rows, checked as they are read."""
    try:
        with gzip.open(path, "rb") as file:
            yield _lines(path, file)
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise BackupError(f"{path} is not a backup, or not a whole one") from error
    except OSError as error:
        raise BackupError(f"cannot read {path}: {error.strerror}") from error


def _lines(path: Path, file: gzip.GzipFile) -> Iterator[Any]:
    digest = sha256()
    rows = 0
    for number, text in enumerate(iter(lambda: file.readline(LONGEST), b"")):
        line = _parsed(path, text)
        if number == 0:
            _check_head(path, line)
        if isinstance(line, dict) and "sha256" in line:
            if line != {"rows": rows, "sha256": digest.hexdigest()} or file.read(1):
                break
            return
        rows += isinstance(line, list)
        digest.update(text)
        yield line
    raise BackupError(f"{path} was changed since it was made, or its end is missing")


def _parsed(path: Path, text: bytes) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BackupError(f"{path} is not a backup of pmo-engine") from error


def _check_head(path: Path, head: Any) -> None:
    if not isinstance(head, dict) or "pmo_engine_backup" not in head:
        raise BackupError(f"{path} is not a backup of pmo-engine")
    if head["pmo_engine_backup"] != FORM or head.get("schema") not in schema.revisions():
        raise BackupError(f"{path} was made by a later version of pmo-engine; update this one")


def _holds_anything(connection: Connection) -> bool:
    tables = schema.reflected(connection)
    return any(connection.execute(select(table).limit(1)).first() is not None for table in tables)


def _load(connection: Connection, lines: Iterator[Any]) -> None:
    tables = {table.name: table for table in schema.reflected(connection)}
    for head, rows in _by_table(lines):
        table = tables[head["table"]]
        columns = [(name, _kind(table.columns[name])) for name in head["columns"]]
        while batch := list(islice(rows, BATCH)):
            connection.execute(insert(table), [_typed_row(columns, row) for row in batch])


def _by_table(lines: Iterator[Any]) -> Iterator[tuple[dict[str, Any], Iterator[list[Any]]]]:
    """Each table's line with the rows that follow it, which are read before the next table's."""
    head = next(lines, None)
    while head is not None:
        following: list[dict[str, Any]] = []
        yield head, _rows(lines, following)
        head = following[0] if following else None


def _rows(lines: Iterator[Any], following: list[dict[str, Any]]) -> Iterator[list[Any]]:
    for line in lines:
        if isinstance(line, dict):
            following.append(line)
            return
        yield line


def _kind(column: Any) -> type:
    if isinstance(column.type, JSON):
        column.type.none_as_null = True  # as in our own columns: nothing is no document
    kind: type = column.type.python_type
    return kind


def _typed_row(columns: list[tuple[str, type]], row: list[Any]) -> dict[str, Any]:
    return {name: _typed(kind, value) for (name, kind), value in zip(columns, row, strict=True)}


def _typed(kind: type, value: Any) -> Any:
    if value is not None and issubclass(kind, date):  # which moments are, too
        return kind.fromisoformat(value)
    return value
