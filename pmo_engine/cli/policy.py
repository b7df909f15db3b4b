"""``pmo policy``: check, test, schema."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from pmo_engine.cli import output as o
from pmo_engine.cli.output import Json, print_json
from pmo_engine.policy.loading import check_policy, load_policy
from pmo_engine.policy.schema import Kinds

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
    junit: Annotated[Path | None, typer.Option(help="Write a JUnit file too.")] = None,
) -> None:
    """Run the suites of a policy or pack.

    Example: pmo policy test rules/risk
    """
    from pmo_engine.engines.engine import Engine
    from pmo_engine.policy.suites import run_suites

    policy = load_policy(path)
    decide = Engine(policy, engine).decide
    results = list(run_suites(policy, decide))
    failed = [item for item in results if not item.passed]
    if as_json:
        print_json(
            [
                {"suite": r.suite, "case": r.case, "passed": r.passed, "failures": list(r.failures)}
                for r in results
            ]
        )
    else:
        for item in failed:
            typer.secho(f"{item.mark}: {item.suite}: {item.case}", fg=typer.colors.RED)
            for failure in item.failures:
                typer.echo(f"    {failure}")
        typer.echo(f"{len(results) - len(failed)} passed, {len(failed)} failed")
    if junit is not None:
        from pmo_engine.cli.junit import write_junit

        write_junit(junit, results)
    if failed:
        raise typer.Exit(1)


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
