"""``pmo policy test``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pmo_engine.cli.output import EngineName, Json, On, day_of, print_json
from pmo_engine.cli.policy.group import policy_app
from pmo_engine.cli.policy.places import PolicyArgument

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pmo_engine.analysis.coverage import Covered
    from pmo_engine.analysis.tested import JudgedCase, SuiteReport
    from pmo_engine.engines.engine import Engine
    from pmo_engine.suites.running import CaseResult

NOT_ENOUGH = typer.colors.YELLOW


@policy_app.command("test")
def run_tests(
    path: PolicyArgument,
    engine: EngineName = "compiled",
    on: On = None,
    pattern: Annotated[
        str | None,
        typer.Option("-k", help="Only cases whose suite or name has this in it, or is like it."),
    ] = None,
    as_json: Json = False,
    coverage: Annotated[
        bool, typer.Option("--coverage", help="Say what no case reached, and how much is reached.")
    ] = False,
    fail_under: Annotated[
        float | None,
        typer.Option(min=0, max=100, help="With less coverage than this (%), the answer is no."),
    ] = None,
    junit: Annotated[Path | None, typer.Option(help="Write a JUnit file too.")] = None,
) -> None:
    """Run the suites of a policy or pack; with --on, cases without a time happen on that day.

    Example: pmo policy test rules/risk --coverage
    """
    from pmo_engine.analysis.coverage import coverage_of
    from pmo_engine.compiler.loading import load_policy
    from pmo_engine.engines.engine import Engine
    from pmo_engine.suites.running import chosen, run_suites

    policy = load_policy(path)
    if pattern is not None:
        policy = chosen(policy, pattern)
        if not policy.suites:
            raise typer.BadParameter(f"no case is called like '{pattern}'")
    day = day_of(on)
    running = Engine(policy, engine)
    results = list(run_suites(policy, running.decide, day, engine))
    covered = coverage_of(running, day) if coverage or fail_under is not None else None
    if as_json:
        print_json(_published(running, results, covered))
    else:
        _print_results(running, results)
        _print_coverage(covered or ())
        _print_total(results)
    if junit is not None:
        from pmo_engine.cli.policy.junit import write_junit

        write_junit(junit, results)
    if not all(item.passed for item in results) or _too_little(covered, fail_under):
        raise typer.Exit(1)


def _too_little(covered: Sequence[Covered] | None, least: float | None) -> bool:
    """Tell whether something is covered less than asked for, and say what."""
    short = [item for item in covered or () if least is not None and item.percent < least]
    for item in short:
        typer.secho(f"{item.kind}: {item.percent:.0f} %, less than {least:g} %", err=True)
    return bool(short)


def _published(
    engine: Engine, results: Sequence[CaseResult], covered: Sequence[Covered] | None
) -> SuiteReport | list[JudgedCase]:
    from pmo_engine.analysis.tested import JudgedCase, SuiteReport

    cases = [JudgedCase.of(r, () if r.passed else _why(engine, r)) for r in results]
    return cases if covered is None else SuiteReport.of(cases, covered)


def _print_results(engine: Engine, results: Sequence[CaseResult]) -> None:
    for item in results:
        if item.passed:
            continue
        typer.secho(f"{item.mark}: {item.suite}: {item.case}", fg=typer.colors.RED)
        for failure in item.failures:
            typer.echo(f"    {failure}")
        for line in _why(engine, item):
            typer.secho(f"      {line}", dim=True)


def _why(engine: Engine, result: CaseResult) -> Iterator[str]:
    """Say of each rule that is judged what came of it, and on which part of its condition."""
    from pmo_engine.analysis.explanation import rules_in_words

    return rules_in_words(engine, result.event, result.about) if result.event else iter(())


def _print_coverage(covered: Sequence[Covered]) -> None:
    if not covered:
        return
    width = max(len(item.kind) for item in covered)
    for item in covered:
        colour = typer.colors.GREEN if not item.missed else NOT_ENOUGH
        figure = f"{item.reached:5} of {item.total:<5} {item.percent:3.0f} %"
        typer.echo(f"{item.kind:{width}}  " + typer.style(figure, fg=colour))
    for item in covered:
        for missed in item.missed:
            typer.secho(f"not reached: {missed}", fg=NOT_ENOUGH)
    if not any(item.missed for item in covered):
        typer.echo("everything is reached")


def _print_total(results: Sequence[CaseResult]) -> None:
    failed = sum(not item.passed for item in results)
    typer.echo(f"{len(results) - failed} passed, {failed} failed")
