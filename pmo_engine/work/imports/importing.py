"""``import``: a table goes into a register, all of it or nothing, with a report per row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pmo_engine.exchange.sheets import read_table
from pmo_engine.model.shape import Shape
from pmo_engine.store import tables
from pmo_engine.store.errors import NotFound
from pmo_engine.work.acts import IMPORT
from pmo_engine.work.command import Command, Order, carry_out
from pmo_engine.work.errors import CommandError
from pmo_engine.work.imports.rows import ImportedRecord, RowProblem, prepare
from pmo_engine.work.people.portfolio import ACTIVE, named
from pmo_engine.work.permissions import require_update
from pmo_engine.work.records.submission import enter, register_named, revise, would_change
from pmo_engine.work.subjects import Office

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pmo_engine.decisions.decision import Decision
    from pmo_engine.policy import Register
    from pmo_engine.work.governance import Governance


class ImportRefused(CommandError):
    """Rows that cannot go in, so none did; ``problems`` has them all."""

    def __init__(self, path: Path, problems: tuple[RowProblem, ...]) -> None:
        self.problems = problems
        first = problems[0]
        more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
        super().__init__(f"{path}: nothing was imported: {first}{more}")


class Imported(Shape):
    """What an import did with the rows, and which findings rules made."""

    layout: str
    added: int
    changed: int
    unchanged: int
    projects: int
    fired: dict[str, int]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A CSV or XLSX file, and where its rows go.

    ``project`` is that of all rows where the table has no column for it. A project that the table
    names and the portfolio lacks is added, in ``stage``.
    """

    path: Path
    register: str
    project: str | None = None
    stage: str = "imported"
    mapping: str | None = None


def bring_in(
    governance: Governance,
    sheet: Sheet,
    *,
    by: str,
    progress: Callable[[int, int], None] | None = None,
    request: str | None = None,
) -> Imported:
    """Import a sheet in one transaction; the same file again changes nothing.

    Raises ImportRefused, HistoryError.
    """
    with governance.reading() as reading:
        declared = register_named(reading.policy, sheet.register)
    prepared = prepare(declared, read_table(sheet.path), sheet.mapping)
    problems = [*prepared.problems]
    if sheet.project is None:
        problems += [
            RowProblem(r.line, "", "says no project: give --project")
            for r in prepared.records
            if r.project is None
        ]
    if problems:
        raise ImportRefused(sheet.path, tuple(sorted(problems)))

    def do(c: Command) -> Imported:
        run = _Run(c, declared, sheet.stage)
        for number, record in enumerate(prepared.records, 1):
            run.take(record, record.project or sheet.project or "")
            if progress is not None:
                progress(number, len(prepared.records))
        body = {"register": declared.id, "file": sheet.path.name, "added": run.added}
        c.journal("imported", {**body, "changed": run.changed}, tables.OFFICE)
        return Imported(
            layout=prepared.layout,
            added=run.added,
            changed=run.changed,
            unchanged=run.unchanged,
            projects=run.projects,
            fired=dict(run.fired),
        )

    return carry_out(governance, Order(by, IMPORT, Office(), Imported, request), do)


class _Run:
    """Takes row after row within the import's transaction."""

    def __init__(self, c: Command, register: Register, stage: str) -> None:
        self._c, self._register, self._stage = c, register, stage
        self._known: set[str] = set()
        self.added = self.changed = self.unchanged = self.projects = 0
        self.fired: dict[str, int] = {}

    def take(self, record: ImportedRecord, project: str) -> None:
        """Enter a record, or change the one with its key."""
        self._ensure_project(record, project)
        entry = self._existing(project, record.key)
        if entry is None:
            _, decision = enter(self._c, self._register, project, record.submission(), record.key)
            self.added += 1
        else:
            revised = self._revise(entry, record)
            if revised is None:
                self.unchanged += 1
                return
            self.changed += 1
            decision = revised
        for rule in decision.outcomes.fired:
            self.fired[rule] = self.fired.get(rule, 0) + 1

    def _revise(self, entry: tables.Entry, record: ImportedRecord) -> Decision | None:
        """Change an entry as an update does; None where the row says nothing new."""
        changes = record.changes()
        given = {name: value for name, value in changes.items() if value is not None}
        before = entry.version
        if would_change(entry, given, set(changes) - set(given)):
            require_update(self._c, entry)
        entry, decision = revise(self._c.under(entry), entry, given, set(changes) - set(given))
        return None if entry.version == before else decision

    def _existing(self, project: str, key: str | None) -> tables.Entry | None:
        if key is None:
            return None
        try:
            found = self._c.uow.entries.by_key(project, self._register.id, key)
        except NotFound:
            return None
        self._c.uow.subjects.lock(found.id)
        return self._c.uow.entries.lock(found.id)

    def _ensure_project(self, record: ImportedRecord, project: str) -> None:
        if project in self._known:
            return
        if not self._c.uow.projects.is_there(project):
            if record.project_name is None:
                raise NotFound("project", project)
            self._c.uow.projects.add(
                tables.Project(
                    id=named(project, "project"),
                    name=record.project_name,
                    stage=self._stage,
                    office=tables.OFFICE,
                    status=ACTIVE,
                )
            )
            self._c.journal("project.added", {"name": record.project_name}, project)
            self.projects += 1
        self._known.add(project)
