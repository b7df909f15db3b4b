"""``pmo feel``."""

from __future__ import annotations

import io
import re
from collections import Counter
from pathlib import Path
from typing import Annotated, Any

import typer

from pmo_engine.cli import output as o
from pmo_engine.cli.output import Json, print_json
from pmo_engine.cli.reading import read_json, read_text
from pmo_engine.engines.traces import Trace, explain_null
from pmo_engine.engines.tracing import evaluate
from pmo_engine.feel.nodes import Literal
from pmo_engine.feel.syntax.parser import FeelSyntaxError, parse
from pmo_engine.feel.values import Missing
from pmo_engine.feel.wire import plain, to_json
from pmo_engine.source import codes

feel_app = o.single()

MOST_CASES = 64 * 1024 * 1024  # bytes
_LITERAL = re.compile(r'@"[^"]*"|-?[0-9]+(\.[0-9]+)? [A-Z]{3}')


@feel_app.command()
def feel(
    expression: Annotated[str | None, typer.Argument(help="An expression in FEEL.")] = None,
    context: Annotated[Path | None, typer.Option(help="Names and values, as a JSON file.")] = None,
    cases: Annotated[Path | None, typer.Option(help="Run a file of test cases instead.")] = None,
    tables: Annotated[bool, typer.Option("--tables", help="The cases are tables.")] = False,
    as_json: Json = False,
) -> None:
    """Evaluate an expression in FEEL, or run a file of test cases.

    In a context, a text such as "50000 GBP" is money, and one that is written as in an expression,
    @"2026-03-02", is what it would be there. Where an expression comes to null through an error,
    standard error says which.

    Examples: pmo feel '1 + 2', pmo feel 'change.cost * 1.1' --context change.json,
    pmo feel --cases feel.jsonl, pmo feel --cases tables.jsonl --tables
    """
    if cases is not None:
        _run_cases(cases, tables)
        return
    if expression is None:
        raise typer.BadParameter("give an expression, or --cases FILE")
    value, why = _evaluated(expression, _given(context))
    if isinstance(value, Missing):
        typer.echo(f"not known without {', '.join(value.paths)}", err=True)
        raise typer.Exit(1)
    if as_json:
        print_json(to_json(value))
    else:
        from pmo_engine.feel.format import to_text

        typer.echo(to_text(value))
    if why:
        typer.echo(why, err=True)


def _given(context: Path | None) -> dict[str, Any]:
    given = read_json(context) if context is not None else {}
    if not isinstance(given, dict):
        raise typer.BadParameter(f"{context}: must be an object from name to value")
    return {name: plain(_meant(item), name) for name, item in given.items()}


def _meant(value: Any) -> Any:
    """Take texts for the money, dates and so on that they are written as."""
    if isinstance(value, dict):
        return {name: _meant(item) for name, item in value.items()}
    if isinstance(value, list):
        return [_meant(item) for item in value]
    if not isinstance(value, str) or not _LITERAL.fullmatch(value):
        return value
    try:
        node = parse(value if value.startswith("@") else f'@"{value}"')
    except FeelSyntaxError:
        return value
    return node.value if isinstance(node, Literal) else value


def _evaluated(text: str, given: dict[str, Any]) -> tuple[Any, str]:
    """Give what an expression comes to and, where that is null through an error, why."""
    try:
        node = parse(text)
    except FeelSyntaxError as error:
        _point(text, error)
        raise typer.Exit(2) from None
    trace = Trace(text)
    value = evaluate(node, given, trace)
    return value, explain_null(node, trace) if value is None else ""


def _point(text: str, error: FeelSyntaxError) -> None:
    """Print what is wrong with the text, the line that is meant, and where in it."""
    from pmo_engine.cli.findings.screen import Sources, with_line
    from pmo_engine.source.diagnostics import Diagnostic

    name = "expression"
    found = Diagnostic(
        name, error.line, error.column, codes.NOT_AN_EXPRESSION, error.message, error.hint
    )
    for line in with_line(found, Sources({name: text})):
        typer.echo(line, err=True)


def _run_cases(path: Path, tables: bool) -> None:
    from pmo_engine.suites.feel_cases import run_cases
    from pmo_engine.suites.feel_tables import run_table_case
    from pmo_engine.suites.feel_written import CaseError

    lines = io.StringIO(read_text(path, MOST_CASES))
    try:
        report = run_cases(lines, run_table_case if tables else None)
    except CaseError as error:
        raise typer.BadParameter(f"{path}: {error}") from None
    for failure in report.failures:
        typer.echo(
            f"{failure.id}: {failure.expression} gave {failure.found}, not {failure.expected}"
        )
    for construct, number in sorted(Counter(report.skipped.values()).items()):
        typer.echo(f"skipped for {construct}: {number}")
    typer.echo(f"{report.passed} passed, {report.failed} failed, {len(report.skipped)} skipped")
    if report.failed:
        raise typer.Exit(1)
