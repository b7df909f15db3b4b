"""The portfolio of the demo, read from its files; every value is text, as in any other input."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from pmo_engine.model.frozen import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator

HERE = Path(__file__).parent / "portfolio"
PEOPLE, CHANGES, GATE = "people.yaml", "changes.yaml", "gate.yaml"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody, with the roles that they hold, each in a project or (None) everywhere."""

    id: str
    name: str
    held: tuple[tuple[str, str | None], ...]


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
class Answers:
    """What people say at the gate, of criteria and evidence by id, and what the board decides."""

    gate: str
    criteria: dict[str, dict[str, str]]
    evidence: dict[str, dict[str, str]]
    recused: str
    outcome: str
    reason: str
    condition: dict[str, Any]
    resources: str


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
    people = tuple(Person(row["id"], row["name"], tuple(_held(row))) for row in file["people"])
    return date.fromisoformat(file["since"]), people


def _held(row: dict[str, Any]) -> Iterator[tuple[str, str | None]]:
    places = row.get("projects", [None])
    yield from ((role, place) for role in row["roles"] for place in places)
    yield from ((role, None) for role in row.get("everywhere", ()))


def read_projects() -> tuple[Project, ...]:
    """Read all projects, by id."""
    files = (path for path in HERE.glob("*.yaml") if path.name not in {PEOPLE, CHANGES, GATE})
    return tuple(sorted((_project(read_texts(path)) for path in files), key=lambda each: each.id))


def read_changes() -> Changes:
    """Read the change requests of the story."""
    file = read_texts(HERE / CHANGES)
    return Changes(file["project"], file["by"], tuple(file["changes"]), file["later"])


def read_answers() -> Answers:
    """Read what is said at the gate of the story."""
    return Answers(**read_texts(HERE / GATE))


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
