"""What becomes of one row of an import: a new record, a changed one, or none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from pmo_engine.model.frozen import dataclass
from pmo_engine.store import tables
from pmo_engine.store.errors import NotFound
from pmo_engine.work.facts import given_record
from pmo_engine.work.people.people import named
from pmo_engine.work.people.projects import ACTIVE
from pmo_engine.work.permissions import require_update
from pmo_engine.work.records.naming import register_named
from pmo_engine.work.records.submission import enter, revise, would_change

if TYPE_CHECKING:
    from pmo_engine.policy import Register
    from pmo_engine.store.imports import Import, ImportRow
    from pmo_engine.work.command import Command


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a row, whether its project is new, and which rules fired.

    ``entry``: the record, where it was changed.
    """

    what: Literal["added", "changed", "unchanged"]
    new_project: bool = False
    fired: tuple[str, ...] = ()
    entry: tables.Entry | None = None


def take(c: Command, of: Import, row: ImportRow) -> Taken:
    """Enter a record, or change the one with the row's key."""
    register = register_named(c.policy, of.register_name)
    new_project = _ensure_project(c, of, row)
    entry = _existing(c, register, row)
    if entry is None:
        given = {**row.fields_, **row.first}
        typed = given_record(c, register, {n: v for n, v in given.items() if v is not None})
        _, decision = enter(c, register, row.project, typed, row.key)
        return Taken("added", new_project, decision.outcomes.fired)
    typed = given_record(c, register, {n: v for n, v in row.fields_.items() if v is not None})
    gone = set(row.fields_) - set(typed)
    if not would_change(entry, typed, gone):
        return Taken("unchanged", new_project)
    require_update(c, entry)
    _, decision = revise(c.under(entry), entry, typed, gone)
    return Taken("changed", new_project, decision.outcomes.fired, entry)


def _existing(c: Command, register: Register, row: ImportRow) -> tables.Entry | None:
    if row.key is None or not c.uow.entries.has_key(row.project, register.id, row.key):
        return None
    found = c.uow.entries.by_key(row.project, register.id, row.key)
    c.uow.subjects.lock(found.id)
    return c.uow.entries.lock(found.id)


def _ensure_project(c: Command, of: Import, row: ImportRow) -> bool:
    if c.uow.projects.is_there(row.project):
        return False
    if row.project_name is None:
        raise NotFound("project", row.project)
    c.uow.projects.add(
        tables.Project(
            id=named(row.project, "project"),
            name=row.project_name,
            stage=of.stage,
            office=tables.OFFICE,
            status=ACTIVE,
        )
    )
    c.journal("project.added", {"name": row.project_name}, row.project)
    return True
