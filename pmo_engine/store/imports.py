"""Imports: rows that wait to go into a register, portion after portion, until all of them did."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, select, update
from sqlmodel import Field, col

from pmo_engine.store.base import Table, Versioned, refers_to
from pmo_engine.store.columns import Moment, Shaped
from pmo_engine.store.repository import VersionRepository


class Import(Versioned, table=True):
    """A table that is being imported; it is staged as a whole or not at all.

    `report`: what came of the rows so far, and what was `left` of them and why.
    """

    __tablename__ = "imports"

    register_name: str
    file: str
    stage: str
    by: str
    at: datetime = Field(sa_type=Moment)
    finished_at: datetime | None = Field(default=None, sa_type=Moment, index=True)
    report: dict[str, Any] = Field(default_factory=dict, sa_type=Shaped("import"))


class ImportRow(Table, table=True):
    """A row of it: `fields` for a new record or one that is there, `first` for a new one alone."""

    __tablename__ = "import_rows"

    import_id: str = refers_to("imports.id", primary_key=True)
    number: int = Field(primary_key=True)
    line: int
    project: str
    project_name: str | None = None
    key: str | None = None
    fields_: dict[str, Any] = Field(default_factory=dict, sa_type=Shaped("row of an import"))
    first: dict[str, Any] = Field(default_factory=dict, sa_type=Shaped("row of an import"))
    done: bool = False


class Imports(VersionRepository[Import]):
    """What is being imported, and what was."""

    model = Import
    noun = "import"

    def add_rows(self, rows: Iterable[ImportRow]) -> None:
        """All rows of an import that is added in the same transaction."""
        self._session.flush()
        values = [row.model_dump() for row in rows]
        if values:
            self._session.execute(insert(ImportRow), values)

    def unfinished(self) -> list[Import]:
        """What was staged and is not in the registers yet, the oldest first."""
        waiting = select(Import).where(col(Import.finished_at).is_(None))
        return self._all(waiting.order_by(col(Import.at), col(Import.id)))

    def next_rows(self, import_id: str, limit: int, after: int = -1) -> list[ImportRow]:
        """The rows whose turn it is; all up to the one ``after`` are known to have had theirs."""
        mine = select(ImportRow).where(
            col(ImportRow.import_id) == import_id,
            col(ImportRow.number) > after,
            col(ImportRow.done).is_(False),
        )
        return self._transaction.rows(mine.order_by(col(ImportRow.number)).limit(limit))

    def done(self, import_id: str, first: int, last: int) -> None:
        """The rows from one number to another had their turn; no others are looked at."""
        self._transaction.update(
            update(ImportRow)
            .where(
                col(ImportRow.import_id) == import_id,
                col(ImportRow.number).between(first, last),
            )
            .values(done=True)
        )

    def count(self, import_id: str) -> int:
        """How many rows it has."""
        mine = select(func.count()).select_from(ImportRow)
        return self._session.scalars(mine.where(col(ImportRow.import_id) == import_id)).one()
