"""``pmo org``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pmo_engine.cli import output as o
from pmo_engine.cli.writing import write_whole
from pmo_engine.queries.organisation import organisation, said

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pmo_engine.queries.organisation import Node, Organisation

org_app = o.group("Show the organisation.")


@org_app.callback()
def _root() -> None:
    """Show the organisation."""


@org_app.command("show")
def show(
    svg: Annotated[
        Path | None, typer.Option("--svg", help="Draw it into this file instead.")
    ] = None,
    database: o.Database = None,
    policy: o.PolicyPath = None,
    as_json: o.Json = False,
) -> None:
    """Show offices, programmes and projects as trees, with who leads them and what is vacant.

    Example: pmo org show --svg organisation.svg
    """
    with o.governance_to_read(database, policy).reading() as c:
        found = organisation(c)
    if svg is not None:
        from pmo_engine.reports.organisation import drawn

        write_whole(svg, drawn(found).encode())
    if as_json:
        o.print_json(found)
    elif svg is None:
        for line in _lines(found):
            typer.echo(line)
        for each in found.findings:
            typer.secho(each, fg=typer.colors.YELLOW)
    else:
        typer.echo(f"wrote {svg}")


def _lines(found: Organisation) -> Iterator[str]:
    for node in found.offices:
        yield from _tree(node, found, "", "")
    for node in found.programmes:
        yield from _tree(node, found, "", "")


def _tree(node: Node, found: Organisation, first: str, others: str) -> Iterator[str]:
    """Give a node and all under it, as lines; ``first`` stands before its own."""
    yield f"{first}{said(node, found)}"
    for number, each in enumerate(node.under, 1):
        last = number == len(node.under)
        before = f"{others}{'└─ ' if last else '├─ '}"
        yield from _tree(each, found, before, f"{others}{'   ' if last else '│  '}")
