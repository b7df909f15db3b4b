"""``pmo portfolio``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from pmo_engine.cli import output as o
from pmo_engine.cli.parsing import Commands
from pmo_engine.cli.standing.dashboard import board_app
from pmo_engine.queries import portfolio as queries

if TYPE_CHECKING:
    from pmo_engine.queries.portfolio import Totals

portfolio_app = Commands(add_completion=False, invoke_without_command=True)
portfolio_app.add_typer(board_app)


@portfolio_app.callback()
def portfolio(
    ctx: typer.Context,
    stage: Annotated[str | None, typer.Option(help="Only projects in this stage.")] = None,
    status: Annotated[str | None, typer.Option(help="Only those that are so: active.")] = None,
    office: Annotated[str | None, typer.Option(help="Only those of this office.")] = None,
    overdue: Annotated[
        bool, typer.Option("--overdue", help="Only those in which something is overdue.")
    ] = False,
    limit: o.Limit = None,
    after: o.After = None,
    database: o.Database = None,
    policy: o.PolicyPath = None,
    as_json: o.Json = False,
) -> None:
    """Show how projects stand: what is open and overdue, when the next is due, which gate is next.

    The commands below show them as a board reads them: figures, colours, trends.

    Example: pmo portfolio --overdue --limit 20
    """
    if ctx.invoked_subcommand is not None:
        return
    page = o.page(limit, after, as_json=as_json)
    chosen = queries.Chosen(stage=stage, status=status, office=office, overdue=overdue)
    with o.governance_to_read(database, policy).reading() as c:
        found, zone = queries.portfolio(c, chosen, page), c.zone
        counted = None if as_json else queries.totals(c, chosen)
    columns = {"id": "Id", "name": "Name", "stage": "Stage", "status": "Status", "open": "Open"}
    more = {"overdue": "Overdue", "next_due": "Next due", "gate": "Gate", "review": "Review"}
    o.print_listing(
        found, {**columns, **more}, as_json=as_json, next_due=lambda moment: o.local(moment, zone)
    )
    if counted is not None:
        typer.echo(_said(counted))


def _said(counted: Totals) -> str:
    stages = ", ".join(f"{number} in {stage}" for stage, number in counted.by_stage.items())
    work = f"{counted.open_} open, {counted.overdue} overdue"
    number = "1 project" if counted.projects == 1 else f"{counted.projects} projects"
    return f"{number}{f' ({stages})' if stages else ''}: {work}"
