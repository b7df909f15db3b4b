"""The portfolio of the demo, read from its files; every value is text, as in any other input."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import yaml

from pmo_engine.model.frozen import dataclass

HERE = Path(__file__).parent / "portfolio"
PEOPLE, CHANGES = "people.yaml", "changes.yaml"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody, with the roles held in some projects or (none) everywhere."""

    id: str
    name: str
    roles: tuple[str, ...]
    projects: tuple[str | None, ...]


@dataclass(frozen=True, slots=True)
class Project:
    """A project and its register entries, as (register, fields)."""

    id: str
    name: str
    stage: str
    manager: str
    attributes: dict[str, str]
    entries: tuple[tuple[str, dict[str, Any]], ...]


@dataclass(frozen=True, slots=True)
class Changes:
    """The change requests of the story, and what is added to the last one later."""

    project: str
    by: str
    requests: tuple[dict[str, Any], ...]
    later: dict[str, Any]


def read_people() -> tuple[date, tuple[Person, ...]]:
    """Read since when whose roles are held, and whose they are."""
    file = read_texts(HERE / PEOPLE)
    people = (
        Person(row["id"], row["name"], tuple(row["roles"]), tuple(row.get("projects", [None])))
        for row in file["people"]
    )
    return date.fromisoformat(file["since"]), tuple(people)


def read_projects() -> tuple[Project, ...]:
    """Read all projects, by id."""
    files = (path for path in HERE.glob("*.yaml") if path.name not in {PEOPLE, CHANGES})
    return tuple(sorted((_project(read_texts(path)) for path in files), key=lambda each: each.id))


def read_changes() -> Changes:
    """Read the change requests of the story."""
    file = read_texts(HERE / CHANGES)
    return Changes(file["project"], file["by"], tuple(file["changes"]), file["later"])


def _project(file: dict[str, Any]) -> Project:
    registers = file["registers"].items()
    return Project(
        file["project"],
        file["name"],
        file["stage"],
        file["manager"],
        file["attributes"],
        tuple((register, entry) for register, entries in registers for entry in entries),
    )


def read_texts(path: Path) -> dict[str, Any]:
    """Read a file of YAML in which every value is text."""
    found: dict[str, Any] = yaml.load(path.read_text(encoding="utf-8"), yaml.BaseLoader)  # noqa: S506 - all text
    return found
