"""Why rows cannot go in, found before anything is written."""

from __future__ import annotations

from functools import cache, partial
from itertools import islice
from typing import TYPE_CHECKING

from pmo_engine.exchange.record_rows import RowProblem
from pmo_engine.model.identifiers import problem
from pmo_engine.model.vocabulary import A_RECORD
from pmo_engine.policy.registers import DECIDED
from pmo_engine.work.errors import Refusal
from pmo_engine.work.imports.together import together
from pmo_engine.work.people.held import roles_of
from pmo_engine.work.people.projects import require_goes_on, require_takes_records
from pmo_engine.work.records.baselines import require_baselines
from pmo_engine.work.records.homes import is_home
from pmo_engine.work.records.references import NONE
from pmo_engine.work.records.relations import broken
from pmo_engine.work.records.setters import why_not_set
from pmo_engine.work.records.submission import (
    changed_by,
    refuse_decided,
    values_after,
    why_not_keyed,
    would_change,
)
from pmo_engine.work.subjects import wrote

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from pmo_engine.engines.rulebook import Rulebook
    from pmo_engine.exchange.record_rows import ImportedRecord
    from pmo_engine.policy import Register
    from pmo_engine.store.tables import Entry
    from pmo_engine.work.governance import Context
    from pmo_engine.work.records.references import Coming

AT_ONCE = 500
"""So many records are held against the store together."""


def problems_of(
    c: Context, register: Register, records: Iterable[ImportedRecord], project: str | None, by: str
) -> Iterator[RowProblem]:
    """Say what is wrong with each record: where it goes, its key, and what ``by`` may change."""
    held = cache(lambda id: bool(roles_of(c, by, id)))
    setting = cache(partial(_why_not_set, c, by=by))
    records = tuple(records)
    coming = together(register, records, project)
    left = iter(records)
    while some := tuple(islice(left, AT_ONCE)):
        yield from _problems_of(c, register, some, project, by, held, setting, coming)


def _problems_of(
    c: Context,
    register: Register,
    records: Sequence[ImportedRecord],
    project: str | None,
    by: str,
    held: Callable[[str], bool],
    setting: Callable[[Rulebook, str, str, str], str],
    coming: Mapping[str, Coming],
) -> Iterator[RowProblem]:
    """Say it of so many records as are looked up at once."""
    placed = [(record.project or project or "", record.key) for record in records]
    c.uow.projects.look_up([home for home, _ in placed])
    there = cache(partial(is_home, c, register))
    keyed = [(home, key) for home, key in placed if key]
    entries = c.uow.entries.look_up_places(register.id, keyed)
    for record in records:
        home = record.project or project
        if home is None:
            yield RowProblem(record.line, "", "says no project: give --project")
            continue
        what = "office" if register.of_offices else "project"
        found = _misplaced(record, home, what, known=there(home))
        entry = entries.get((home, record.key)) if record.key and not found else None
        if not found and entry is None and record.key:
            found = why_not_keyed(c, register, home, record.key)
        if not found:
            found = _no_way(register, record, entry)
        if not found and c.uow.projects.is_there(home):
            found = _not_to_do(c, register, record, entry, home, setting)
        if entry is not None and not found:
            found = _unchangeable(c, entry, record, by, holds=held(home))
        if found:
            yield RowProblem(record.line, "", found)
        else:
            yield from _out_of_relation(c, register, home, record, entry, coming.get(home, NONE))


def _not_to_do(
    c: Context,
    register: Register,
    record: ImportedRecord,
    entry: Entry | None,
    home: str,
    setting: Callable[[Rulebook, str, str, str], str],
) -> str | None:
    """Say why a project takes no such row now, or which field of it is another's to set."""
    rules, names = _what_it_says(c, record, entry)
    place = c.uow.projects.get(home)
    try:
        if entry is None:
            require_takes_records(place)
        elif names:
            require_goes_on(place)
    except Refusal as refusal:
        return str(refusal)
    own = (n for n, each in register.fields.items() if each.set_by is not None and n in names)
    return next(
        filter(None, (setting(rules, register.id, home, name) for name in sorted(own))), None
    )


def _what_it_says(
    c: Context, record: ImportedRecord, entry: Entry | None
) -> tuple[Rulebook, AbstractSet[str]]:
    """Name the fields that a row sets or changes, and the version under which it does."""
    if entry is None:
        said = record.submission()
        return c.rules, {name for name, value in said.items() if value is not None}
    changes = record.changes()
    typed = {name: value for name, value in changes.items() if value is not None}
    return c.under(entry).rules, changed_by(entry, typed, set(changes) - set(typed))


def _why_not_set(
    c: Context, rules: Rulebook, register: str, project: str, name: str, *, by: str
) -> str:
    under = c.by_rules(rules)
    return why_not_set(under, rules.policy.registers[register], project, name, by)


def _no_way(register: Register, record: ImportedRecord, entry: Entry | None) -> str | None:
    """Say why a record cannot come into the state that its row says."""
    life, to = register.life, record.state
    now = life.first if entry is None else entry.status
    if to is None or to == now:
        return None
    if to in DECIDED:
        return f"'{to}' is decided, and not imported: leave its status empty, and have it decided"
    if life.way(now, to) is None:
        return f"no move leads from '{now}' to '{to}', or only with an approval"
    return None


def _out_of_relation(
    c: Context,
    register: Register,
    project: str,
    record: ImportedRecord,
    entry: Entry | None,
    coming: Coming,
) -> Iterator[RowProblem]:
    """Say which fields are not what they must be beside their types."""
    if not register.relations:
        return
    if entry is None:
        said = {**record.submission(), **({} if record.key is None else {"key": record.key})}
        found = broken(c, register, project, said, coming=coming)
    else:
        typed = {name: value for name, value in record.changes().items() if value is not None}
        gone = set(record.changes()) - set(typed)
        values = values_after(c, register, entry, typed, gone)
        found = broken(c, register, project, values, changed_by(entry, typed, gone), coming)
    yield from (RowProblem(record.line, "", each) for each in found)


def _misplaced(record: ImportedRecord, project: str, what: str, *, known: bool) -> str | None:
    if not known and (record.project_name is None or what == "office"):
        return f"no {what} '{project.removeprefix(f'{what} ')}'"
    wrong = (problem(project) if not known else None) or (record.key and problem(record.key))
    return wrong or None


def _unchangeable(
    c: Context, entry: Entry, record: ImportedRecord, by: str, *, holds: bool
) -> str | None:
    changes = record.changes()
    given = {name: value for name, value in changes.items() if value is not None}
    gone = set(changes) - set(given)
    if not would_change(entry, given, gone):
        return None
    if not holds and by not in wrote(c, A_RECORD, entry):
        who = c.uow.people.name_of(by)
        return f"{who} holds no role in {entry.project}, and did not enter {entry.key}"
    under = c.under(entry)
    try:
        refuse_decided(under, entry, given, gone)
        register = under.policy.registers[entry.register_name]
        require_baselines(register, entry, changed_by(entry, given, gone))
    except Refusal as refusal:
        return str(refusal)
    return None
