"""``pmo figures``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from pmo_engine.cli import output as o

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pmo_engine.queries.figures import FigureRow
    from pmo_engine.work.governance import Context

figures_app = o.single()


@figures_app.command()
def figures(
    by: o.Reader,
    projects: Annotated[
        list[str] | None,
        typer.Argument(help="Projects, taken together; all that are not closed when left out."),
    ] = None,
    office: Annotated[str | None, typer.Option(help="Else those of this office.")] = None,
    programme: Annotated[str | None, typer.Option(help="Else those of this programme.")] = None,
    role: Annotated[
        str | None, typer.Option(help="Only those of this functional role, as in finance.")
    ] = None,
    explain: Annotated[
        bool, typer.Option("--explain", help="Say how each is worked out, and by what source.")
    ] = False,
    database: o.Database = None,
    policy: o.PolicyPath = None,
    as_json: o.Json = False,
) -> None:
    """Show the figures of projects: each over the records of all of them together.

    Example: pmo figures P-1 P-2 --role finance --explain
    """
    from pmo_engine.work.figures import figures_of_projects, projects_of
    from pmo_engine.work.reading import require_reader_of_all

    governance = o.governance_to_read(database, policy)
    with governance.reading() as c:
        _require_declared(c, role)
        chosen = projects or projects_of(c, office=office, programme=programme)
        for each in chosen:
            require_reader_of_all(governance, c, by, each)
        found = figures_of_projects(c, chosen, role)
    if as_json:
        o.print_json([each.model_dump(mode="json") for each in found])
        return
    _print(chosen, found, explain=explain)


def _require_declared(c: Context, role: str | None) -> None:
    packs = sorted({each.pack for each in c.policy.figures if each.pack is not None})
    if role is not None and role not in packs:
        known = ", ".join(packs) or "none"
        raise typer.BadParameter(f"no figures of '{role}' are declared; there are those of {known}")


def _print(projects: Sequence[str], found: Sequence[FigureRow], *, explain: bool) -> None:
    named = ", ".join(projects[:5]) + (" ..." if len(projects) > 5 else "")  # noqa: PLR2004 - a line
    o.heading(f"Figures of {named or 'no project'}")
    if not found:
        typer.echo("  no figures are declared")
    pack: str | None = ""
    for each in sorted(found, key=lambda row: (row.pack is None, row.pack or "")):
        if each.pack != pack:
            pack = each.pack
            o.heading(f"  {(pack or 'our own').replace('_', ' ')}")
        typer.echo(f"    {each.label}: {each.words}")
        if explain:
            typer.secho(f"      {each.id} = {each.formula}", dim=True)
            typer.secho(f"      {each.source}", dim=True)
