"""Projects from a table: all of it or nothing, each row under the right of the single command.

What is in the store and not in the table is left alone. The same table again changes nothing.
"""

from __future__ import annotations

from dataclasses import asdict, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from pmo_engine.model.vocabulary import ACTIVE
from pmo_engine.work.acts import ADD_PROJECT, CHANGE_PROJECT, IMPORT_PROJECTS, MOVE_PROJECT
from pmo_engine.work.approvals.moved import have_moved
from pmo_engine.work.errors import CommandError
from pmo_engine.work.people import projects
from pmo_engine.work.people.importing.people import RowsRefused
from pmo_engine.work.people.importing.project_rows import read_projects
from pmo_engine.work.people.importing.taking import Taken, take_all
from pmo_engine.work.people.people import called
from pmo_engine.work.permissions import require
from pmo_engine.work.subjects import OfProject

if TYPE_CHECKING:
    from pathlib import Path

    from pmo_engine.work.command import Command
    from pmo_engine.work.governance import Governance
    from pmo_engine.work.people.importing.project_rows import ProjectRow


def import_projects(
    governance: Governance,
    path: Path,
    *,
    by: str,
    dry_run: bool = False,
    migrated: str = "",
    request: str | None = None,
) -> Taken:
    """Add and change every project that a table names; with ``dry_run`` nothing is kept.

    ``migrated``: why some are in a stage behind a gate, and who let them be. Raises RowsRefused
    with what is wrong of every row, CommandError, HistoryError.
    """
    rows, problems = read_projects(path)
    if problems:
        raise RowsRefused(path, tuple(problems))
    rows.sort(key=lambda each: each.project)  # in one order, as locks are taken
    order, take = (by, IMPORT_PROJECTS, request), partial(_take, migrated=migrated)
    made = take_all(governance, path, rows, take, order, dry_run=dry_run)
    if not dry_run:
        moved = [each.id for each in made.rows if projects.PLACED.intersection(each.did)]
        have_moved(governance, moved, by)
    return made


def _take(c: Command, row: Any, *, migrated: str) -> tuple[str, ...]:
    """Do with a row what single commands would, each under its own right."""
    place = projects.Place(row.office, row.programme, row.starts_on, row.ends_on)
    if not c.uow.projects.is_there(row.project):
        return _add(c, row, place, migrated)
    changing = replace(c, act=CHANGE_PROJECT, on=OfProject(row.project).lock(c.uow))
    given = {"name": called(row.name) if row.name else None, **asdict(place)}
    wanted = {k: v for k, v in given.items() if v is not None and v != getattr(changing.on.row, k)}
    did: tuple[str, ...] = ()
    if wanted:
        require(changing)
        did = projects.change(changing, given=given, attributes={}).changed
    if row.stage and row.stage != changing.on.row.stage:
        moving = replace(changing, act=MOVE_PROJECT)
        require(moving)
        did = (*did, *projects.move(moving, stage=row.stage, migrated=migrated).changed)
    return did


def _add(c: Command, row: ProjectRow, place: projects.Place, migrated: str) -> tuple[str, ...]:
    for name, value in (("name", row.name), ("stage", row.stage)):
        if not value:
            raise CommandError(f"{name}: is empty, and there is no project '{row.project}' yet")
    adding = replace(c, act=ADD_PROJECT)
    require(adding)
    values = projects.project_values(row.project, row.name, row.stage, place, None)
    projects.add(adding, values={**values, "status": ACTIVE}, migrated=migrated)
    return ("added",)
