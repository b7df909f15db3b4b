"""Projects, and people with the roles that they hold."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import or_, select
from sqlmodel import col

from pmo_engine.model.shape import Shape
from pmo_engine.queries.paging import ALL, Listing, Page, listing
from pmo_engine.store.columns import by_code
from pmo_engine.store.tables import Person, Programme, Project, RoleHolding

if TYPE_CHECKING:
    from sqlalchemy import Select

    from pmo_engine.queries.view import View


class ProjectRow(Shape):
    """A project of the portfolio."""

    id: str
    name: str
    stage: str
    office: str
    status: str
    attributes: dict[str, Any]
    programme: str | None
    starts_on: date | None
    ends_on: date | None


class ProgrammeRow(Shape):
    """A portfolio or a programme, and the one that it is within."""

    id: str
    name: str
    kind: str
    within: str | None
    office: str | None


class PersonRow(Shape):
    """A person with the roles held today; the address is left out."""

    id: str
    name: str
    roles: str


def projects(
    view: View,
    page: Page = ALL,
    *,
    stage: str | None = None,
    status: str | None = None,
    office: str | None = None,
) -> Listing[ProjectRow]:
    """List projects by id; a page goes on after one."""
    names = tuple(ProjectRow.model_fields)
    wanted = select(*(col(getattr(Project, name)) for name in names))
    wanted = wanted.where(col(Project.is_office).is_(False))
    for column, value in (
        (col(Project.stage), stage),
        (col(Project.status), status),
        (col(Project.office), office),
    ):
        if value is not None:
            wanted = wanted.where(column == value)
    id = by_code(col(Project.id))
    if page.after is not None:
        wanted = wanted.where(id > page.after)
    rows = view.uow.select(wanted.order_by(id).limit(page.one_more))
    made = (ProjectRow(**row._asdict()) for row in rows)
    return listing(made, page, lambda each: each.id)


def programmes(view: View) -> Listing[ProgrammeRow]:
    """List portfolios and programmes by id."""
    columns = (col(getattr(Programme, name)) for name in ProgrammeRow.model_fields)
    rows = view.uow.select(select(*columns).order_by(by_code(col(Programme.id))))
    return listing((ProgrammeRow(**row._asdict()) for row in rows), ALL, lambda each: each.id)


def people(view: View, page: Page = ALL, *, role: str | None = None) -> Listing[PersonRow]:
    """List people by id, or those who hold a role today; a page goes on after one."""
    id = by_code(col(Person.id))
    wanted = select(col(Person.id), col(Person.name))
    if role is not None:
        held = select(col(RoleHolding.person)).where(col(RoleHolding.role) == role)
        wanted = wanted.where(col(Person.id).in_(held.where(*_today(view))))
    if page.after is not None:
        wanted = wanted.where(id > page.after)
    wanted = wanted.order_by(id).limit(page.one_more)
    rows, roles = view.uow.select(wanted), _roles(view, wanted.with_only_columns(col(Person.id)))
    made = (PersonRow(id=id, name=name, roles=", ".join(roles.get(id, ()))) for id, name in rows)
    return listing(made, page, lambda each: each.id)


def _roles(view: View, people: Select[Any]) -> dict[str, list[str]]:
    """The roles of each of these, the office's and those in projects, in one look."""
    person, role, project, acting, unit = (
        col(getattr(RoleHolding, name)) for name in ("person", "role", "project", "acting", "unit")
    )
    held = select(person, role, project, acting, unit).where(person.in_(people), *_today(view))
    order = (by_code(role), project.is_not(None), by_code(project), by_code(unit))
    found: dict[str, list[str]] = {}
    for who, what, where, for_now, whose in view.uow.select(held.order_by(*order)):
        how = ", ".join(filter(None, (where, whose, "acting" if for_now else None)))
        found.setdefault(who, []).append(f"{what} ({how})" if how else what)
    return found


def _today(view: View) -> tuple[Any, Any]:
    ends = col(RoleHolding.to_date)
    return col(RoleHolding.from_date) <= view.today, or_(ends.is_(None), ends >= view.today)
