"""``import``: a table goes into a register, all of it or nothing, with a report per row.

Every row is read and checked before anything is written. What is to go in is then *staged* as a
whole, in one short command; from there on it goes into the register in portions that other commands
can pass between, and whoever imports or sweeps next finishes what a stopped import left.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from functools import partial
from time import monotonic
from typing import TYPE_CHECKING, Any

from pydantic import Field

from pmo_engine.compiler.loading import uncollected
from pmo_engine.exchange.counting import has_more_rows
from pmo_engine.exchange.errors import Fault
from pmo_engine.exchange.mappings import saved
from pmo_engine.exchange.record_rows import ImportedRecord, RowProblem, columns_of, prepare
from pmo_engine.exchange.sheets import read_table
from pmo_engine.feel.limits import EvaluationLimit
from pmo_engine.feel.wire import to_json
from pmo_engine.model.frozen import dataclass
from pmo_engine.model.shape import Shape
from pmo_engine.store import tables
from pmo_engine.store.errors import NotFound
from pmo_engine.store.imports import Import, ImportRow
from pmo_engine.work.accounts import signed
from pmo_engine.work.acts import ADD_PROJECT, IMPORT
from pmo_engine.work.approvals import limits
from pmo_engine.work.command import Command, Order, answered_before, carry_out
from pmo_engine.work.errors import CommandError
from pmo_engine.work.facts import given_value
from pmo_engine.work.imports.checks import problems_of
from pmo_engine.work.imports.owners import People
from pmo_engine.work.imports.taking import look_up, take
from pmo_engine.work.imports.together import named_first
from pmo_engine.work.permissions import require_act
from pmo_engine.work.records import waited
from pmo_engine.work.records.naming import home_of, register_named
from pmo_engine.work.rounds.answers import answer_rounds
from pmo_engine.work.subjects import Locked, Office
from pmo_engine.work.timed.at_once import look_at_projects

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from pmo_engine.exchange.record_rows import Prepared
    from pmo_engine.policy import Register
    from pmo_engine.store.unit_of_work import UnitOfWork
    from pmo_engine.work.governance import Context, Governance

MOST_ROWS = 250_000
"""Rows of one import; beyond them whoever imports would wait for hours, and is told at once."""

PORTION, FIRST = 250, 25
"""Rows that go in at the most, and at first, between two moments at which others may pass."""

NONE_YET = -1
"""The number before that of the first row."""

A_MOMENT = 1.0
"""Seconds that a portion is to take, for which others wait; of slow rows fewer go in together."""


class ImportRefused(CommandError):
    """Rows that cannot go in, so none did; ``problems`` has them all."""

    def __init__(self, path: Path, problems: tuple[RowProblem, ...]) -> None:
        self.problems = problems
        first = problems[0]
        more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
        super().__init__(f"{path}: nothing was imported: {first}{more}")


class Imported(Shape):
    """What an import did with the rows, and which findings rules made.

    ``left`` says, by line, which rows were overtaken by another command and why they stay out,
    ``remarks`` what was read otherwise than it is written.
    """

    layout: str
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    projects: int = 0
    fired: dict[str, int] = Field(default_factory=dict)
    left: dict[str, str] = Field(default_factory=dict)
    remarks: tuple[str, ...] = ()


class Staged(Shape):
    """An import whose rows wait to go in."""

    id: str
    rows: int


class Portion(Shape):
    """How many rows had their turn, the number of the last, and whether no more wait for theirs."""

    rows: int
    upto: int
    last: bool


@dataclass(frozen=True, slots=True)
class Sheet:
    """A CSV or XLSX file, and where its rows go; of a workbook the first sheet, or ``tab``.

    ``project`` is that of all rows where the table has no column for it. A project that the table
    names and the portfolio lacks is added, in ``stage``.
    """

    path: Path
    register: str
    project: str | None = None
    stage: str = "imported"
    mapping: str | None = None
    mappings: Path | None = None  # the folder of those that are saved
    tab: str | None = None  # of a workbook


@dataclass(frozen=True, slots=True)
class OfImport:
    """A command about an import; two who carry it on take turns."""

    id: str

    def lock(self, uow: UnitOfWork) -> Locked:
        return Locked(uow.imports.lock(self.id))


def bring_in(
    governance: Governance,
    sheet: Sheet,
    *,
    by: str,
    progress: Callable[[int, int], None] | None = None,
    request: str | None = None,
) -> Imported:
    """Import a sheet; the same file again changes nothing, where its rows have keys.

    Raises ImportRefused, HistoryError.
    """
    by = signed(governance, by)
    what = " ".join(map(str, (sheet.register, sheet.path.name, sheet.project, sheet.mapping)))
    order = Order(by, IMPORT, Office(), Staged, request, asked=what)
    finish_all(governance)
    staged = answered_before(governance, order) or _staged(governance, sheet, order)
    return finish(governance, staged.id, by=by, progress=progress)


def _staged(governance: Governance, sheet: Sheet, order: Order[Staged]) -> Staged:
    """Read and check every row, and stage them all."""
    if has_more_rows(sheet.path, MOST_ROWS, sheet.tab):
        said = f"more than {MOST_ROWS:,} rows, which is more than one import takes"
        raise Fault(said, "split the table, or take out what is no record").at(sheet.path)
    with governance.reading() as c:
        declared = _with_mapping(register_named(c.policy, sheet.register), sheet)
        remarks: list[str] = []
        needed = columns_of(declared, sheet.mapping)
        whole = not declared.imports and sheet.mapping is None
        table = read_table(sheet.path, needed, remarks, whole=whole, tab=sheet.tab)
        called = People(c).called
        prepared = prepare(declared, table, sheet.mapping, partial(given_value, c), called)
        prepared = _at_home(c, declared, prepared, sheet)
        prepared = replace(prepared, records=named_first(declared, prepared.records, sheet.project))
        problems = sorted(
            [
                *prepared.problems,
                *problems_of(c, declared, prepared.records, sheet.project, order.by),
            ]
        )
    if problems:
        raise ImportRefused(sheet.path, tuple(problems))
    rows = [_row(number, each, sheet) for number, each in enumerate(prepared.records)]
    row = Import(
        register_name=declared.id,
        file=sheet.path.name,
        stage=sheet.stage,
        by=order.by,
        at=governance.clock.now(),
        report={
            "layout": prepared.layout,
            "remarks": [*remarks, *prepared.remarks, *_without_keys(prepared)],
        },
    )
    return carry_out(governance, order, partial(_stage, made=row.model_dump(), rows=rows))


def _without_keys(prepared: Prepared) -> tuple[str, ...]:
    if all(each.key is not None for each in prepared.records):
        return ()
    return (
        "no column says keys: the same table again enters its rows again, but by one --request",
    )


def _at_home(c: Context, register: Register, prepared: Prepared, sheet: Sheet) -> Prepared:
    """Say in which office each record of a register of offices goes, the only one if none does."""
    if not register.of_offices:
        return prepared
    homes = (each.project or sheet.project or tables.OFFICE for each in prepared.records)
    placed = (home_of(c.policy, register, home) for home in homes)
    records = (
        replace(each, project=home) for each, home in zip(prepared.records, placed, strict=True)
    )
    return replace(prepared, records=tuple(records))


def _with_mapping(register: Register, sheet: Sheet) -> Register:
    """Give a register with the saved mapping that a sheet is to be read by."""
    if sheet.mapping is None or sheet.mappings is None:
        return register
    if any(each.id == sheet.mapping for each in register.imports):
        return register
    found = saved(register, sheet.mapping, sheet.mappings)
    if found is None:
        known = ", ".join(each.id for each in register.imports) or "none"
        raise CommandError(
            f"register '{register.id}' has no import '{sheet.mapping}'; it has {known}, and"
            f" 'pmo records mapping {register.id} FILE --save {sheet.mapping}' makes one"
        )
    return replace(register, imports=(*register.imports, found))


def _row(number: int, record: ImportedRecord, sheet: Sheet) -> dict[str, Any]:
    return {
        "number": number,
        "line": record.line,
        "project": record.project or sheet.project or "",
        "project_name": record.project_name,
        "key": record.key,
        "fields_": {name: to_json(value) for name, value in record.fields.items()},
        "first": {name: to_json(value) for name, value in record.first.items()},
        "done": False,
    }


def _stage(c: Command, *, made: dict[str, Any], rows: list[dict[str, Any]]) -> Staged:
    projects = () if _is_of_offices(c, made) else {row["project"] for row in rows}
    c.uow.projects.look_up(projects)
    if not all(map(c.uow.projects.is_there, projects)):
        require_act(c, ADD_PROJECT)
    row = c.uow.imports.add(Import(**made))
    c.uow.imports.add_rows(ImportRow(import_id=row.id, **each) for each in rows)
    body = {"import": row.id, "register": row.register_name, "file": row.file, "rows": len(rows)}
    c.journal("import.staged", body)
    return Staged(id=row.id, rows=len(rows))


def _is_of_offices(c: Context, made: dict[str, Any]) -> bool:
    return register_named(c.policy, made["register_name"]).of_offices


def finish_all(governance: Governance) -> None:
    """Carry on what stopped imports left, each in the name of whoever began it."""
    with governance.reading() as c:
        left = [(row.id, row.by) for row in c.uow.imports.unfinished()]
    for id, by in left:
        finish(governance, id, by=by, carried_on=True)


def finish(
    governance: Governance,
    import_id: str,
    *,
    by: str,
    progress: Callable[[int, int], None] | None = None,
    carried_on: bool = False,
) -> Imported:
    """Let all rows of an import have their turn; what it did so far is not done twice."""
    with governance.reading() as c:
        total = c.uow.imports.count(import_id)
    done, upto, size = 0, NONE_YET, min(FIRST, PORTION)
    touched, waiting = set[str](), set[str]()
    order = Order(by, IMPORT, OfImport(import_id), Portion, carried_on=carried_on)
    while True:
        began = monotonic()
        try:
            do = partial(_portion, after=upto, size=size, touched=touched, waiting=waiting)
            with uncollected():  # rows are let go of by themselves, and all else lives on
                portion = carry_out(governance, order, do)
        except (CommandError, EvaluationLimit, NotFound) as fault:
            if size > 1:
                size = 1
                continue
            portion = carry_out(governance, order, partial(_leave, after=upto, why=str(fault)))
        done, upto = done + portion.rows, max(upto, portion.upto)
        size = fitting(size, monotonic() - began)
        if progress is not None:
            progress(min(done, total), total)
        if portion.last:
            limits.look_again(governance, sorted(touched))
            waited.look_again(governance, sorted(waiting))
            with governance.reading() as c:
                return Imported.model_validate(c.uow.imports.get(import_id).report)


def fitting(size: int, took: float) -> int:
    """Give how many rows go in together after so many took so many seconds."""
    most = min(PORTION, size * 4)
    return most if took * most <= A_MOMENT * size else max(1, int(size * A_MOMENT / took))


def _portion(c: Command, *, after: int, size: int, touched: set[str], waiting: set[str]) -> Portion:
    row: Import = c.on.row
    rows, more = _next(c, row, after, size)
    report = Counter(row.report.get("fired", {}))
    changed: list[tables.Entry] = []
    written: list[tables.Entry] = []
    counts = Counter({name: row.report.get(name, 0) for name in COUNTS})
    look_up(c, row, rows)
    for each in rows:
        taken = take(c, row, each)
        counts[taken.what] += 1
        counts["projects"] += taken.new_project
        report.update(taken.fired)
        if taken.entry is not None:
            changed.append(taken.entry)
        if taken.written is not None:
            written.append(taken.written)
    touched |= _touched(c, changed)
    waiting |= _waiting(c, changed)
    look_at_projects(c, written)
    answer_rounds(c, written)
    told = {**row.report, **counts, "fired": dict(sorted(report.items()))}
    return _passed(c, rows, told, more=more)


def _next(c: Command, row: Import, after: int, size: int) -> tuple[list[ImportRow], bool]:
    """Give the rows whose turn it is, and whether there are more behind them."""
    rows = c.uow.imports.next_rows(row.id, size + 1, after)
    return rows[:size], len(rows) > size


def _waiting(c: Command, changed: Iterable[tables.Entry]) -> set[str]:
    """Name the records that wait for a fact of others in a register of which some changed."""
    registers = c.policy.registers
    known = (each for each in changed if each.register_name in registers)
    places = {(each.project, registers[each.register_name].plural) for each in known}
    return {id for project, plural in places for id in waited.have_come(c, project, [plural])}


def _touched(c: Command, changed: Iterable[tables.Entry]) -> set[str]:
    """Name the open records whose limits changes bear on: those behind the first of a project."""
    first: dict[str, tables.Entry] = {}
    for each in changed:
        before = first.setdefault(each.project, each)
        if (each.entered, each.id) < (before.entered, before.id):
            first[each.project] = each
    return {id for each in first.values() for id in limits.touched(c, each)}


COUNTS = ("added", "changed", "unchanged", "projects")


def _leave(c: Command, *, after: int, why: str) -> Portion:
    """Leave out the row whose turn it is, and say why."""
    row: Import = c.on.row
    rows, more = _next(c, row, after, 1)
    left = {**row.report.get("left", {}), **{str(each.line): why for each in rows}}
    return _passed(c, rows, {**row.report, "left": left}, more=more)


def _passed(c: Command, rows: list[ImportRow], report: dict[str, Any], *, more: bool) -> Portion:
    row: Import = c.on.row
    if rows:
        c.uow.imports.done(row.id, rows[0].number, rows[-1].number)
    ended = None if more else c.now
    if row.finished_at is None:
        c.uow.imports.change(row, report=report, finished_at=ended)
        if not more:
            body = {"import": row.id, "register": row.register_name, "file": row.file}
            told = {name: report.get(name, 0) for name in COUNTS}
            c.journal("imported", {**body, **told, "left": report.get("left", {})})
    upto = rows[-1].number if rows else NONE_YET
    return Portion(rows=len(rows), upto=upto, last=not more)
