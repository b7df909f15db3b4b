"""Loads the portfolio through the commands that everybody uses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_engine.demo.data import read_people, read_projects
from pmo_engine.demo.entering import enter
from pmo_engine.model.vocabulary import OFFICE
from pmo_engine.work.people.appointments import hold
from pmo_engine.work.people.people import add_person
from pmo_engine.work.people.projects import add_project
from pmo_engine.work.records.naming import register_named

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pmo_engine.demo.data import Project
    from pmo_engine.demo.office import Office

HEAD = "petra"
MIGRATED = "Under way when the office began to keep its projects here"


def size() -> int:
    """Count what ``load`` goes through."""
    return len(read_people()[1]) + sum(1 + len(project.entries) for project in read_projects())


def load(office: Office) -> Iterator[str]:
    """Add projects, people and register entries; names each when it is there."""
    projects = read_projects()
    since, people = read_people()
    for person in sorted(people, key=lambda each: each.id != HEAD):  # who sets the office up
        address = office.address(person.id)
        add_person(office.governance, person=person.id, name=person.name, address=address, by=HEAD)
        yield person.id
    for project in projects:
        _add_project(office, project)
        yield project.id
    for person in people:
        for role, place in person.held:
            hold(
                office.governance, person=person.id, role=role, project=place, since=since, by=HEAD
            )
    for project in projects:
        for register, fields in project.entries:
            made = enter(
                office.governance,
                project=_home(office, project, register),
                register=register,
                fields=fields,
                by=project.manager,
            )
            yield f"{project.id} {made.key}"


def _add_project(office: Office, project: Project) -> None:
    add_project(
        office.governance,
        project=project.id,
        name=project.name,
        stage=project.stage,
        migrated=MIGRATED,
        attributes=project.attributes,
        by=HEAD,
    )


def _home(office: Office, project: Project, register: str) -> str:
    """Name where a record goes that a project's file has: what the office keeps is the office's."""
    declared = register_named(office.governance.rules.policy, register)
    return OFFICE if declared.of_offices else project.id
