"""What commands share: options, reading files, printing for people or as JSON."""

from __future__ import annotations

import json
import sys
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias

import typer

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pmo_engine.app import Settings
    from pmo_engine.work.governance import Governance

Json: TypeAlias = Annotated[bool, typer.Option("--json", help="Print JSON.")]
By: TypeAlias = Annotated[
    str, typer.Option("--by", help="The person who does this.", show_default=False)
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
Database: TypeAlias = Annotated[
    str | None, typer.Option("--database", help="Database URL (or PMO_DATABASE, or pmo.toml).")
]
PolicyPath: TypeAlias = Annotated[
    Path | None, typer.Option("--policy", help="The policy's folder (or PMO_POLICY, or pmo.toml).")
]
On: TypeAlias = Annotated[
    datetime | None,
    typer.Option("--on", formats=["%Y-%m-%d"], help="Use what is in force on this day."),
]
MOST_JSON = 16 * 1024 * 1024


def day_of(on: datetime | None) -> date | None:
    """Give the day that ``--on`` names."""
    return None if on is None else on.date()


def group(about: str) -> typer.Typer:
    """Make a group of commands; called alone it prints its help."""
    return typer.Typer(no_args_is_help=True, add_completion=False, help=about)


def single() -> typer.Typer:
    """Make a command of its own."""
    return typer.Typer(add_completion=False)


def governance(database: str | None, policy: Path | None) -> Governance:
    """Open what commands work under, as the options, variables and pmo.toml describe it.

    Where the policy's folder holds something else than what is adopted, that is said.
    """
    from pmo_engine.app import folder_aside, open_governance

    given = settings(database, policy)
    opened = open_governance(given)
    aside = folder_aside(given, opened)
    if aside is not None:
        typer.secho(aside, fg=typer.colors.YELLOW, err=True)
    return opened


def governance_for_policy(database: str | None, policy: Path | None) -> Governance:
    """As ``governance``, to work with versions of the policy themselves."""
    from pmo_engine.app import open_governance

    return open_governance(settings(database, policy))


def settings(database: str | None, policy: Path | None = None) -> Settings:
    """Read the settings with these options on top."""
    from pmo_engine.app import read_settings

    path = None if policy is None else str(policy)
    return read_settings({"database": database, "policy": path})


def system(by: str | None) -> str:
    """Give who does what nobody in particular has to do."""
    from pmo_engine.work.governance import SYSTEM

    return SYSTEM if by is None else by


def print_json(value: Any) -> None:
    """Print a value as JSON, readable; a typed model by its published names."""
    typer.echo(json.dumps(value, indent=2, ensure_ascii=False, default=_model))


def _model(value: Any) -> Any:
    dump = getattr(value, "model_dump", None)
    if dump is None:
        raise TypeError(f"{type(value).__name__} cannot be printed as JSON")
    return dump(mode="json")


def read_json(path: Path) -> Any:
    """Read a JSON file with exact numbers (``-`` is standard input); raises BadParameter."""
    try:
        text = sys.stdin.read() if str(path) == "-" else _read(path)
        return json.loads(text, parse_float=Decimal, object_pairs_hook=_without_duplicates)
    except json.JSONDecodeError as error:
        place = f"{path}:{error.lineno}:{error.colno}"
        raise typer.BadParameter(f"{place}: not JSON: {error.msg.lower()}") from None
    except (ValueError, RecursionError) as error:
        raise typer.BadParameter(f"{path}: {error}") from None


def _read(path: Path) -> str:
    try:
        if path.stat().st_size > MOST_JSON:
            raise typer.BadParameter(f"{path}: larger than {MOST_JSON // 1024 // 1024} MiB")
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise typer.BadParameter(f"{path}: {error.strerror}") from None
    except UnicodeDecodeError:
        raise typer.BadParameter(f"{path}: not UTF-8 text") from None


def _without_duplicates(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise ValueError(f"'{name}' is given twice")
        found[name] = value
    return found


def fields_of(assignments: Sequence[str]) -> dict[str, Any]:
    """Read ``name=value`` arguments; a value may be JSON (true, 12.5, [..]), else it is text."""
    found: dict[str, Any] = {}
    for item in assignments:
        name, equals, value = item.partition("=")
        if not equals or not name:
            raise typer.BadParameter(f"'{item}' is not of the form name=value")
        if name in found:
            raise typer.BadParameter(f"'{name}' is given twice")
        found[name] = None if value == "" else _literal(value)
    return found


def _literal(value: str) -> Any:
    if value[:1] in "[{":
        try:
            return json.loads(value, parse_float=Decimal)
        except json.JSONDecodeError:
            return value
    return value


def table(rows: Sequence[Mapping[str, Any]], columns: Mapping[str, str]) -> None:
    """Print rows as a table; ``columns`` gives the heading of each key."""
    from rich import box
    from rich.console import Console
    from rich.table import Table

    made = Table(box=box.SIMPLE_HEAD)
    for heading in columns.values():
        made.add_column(heading, overflow="fold")
    for row in rows:
        made.add_row(*("" if row.get(key) is None else str(row[key]) for key in columns))
    Console(markup=False, highlight=False).print(made)


def heading(text: str) -> None:
    """Print a line that stands out."""
    typer.secho(text, bold=True)


def colour_of(status: str) -> str:
    """Give the colour that a status is shown in."""
    green = {"clear", "approved", "met", "go", "passed", "sent"}
    red = {"blocked", "rejected", "not_met", "stop", "failed", "error"}
    return (
        typer.colors.GREEN
        if status in green
        else (typer.colors.RED if status in red else typer.colors.YELLOW)
    )
