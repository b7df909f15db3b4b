"""``pmo report make``, ``due`` and ``list``."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from pmo_engine.cli import output as o
from pmo_engine.cli.reports.report import Period, Project, Report, report_app

if TYPE_CHECKING:
    from pmo_engine.reports.declared.making import Made

COLUMNS = {
    "report": "Report",
    "project": "Project",
    "period": "Period",
    "edition": "Edition",
    "at": "Made",
    "name": "By",
}


@report_app.command()
def make(
    report: Report,
    by: o.By,
    project: Project = None,
    period: Period = None,
    again: Annotated[
        bool, typer.Option("--again", help="Make another edition for a period that has one.")
    ] = False,
    request: o.Request = None,
    database: o.Database = None,
    policy: o.PolicyPath = None,
    as_json: o.Json = False,
) -> None:
    """Make a report for a period, keep it as it is now, and tell its audience.

    Without a period it is for the last one that is over.

    Example: pmo report make highlight P-1 --period 2026-03
    """
    from pmo_engine.reports.declared.making import make as run

    made = run(
        o.governance(database, policy),
        report=report,
        project=project,
        period=period,
        by=by,
        again=again,
        request=request,
    )
    if as_json:
        o.print_json(made)
    else:
        typer.echo(_said(made))


def _said(made: Made) -> str:
    edition = f", edition {made.edition}" if made.edition > 1 else ""
    told = f"{made.told} {'person is' if made.told == 1 else 'people are'} told"
    of = made.project or "the office"
    return f"{made.report} of {of} for {made.period}{edition} is made; {told}"


@report_app.command()
def due(database: o.Database = None, policy: o.PolicyPath = None, as_json: o.Json = False) -> None:
    """Make every report whose cycle is over, each once.

    Example: pmo report due
    """
    from pmo_engine.reports.declared.making import make_due

    made = make_due(o.governance(database, policy))
    if as_json:
        o.print_json({"made": made})
    else:
        typer.echo(f"{made} report{'' if made == 1 else 's'} made")


@report_app.command("list")
def list_(
    by: o.Reader,
    database: o.Database = None,
    policy: o.PolicyPath = None,
    as_json: o.Json = False,
) -> None:
    """List the reports that were made, with their periods and who made them.

    Example: pmo report list
    """
    from pmo_engine.reports.declared.naming import kept

    governance = o.governance_to_read(database, policy)
    with governance.reading() as c:
        rows, zone = [each.model_dump(mode="json") for each in kept(governance, c, by)], c.zone
    if as_json:
        o.print_json(rows)
        return
    for each in rows:
        each["at"] = f"{datetime.fromisoformat(each['at']).astimezone(zone):%d %b %Y %H:%M}"
        each["project"] = each["project"] or "the office"
    if rows:
        o.table(rows, COLUMNS)
    else:
        typer.echo("no report was made")
