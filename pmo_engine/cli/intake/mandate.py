"""``pmo mandate``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from pmo_engine.cli import output as o
from pmo_engine.cli.writing import write_whole

mandate_app = o.single()


@mandate_app.command()
def mandate(
    proposal: Annotated[str, typer.Argument(help="The proposal's key, or its id.")],
    by: o.Reader,
    form: Annotated[
        Literal["md", "html", "docx", "pdf"], typer.Option("--format", help="What to write.")
    ] = "md",
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="The file to write; else it is printed.")
    ] = None,
    database: o.Database = None,
    policy: o.PolicyPath = None,
    as_json: o.Json = False,
) -> None:
    """Write the mandate of an approved proposal: what was asked for, how it was screened, by whom.

    Example: pmo mandate PR-1 --format pdf -o mandate.pdf
    """
    from pmo_engine.documents import written
    from pmo_engine.documents.boards.mandate import mandate_document
    from pmo_engine.work.intake import mandates
    from pmo_engine.work.reading import require_reader

    governance = o.governance_to_read(database, policy)
    with governance.reading() as c:
        entry = mandates.proposal_named(c, proposal)
        require_reader(governance, c, by, entry.register_name, entry.project, entry)
        made = mandates.mandate(c, entry)
    if as_json:
        o.print_json(made)
        return
    data = written(mandate_document(made), form)
    if output is not None:
        write_whole(output, data)
        typer.echo(f"wrote {output}")
    elif form in {"docx", "pdf"}:
        raise typer.BadParameter(f"{form} is no text to print: name a file with -o")
    else:
        typer.echo(data.decode())
