"""``pmo report`` on its own: a page of everything decided, and why."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pmo_engine.cli import output as o
from pmo_engine.cli.writing import write_whole

report_app = o.single()
Report = Annotated[str, typer.Argument(help="The report, as the policy calls it.")]
Project = Annotated[
    str | None, typer.Argument(help="A project's id; none for a report of the office.")
]
Period = Annotated[
    str | None, typer.Option(help="The period, such as 2026-03, 2026-Q1, 2026-W05 or 2026.")
]


@report_app.callback(invoke_without_command=True)
def report(
    ctx: typer.Context,
    by: o.Reader,
    out: Annotated[Path, typer.Option(help="The file to write.")] = Path("report.html"),
    database: o.Database = None,
    policy: o.PolicyPath = None,
) -> None:
    """Write a page with the terms of reference, every decision with its why, and a timeline.

    The commands make and write the reports that the policy declares.

    Example: pmo report --out march.html
    """
    if ctx.invoked_subcommand is not None:
        return
    from pmo_engine.reports.report import report as page
    from pmo_engine.work.reading import require_reader_of_all

    governance = o.governance_to_read(database, policy)
    with governance.reading() as c:
        require_reader_of_all(governance, c, by, None)
    text = page(governance)
    write_whole(out, text.encode())
    typer.echo(f"{out.resolve()} is written")
