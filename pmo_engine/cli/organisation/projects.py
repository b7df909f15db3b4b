"""``pmo project``."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from pmo_engine.cli import output as o
from pmo_engine.queries import people as queries
from pmo_engine.work.acts import CLOSE_PROJECT, HOLD_PROJECT, START_PROJECT, STOP_PROJECT
from pmo_engine.work.people import project_states, projects
from pmo_engine.work.people.importing.people import RowsRefused
from pmo_engine.work.people.importing.projects import import_projects

if TYPE_CHECKING:
    from pmo_engine.work.people.projects import ProjectNow

project_app = o.group("Add, change, start, hold, stop and list projects.")
Project = Annotated[str, typer.Argument(help="Its id, such as P-1.")]
Name = Annotated[str, typer.Argument(help="Its name.")]
Stage = Annotated[str, typer.Option(help="The stage that it is in.")]
OfOffice = Annotated[str | None, typer.Option(help="The office that serves it.")]
InProgramme = Annotated[
    str | None, typer.Option(help="The programme or portfolio that it is in; empty: none.")
]
Start = Annotated[
    datetime | None, typer.Option("--start", formats=["%Y-%m-%d"], help="Its first day.")
]
End = Annotated[datetime | None, typer.Option("--end", formats=["%Y-%m-%d"], help="Its last day.")]
Attributes = Annotated[list[str] | None, typer.Argument(help="name=value ...")]
Reason = Annotated[str, typer.Option(help="Why.")]
Migrated = Annotated[
    str, typer.Option(help="Why it is in a stage behind a gate, and who let it be there.")
]


@project_app.command("add")
def add(
    project: Project,
    name: Name,
    by: o.By,
    stage: Stage,
    office: OfOffice = None,
    programme: InProgramme = None,
    start: Start = None,
    end: End = None,
    migrated: Migrated = "",
    attributes: Attributes = None,
    request: o.Request = None,
    database: o.Database = None,
    policy: o.PolicyPath = None,
    as_json: o.Json = False,
) -> None:
    """Add a project that is under way.

    Whoever the terms of reference let 'add project' may; where they name nobody, the most senior
    role. It begins before its first gate; one in a later stage is brought in with --migrated, by
    whoever may 'migrate project'.

    Example: pmo project add P-1 "River bridge" --stage initiation --by petra
    """
    made = projects.add_project(
        o.governance(database, policy),
        project=project,
        name=name,
        stage=stage,
        place=projects.Place(office, programme, o.day_of(start), o.day_of(end)),
        attributes=o.fields_of(attributes or []),
        migrated=migrated,
        by=by,
        request=request,
    )
    _print(made, f"{made.project} added", as_json)


@project_app.command("propose")
def propose(
    project: Project,
    name: Name,
    by: o.By,
    stage: Stage,
    office: OfOffice = None,
    programme: InProgramme = None,
    start: Start = None,
    end: End = None,
    attributes: Attributes = None,
    request: o.Request = None,
    database: o.Database = None,
    policy: o.PolicyPath = None,
    as_json: o.Json = False,
) -> None:
    """Propose a project; it begins when it is started, or when its gate lets it go.

    Whoever the terms let 'propose project', or 'add project', may. It takes records and gates.

    Example: pmo project propose P-9 "Second bridge" --stage initiation --by petra
    """
    made = projects.propose_project(
        o.governance(database, policy),
        project=project,
        name=name,
        stage=stage,
        place=projects.Place(office, programme, o.day_of(start), o.day_of(end)),
        attributes=o.fields_of(attributes or []),
        by=by,
        request=request,
    )
    _print(made, f"{made.project} proposed", as_json)


@project_app.command("start")
def start(
    project: Project,
    by: o.By,
    reason: Reason = "",
    request: o.Request = None,
    database: o.Database = None,
    policy: o.PolicyPath = None,
    as_json: o.Json = False,
) -> None:
    """Start a project that is proposed, or let one go on that is on hold, closed or stopped.

    What waits has the working time again that it had left when the project was held; what nobody
    had decided when it was stopped is decided now. Whoever the terms let 'start project', or
    'change project', may.
    A member of a body that votes puts it to the vote.

    Example: pmo project start P-9 --by petra
    """
    found = o.governance(database, policy)
    made = project_states.set_state(
        found, act=START_PROJECT, project=project, reason=reason, by=by, request=request
    )
    _print(made, _became(made, f"{made.project} started"), as_json)


@project_app.command("hold")
def hold(
    project: Project,
    by: o.By,
    reason: Reason = "",
    request: o.Request = None,
    database: o.Database = None,
    policy: o.PolicyPath = None,
    as_json: o.Json = False,
) -> None:
    """Put a project on hold, for a reason.

    It takes no new records, and the time allowed for what waits stands still; its gates go on, and
    say what follows. Whoever the terms let 'hold project', or 'change project', may.
    A member of a body that votes puts it to the vote.

    Example: pmo project hold P-1 --reason "the ground survey is awaited" --by petra
    """
    found = o.governance(database, policy)
    made = project_states.set_state(
        found, act=HOLD_PROJECT, project=project, reason=reason, by=by, request=request
    )
    _print(made, _became(made, f"{made.project} is on hold"), as_json)


@project_app.command("close")
def close(
    project: Project,
    by: o.By,
    reason: Reason = "",
    request: o.Request = None,
    database: o.Database = None,
    policy: o.PolicyPath = None,
    as_json: o.Json = False,
) -> None:
    """Close a project: it takes no new records nor gates, and what waits is decided.

    Whoever the terms let 'close project', or 'change project', may.
    A member of a body that votes puts it to the vote.

    Example: pmo project close P-1 --reason "handed over" --by petra
    """
    found = o.governance(database, policy)
    made = project_states.set_state(
        found, act=CLOSE_PROJECT, project=project, reason=reason, by=by, request=request
    )
    _print(made, _became(made, f"{made.project} is closed"), as_json)


@project_app.command("stop")
def stop(
    project: Project,
    by: o.By,
    reason: Reason = "",
    request: o.Request = None,
    database: o.Database = None,
    policy: o.PolicyPath = None,
    as_json: o.Json = False,
) -> None:
    """Stop a project, for a reason: what waits in it is taken back, and its gates are closed.

    It takes nothing more. Whoever the terms let 'stop project', or 'change project', may.
    A member of a body that votes puts it to the vote.

    Example: pmo project stop P-1 --reason "no longer needed" --by petra
    """
    found = o.governance(database, policy)
    made = project_states.set_state(
        found, act=STOP_PROJECT, project=project, reason=reason, by=by, request=request
    )
    _print(made, _became(made, f"{made.project} is stopped"), as_json)


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
    office: OfOffice = None,
    programme: InProgramme = None,
    start: Start = None,
    end: End = None,
    request: o.Request = None,
    database: o.Database = None,
    policy: o.PolicyPath = None,
    as_json: o.Json = False,
) -> None:
    """Give a project another name, status, office, programme, dates or attributes.

    Whoever the terms let 'change project' may. Records that wait for a decision are decided again
    when they change, not by this.

    Example: pmo project change P-1 tier=2 --name "River bridge, north" --by petra
    """
    made = projects.change_project(
        o.governance(database, policy),
        project=project,
        name=name,
        status=status,
        place=projects.Place(office, programme, o.day_of(start), o.day_of(end)),
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
    migrated: Migrated = "",
    request: o.Request = None,
    database: o.Database = None,
    policy: o.PolicyPath = None,
    as_json: o.Json = False,
) -> None:
    """Put a project into a stage by hand. The usual way is its gate: 'pmo gate open'.

    Whoever the terms let 'move project' may; where they name nobody, the most senior role. No gate
    of the project may be under review. Into a stage behind a gate it is moved with --migrated, by
    whoever may 'migrate project'.

    Example: pmo project move P-1 delivery --by petra
    """
    made = projects.move_project(
        o.governance(database, policy),
        project=project,
        stage=stage,
        by=by,
        migrated=migrated,
        request=request,
    )
    moved = f"{made.project} is in stage {made.stage}, moved by hand and past its gates"
    _print(made, moved if made.changed else _same(made), as_json)


@project_app.command("import")
def import_(
    path: Annotated[Path, typer.Argument(help="A .csv or .xlsx table.")],
    by: o.By,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Try all of it, and keep nothing.")
    ] = False,
    migrated: Migrated = "",
    request: o.Request = None,
    database: o.Database = None,
    policy: o.PolicyPath = None,
    as_json: o.Json = False,
) -> None:
    """Add and change every project that a table names: all rows or none.

    The columns are project, name, stage, office, programme, start and end; what a cell leaves empty
    stays as it is. Each row is judged by what the single command asks, also
    for a stage behind a gate (--migrated). The same table again changes nothing.

    Example: pmo project import projects.csv --dry-run --by petra
    """
    if not path.exists():
        raise typer.BadParameter(f"no such file: {path}")
    found = o.governance(database, policy)
    try:
        done = import_projects(
            found, path, by=by, dry_run=dry_run, migrated=migrated, request=request
        )
    except RowsRefused as refused:
        raise o.none_imported(refused.problems) from None
    if as_json:
        o.print_json(done)
        return
    for row in done.rows if dry_run else ():
        typer.echo(f"{row.place}: {row.id} {' and '.join(row.did) or 'as it was'}")
    kept = " (nothing was kept)" if dry_run else ""
    typer.echo(f"{done.added} added, {done.changed} changed, {done.unchanged} as they were{kept}")


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
    with o.governance_to_read(database, policy).reading() as c:
        found = queries.projects(c, page, stage=stage, status=status)
    columns = {"id": "Id", "name": "Name", "stage": "Stage", "status": "Status"}
    o.print_listing(found, columns, as_json=as_json)


def _became(made: ProjectNow, done: str) -> str:
    """Say what became of a project, or that it is put to the vote of the body that does it."""
    tally = f" ({made.tally})" if made.tally else ""
    if made.put_to and not made.changed:
        return (
            f"put to the vote of {made.put_to}{tally}; until then {made.project} is {made.status}"
        )
    if made.put_to:
        return f"{done}, by the vote of {made.put_to}{tally}"
    return done if made.changed else _same(made)


def _same(made: ProjectNow) -> str:
    return f"{made.project} is so already: {made.name}, in stage {made.stage}, {made.status}"


def _print(made: ProjectNow, said: str, as_json: bool) -> None:
    if as_json:
        o.print_json(made)
    else:
        typer.echo(said + o.by_founder(made.by_founder))
