"""``pmo policy code``."""

from __future__ import annotations

import shutil
import sys
import textwrap
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pmo_engine.cli.output import Json, heading, print_json, table
from pmo_engine.cli.policy.group import policy_app

if TYPE_CHECKING:
    from pmo_engine.source.codes import Page


@policy_app.command("code")
def explain_code(
    code: Annotated[
        str | None, typer.Argument(help="A code, as in PMO022; a list of all when left out.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Say what a code of a diagnostic means, with an example of what is wrong and what is right.

    Example: pmo policy code PMO022
    """
    from pmo_engine.source.codes import code_of, pages

    if code is None:
        rows: list[dict[str, Any]] = [{"code": p.code, "title": p.title} for p in pages().values()]
        print_json(rows) if as_json else table(rows, {"code": "Code", "title": "What is wrong"})
        return
    page = pages().get(code_of(code))
    if page is None:
        raise typer.BadParameter(f"there is no code '{code}'; 'pmo policy code' lists all")
    if as_json:
        print_json(
            {"code": page.code, "title": page.title, "about": page.about}
            | {"bad": page.bad, "good": page.good}
        )
    else:
        _show(page)


def _show(page: Page) -> None:
    """Print a page: laid out on a terminal, else as it is written."""
    if not sys.stdout.isatty():
        typer.echo(page.text, nl=False)
        return
    width = min(shutil.get_terminal_size().columns, 88)
    heading(f"{page.code}: {page.title}")
    for paragraph in page.about.split("\n\n"):
        typer.echo(f"\n{textwrap.fill(paragraph, width)}")
    for label, example, colour in (("wrong", page.bad, "red"), ("right", page.good, "green")):
        typer.secho(f"\n{label}:", fg=colour)
        typer.echo(textwrap.indent(example.rstrip("\n"), "    "))
