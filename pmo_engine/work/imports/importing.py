"""``import``: a table goes into a register, all of it or nothing, with a report per row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pmo_engine.exchange.sheets import read_table
from pmo_engine.feel.wire import to_json
from pmo_engine.store import tables
from pmo_engine.store.errors import NotFound
from pmo_engine.work.errors import CommandError
from pmo_engine.work.imports.rows import ImportedRecord, RowProblem, prepare
from pmo_engine.work.people.portfolio import ACTIVE
from pmo_engine.work.permissions import require_person
from pmo_engine.work.records.submission import enter, register_named, revise

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pmo_engine.policy import Register
    from pmo_engine.store.unit_of_work import UnitOfWork
    from pmo_engine.work.rulebook import Desk


class ImportRefused(CommandError):
    """Rows that cannot go in, so none did; ``problems`` has them all."""

    def __init__(self, path: Path, problems: tuple[RowProblem, ...]) -> None:
        self.problems = problems
        first = problems[0]
        more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
        super().__init__(f"{path}: nothing was imported: {first}{more}")


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did with the rows, and which findings rules made."""

    layout: str
    added: int
    changed: int
    unchanged: int
    projects: int
    fired: dict[str, int]

    def as_dict(self) -> dict[str, Any]:
        """Give the shape that the command line prints."""
        return {
            "layout": self.layout,
            "added": self.added,
            "changed": self.changed,
            "unchanged": self.unchanged,
            "projects": self.projects,
            "fired": self.fired,
        }


def bring_in(
    desk: Desk,
    *,
    register: str,
    path: Path,
    by: str,
    project: str | None = None,
    stage: str = "imported",
    mapping: str | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Imported:
    """Import a CSV or XLSX file in one transaction; the same file again changes nothing.

    ``project`` is that of all rows where the table has no column for it. A project that the table
    names and the portfolio lacks is added, in ``stage``. Raises ImportRefused, HistoryError.
    """
    declared = register_named(desk, register)
    prepared = prepare(declared, read_table(path), mapping)
    problems = [*prepared.problems]
    if project is None:
        problems += [
            RowProblem(r.line, "", "says no project: give --project")
            for r in prepared.records
            if r.project is None
        ]
    if problems:
        raise ImportRefused(path, tuple(sorted(problems)))
    with desk.transaction(by) as uow:
        require_person(uow, by)
        run = _Run(desk, uow, declared, by, stage)
        for number, record in enumerate(prepared.records, 1):
            run.take(record, record.project or project or "")
            if progress is not None:
                progress(number, len(prepared.records))
        body = {"register": declared.id, "file": path.name, "added": run.added}
        uow.journal.add(tables.OFFICE, "imported", {**body, "changed": run.changed})
    return Imported(
        prepared.layout, run.added, run.changed, run.unchanged, run.projects, dict(run.fired)
    )


class _Run:
    """Takes row after row within the import's transaction."""

    def __init__(
        self, desk: Desk, uow: UnitOfWork, register: Register, by: str, stage: str
    ) -> None:
        self._desk, self._uow, self._register = desk, uow, register
        self._by, self._stage = by, stage
        self._known: set[str] = set()
        self.added = self.changed = self.unchanged = self.projects = 0
        self.fired: dict[str, int] = {}

    def take(self, record: ImportedRecord, project: str) -> None:
        """Enter a record, or change the one with its key."""
        self._ensure_project(record, project)
        entry = self._existing(project, record.key)
        if entry is None:
            made = enter(
                self._desk,
                self._uow,
                self._register,
                project,
                record.submission(),
                self._by,
                record.key,
            )
            self.added += 1
        else:
            changes = record.changes()
            given = {name: value for name, value in changes.items() if value is not None}
            gone = {name for name in changes if name not in given and name in entry.document}
            if not gone and all(entry.document.get(n) == to_json(v) for n, v in given.items()):
                self.unchanged += 1
                return
            made = revise(self._desk, self._uow, entry, given, gone, self._by)
            self.changed += 1
        for rule in made.decision.outcomes.fired:
            self.fired[rule] = self.fired.get(rule, 0) + 1

    def _existing(self, project: str, key: str | None) -> tables.Entry | None:
        if key is None:
            return None
        try:
            return self._uow.entries.by_key(project, self._register.id, key)
        except NotFound:
            return None

    def _ensure_project(self, record: ImportedRecord, project: str) -> None:
        if project in self._known:
            return
        try:
            self._uow.projects.get(project)
        except NotFound:
            if record.project_name is None:
                raise
            self._uow.projects.add(
                tables.Project(
                    id=project,
                    name=record.project_name,
                    stage=self._stage,
                    office=tables.OFFICE,
                    status=ACTIVE,
                )
            )
            self._uow.journal.add(project, "project.added", {"name": record.project_name})
            self.projects += 1
        self._known.add(project)
