"""Projects as a table says them, each with the place where it stands.

The columns are ``project``, ``name``, ``stage``, ``office``, ``programme``, ``start`` and ``end``;
what a cell leaves empty stays as it is. Other columns are refused.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from pmo_engine.exchange.sheets import SUFFIXES, read_table
from pmo_engine.model.frozen import dataclass
from pmo_engine.model.identifiers import problem
from pmo_engine.work.errors import CommandError
from pmo_engine.work.people.importing.rows import Problem, day_of, require_known

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

COLUMNS = ("project", "name", "stage", "office", "programme", "start", "end")


@dataclass(frozen=True, slots=True)
class ProjectRow:
    """What one row says of a project; an empty text, and None, is nothing said."""

    place: str
    project: str
    name: str = ""
    stage: str = ""
    office: str | None = None
    programme: str | None = None
    starts_on: date | None = None
    ends_on: date | None = None

    @property
    def id(self) -> str:
        """Give what it is about."""
        return self.project


def read_projects(path: Path) -> tuple[list[ProjectRow], list[Problem]]:
    """Read a table of projects, and what is wrong with it; raises CommandError, HistoryError."""
    if not path.name.lower().endswith(SUFFIXES):
        raise CommandError(f"{path}: is no table ({', '.join(SUFFIXES)})")
    rows, problems = [], []
    first: dict[str, ProjectRow] = {}
    for line, fields in read_table(path):
        said = {name.strip().casefold(): value.strip() for name, value in fields.items()}
        require_known(said, COLUMNS, f"{path.name}: the column", "projects")
        if "project" not in said:
            raise CommandError(f"{path.name}: there is no column 'project'")
        place = f"{path.name}:{line}"
        wrong = [Problem(place, f"{name}: {why}") for name, why in _wrong(said)]
        if not wrong:
            row = _row(place, said)
            wrong = [Problem(place, each) for each in _against(first.get(row.project), row)]
            first.setdefault(row.project, row)
            rows.append(row)
        problems += wrong
    return rows, problems


def _wrong(said: dict[str, str]) -> Iterator[tuple[str, str]]:
    for name in ("project", "office", "programme"):
        if (why := problem(said.get(name, ""))) and (name == "project" or said.get(name)):
            yield name, why
    for name in ("start", "end"):
        text = said.get(name, "")
        if text and day_of(text) is None:
            yield name, f"'{text}' is not a day, as in 2026-03-31"
    start, end = day_of(said.get("start", "")), day_of(said.get("end", ""))
    if start is not None and end is not None and end < start:
        yield "end", f"{end} is before the start, {start}"


def _against(first: ProjectRow | None, row: ProjectRow) -> Iterator[str]:
    """Say what a second row of a project says otherwise than the first."""
    if first is None:
        return
    if first.programme and row.programme and first.programme != row.programme:
        yield (
            f"project '{row.project}' is in two programmes: '{first.programme}' ({first.place})"
            f" and '{row.programme}'"
        )
    else:
        yield f"project '{row.project}' stands in {first.place} already"


def _row(place: str, said: dict[str, str]) -> ProjectRow:
    return ProjectRow(
        place=place,
        project=said["project"],
        name=said.get("name", ""),
        stage=said.get("stage", ""),
        office=said.get("office") or None,
        programme=said.get("programme") or None,
        starts_on=day_of(said.get("start", "")),
        ends_on=day_of(said.get("end", "")),
    )
