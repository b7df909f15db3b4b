"""``pmo project``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

import typer

from pmo_engine.cli import output as o
from pmo_engine.queries import people as queries
from pmo_engine.work.people import projects

if TYPE_CHECKING:
    from pmo_engine.work.people.projects import ProjectNow

project_app = o.group("Add, change, move and list projects.")
Project = Annotated[str, typer.Argument(help="Its id, such as P-1.")]


@project_app.command("add")
def add(
    project: Project,
    name: Annotated[str, typer.Argument(help="Its name.")],
    by: o.By,
    stage: Annotated[str, typer.Option(help="The stage that it is in.")],
    office: Annotated[str, typer.Option(help="The office it belongs to.")] = "office",
    attributes: Annotated[list[str] | None, typer.Argument(help="name=value ...")] = None,
    request: o.Request = None,
    database: o.Database = None,
    policy: o.PolicyPath = None,
    as_json: o.Json = False,
) -> None:
    """Add a project to the portfolio.

    Whoever the terms of reference let 'add project' may; where they name nobody, the most senior
    role.

    Example: pmo project add P-1 "River bridge" --stage initiation --by petra
    """
    made = projects.add_project(
        o.governance(database, policy),
        project=project,
        name=name,
        stage=stage,
        office=office,
        attributes=o.fields_of(attributes or []),
        by=by,
        request=request,
    )
    _print(made, f"{made.project} added", as_json)


@project_app.command("change")
def change(
    project: Project,
    by: o.By,
    attributes: Annotated[
        list[str] | None, typer.Argument(help="name=value ...; 'name=' takes it away.")
    ] = None,
    name: Annotated[str | None, typer.Option(help="Another name.")] = None,
    status: Annotated[
        Literal["active", "closed"] | None,
        typer.Option(help="A closed project takes no new records and opens no gates."),
    ] = None,
    request: o.Request = None,
    database: o.Database = None,
    policy: o.PolicyPath = None,
    as_json: o.Json = False,
) -> None:
    """Give a project another name, status or attributes.

    Whoever the terms let 'change project' may. Records that wait for a decision are decided again
    when they change, not by this.

    Example: pmo project change P-1 tier=2 --name "River bridge, north" --by petra
    """
    made = projects.change_project(
        o.governance(database, policy),
        project=project,
        name=name,
        status=status,
        attributes=o.fields_of(attributes or []),
        by=by,
        request=request,
    )
    said = ", ".join(made.changed)
    _print(made, f"{made.project}: {said} changed" if said else _same(made), as_json)


@project_app.command("move")
def move(
    project: Project,
    stage: Annotated[str, typer.Argument(help="The stage that it is in from now on.")],
    by: o.By,
    request: o.Request = None,
    database: o.Database = None,
    policy: o.PolicyPath = None,
    as_json: o.Json = False,
) -> None:
    """Put a project into a stage by hand. The usual way is its gate: 'pmo gate open'.

    Whoever the terms let 'move project' may; where they name nobody, the most senior role. No gate
    of the project may be under review.

    Example: pmo project move P-1 delivery --by petra
    """
    made = projects.move_project(
        o.governance(database, policy), project=project, stage=stage, by=by, request=request
    )
    moved = f"{made.project} is in stage {made.stage}, moved by hand and past its gates"
    _print(made, moved if made.changed else _same(made), as_json)


@project_app.command("list")
def list_projects(
    stage: Annotated[str | None, typer.Option(help="Only those in this stage.")] = None,
    status: Annotated[str | None, typer.Option(help="Only those that are so: active.")] = None,
    limit: o.Limit = None,
    after: o.After = None,
    database: o.Database = None,
    policy: o.PolicyPath = None,
    as_json: o.Json = False,
) -> None:
    """List projects by id.

    Example: pmo project list --stage delivery --limit 20
    """
    page = o.page(limit, after, as_json=as_json)
    with o.governance(database, policy).reading() as c:
        found = queries.projects(c, page, stage=stage, status=status)
    columns = {"id": "Id", "name": "Name", "stage": "Stage", "status": "Status"}
    o.print_listing(found, columns, as_json=as_json)


def _same(made: ProjectNow) -> str:
    return f"{made.project} is so already: {made.name}, in stage {made.stage}, {made.status}"


def _print(made: ProjectNow, said: str, as_json: bool) -> None:
    if as_json:
        o.print_json(made)
    else:
        typer.echo(said + o.by_founder(made.by_founder))
