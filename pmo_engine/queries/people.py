"""Projects, and people with the roles that they hold."""

from __future__ import annotations

from typing import Any

from pmo_engine.model.shape import Shape
from pmo_engine.queries.view import View


class ProjectRow(Shape):
    """A project of the portfolio."""

    id: str
    name: str
    stage: str
    office: str
    status: str
    attributes: dict[str, Any]


class PersonRow(Shape):
    """A person with the roles held today; the address is left out."""

    id: str
    name: str
    roles: str


def projects(view: View) -> list[ProjectRow]:
    """List all projects."""
    return [
        ProjectRow(
            id=row.id,
            name=row.name,
            stage=row.stage,
            office=row.office,
            status=row.status,
            attributes=row.attributes,
        )
        for row in view.uow.projects.all()
    ]


def people(view: View) -> list[PersonRow]:
    """List all people."""
    return [
        PersonRow(id=row.id, name=row.name, roles=", ".join(_roles(view, row.id)))
        for row in view.uow.people.all()
    ]


def _roles(view: View, person: str) -> list[str]:
    return [
        held.role if held.project is None else f"{held.role} ({held.project})"
        for held in view.uow.people.holdings(person, view.today)
    ]
