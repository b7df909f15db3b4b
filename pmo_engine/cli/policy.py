"""``pmo policy``: check, test, schema."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

from pmo_engine.cli import output as o
from pmo_engine.cli.output import Json, print_json
from pmo_engine.policy.loading import check_policy, load_policy
from pmo_engine.policy.schema import Kinds

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pmo_engine.policy.suites import CaseResult

Gaps: TypeAlias = "list[tuple[str, tuple[str, ...]]]"

policy_app = o.group("Check, test and describe policy files.")
FolderArgument = Annotated[Path, typer.Argument(help="A policy's folder, a pack's, or one file.")]


@policy_app.command()
def check(path: FolderArgument, as_json: Json = False) -> None:
    """Print every diagnostic of a policy: file:line:column: CODE message.

    Example: pmo policy check policies/demo
    """
    checked = check_policy(path)
    if as_json:
        print_json([item.as_dict() for item in checked.diagnostics])
    else:
        for item in checked.diagnostics:
            colour = typer.colors.RED if item.severity == "error" else typer.colors.YELLOW
            typer.secho(str(item), fg=colour)
        errors = len(checked.errors)
        warnings = len(checked.diagnostics) - errors
        rules = len(checked.policy.rules) if checked.policy is not None else 0
        typer.echo(f"{errors} errors, {warnings} warnings" + (f", {rules} rules" if rules else ""))
    if checked.errors:
        raise typer.Exit(1)


@policy_app.command("test")
def run_tests(
    path: FolderArgument,
    engine: Annotated[
        str, typer.Option(help="The engine that decides: compiled, durable or tracing.")
    ] = "compiled",
    as_json: Json = False,
    coverage: Annotated[
        bool, typer.Option("--coverage", help="Say which rules and outcomes no case reached.")
    ] = False,
    junit: Annotated[Path | None, typer.Option(help="Write a JUnit file too.")] = None,
) -> None:
    """Run the suites of a policy or pack.

    Example: pmo policy test rules/risk
    """
    from pmo_engine.engines.engine import Engine
    from pmo_engine.policy.coverage import Coverage
    from pmo_engine.policy.suites import run_suites

    policy = load_policy(path)
    decide = Coverage(policy, Engine(policy, engine).decide)
    results = list(run_suites(policy, decide))
    gaps = decide.gaps() if coverage else None
    if as_json:
        print_json(_results(results, gaps))
    else:
        _print_results(results, gaps)
    if junit is not None:
        from pmo_engine.cli.junit import write_junit

        write_junit(junit, results)
    if not all(item.passed for item in results):
        raise typer.Exit(1)


def _results(results: Sequence[CaseResult], gaps: Gaps | None) -> object:
    cases = [
        {"suite": r.suite, "case": r.case, "passed": r.passed, "failures": list(r.failures)}
        for r in results
    ]
    if gaps is None:
        return cases
    return {"cases": cases, "not_reached": {rule: list(missed) for rule, missed in gaps}}


def _print_results(results: Sequence[CaseResult], gaps: Gaps | None) -> None:
    failed = [item for item in results if not item.passed]
    for item in failed:
        typer.secho(f"{item.mark}: {item.suite}: {item.case}", fg=typer.colors.RED)
        for failure in item.failures:
            typer.echo(f"    {failure}")
    for rule, missed in gaps or ():
        typer.secho(f"not reached: {rule} {', '.join(missed)}", fg=typer.colors.YELLOW)
    if gaps == []:
        typer.echo("every outcome of every rule is reached")
    typer.echo(f"{len(results) - len(failed)} passed, {len(failed)} failed")


@policy_app.command()
def schema(
    kind: Annotated[str | None, typer.Argument(help="One kind; all when left out.")] = None,
) -> None:
    """Print the JSON Schema of a kind of policy file, for editors.

    Example: pmo policy schema rules
    """
    if kind is not None and kind not in Kinds.models:
        raise typer.BadParameter(f"'{kind}' is no kind; kinds are {', '.join(Kinds.models)}")
    models = Kinds.models if kind is None else {kind: Kinds.models[kind]}
    schemas = {name: model.model_json_schema(by_alias=True) for name, model in models.items()}
    typer.echo(json.dumps(schemas if kind is None else schemas[kind], indent=2))
