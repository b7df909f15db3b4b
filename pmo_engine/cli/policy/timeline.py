"""``pmo policy timeline``."""

from __future__ import annotations

from itertools import groupby

import typer

from pmo_engine.cli import output as o
from pmo_engine.cli.policy.group import policy_app
from pmo_engine.cli.policy.places import PolicyArgument


@policy_app.command("timeline")
def print_timeline(path: PolicyArgument, as_json: o.Json = False) -> None:
    """List what changes when: limits, parameters, rules that begin and end, with their sources.

    Example: pmo policy timeline policies
    """
    from pmo_engine.compiler.loading import load_policy
    from pmo_engine.documents.timeline import timeline

    changes = timeline(load_policy(path))
    if as_json:
        o.print_json([each.published() for each in changes])
        return
    for day, found in groupby(changes, key=lambda each: each.day):
        o.heading(day.isoformat())
        for each in found:
            typer.echo(f"  {each.text}" + (f" [{each.source}]" if each.source else ""))
    if not changes:
        typer.echo("nothing here has a date")
