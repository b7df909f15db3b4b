"""``pmo init`` and ``pmo database``."""

from __future__ import annotations

from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from pmo_engine.cli import output as o
from pmo_engine.cli.reading import a_file

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pmo_engine.store.database import Database

init_app = o.single()
File = Annotated[Path, typer.Argument(help="The file of the backup.")]
Saved = Annotated[Path, typer.Argument(help="The file of the backup.", callback=a_file)]
Model = Literal["pmo", "p3o"]
Force = Annotated[bool, typer.Option("--force", help="Replace what is there.")]
database_app = o.group("Set up the database and look at its state.")


@init_app.command()
def init(
    folder: Annotated[Path, typer.Argument(help="The folder to make.")],
    model: Annotated[
        Model | None,
        typer.Option(
            help="Begin with a model to edit, not with a small policy: one office (pmo), or offices"
            " of a portfolio, programmes and projects (p3o)."
        ),
    ] = None,
) -> None:
    """Make a new governance folder, ready to check and run.

    Example: pmo init our-office
    Example: pmo init our-office --model p3o
    """
    from pmo_engine.starting import make_folder

    made = make_folder(folder, model)
    for path in made:
        typer.echo(f"  {path}")
    typer.echo(f"Next: cd {quote(str(folder))}; pmo policy check policies; pmo database migrate")


@contextmanager
def _opened(url: str | None) -> Iterator[Database]:
    from pmo_engine.store.database import Database

    with closing(Database(o.settings(url).database)) as store:
        yield store
        _say_clock(store)


def _say_clock(store: Database) -> None:
    """Say of a store that is set up whether its time is; one that is no time stops nothing here."""
    from pmo_engine.app import clock_of
    from pmo_engine.settings import SettingsError

    if store.schema_is_current():
        try:
            o.say_clock(clock_of(store))
        except SettingsError as error:
            typer.echo(error, err=True)


@database_app.command()
def migrate(database: o.Database = None) -> None:
    """Make what is missing in the database; safe to run again.

    Example: pmo database migrate
    """
    with _opened(database) as store:
        store.migrate()
        typer.echo(f"{store.place} is set up")


@database_app.command()
def status(database: o.Database = None) -> None:
    """Say whether the database is set up for this version.

    Example: pmo database status
    """
    with _opened(database) as store:
        current = store.schema_is_current()
        state = "is set up" if current else "is not set up for this version: pmo database migrate"
        typer.echo(f"{store.place} {state}")
    if not current:
        raise typer.Exit(1)


@database_app.command()
def clock(
    moment: Annotated[
        str | None,
        typer.Argument(help="The day, or day and time, as 2026-04-01 or 2026-04-01T09:00; in UTC."),
    ] = None,
    database: o.Database = None,
) -> None:
    """Say what time it is in a store, or set its clock by hand, to rehearse weeks in minutes.

    It stands still until it is set again, which the journal keeps with the account that did so.
    Only in a store in which nobody has worked yet.

    Example: pmo database clock 2026-04-01T09:00 --database sqlite:///rehearsal.db
    """
    from pmo_engine.app import account, clock_of, open_database, set_clock

    with closing(open_database(o.settings(database))) as store:
        if moment is not None:
            set_clock(store, _moment(moment), by=account())
        typer.echo(f"{clock_of(store).now():%Y-%m-%d %H:%M} UTC")


def _moment(text: str) -> datetime:
    """Read a day or a moment; in UTC where it has no zone of its own."""
    from pmo_engine.model.moments import moment_written

    try:
        found = moment_written(text)
    except ValueError:
        said = f"'{text[:40]}' is no day or time, as 2026-04-01 or 2026-04-01T09:00"
        raise typer.BadParameter(said) from None
    return found if found.tzinfo is not None else found.replace(tzinfo=UTC)


@database_app.command()
def backup(file: File, force: Force = False, database: o.Database = None) -> None:
    """Write all that the database holds to one file, while others go on working.

    Example: pmo database backup office-2026-04-15.backup
    """
    from pmo_engine.model.clock import SystemClock
    from pmo_engine.store.backup import backup as save

    with _opened(database) as store:
        saved = save(store, file, SystemClock().now(), force=force)
        typer.echo(f"{file}: {saved.rows} rows of {saved.tables} tables of {store.place}")


@database_app.command()
def restore(file: Saved, force: Force = False, database: o.Database = None) -> None:
    """Put what a backup holds into a database, SQLite or PostgreSQL, and check its journal.

    Example: pmo database restore office-2026-04-15.backup --database sqlite:///restored.db
    """
    from pmo_engine.queries.audit import verify
    from pmo_engine.store.backup import restore as put_back

    with _opened(database) as store:
        saved = put_back(store, file, force=force)
        found = verify(store)
        rows = f"{saved.rows} rows of {saved.tables} tables"
        typer.echo(f"{store.place}: {rows}, as of {saved.at:%Y-%m-%d %H:%M:%S} UTC")
    typer.echo(f"the journal is {'intact' if found.intact else 'broken: pmo audit verify'}")
    if not found.intact:
        raise typer.Exit(1)
