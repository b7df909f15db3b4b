"""Brings a database to the schema of this version, with Alembic."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, MetaData, Table, inspect, text

from pmo_engine.store.errors import NotMigrated
from pmo_engine.store.tables import whole

if TYPE_CHECKING:
    from collections.abc import Sequence

    from alembic.config import Config

HEAD = "0031"
"""The newest migration."""

AT_ONCE = Path(__file__).with_name("new_sqlite_file.sql")
"""What the migrations make of an SQLite file that holds nothing, in one piece."""

_BETWEEN = ";\n\n"
_STAMP = "INSERT INTO alembic_version VALUES ('{}')"
_TRAILING = re.compile(r"[ \t]+$", re.MULTILINE)

_FUNCTIONS = ("journal_refuse", "role_holdings_refuse", "people_changed")
"""What PostgreSQL's triggers call."""

_MIGRATING = 7_065_001
"""PostgreSQL's advisory lock for two programs that migrate at once; any number of our own."""


def is_current(connection: Connection) -> bool:
    """Whether the newest migration was applied."""
    return _applied(connection) == HEAD


def _applied(connection: Connection) -> str:
    """The last migration that was applied, empty if none was; raises `NotMigrated` for a newer."""
    if not inspect(connection).has_table("alembic_version"):
        return ""
    found = connection.scalars(text("SELECT version_num FROM alembic_version")).first() or ""
    if found > HEAD:
        raise NotMigrated(
            f"the database was set up by a newer version of pmo (schema {found}; this one has "
            f"{HEAD}): use that version, or a copy of the database from before"
        )
    return found


def upgrade(connection: Connection, revision: str = "head") -> None:
    """Applies, in the connection's transaction, what is missing up to a revision."""
    _take_turns(connection)
    applied = _applied(connection)
    if revision == "head" and (applied == HEAD or _made_at_once(connection)):
        return
    from alembic import command  # noqa: PLC0415 - a fifth of a second, for one command

    if applied not in {"", *revisions()}:
        raise NotMigrated(
            f"the database was set up between two versions of pmo (schema {applied}, which this one"
            " does not know): use that program, or a copy of the database from before"
        )
    command.upgrade(_config(connection), revision)


def downgrade(connection: Connection, revision: str = "base") -> None:
    """Takes back, in the connection's transaction, what came after a revision."""
    from alembic import command  # noqa: PLC0415 - as above

    _take_turns(connection)
    command.downgrade(_config(connection), revision)


def revisions() -> list[str]:
    """All revisions of the schema that there ever were, the newest first."""
    from alembic.script import ScriptDirectory  # noqa: PLC0415 - as above

    return [each.revision for each in ScriptDirectory.from_config(_config()).walk_revisions()]


def as_sql(connection: Connection) -> str:
    """All that an SQLite file without records consists of, as `AT_ONCE` holds it."""
    asked = "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY rowid"
    made = [*connection.exec_driver_sql(asked).scalars(), _STAMP.format(_applied(connection))]
    return _BETWEEN.join(_TRAILING.sub("", each) for each in made) + ";\n"


def _made_at_once(connection: Connection) -> bool:
    """Makes the tables of a new SQLite file; the migrations take a second or two for the same."""
    if connection.dialect.name != "sqlite" or inspect(connection).get_table_names():
        return False
    for statement in AT_ONCE.read_text("utf-8").removesuffix(";\n").split(_BETWEEN):
        connection.exec_driver_sql(statement)
    return True


def reflected(connection: Connection) -> Sequence[Table]:
    """Our tables as they are in the database, whatever its revision."""
    tables, ours = MetaData(), whole().tables
    tables.reflect(connection, only=lambda name, _: name in ours)
    return tables.sorted_tables


def clear(connection: Connection) -> None:
    """Takes away our tables, all that they hold, and what watches over them."""
    for table in reversed(reflected(connection)):
        table.drop(connection)
    connection.execute(text("DROP TABLE IF EXISTS alembic_version"))
    if connection.dialect.name == "postgresql":
        for name in _FUNCTIONS:
            connection.execute(text(f"DROP FUNCTION IF EXISTS {name}"))


def _take_turns(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _MIGRATING})
        # A table that has references to look at, at the end, cannot be altered before.
        connection.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))


def _config(connection: Connection | None = None) -> Config:
    from alembic.config import Config  # noqa: PLC0415 - as above

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(Path(__file__).parent))
    return config
