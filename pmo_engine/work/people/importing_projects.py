"""Projects from a table: all of it or nothing, each row under the right of the single command.

What is in the store and not in the table is left alone. The same table again changes nothing.
"""

from __future__ import annotations

from dataclasses import asdict, replace
from functools import partial
from typing import TYPE_CHECKING

from pmo_engine.model.shape import Shape
from pmo_engine.store import tables
from pmo_engine.store.errors import NotFound
from pmo_engine.work.acts import ADD_PROJECT, CHANGE_PROJECT, IMPORT_PROJECTS, MOVE_PROJECT
from pmo_engine.work.approvals.looking_again import have_moved
from pmo_engine.work.command import Command, Order, carry_out
from pmo_engine.work.errors import CommandError
from pmo_engine.work.people import projects
from pmo_engine.work.people.importing import RowsRefused
from pmo_engine.work.people.people import called
from pmo_engine.work.people.project_rows import ProjectRow, read_projects
from pmo_engine.work.people.rows import Problem
from pmo_engine.work.permissions import require
from pmo_engine.work.subjects import Office, OfProject

if TYPE_CHECKING:
    from pathlib import Path

    from pmo_engine.work.governance import Governance


class ProjectDone(Shape):
    """What a row did: ``added`` a project, or ``changed`` what it says of it, or nothing."""

    place: str
    project: str
    did: tuple[str, ...]


class ImportedProjects(Shape):
    """What an import did, row by row."""

    added: int
    changed: int
    unchanged: int
    rows: tuple[ProjectDone, ...]


class _Rehearsed(Exception):
    """Everything was tried, and nothing of it is to be kept."""

    def __init__(self, done: ImportedProjects) -> None:
        self.done = done


def import_projects(
    governance: Governance,
    path: Path,
    *,
    by: str,
    dry_run: bool = False,
    request: str | None = None,
) -> ImportedProjects:
    """Add and change every project that a table names; with ``dry_run`` nothing is kept.

    Raises RowsRefused with what is wrong of every row, CommandError, HistoryError.
    """
    rows, problems = read_projects(path)
    if problems:
        raise RowsRefused(path, tuple(problems))
    do = partial(_import, path=path, rows=rows, dry_run=dry_run)
    order = Order(by, IMPORT_PROJECTS, Office(), ImportedProjects, None if dry_run else request)
    try:
        made = carry_out(governance, order, do)
    except _Rehearsed as rehearsed:
        return rehearsed.done
    have_moved(governance, [e.project for e in made.rows if projects.PLACED.intersection(e.did)])
    return made


def _import(c: Command, *, path: Path, rows: list[ProjectRow], dry_run: bool) -> ImportedProjects:
    done, problems = [], []
    for row in sorted(rows, key=lambda each: each.project):  # in one order, as locks are taken
        try:
            done.append(ProjectDone(place=row.place, project=row.project, did=_take(c, row)))
        except (CommandError, NotFound) as error:
            problems.append(Problem(row.place, str(error)))
        c.uow.write()
    if problems:
        raise RowsRefused(path, tuple(problems))
    made = ImportedProjects(
        added=sum("added" in each.did for each in done),
        changed=sum(bool(each.did) and "added" not in each.did for each in done),
        unchanged=sum(not each.did for each in done),
        rows=tuple(done),
    )
    if dry_run:
        raise _Rehearsed(made)
    if made.unchanged < len(done):
        counts = made.model_dump(mode="json", exclude={"rows"})
        c.journal("projects.imported", {"file": path.name, **counts}, tables.OFFICE)
    return made


def _take(c: Command, row: ProjectRow) -> tuple[str, ...]:
    """Do with a row what single commands would, each under its own right."""
    place = projects.Place(row.office, row.programme, row.starts_on, row.ends_on)
    if not c.uow.projects.is_there(row.project):
        return _add(c, row, place)
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
        did = (*did, *projects.move(moving, stage=row.stage).changed)
    return did


def _add(c: Command, row: ProjectRow, place: projects.Place) -> tuple[str, ...]:
    for name, value in (("name", row.name), ("stage", row.stage)):
        if not value:
            raise CommandError(f"{name}: is empty, and there is no project '{row.project}' yet")
    adding = replace(c, act=ADD_PROJECT)
    require(adding)
    values = projects.project_values(row.project, row.name, row.stage, place, None)
    projects.add(adding, values={**values, "status": projects.ACTIVE})
    return ("added",)
