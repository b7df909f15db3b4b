"""What an approval did stays where it is rescinded, until somebody undoes it: who may hears so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_engine.model.life_cycle import words
from pmo_engine.policy.registers import movers_of
from pmo_engine.work.approvals.asking import tell_head

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pmo_engine.policy import Register
    from pmo_engine.store import tables
    from pmo_engine.work.command import Command
    from pmo_engine.work.governance import Context

MOVED_BY = "rebaselined by "
"""How the reason of a version begins that moved a baseline; what moved it follows."""


def tell_what_stays(c: Command, entry: tables.Entry, title: str) -> None:
    """Tell the office's head what a rescinded record did that is so still, and what undoes it."""
    if why := [*what_stays(c, entry)]:
        key = f"{entry.id}/{entry.version}/stays"
        tell_head(c, key, title, why, entry.project, " is rescinded, and what it did stays")


def what_stays(c: Context, entry: tables.Entry) -> Iterator[str]:
    """Say what came of an approved record, and by which command that is undone."""
    register = c.policy.registers[entry.register_name]
    if register.becomes is not None:
        yield from _project(c, str(entry.document.get(register.becomes.id) or entry.key))
    if register.changes is not None:
        yield from _project(c, str(entry.document.get(register.changes.project)))
    yield from _baselines(c, entry, register)


def _project(c: Context, id: str) -> Iterator[str]:
    if c.uow.projects.is_there(id):
        status = words(c.uow.projects.get(id).status)
        yield f"{id} is {status} still: 'pmo project start', 'hold', 'stop' or 'close' changes that"


def _baselines(c: Context, entry: tables.Entry, register: Register) -> Iterator[str]:
    """Name the records of its project of which it moved a baseline."""
    moved = [
        each.id
        for each in c.policy.registers.values()
        for field in each.fields.values()
        if field.baseline_of and register.id in movers_of(field, c.policy.registers)
    ]
    by = {f"{MOVED_BY}{entry.key}", f"{MOVED_BY}{register.id}/{entry.key}"}
    for row in c.uow.entries.of_project(entry.project) if moved else ():
        if row.register_name in moved and any(
            version.reason in by for version in c.uow.entries.versions(row.id)
        ):
            yield f"{row.key} has the baseline to which it moved it: 'pmo rebaseline' moves it back"
