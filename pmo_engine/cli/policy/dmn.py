"""``pmo policy import-dmn`` and ``pmo policy export-dmn``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pmo_engine.cli.policy.group import policy_app
from pmo_engine.cli.policy.places import policy_at
from pmo_engine.cli.reading import a_file, read_bytes
from pmo_engine.cli.writing import write_whole

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pmo_engine.policy import Table

Output = Annotated[
    Path | None,
    typer.Option("--output", "-o", help="Write to a file instead of printing."),
]


@policy_app.command("import-dmn")
def import_dmn(
    model: Annotated[
        Path, typer.Argument(help="A DMN model (.dmn), version 1.1 to 1.5.", callback=a_file)
    ],
    output: Output = None,
) -> None:
    """Take the decision tables of a DMN model over as YAML; what is left out is said.

    Example: pmo policy import-dmn signing.dmn -o policies/signing.yaml
    """
    from pmo_engine.exchange.dmn import MAX_BYTES, DmnError, import_tables
    from pmo_engine.exchange.dmn.yaml_text import tables_in_yaml

    if not model.is_file():
        raise typer.BadParameter(f"{model}: no such file")
    try:
        found = import_tables(read_bytes(model, MAX_BYTES))
    except DmnError as error:
        typer.echo(f"{model}: {error}", err=True)
        raise typer.Exit(1) from None
    for note in found.notes:
        typer.echo(f"{model}: {note}", err=True)
    _write(output, tables_in_yaml(found.tables).encode())


@policy_app.command("export-dmn")
def export_dmn(
    path: Annotated[
        Path,
        typer.Argument(help="A policy's folder, a pack's, or one file.", callback=policy_at),
    ],
    tables: Annotated[
        list[str] | None, typer.Argument(help="The tables by name; all if left out.")
    ] = None,
    output: Output = None,
    version: Annotated[
        str, typer.Option(help="The version of the standard: 1.3, which modellers open, or 1.5.")
    ] = "1.3",
) -> None:
    """Write the decision tables of a policy as a DMN model, which modellers can draw.

    Example: pmo policy export-dmn policies signer -o signing.dmn
    """
    from pmo_engine.compiler.loading import load_policy
    from pmo_engine.exchange.dmn import DmnError, export_tables
    from pmo_engine.exchange.dmn.vocabulary import NAMESPACES

    if version not in NAMESPACES:
        raise typer.BadParameter(f"no version {version!r}: choose of {', '.join(NAMESPACES)}")
    policy = load_policy(path)
    chosen = _chosen(policy.tables, tables or list(policy.tables))
    if not chosen:
        typer.echo(f"{path}: there is no table in this policy", err=True)
        raise typer.Exit(1)
    try:
        written = export_tables(chosen, policy.tables, policy.name, version)
    except DmnError as error:
        typer.echo(f"{path}: {error}", err=True)
        raise typer.Exit(1) from None
    _write(output, written)


def _chosen(known: Mapping[str, Table], names: Sequence[str]) -> list[Table]:
    from pmo_engine.source.diagnostics import nearest

    for name in names:
        if name not in known:
            hint = nearest(name, known) or f"known: {', '.join(known) or 'none'}"
            raise typer.BadParameter(f"no table is called '{name}': {hint}")
    return [known[name] for name in names]


def _write(output: Path | None, data: bytes) -> None:
    if output is None:
        typer.echo(data.decode(), nl=False)
        return
    write_whole(output, data)
