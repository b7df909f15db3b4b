"""``pmo feel``."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Annotated

import typer

from pmo_engine.cli import output as o
from pmo_engine.cli.output import Json, print_json, read_json
from pmo_engine.engines.tracing import evaluate
from pmo_engine.policy.feel.parser import FeelSyntaxError, parse
from pmo_engine.policy.feel.values import Missing
from pmo_engine.policy.wire import plain, to_json

feel_app = o.single()


@feel_app.command()
def feel(
    expression: Annotated[str | None, typer.Argument(help="An expression in FEEL.")] = None,
    context: Annotated[Path | None, typer.Option(help="Names and values, as a JSON file.")] = None,
    cases: Annotated[Path | None, typer.Option(help="Run a file of test cases instead.")] = None,
    tables: Annotated[bool, typer.Option("--tables", help="The cases are tables.")] = False,
    as_json: Json = False,
) -> None:
    """Evaluate an expression in FEEL, or run a file of test cases.

    Examples: pmo feel '1 + 2', pmo feel --cases feel.jsonl, pmo feel --cases tables.jsonl --tables
    """
    if cases is not None:
        _run_cases(cases, tables)
        return
    if expression is None:
        raise typer.BadParameter("give an expression, or --cases FILE")
    given = read_json(context) if context is not None else {}
    if not isinstance(given, dict):
        raise typer.BadParameter(f"{context}: must be an object from name to value")
    try:
        node = parse(expression)
    except FeelSyntaxError as error:
        raise typer.BadParameter(str(error)) from None
    value = evaluate(node, {name: plain(item, name) for name, item in given.items()})
    if isinstance(value, Missing):
        typer.echo(f"not known without {', '.join(value.paths)}", err=True)
        raise typer.Exit(1)
    if as_json:
        print_json(to_json(value))
    else:
        from pmo_engine.policy.feel.format import to_text

        typer.echo(to_text(value))


def _run_cases(path: Path, tables: bool) -> None:
    from pmo_engine.engines.cases import run_case, run_cases
    from pmo_engine.engines.table_cases import run_table_case

    if not path.is_file():
        raise typer.BadParameter(f"{path}: no such file")
    with path.open(encoding="utf-8") as lines:
        report = run_cases(lines, run_table_case if tables else run_case)
    for failure in report.failures:
        typer.echo(
            f"{failure.id}: {failure.expression} gave {failure.found}, not {failure.expected}"
        )
    for construct, number in sorted(Counter(report.skipped.values()).items()):
        typer.echo(f"skipped for {construct}: {number}")
    typer.echo(f"{report.passed} passed, {report.failed} failed, {len(report.skipped)} skipped")
    if report.failed:
        raise typer.Exit(1)
