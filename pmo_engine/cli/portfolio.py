"""``pmo project`` and ``pmo person``."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer

from pmo_engine.cli import output as o
from pmo_engine.queries import people as queries
from pmo_engine.work.people import portfolio

project_app = o.group("Add, change and list projects.")
person_app = o.group("Add people and the roles that they hold.")
Day = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"])]


@project_app.command("add")
def add_project(
    project: Annotated[str, typer.Argument(help="Its id, such as P-1.")],
    name: Annotated[str, typer.Argument(help="Its name.")],
    by: o.By,
    stage: Annotated[str, typer.Option(help="The stage that it is in.")],
    office: Annotated[str, typer.Option(help="The office it belongs to.")] = "office",
    attributes: Annotated[list[str] | None, typer.Argument(help="name=value ...")] = None,
    request: o.Request = None,
    database: o.Database = None,
    policy: o.PolicyPath = None,
) -> None:
    """Add a project to the portfolio.

    Example: pmo project add P-1 "River bridge" --stage initiation --by petra
    """
    portfolio.add_project(
        o.governance(database, policy),
        project=project,
        name=name,
        stage=stage,
        office=office,
        attributes=o.fields_of(attributes or []),
        by=by,
        request=request,
    )
    typer.echo(f"{project} added")


@project_app.command("list")
def list_projects(
    database: o.Database = None,
    policy: o.PolicyPath = None,
    as_json: o.Json = False,
) -> None:
    """List all projects.

    Example: pmo project list
    """
    with o.governance(database, policy).reading() as c:
        rows = [row.model_dump(mode="json") for row in queries.projects(c)]
    if as_json:
        o.print_json(rows)
    else:
        o.table(rows, {"id": "Id", "name": "Name", "stage": "Stage", "status": "Status"})


@person_app.command("add")
def add_person(
    person: Annotated[str, typer.Argument(help="A short id, such as petra.")],
    name: Annotated[str, typer.Argument(help="The full name.")],
    by: o.By,
    address: Annotated[
        str, typer.Option(help="Where notices go: an Apprise URL such as mailto://...")
    ] = "",
    request: o.Request = None,
    database: o.Database = None,
    policy: o.PolicyPath = None,
) -> None:
    """Add somebody who can hold roles.

    Example: pmo person add petra "Petra Lang" --address "mailto://..." --by petra
    """
    portfolio.add_person(
        o.governance(database, policy),
        person=person,
        name=name,
        address=address,
        hosts=o.settings(database, policy).notice_hosts,
        by=by,
        request=request,
    )
    typer.echo(f"{person} added")


@person_app.command("address")
def set_address(
    person: Annotated[str, typer.Argument(help="The person's id.")],
    address: Annotated[
        str, typer.Argument(help="Where notices go: an Apprise URL such as mailto://...")
    ],
    by: o.By,
    request: o.Request = None,
    database: o.Database = None,
    policy: o.PolicyPath = None,
) -> None:
    """Change where somebody's notices go; nothing between quotes takes the address away.

    Example: pmo person address petra "mailto://mail.example/petra@office.example" --by petra
    """
    portfolio.set_address(
        o.governance(database, policy),
        person=person,
        address=address,
        hosts=o.settings(database, policy).notice_hosts,
        by=by,
        request=request,
    )
    typer.echo(f"notices for {person} go there from now on")


@person_app.command("hold")
def hold(
    person: Annotated[str, typer.Argument(help="The person's id.")],
    role: Annotated[str, typer.Argument(help="The role, such as pmo_head.")],
    by: o.By,
    project: Annotated[str | None, typer.Option(help="Only in this project.")] = None,
    since: Day = None,
    until: Day = None,
    request: o.Request = None,
    database: o.Database = None,
    policy: o.PolicyPath = None,
) -> None:
    """Give a person a role, from today on or between two dates (both included).

    Example: pmo person hold ana project_manager --project P-1 --by petra
    """
    portfolio.hold(
        o.governance(database, policy),
        person=person,
        role=role,
        project=project,
        since=None if since is None else since.date(),
        until=None if until is None else until.date(),
        by=by,
        request=request,
    )
    typer.echo(f"{person} holds {role}" + (f" in {project}" if project else ""))


@person_app.command("list")
def list_people(
    database: o.Database = None,
    policy: o.PolicyPath = None,
    as_json: o.Json = False,
) -> None:
    """List people with the roles that they hold today.

    Example: pmo person list
    """
    with o.governance(database, policy).reading() as c:
        rows = [row.model_dump(mode="json") for row in queries.people(c)]
    if as_json:
        o.print_json(rows)
    else:
        o.table(rows, {"id": "Id", "name": "Name", "roles": "Roles"})
