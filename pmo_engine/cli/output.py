"""What commands share: options, reading files, printing for people or as JSON."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias

import typer

from pmo_engine.cli.parsing import Commands
from pmo_engine.cli.reading import loads
from pmo_engine.cli.terminal import printable
from pmo_engine.model.acts import UNNAMED

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from pmo_engine.model.clock import Clock
    from pmo_engine.policy import Register as PolicyRegister
    from pmo_engine.queries.journal import Which
    from pmo_engine.queries.paging import Listing, Page
    from pmo_engine.settings import Settings
    from pmo_engine.store.database import Database as Store
    from pmo_engine.work.governance import Context, Governance

Json: TypeAlias = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def _signed(by: str | None) -> str:
    return UNNAMED if by is None else by


By: TypeAlias = Annotated[
    str,
    typer.Option(
        "--by",
        help="The person who does this; may be left out where the account that runs it is theirs.",
        default_factory=lambda: None,
        callback=_signed,
        show_default=False,
    ),
]
BySystem: TypeAlias = Annotated[
    str | None, typer.Option("--by", help="The person who does this; else the engine itself.")
]
Request: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--request", help="An id of your own: the same again does nothing twice, and answers again."
    ),
]
Reader: TypeAlias = Annotated[
    str,
    typer.Option(
        "--by",
        help="Who reads, where the terms let only some read this.",
        default_factory=lambda: None,
        callback=_signed,
        show_default=False,
    ),
]
Project: TypeAlias = Annotated[
    str, typer.Argument(help="The project, such as P-1; of a register of offices, the office.")
]
Register: TypeAlias = Annotated[str, typer.Argument(help="The register, such as risks.")]
Key: TypeAlias = Annotated[str, typer.Argument(help="The record's key, such as R-1.")]
Database: TypeAlias = Annotated[
    str | None, typer.Option("--database", help="Database URL (or PMO_DATABASE, or pmo.toml).")
]
PolicyPath: TypeAlias = Annotated[
    Path | None, typer.Option("--policy", help="The policy's folder (or PMO_POLICY, or pmo.toml).")
]
FirstDay: TypeAlias = Annotated[
    datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The first day; without it, today.")
]
UntilDay: TypeAlias = Annotated[
    datetime | None,
    typer.Option(formats=["%Y-%m-%d"], help="The last day, included; without it, until it ends."),
]
On: TypeAlias = Annotated[
    datetime | None,
    typer.Option("--on", formats=["%Y-%m-%d"], help="Use what is in force on this day."),
]


def _engine(name: str) -> str:
    from pmo_engine.engines.engine import BACKENDS

    if name not in BACKENDS:
        raise typer.BadParameter(f"no engine is called '{name}'; there are {', '.join(BACKENDS)}")
    return name


EngineName: TypeAlias = Annotated[
    str,
    typer.Option(
        "--engine",
        help="The engine that decides: compiled, durable or tracing.",
        callback=_engine,
    ),
]


MOST = 2**31 - 1
"""The most that a number of rows, versions or the like may be; databases count no further."""
Limit: TypeAlias = Annotated[
    int | None, typer.Option("--limit", min=1, max=MOST, help="At most so many.")
]
After: TypeAlias = Annotated[
    str | None, typer.Option("--after", help="Go on after this one, where a page ended.")
]
Kind: TypeAlias = Annotated[
    str | None, typer.Option(help="Only what is of this kind (voted), or of a group (gate.).")
]
Actor: TypeAlias = Annotated[str | None, typer.Option(help="Only what this person did.")]
Since: TypeAlias = Annotated[
    datetime | None, typer.Option(formats=["%Y-%m-%d"], help="From this day on.")
]
Until: TypeAlias = Annotated[
    datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Up to this day, its end included.")
]
Newest: TypeAlias = Annotated[bool, typer.Option("--newest", help="The newest first.")]
SHOWN = 100
"""So many of a list are shown where nobody says how many; as JSON, all."""


def page(limit: int | None, after: str | None, *, as_json: bool) -> Page:
    """Say how much of a list is wanted."""
    from pmo_engine.queries.paging import Page

    return Page(limit=limit or (None if as_json else SHOWN), after=after)


def which(
    chain: str | None,
    subject: str | None,
    kind: str | None,
    actor: str | None,
    days: tuple[datetime | None, datetime | None],
    zone: tzinfo,
    *,
    newest: bool,
) -> Which:
    """Say which lines of the journal are wanted; the days are whole days of a zone."""
    from pmo_engine.queries.journal import Which

    first, last = days
    return Which(
        chain=chain,
        subject=subject,
        kind=kind,
        actor=actor,
        since=None if first is None else first.replace(tzinfo=zone),
        until=None if last is None else last.replace(tzinfo=zone) + timedelta(days=1),
        newest=newest,
    )


def day_of(on: datetime | None) -> date | None:
    """Give the day that ``--on`` names."""
    return None if on is None else on.date()


def group(about: str) -> typer.Typer:
    """Make a group of commands; called alone it prints its help."""
    return Commands(no_args_is_help=True, add_completion=False, help=about)


def single() -> typer.Typer:
    """Make a command of its own."""
    return Commands(add_completion=False)


def governance(database: str | None, policy: Path | None) -> Governance:
    """Open what commands work under, as the options, variables and pmo.toml describe it.

    Where the policy's folder holds something else than what binds, that is said.
    """
    from pmo_engine.app import folder_aside

    opened = governance_to_read(database, policy)
    aside = folder_aside(settings(database, policy), opened)
    if aside is not None:
        typer.secho(aside, fg=typer.colors.YELLOW, err=True)
    return opened


def governance_to_read(database: str | None, policy: Path | None) -> Governance:
    """As ``governance``, for commands that only show the store: they say nothing of the folder."""
    from pmo_engine.app import open_governance

    opened = open_governance(settings(database, policy))
    say_clock(opened.clock)
    return opened


def governance_for_policy(database: str | None, policy: Path | None) -> Governance:
    """As ``governance``, to work with versions of the policy themselves."""
    from pmo_engine.app import open_governance

    opened = open_governance(settings(database, policy))
    say_clock(opened.clock)
    return opened


def store(database: str | None) -> Store:
    """Open the store alone, for commands that need no policy."""
    from pmo_engine.app import clock_of, open_database

    opened = open_database(settings(database))
    say_clock(clock_of(opened))
    return opened


def say_clock(clock: Clock) -> None:
    """Say that time was set by hand in a store, as in a demonstration's; everywhere, or in none."""
    from pmo_engine.model.clock import SystemClock

    if not isinstance(clock, SystemClock):
        moment = f"{clock.now():%Y-%m-%d %H:%M} UTC"
        said = f"the clock of this store was set by hand: it is {moment} there"
        typer.secho(said, fg=typer.colors.YELLOW, err=True)


def settings(database: str | None, policy: Path | None = None) -> Settings:
    """Read the settings with these options on top."""
    from pmo_engine.settings import read_settings

    path = None if policy is None else str(policy)
    return read_settings({"database": database, "policy": path})


def system(by: str | None) -> str:
    """Give who does what nobody in particular has to do."""
    from pmo_engine.work.governance import SYSTEM

    return SYSTEM if by is None else by


def by_founder(exception: str | None) -> str:
    """Say by which exception the founder of the store did something; empty where by none."""
    why = {
        "set-up": " (set-up: the founder may, until the first record or gate)",
        "nobody else": " (the founder may, since nobody holds a role that does)",
    }
    return "" if exception is None else why[exception]


def print_json(value: Any) -> None:
    """Print a value as JSON, readable; a typed model by its published names."""
    typer.echo(json.dumps(value, indent=2, ensure_ascii=False, default=_model))


def _model(value: Any) -> Any:
    dump = getattr(value, "model_dump", None)
    if dump is None:
        raise TypeError(f"{type(value).__name__} cannot be printed as JSON")
    return dump(mode="json")


def fields_of(assignments: Sequence[str]) -> dict[str, Any]:
    """Read ``name=value`` arguments; a value may be JSON (true, 12.5, [..]), else it is text."""
    found: dict[str, Any] = {}
    for item in assignments:
        name, equals, value = item.partition("=")
        if not equals or not name:
            raise typer.BadParameter(f"'{item}' is not of the form name=value")
        if name in found:
            raise typer.BadParameter(f"'{name}' is given twice")
        found[name] = None if value == "" else _literal(value, name)
    return found


def _literal(value: str, name: str) -> Any:
    if value[:1] not in "[{":
        return value
    try:
        return loads(value)
    except json.JSONDecodeError:
        return value
    except ValueError as error:
        raise typer.BadParameter(f"{name}: {error}") from None


def short(id: str) -> str:
    """Give as much of an id as people write."""
    return id[:SHORT]


def local(moment: str | None, zone: tzinfo) -> str:
    """Print a moment, as JSON has it, by the office's clock."""
    if moment is None:
        return ""
    return f"{datetime.fromisoformat(moment).astimezone(zone):%Y-%m-%d %H:%M}"


def by_the_clocks(
    fields: Mapping[str, Any], register: PolicyRegister, zone: tzinfo
) -> dict[str, Any]:
    """Give the fields of a record, as JSON has them, with its moments by the office's clocks."""
    from pmo_engine.feel.compatibility import kind_of

    declared = register.fields
    moments = {name for name in fields if name in declared and kind_of(declared[name].type) == AT}
    return {
        name: with_zone(value, zone) if name in moments and isinstance(value, str) else value
        for name, value in fields.items()
    }


AT = "date and time"
SHORT = 8  # characters of an id


def with_zone(moment: str, zone: tzinfo) -> str:
    """Print a moment, as JSON has it, by the office's clocks: "2026-03-08 01:59 EST"."""
    at = datetime.fromisoformat(moment).astimezone(zone)
    return f"{at:%Y-%m-%d %H:%M}{f'{at::%S}' * bool(at.second)} {at:%Z}"


def table(rows: Sequence[Mapping[str, Any]], columns: Mapping[str, str]) -> None:
    """Print rows as a table; ``columns`` gives the heading of each key."""
    from rich import box
    from rich.console import Console
    from rich.table import Table

    made = Table(box=box.SIMPLE_HEAD)
    for key, heading in columns.items():  # an id that people write off stays in one piece
        whole = key == "id" and all(len(_cell(row.get(key))) <= SHORT for row in rows)
        made.add_column(heading, overflow="fold", no_wrap=whole)
    for row in rows:
        made.add_row(*(_cell(row.get(key)) for key in columns))
    Console(markup=False, highlight=False).print(made)


def number(count: int, what: str) -> str:
    """Say how many there are: "1 problem", "2 problems"."""
    return f"{count} {what}{'s' * (count != 1)}"


def width() -> int:
    """Give how many characters a line of the terminal takes."""
    from rich.console import Console

    return Console().width


def by_name(c: Context, rows: Iterable[Any], *columns: str) -> dict[str, Callable[[Any], str]]:
    """Say how these columns of people are written: by their names, which are read in one look."""
    found = {getattr(row, column) for row in rows for column in columns}
    called = c.uow.people.names_of(filter(None, found))
    return dict.fromkeys(columns, lambda who: called[who] if who else "")


def print_listing(
    listed: Listing[Any],
    columns: Mapping[str, str],
    *,
    as_json: bool,
    none: str | None = None,
    **shown: Callable[[Any], str],
) -> None:
    """Print a page of a list, and how to see the rest of it.

    ``none``: what is said where it is empty; ``shown``: how the values of a column are written.
    """
    rows = [item.model_dump(mode="json") for item in listed.items]
    if as_json:
        print_json(rows)
    elif not rows and none is not None:
        typer.echo(none)
    else:
        table(
            [{**row, **{k: write(row[k]) for k, write in shown.items()}} for row in rows], columns
        )
    if listed.next is not None:
        typer.echo(f"there are more: the same with --after {listed.next}", err=as_json)


def _cell(value: Any) -> str:
    return "" if value is None else printable(str(value))


def heading(text: str) -> None:
    """Print a line that stands out."""
    typer.secho(text, bold=True)


def colour_of(status: str) -> str:
    """Give the colour that a status is shown in."""
    green = {"clear", "approved", "met", "go", "passed", "sent"}
    red = {"blocked", "rejected", "refused", "not_met", "stop", "failed", "error"}
    return (
        typer.colors.GREEN
        if status in green
        else (typer.colors.RED if status in red else typer.colors.YELLOW)
    )


def called(governance: Governance, *ids: str | None) -> Callable[[str], str]:
    """Give how people call those whose accounts these are, to say what was done."""
    with governance.reading() as c:
        names = c.uow.people.names_of(filter(None, ids))
        return {id: names[id] for id in ids if id}.__getitem__


def none_imported(problems: Sequence[object], file: Path | None = None) -> typer.Exit:
    """Say why nothing of a table was imported, and how the command ends; of ``file``, if named."""
    for problem in problems:
        typer.echo(f"{file}: {problem}" if file is not None else str(problem), err=True)
    typer.echo(f"nothing was imported: {number(len(problems), 'problem')}", err=True)
    return typer.Exit(2)
