"""``pmo replay``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from pmo_engine.cli import output as o
from pmo_engine.cli.policy.places import PolicyOption
from pmo_engine.cli.reading import a_file
from pmo_engine.compiler.loading import load_policy
from pmo_engine.replays.replay import Report
from pmo_engine.replays.replay import replay as run

SHOWN = 5
"""How many examples of a finding people are shown."""

replay_app = o.single()


@replay_app.command()
def replay(
    log: Annotated[
        Path, typer.Argument(help="A history: .xes, .xes.gz, .csv or .csv.gz.", callback=a_file)
    ],
    policy: PolicyOption,
    on: o.On = None,
    engine: o.EngineName = "compiled",
    as_json: o.Json = False,
) -> None:
    """Judge a recorded history by a policy.

    Example: pmo replay declarations.xes.gz --policy policies/travel-approvals
    """
    bound = load_policy(policy)
    show = sys.stderr.isatty()

    def progress(cases: int, events: int) -> None:
        typer.echo(f"\r{cases:,} cases, {events:,} events", nl=False, err=True)

    report = run(
        bound,
        log,
        on=None if on is None else on.date(),
        backend=engine,
        progress=progress if show else None,
    )
    if show:
        typer.echo(err=True)
    if as_json:
        o.print_json(report)
    else:
        _print(report)


def _print(report: Report) -> None:
    typer.echo(f"{report.cases:,} cases, {report.events:,} events")
    for rule, count in report.findings.items():
        shown = report.examples.get(rule, ())[:SHOWN]
        examples = ", ".join(shown)
        more = f" ({examples}{', ...' if count > len(shown) else ''})"
        typer.echo(f"  {count:>7,}  {rule}{more if examples else ''}")
    for rule, count in report.unknown.items():
        typer.secho(
            f"  {count:>7,}  {rule} cannot be judged: {report.reasons.get(rule, '')}", fg="yellow"
        )
    for rule, count in report.faults.items():
        typer.secho(f"  {count:>7,}  {rule} fails: {report.reasons.get(rule, '')}", fg="red")
    if report.reordered:
        typer.echo(f"  {report.reordered:>7,}  cases whose events had to be put in order of time")
    for activity, count in report.unmapped.items():
        typer.secho(f"  {count:>7,}  not mapped: {activity}", fg=typer.colors.YELLOW)
