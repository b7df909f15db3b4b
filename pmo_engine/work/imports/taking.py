"""What becomes of one row of an import: a new record, a changed one, or none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from pmo_engine.model.frozen import dataclass
from pmo_engine.model.life_cycle import words
from pmo_engine.model.vocabulary import ACTIVE
from pmo_engine.policy.registers import STATUS
from pmo_engine.store import tables
from pmo_engine.store.errors import NotFound
from pmo_engine.work.errors import Refusal
from pmo_engine.work.facts import given_record
from pmo_engine.work.people.people import named
from pmo_engine.work.permissions import require_update
from pmo_engine.work.records.homes import place_for
from pmo_engine.work.records.moves import set_state
from pmo_engine.work.records.naming import register_named
from pmo_engine.work.records.submission import changed_by, enter, revise

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pmo_engine.policy import Register
    from pmo_engine.store.imports import Import, ImportRow
    from pmo_engine.work.command import Command


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a row, whether its project is new, and which rules fired.

    ``entry``: the record, where it was changed; ``written``: where it was entered, too.
    """

    what: Literal["added", "changed", "unchanged"]
    new_project: bool = False
    fired: tuple[str, ...] = ()
    entry: tables.Entry | None = None
    written: tables.Entry | None = None


def look_up(c: Command, of: Import, rows: Sequence[ImportRow]) -> None:
    """Read at once what rows are about, and lock the records that there are, in one order."""
    c.uow.projects.look_up([each.project for each in rows])
    keyed = [(each.project, each.key) for each in rows if each.key is not None]
    found = c.uow.entries.look_up_places(of.register_name, keyed)
    ids = [each.id for each in found.values()]
    if ids:
        c.uow.subjects.lock_all(ids)
        c.uow.entries.lock_all(ids)


def take(c: Command, of: Import, row: ImportRow) -> Taken:
    """Enter a record, or change the one with the row's key."""
    register = register_named(c.policy, of.register_name)
    new_project = not register.of_offices and _ensure_project(c, of, row)
    if register.of_offices:
        place_for(c.uow, c.policy, row.project, row.project, c.today)
    entry = _existing(c, register, row)
    said = dict(row.fields_) if entry is not None else {**row.fields_, **row.first}
    state = said.pop(STATUS, None)
    typed = given_record(c, register, {n: v for n, v in said.items() if v is not None})
    if entry is None:
        entry, decision = enter(c, register, row.project, typed, row.key)
        _bring(c, entry, state, of)
        return Taken("added", new_project, decision.outcomes.fired, written=entry)
    gone = set(said) - set(typed)
    fired: tuple[str, ...] = ()
    before = entry.version
    if changed := changed_by(entry, typed, gone):
        require_update(c, entry, changed)
        _, decision = revise(c.under(entry), entry, typed, gone)
        fired = decision.outcomes.fired
    _bring(c, entry, state, of)
    if entry.version == before:
        return Taken("unchanged", new_project)
    return Taken("changed", new_project, fired, entry, entry)


def _bring(c: Command, entry: tables.Entry, state: str | None, of: Import) -> None:
    """Bring a record into the state that its row says, by the moves that lead there.

    Each is made as any is, with whoever imports as who makes it.
    """
    if state is None or state == entry.status:
        return
    life = c.under(entry).policy.registers[entry.register_name].life
    way = life.way(entry.status, state)
    if way is None:
        raise Refusal(f"{entry.key} is {words(entry.status)}, and no move leads to '{state}'")
    for to in way:
        set_state(c.under(entry), entry, to, f"as imported from {of.file}")


def _existing(c: Command, register: Register, row: ImportRow) -> tables.Entry | None:
    if row.key is None or not c.uow.entries.has_key(row.project, register.id, row.key):
        return None
    return c.uow.entries.by_key(row.project, register.id, row.key)


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
