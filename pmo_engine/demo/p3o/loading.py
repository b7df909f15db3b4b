"""Loads the organisation through the commands that everybody uses."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from pmo_engine.demo.entering import enter
from pmo_engine.model.people import unit_of
from pmo_engine.work.people.appointments import appoint
from pmo_engine.work.people.people import add_person
from pmo_engine.work.people.posts import Post
from pmo_engine.work.people.programmes import add_programme
from pmo_engine.work.people.projects import Place, add_project

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pmo_engine.demo.office import Office
    from pmo_engine.demo.p3o.data import County, Member, Undertaking

HEAD = "petra"
MIGRATED = "Under way when the office began to keep its projects here"


def size(county: County) -> int:
    """Count what ``load`` goes through."""
    entries = sum(1 + len(project.entries()) for project in county.projects)
    return len(county.people) + len(county.programmes) + entries


def load(office: Office, county: County) -> Iterator[str]:
    """Add people, programmes, projects and register entries; names each when it is there."""
    for person in sorted(county.people, key=lambda each: each.id != HEAD):  # who sets it all up
        address = office.address(person.id)
        add_person(office.governance, person=person.id, name=person.name, address=address, by=HEAD)
        yield person.id
    for programme in county.programmes:
        add_programme(
            office.governance,
            programme=programme["id"],
            name=programme["name"],
            kind="portfolio" if programme.get("kind") == "portfolio" else "programme",
            within=programme.get("within"),
            office=programme.get("office"),
            by=HEAD,
        )
        yield programme["id"]
    for project in county.projects:
        _add(office, project)
        yield project.id
    for person in county.people:
        _appoint(office, county, person)
    for project in county.projects:
        for register, fields in project.entries():
            made = enter(
                office.governance,
                project=project.id,
                register=register,
                fields=fields,
                by=project.manager,
            )
            yield f"{project.id} {made.key}"


def _add(office: Office, project: Undertaking) -> None:
    last = date.fromisoformat(project.end[1])
    place = Place(office=project.office, programme=project.programme, ends_on=last)
    add_project(
        office.governance,
        project=project.id,
        name=project.name,
        stage=project.stage,
        migrated=MIGRATED,
        place=place,
        by=HEAD,
    )


def _appoint(office: Office, county: County, person: Member) -> None:
    """Appoint somebody for their office or programme, and who leads a project to that alone."""
    unit = None
    if person.office or person.programme:
        unit = unit_of(office=person.office, programme=person.programme)
    led = [each.id for each in county.projects if each.manager == person.id]
    for role in person.roles:
        for post in [Post(role, project) for project in led] or [Post(role, None, unit=unit)]:
            appoint(office.governance, person=person.id, post=post, since=county.since, by=HEAD)
