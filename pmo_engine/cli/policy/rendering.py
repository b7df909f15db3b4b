"""``pmo policy render``."""

from __future__ import annotations

import shlex
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from pmo_engine.cli.output import On, day_of
from pmo_engine.cli.policy.group import policy_app
from pmo_engine.cli.policy.places import PolicyArgument
from pmo_engine.cli.writing import write_whole


class Format(StrEnum):
    """What a document is written as."""

    MARKDOWN = "md"
    HTML = "html"
    DOCX = "docx"
    PDF = "pdf"


class Which(StrEnum):
    """Which document is written."""

    TERMS = "terms"
    FRAMEWORK = "framework"
    ALL = "all"


@policy_app.command()
def render(
    path: PolicyArgument,
    form: Annotated[
        Format, typer.Option("--format", help="What to write: md, html, docx or pdf.")
    ] = Format.MARKDOWN,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="The file to write; else it is printed.")
    ] = None,
    on: On = None,
    which: Annotated[
        Which, typer.Option("--document", help="terms, framework or all.")
    ] = Which.ALL,
) -> None:
    """Write the terms of reference and the governance framework as documents.

    Example: pmo policy render policies --format html -o governance.html
    """
    from pmo_engine.compiler.loading import load_policy
    from pmo_engine.documents import build, only, written
    from pmo_engine.documents.links import Places

    if form in {Format.DOCX, Format.PDF} and output is None:
        raise typer.BadParameter(f"{form.value} is no text to print: name a file with -o")
    places = Places(path, output.parent if output is not None else Path())
    check = shlex.join(["pmo", "policy", "check", str(path)])
    document = build(load_policy(path), day_of(on), places, check)
    if which is not Which.ALL:
        document = only(document, "terms" if which is Which.TERMS else "framework")
    data = written(document, form.value)
    if output is None:
        typer.echo(data.decode(), nl=False)
        return
    write_whole(output, data)
    typer.echo(f"wrote {output} ({sum(1 for _ in document.clauses())} clauses)")
