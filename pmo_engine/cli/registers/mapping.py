"""``pmo records mapping``: headings of another organisation, saved under a name."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pmo_engine.cli import output as o
from pmo_engine.cli.reading import a_file
from pmo_engine.cli.registers.group import records_app
from pmo_engine.cli.writing import write_whole

if TYPE_CHECKING:
    from pmo_engine.exchange.mappings import Proposal
    from pmo_engine.policy import Register


@records_app.command()
def mapping(
    register: o.Register,
    file: Annotated[Path, typer.Argument(help="A table of theirs.", callback=a_file)],
    columns: Annotated[
        list[str] | None,
        typer.Option("--column", help="A column that is known, as in 'Likelihood=probability'."),
    ] = None,
    dates: Annotated[
        str | None, typer.Option(help="How they write days, as in '%d/%m/%Y'.")
    ] = None,
    save: Annotated[str | None, typer.Option(help="The name to keep it under.")] = None,
    force: Annotated[
        bool, typer.Option("--force", help="In the place of one that is kept already.")
    ] = False,
    database: o.Database = None,
    policy: o.PolicyPath = None,
    as_json: o.Json = False,
) -> None:
    """Say which column of a table of others is which field; saved, ``pmo import`` uses it by name.

    'Column=' with nothing behind it leaves a column out.

    Example: pmo records mapping risks theirs.xlsx --column Likelihood=probability --save theirs
    """
    from pmo_engine.exchange.mappings import propose
    from pmo_engine.work.records.naming import register_named

    with o.governance_to_read(database, policy).reading() as c:
        declared = register_named(c.policy, register)
    found = propose(declared, file, _said(columns or []))
    if as_json:
        o.print_json({"columns": dict(found.columns), "left_out": found.left_out})
    else:
        _print(found)
    if save is not None:
        _save(declared, save, found, dates, force=force)


def _said(columns: list[str]) -> dict[str, str]:
    found = {}
    for each in columns:
        column, equals, name = each.rpartition("=")
        if not equals or not column:
            raise typer.BadParameter(f"'{each}' is not of the form COLUMN=field")
        found[column.strip()] = name.strip()
    return found


def _print(found: Proposal) -> None:
    rows = [
        {"column": column, "field": name, "first": found.first.get(column, "")}
        for name, column in found.columns.items()
    ]
    o.table(rows, {"column": "Column", "field": "Field", "first": "First value"})
    if found.left_out:
        typer.echo(f"left out: {', '.join(found.left_out)}")
    if found.lacking:
        said = f"no column is for: {', '.join(found.lacking)}, which has to be given"
        typer.secho(said, fg=typer.colors.YELLOW)


def _save(
    register: Register, name: str, found: Proposal, dates: str | None, *, force: bool
) -> None:
    from pmo_engine.exchange.mappings import FOLDER, saved, written
    from pmo_engine.model.identifiers import problem

    if wrong := problem(name) or ("a name has no '/'" if "/" in name else None):
        raise typer.BadParameter(f"'{name}' cannot be the name of a mapping: {wrong}")
    if any(each.id == name for each in register.imports):
        raise typer.BadParameter(f"the register has an import '{name}' of its own")
    path = Path(FOLDER) / f"{name}.yaml"
    if path.exists() and not force:
        raise typer.BadParameter(f"{path} is there already; --force puts this one in its place")
    path.parent.mkdir(exist_ok=True)
    write_whole(path, written(register, name, found, dates).encode())
    saved(register, name, path.parent)  # says at once what cannot be read again
    typer.echo(f"{path} is written; 'pmo import {register.id} FILE --mapping {name}' uses it")
