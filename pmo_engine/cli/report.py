"""``pmo report``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pmo_engine.cli import output as o
from pmo_engine.cli.writing import write_whole

report_app = o.single()


@report_app.command()
def report(
    by: o.Reader,
    out: Annotated[Path, typer.Option(help="The file to write.")] = Path("report.html"),
    database: o.Database = None,
    policy: o.PolicyPath = None,
) -> None:
    """Write a page with the terms of reference, every decision with its why, and a timeline.

    Example: pmo report --out march.html
    """
    from pmo_engine.reports.report import report as page
    from pmo_engine.work.reading import require_reader_of_all

    governance = o.governance(database, policy)
    with governance.reading() as c:
        require_reader_of_all(governance, c, by, None)
    text = page(governance)
    write_whole(out, text.encode())
    typer.echo(f"{out.resolve()} is written")
