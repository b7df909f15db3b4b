"""Programmes and portfolios from a table: all of it or nothing, in whatever order of rows.

What is in the store and not in the table is left alone. The same table again changes nothing.
"""

from __future__ import annotations

from dataclasses import replace
from graphlib import CycleError, TopologicalSorter
from typing import TYPE_CHECKING, Any, get_args

from pmo_engine.exchange.sheets import SUFFIXES, read_table
from pmo_engine.model.frozen import dataclass
from pmo_engine.model.identifiers import problem
from pmo_engine.model.vocabulary import ProgrammeKind
from pmo_engine.source.diagnostics import nearest
from pmo_engine.work.acts import ADD_PROGRAMME, CHANGE_PROGRAMME, IMPORT_PROGRAMMES
from pmo_engine.work.approvals.moved import have_moved
from pmo_engine.work.errors import CommandError
from pmo_engine.work.people import programmes
from pmo_engine.work.people.importing.people import RowsRefused
from pmo_engine.work.people.importing.rows import Problem, require_known
from pmo_engine.work.people.importing.taking import ADDED, Taken, take_all
from pmo_engine.work.people.people import called
from pmo_engine.work.permissions import require
from pmo_engine.work.subjects import OfProgramme

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pmo_engine.work.command import Command
    from pmo_engine.work.governance import Governance

COLUMNS = ("programme", "name", "kind", "within", "office")


@dataclass(frozen=True, slots=True)
class ProgrammeRow:
    """What one row says of a programme; an empty text is nothing said."""

    place: str
    programme: str
    name: str = ""
    kind: str = ""
    within: str = ""
    office: str = ""

    @property
    def id(self) -> str:
        """Give what it is about."""
        return self.programme


def import_programmes(
    governance: Governance,
    path: Path,
    *,
    by: str,
    dry_run: bool = False,
    request: str | None = None,
) -> Taken:
    """Add and change every programme that a table names; with ``dry_run`` nothing is kept.

    Raises RowsRefused with what is wrong of every row, CommandError, HistoryError.
    """
    order = by, IMPORT_PROGRAMMES, request
    rows = _in_order(path, _read(path))
    made = take_all(governance, path, rows, _take, order, dry_run=dry_run)
    moved = [each.id for each in made.rows if programmes.PLACED.intersection(each.did)]
    with governance.reading() as c:
        below = {id for each in moved for id in programmes.projects_below(c, each)}
    have_moved(governance, below, by)
    return made


def _read(path: Path) -> list[ProgrammeRow]:
    """Read a table of programmes; raises RowsRefused, CommandError, HistoryError."""
    if not path.name.lower().endswith(SUFFIXES):
        raise CommandError(f"{path}: is no table ({', '.join(SUFFIXES)})")
    rows: dict[str, ProgrammeRow] = {}
    problems = []
    for line, fields in read_table(path):
        said = {name.strip().casefold(): value.strip() for name, value in fields.items()}
        require_known(said, COLUMNS, f"{path.name}: the column", "programmes")
        if "programme" not in said:
            raise CommandError(f"{path.name}: there is no column 'programme'")
        row = ProgrammeRow(f"{path.name}:{line}", **said)
        first = rows.setdefault(row.programme, row)
        problems += [Problem(row.place, each) for each in _wrong(first, row)]
    if problems:
        raise RowsRefused(path, tuple(problems))
    return list(rows.values())


def _wrong(first: ProgrammeRow, row: ProgrammeRow) -> Iterator[str]:
    if first is not row:
        yield f"programme '{row.programme}' stands in {first.place} already"
    for name in ("programme", "within", "office"):
        value = getattr(row, name)
        if (why := problem(value)) and (name == "programme" or value):
            yield f"{name}: {why}"
    kinds = get_args(ProgrammeKind)
    if row.kind and row.kind not in kinds:
        hint = nearest(row.kind, kinds) or f"there are {', '.join(kinds)}"
        yield f"kind: there is no '{row.kind}' ({hint})"


def _in_order(path: Path, rows: list[ProgrammeRow]) -> Iterator[ProgrammeRow]:
    """Put each row behind that of what it is within; raises RowsRefused for a circle."""
    by_id = {row.programme: row for row in rows}
    above = {row.programme: [row.within] if row.within in by_id else [] for row in rows}
    try:
        ordered = list(TopologicalSorter(above).static_order())
    except CycleError as error:
        first, *others = reversed(error.args[1])
        said = f"a programme cannot be within itself: {' within '.join([first, *others])}"
        raise RowsRefused(path, (Problem(by_id[first].place, said),)) from None
    return (by_id[each] for each in ordered)


def _take(c: Command, row: Any) -> tuple[str, ...]:
    """Do with a row what single commands would, each under its own right."""
    known = {each.id: each for each in c.uow.programmes.all()}
    if row.programme not in known:
        return _add(c, row)
    if row.kind and row.kind != known[row.programme].kind:
        raise CommandError(f"'{row.programme}' is a {known[row.programme].kind}, not a {row.kind}")
    given = {name: getattr(row, name) or None for name in ("name", "within", "office")}
    given["name"] = called(row.name) if row.name else None
    changing = replace(c, act=CHANGE_PROGRAMME, on=OfProgramme(row.programme).lock(c.uow))
    if all(v is None or v == getattr(changing.on.row, k) for k, v in given.items()):
        return ()
    require(changing)
    return programmes.change(changing, given=given).changed


def _add(c: Command, row: ProgrammeRow) -> tuple[str, ...]:
    if not row.name:
        raise CommandError(f"name: is empty, and there is no programme '{row.programme}' yet")
    adding = replace(c, act=ADD_PROGRAMME)
    require(adding)
    values = {
        "id": row.programme,
        "name": called(row.name),
        "kind": row.kind or "programme",
        "within": row.within or None,
        "office": row.office or None,
    }
    programmes.add(adding, values=values)
    return (ADDED,)
