"""``pmo records list``: the records of projects, filtered, sorted, shown or written as a table."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pmo_engine.cli import output as o
from pmo_engine.cli.registers.group import a_table, records_app
from pmo_engine.cli.writing import write_whole

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pmo_engine.questions.lists import RecordList
    from pmo_engine.work.governance import Context, Governance

Projects = Annotated[
    list[str] | None,
    typer.Option("--project", help="Only of this project; may be given several times."),
]
To = Annotated[
    Path | None,
    typer.Option("--to", help="Write it into this .xlsx or .csv instead.", callback=a_table),
]


@records_app.command("list")
def list_(
    by: o.Reader,
    register: Annotated[
        str | None, typer.Argument(help="The register; may be left out with --view.")
    ] = None,
    projects: Projects = None,
    view: Annotated[
        str | None, typer.Option(help="A list of the policy's, by its name under 'views:'.")
    ] = None,
    where: Annotated[
        str | None, typer.Option(help="A condition on the record, as in 'risk.score >= 12'.")
    ] = None,
    sort: Annotated[
        str | None, typer.Option(help="Fields or figures, with commas; '-score' highest first.")
    ] = None,
    show: Annotated[str | None, typer.Option(help="The columns, with commas.")] = None,
    limit: o.Limit = None,
    to: To = None,
    database: o.Database = None,
    policy: o.PolicyPath = None,
    as_json: o.Json = False,
) -> None:
    """List records over projects, by their fields and figures, or as a saved list says.

    Example: pmo records list risks --where 'risk.score >= 12' --sort -score --show key,title,score
    """
    from pmo_engine.questions.lists import listed, view_named, view_of
    from pmo_engine.work.records.naming import register_named

    if view is not None and (where, sort, show) != (None, None, None):
        raise typer.BadParameter("--view is a list by its name: leave out --where, --sort, --show")
    governance = o.governance_to_read(database, policy)
    with governance.reading() as c:
        declared = register_named(c.policy, register or _of_view(c, view))
        if view is not None:
            asked = view_named(c, declared, view)
        else:
            asked = view_of(c, declared, where, _names(sort), _names(show))
        found = listed(c, asked, readable(governance, c, by, declared.id, projects))
    if to is not None:
        write_list(to, found)
    elif as_json:
        o.print_json(found)
    else:
        zone = c.policy.calendar.clocks
        rows = tuple(o.by_the_clocks(row, declared, zone) for row in found.rows)
        listed_by = found.model_copy(update={"rows": rows})
        _print(listed_by, limit or o.SHOWN, chosen=view is not None or show is not None)


LEAST = 12
"""So many characters a column takes at the least, to be read."""


def fitting(
    columns: Sequence[str], rows: Sequence[Mapping[str, Any]], width: int
) -> tuple[str, ...]:
    """Choose the first columns that some row fills, as many as can be read side by side."""
    filled = [name for name in columns if any(row.get(name) not in {None, ""} for row in rows)]
    return tuple(filled[: max(1, width // LEAST)])


def _of_view(c: Context, view: str | None) -> str:
    if view is None:
        raise typer.BadParameter("name a register, or a list with --view")
    found = c.policy.views.get(view)
    if found is None:
        known = ", ".join(c.policy.views) or "none"
        raise typer.BadParameter(f"the policy has no list '{view}'; it has {known}")
    return found.of


def _names(text: str | None) -> list[str]:
    return [] if text is None else [each.strip() for each in text.split(",") if each.strip()]


def readable(
    governance: Governance, c: Context, by: str, register: str, projects: list[str] | None
) -> list[str]:
    """Name the projects whose register somebody may read, of those named or of all.

    Refuses whoever names one that is not theirs to read.
    """
    from pmo_engine.work.errors import Refusal
    from pmo_engine.work.reading import require_reader
    from pmo_engine.work.records.homes import home_named

    found = []
    declared = c.policy.registers[register]
    named = [home_named(c, declared, each) for each in projects or ()]
    for id in named or c.uow.projects.places():
        try:
            require_reader(governance, c, by, register, id)
        except Refusal:
            if projects:
                raise
            continue
        found.append(id)
    return found


def write_list(path: Path, found: RecordList) -> None:
    """Write a list as a table, and say what it holds."""
    from pmo_engine.exchange.record_tables import list_as_csv, list_as_workbook

    is_book = path.suffix.lower() == ".xlsx"
    data = (list_as_workbook if is_book else list_as_csv)(found.columns, found.rows)
    write_whole(path, data)
    typer.echo(f"{path.resolve()} is written: {len(found.rows)} rows")


def _print(found: RecordList, most: int, *, chosen: bool) -> None:
    """Print a list; of columns that nobody ``chosen`` those that fit, and that a record fills."""
    if found.title:
        o.heading(found.title)
    rows = found.rows[:most]
    shown = found.columns if chosen else fitting(found.columns, rows, o.width())
    if rows:
        o.table(rows, {name: name.replace("_", " ") for name in shown})
    else:
        typer.echo("no records")
    if rows and (left := [name for name in found.columns if name not in shown]):
        typer.echo(f"not shown: {', '.join(left)}; --show chooses columns, --to a table has all")
    if len(found.rows) > most:
        typer.echo(f"{len(found.rows) - most} more: --limit, or --to a table, shows them")
    for each in found.unjudged:
        typer.secho(f"not listed: {each}", fg=typer.colors.YELLOW, err=True)
