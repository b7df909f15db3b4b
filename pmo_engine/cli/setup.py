"""``pmo init`` and ``pmo database``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pmo_engine.cli import output as o

init_app = o.single()
database_app = o.group("Set up the database and look at its state.")


@init_app.command()
def init(folder: Annotated[Path, typer.Argument(help="The folder to make.")]) -> None:
    """Make a new governance folder, ready to check and run.

    Example: pmo init our-office
    """
    from pmo_engine.work.starting import make_folder

    made = make_folder(folder)
    for path in made:
        typer.echo(f"  {path}")
    typer.echo(f"Next: cd {folder}; pmo policy check policies; pmo database migrate")


@database_app.command()
def migrate(database: o.Database = None) -> None:
    """Make what is missing in the database; safe to run again.

    Example: pmo database migrate
    """
    from pmo_engine.store.database import Database

    settings = o.settings(database)
    Database(settings.database).migrate()
    typer.echo(f"{settings.database} is set up")


@database_app.command()
def status(database: o.Database = None) -> None:
    """Say whether the database is set up for this version.

    Example: pmo database status
    """
    from pmo_engine.store.database import Database

    settings = o.settings(database)
    current = Database(settings.database).schema_is_current()
    state = "is set up" if current else "is not set up for this version: pmo database migrate"
    typer.echo(f"{settings.database} {state}")
    if not current:
        raise typer.Exit(1)
