"""``pmo policy trial``."""

from __future__ import annotations

import typer

from pmo_engine.cli import output as o
from pmo_engine.cli.policy.group import policy_app


@policy_app.command()
def trial(
    database: o.Database = None, policy: o.PolicyPath = None, as_json: o.Json = False
) -> None:
    """Say how often each rule on trial fired, and what it would have asked for.

    Counts the decisions that were recorded.

    Example: pmo policy trial --policy policies
    """
    from pmo_engine.work.versions.trial import trials

    found = trials(o.governance(database, policy))
    if as_json:
        o.print_json(found)
    elif not found:
        typer.echo("no rule is on trial")
    for each in [] if as_json else found:
        o.heading(f"{each.rule}: {each.title}")
        typer.echo(f"  judged {each.judged} times, fired {each.fired} times")
        if each.unknown or each.faults:
            typer.echo(f"  facts missing {each.unknown} times, faults {each.faults} times")
        for text, count in each.asked.items():
            typer.echo(f"  {count} x {text}")
