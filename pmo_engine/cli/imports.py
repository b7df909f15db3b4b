"""``pmo import``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pmo_engine.cli import output as o
from pmo_engine.cli.reading import a_file
from pmo_engine.exchange.mappings import FOLDER
from pmo_engine.work.imports.importing import ImportRefused, Sheet, bring_in

if TYPE_CHECKING:
    from pmo_engine.work.imports.importing import Imported

import_app = o.single()


@import_app.command("import")
def import_(
    register: o.Register,
    file: Annotated[Path, typer.Argument(help="A .csv or .xlsx file.", callback=a_file)],
    by: o.By,
    project: Annotated[
        str | None, typer.Option(help="The project of all rows, where no column says it.")
    ] = None,
    stage: Annotated[str, typer.Option(help="The stage of projects that are added.")] = "imported",
    mapping: Annotated[
        str | None, typer.Option(help="An import of the register, or a saved mapping, by its name.")
    ] = None,
    sheet: Annotated[
        str | None, typer.Option(help="The sheet of a workbook; the first if left out.")
    ] = None,
    request: o.Request = None,
    database: o.Database = None,
    policy: o.PolicyPath = None,
    as_json: o.Json = False,
) -> None:
    """Bring a table into a register: all rows or none. The same keys again: no change.

    A row that another command overtakes while the rest goes in stays out, and is told; the status
    is 1 then.

    Example: pmo import risks risks.csv --project P-1 --by petra
    """
    show = sys.stderr.isatty()

    def progress(done: int, total: int) -> None:
        typer.echo(f"\r{done:,} of {total:,} rows", nl=False, err=True)

    try:
        done = bring_in(
            o.governance(database, policy),
            Sheet(file, register, project, stage, mapping, Path(FOLDER), sheet),
            by=by,
            request=request,
            progress=progress if show else None,
        )
    except ImportRefused as refused:
        raise o.none_imported(refused.problems, file) from None
    if show:
        typer.echo(err=True)
    for remark in done.remarks:
        typer.echo(f"{file}: {remark}", err=True)
    if as_json:
        o.print_json(done)
    else:
        _print(done)
    if done.left:
        raise typer.Exit(1)


def _print(done: Imported) -> None:
    typer.echo(
        f"{done.added} added, {done.changed} changed, {done.unchanged} as they were"
        + (f", {done.projects} projects added" if done.projects else "")
        + (f", {len(done.left)} left out" if done.left else "")
    )
    for rule, count in done.fired.items():
        typer.echo(f"  {count:>6,}  {rule}")
    for line, why in done.left.items():
        typer.echo(f"line {line} stays out: {why}", err=True)
