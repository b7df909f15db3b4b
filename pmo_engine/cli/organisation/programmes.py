"""``pmo programme``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from pmo_engine.cli import output as o
from pmo_engine.cli.reading import a_file
from pmo_engine.queries import people as queries
from pmo_engine.work.people import programmes
from pmo_engine.work.people.importing.people import RowsRefused

if TYPE_CHECKING:
    from pmo_engine.work.people.programmes import ProgrammeNow

programme_app = o.group("Add, change and list portfolios and programmes.")
Programme = Annotated[str, typer.Argument(help="Its id, such as north.")]
Within = Annotated[
    str | None, typer.Option(help="The portfolio or programme that it is in; empty: none.")
]
OfOffice = Annotated[
    str | None, typer.Option(help="The office of its projects that name none; empty: none.")
]


@programme_app.command("add")
def add(
    programme: Programme,
    name: Annotated[str, typer.Argument(help="Its name.")],
    by: o.By,
    kind: Annotated[
        Literal["portfolio", "programme"], typer.Option(help="What it is.")
    ] = "programme",
    within: Within = None,
    office: OfOffice = None,
    request: o.Request = None,
    database: o.Database = None,
    policy: o.PolicyPath = None,
    as_json: o.Json = False,
) -> None:
    """Add a programme or a portfolio.

    Whoever the terms let 'add programme' may; where they name nobody, the most senior role.

    Example: pmo programme add north "North of the river" --within capital --by petra
    """
    made = programmes.add_programme(
        o.governance(database, policy),
        programme=programme,
        name=name,
        kind=kind,
        within=within,
        office=office,
        by=by,
        request=request,
    )
    _print(made, f"{made.programme} added", as_json)


@programme_app.command("change")
def change(
    programme: Programme,
    by: o.By,
    name: Annotated[str | None, typer.Option(help="Another name.")] = None,
    within: Within = None,
    office: OfOffice = None,
    request: o.Request = None,
    database: o.Database = None,
    policy: o.PolicyPath = None,
    as_json: o.Json = False,
) -> None:
    """Give a programme another name, place in the tree or office.

    Whoever the terms let 'change programme' may. Roles count in its projects from its new place at
    once.

    Example: pmo programme change north --within capital --by petra
    """
    made = programmes.change_programme(
        o.governance(database, policy),
        programme=programme,
        name=name,
        within=within,
        office=office,
        by=by,
        request=request,
    )
    said = ", ".join(made.changed)
    so = f"{made.programme}: {said} changed" if said else f"{made.programme} is so already"
    _print(made, so, as_json)


@programme_app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help="A .csv or .xlsx file.", callback=a_file)],
    by: o.By,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what it would do, and do nothing.")
    ] = False,
    request: o.Request = None,
    database: o.Database = None,
    policy: o.PolicyPath = None,
    as_json: o.Json = False,
) -> None:
    """Add and change portfolios and programmes from a table: all of it or nothing.

    The columns are programme, name, kind, within and office; the rows may be in any order.

    Example: pmo programme import programmes.csv --by petra
    """
    from pmo_engine.work.people.importing.programmes import import_programmes

    governance = o.governance(database, policy)
    try:
        done = import_programmes(governance, file, by=by, dry_run=dry_run, request=request)
    except RowsRefused as refused:
        raise o.none_imported(refused.problems) from None
    if as_json:
        o.print_json(done)
        return
    for row in done.rows if dry_run else ():
        typer.echo(f"{row.place}: {row.id} {' and '.join(row.did) or 'as it was'}")
    kept = " (nothing was kept)" if dry_run else ""
    typer.echo(f"{done.added} added, {done.changed} changed, {done.unchanged} as they were{kept}")


@programme_app.command("list")
def list_programmes(
    database: o.Database = None,
    policy: o.PolicyPath = None,
    as_json: o.Json = False,
) -> None:
    """List portfolios and programmes by id.

    Example: pmo programme list
    """
    with o.governance_to_read(database, policy).reading() as c:
        found = queries.programmes(c)
    columns = {"id": "Id", "name": "Name", "kind": "Kind", "within": "Within", "office": "Office"}
    o.print_listing(found, columns, as_json=as_json)


def _print(made: ProgrammeNow, said: str, as_json: bool) -> None:
    if as_json:
        o.print_json(made)
    else:
        typer.echo(said + o.by_founder(made.by_founder))
