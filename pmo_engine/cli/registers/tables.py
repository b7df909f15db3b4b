"""``pmo records``: a register as a table, to fill in or to take along."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from pmo_engine.cli import output as o
from pmo_engine.cli.registers.group import a_table, records_app
from pmo_engine.cli.writing import write_whole

File = Annotated[Path, typer.Argument(help="The .xlsx or .csv to write.", callback=a_table)]


@records_app.command()
def template(
    register: o.Register,
    file: File,
    database: o.Database = None,
    policy: o.PolicyPath = None,
) -> None:
    """Write an empty table of a register to fill in, which ``pmo import`` reads.

    What the engine works out has no column. In a workbook columns offer their values, refuse what
    is out of range, and say what they want.

    Example: pmo records template risks risks.xlsx
    """
    from pmo_engine.exchange.record_tables import as_csv, as_workbook
    from pmo_engine.work.records.naming import register_named

    with o.governance_to_read(database, policy).reading() as c:
        declared = register_named(c.policy, register)
        derived = c.policy.derived.get(declared.id, {})
    fields = {name: each for name, each in declared.fields.items() if name not in derived}
    blank = replace(declared, fields=fields)
    is_book = file.suffix.lower() == ".xlsx"
    write_whole(file, as_workbook(blank) if is_book else as_csv(blank, ()))
    typer.echo(f"{file.resolve()} is written; 'pmo import {declared.id} {file.name}' reads it")


@records_app.command()
def export(
    project: o.Project,
    register: o.Register,
    file: File,
    by: o.Reader,
    database: o.Database = None,
    policy: o.PolicyPath = None,
) -> None:
    """Write a project's records of a register as a table; importing it again changes nothing.

    Example: pmo records export P-1 risks risks.xlsx
    """
    from pmo_engine.exchange.record_tables import as_csv, as_workbook
    from pmo_engine.work.imports.exporting import rows_of
    from pmo_engine.work.reading import require_reader
    from pmo_engine.work.records.homes import home_named
    from pmo_engine.work.records.naming import register_named

    governance = o.governance_to_read(database, policy)
    with governance.reading() as c:
        declared = register_named(c.policy, register)
        home = home_named(c, declared, project)
        require_reader(governance, c, by, declared.id, home)
        rows = list(rows_of(c, home, declared))
    is_book = file.suffix.lower() == ".xlsx"
    write_whole(file, as_workbook(declared, rows) if is_book else as_csv(declared, rows))
    typer.echo(f"{file.resolve()} is written: {len(rows)} record{'s' * (len(rows) != 1)}")
