"""``pmo policy test``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

from pmo_engine.cli.output import Json, On, day_of, print_json
from pmo_engine.cli.policy.group import FolderArgument, policy_app

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pmo_engine.policy.suites import CaseResult

Gaps: TypeAlias = "list[tuple[str, tuple[str, ...]]]"


@policy_app.command("test")
def run_tests(
    path: FolderArgument,
    engine: Annotated[
        str, typer.Option(help="The engine that decides: compiled, durable or tracing.")
    ] = "compiled",
    on: On = None,
    as_json: Json = False,
    coverage: Annotated[
        bool, typer.Option("--coverage", help="Say which rules and outcomes no case reached.")
    ] = False,
    junit: Annotated[Path | None, typer.Option(help="Write a JUnit file too.")] = None,
) -> None:
    """Run the suites of a policy or pack; with --on, cases without a time happen on that day.

    Example: pmo policy test rules/risk
    """
    from pmo_engine.engines.engine import Engine
    from pmo_engine.policy.coverage import Coverage
    from pmo_engine.policy.loading import load_policy
    from pmo_engine.policy.suites import run_suites

    policy = load_policy(path)
    decide = Coverage(policy, Engine(policy, engine).decide)
    results = list(run_suites(policy, decide, day_of(on)))
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
