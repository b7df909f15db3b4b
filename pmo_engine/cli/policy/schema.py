"""``pmo policy schema``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from pmo_engine.cli.policy.group import policy_app
from pmo_engine.cli.writing import write_whole

OutputOption = Annotated[
    Path | None,
    typer.Option(
        "--output",
        "-o",
        help="Write files into this folder: one for each kind, and one for any document.",
    ),
]


@policy_app.command()
def schema(
    kind: Annotated[
        str | None, typer.Argument(help="One kind; any document when left out.")
    ] = None,
    output: OutputOption = None,
) -> None:
    """Print the JSON Schema of policy files, for editors: any document, or those of one kind.

    Example: pmo policy schema rules
    """
    from pmo_engine.compiler.kinds import MODELS
    from pmo_engine.compiler.schema.json_schema import schema_of, schema_of_any

    if kind is not None and kind not in MODELS:
        raise typer.BadParameter(f"'{kind}' is no kind; kinds are {', '.join(MODELS)}")
    if output is None:
        typer.echo(_text(schema_of_any() if kind is None else schema_of(kind)), nl=False)
        return
    kinds = MODELS if kind is None else (kind,)
    made = {name: schema_of(name) for name in kinds}
    _write(output, made if kind is not None else {"document": schema_of_any(), **made})


def _write(folder: Path, schemas: dict[str, Any]) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise typer.BadParameter(f"{folder} cannot be a folder: {error.strerror}") from None
    for name, content in schemas.items():
        path = folder / f"{name}.schema.json"
        write_whole(path, _text(content).encode())
        typer.echo(f"written: {path}")


def _text(content: dict[str, Any]) -> str:
    return json.dumps(content, indent=2) + "\n"
