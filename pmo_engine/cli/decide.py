"""``pmo decide``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pmo_engine.authority.titles import with_titles
from pmo_engine.cli import output as o
from pmo_engine.cli.output import Json, colour_of, print_json
from pmo_engine.cli.policy.places import PolicyOption
from pmo_engine.cli.reading import read_json
from pmo_engine.compiler.loading import load_policy
from pmo_engine.decisions.passing import is_left_alone
from pmo_engine.decisions.published import PublishedDecision, PublishedObligation
from pmo_engine.engines.engine import Engine
from pmo_engine.model.names import asked_for

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from pmo_engine.policy import Policy


decide_app = o.single()


@decide_app.command()
def decide(
    policy: PolicyOption,
    event: Annotated[Path, typer.Option(help="The event as a JSON file; - is standard input.")],
    engine: o.EngineName = "compiled",
    on: o.On = None,
    as_json: Json = False,
) -> None:
    """Say what a policy makes of one event, and why.

    Example: pmo decide --policy policies --event event.json
    """
    given = read_json(event)
    if not isinstance(given, dict):
        raise typer.BadParameter(f"{event}: an event is an object with 'event', 'at' and 'facts'")
    bound = load_policy(policy)
    decision = Engine(bound, engine).decide(given, on=o.day_of(on))
    if as_json:
        print_json(decision.published())
        return
    print_decision(decision.published(), bound)
    if is_left_alone(bound, decision):
        typer.secho("  nobody is asked to decide it, and no rule lets it pass", fg="yellow")


def print_trial(trial: Mapping[str, Sequence[str]]) -> None:
    """Print what rules on trial would have asked for."""
    for rule, asked in trial.items():
        typer.secho(f"  on trial: {rule}", dim=True)
        for text in asked:
            typer.echo(f"    {text}")


def of_whom(item: PublishedObligation, policy: Policy) -> str:
    """Say what is asked for and of whom: ' change.cost by the risk role', ' by ana or ben'."""
    names_it = item.role is None or item.kind in {"information", "evidence"}
    what = f" {', '.join(item.facts) or item.target}" if names_it else ""
    if item.role is None:
        return what
    if isinstance(item.role, str):
        several = item.needs not in {"", "all"}
        return f"{what} by {with_titles(item.needs if several else item.role, policy)}"
    number = "" if item.needs in {"all", "any"} else f"{item.needs}: "
    between = " then " if item.sequence else {"all": " and ", "any": " or "}.get(item.needs, ", ")
    return f"{what} by {number}{with_titles(between.join(item.role), policy)}"


def _is_over(item: PublishedObligation, answered: Collection[str], *, decided: bool) -> bool:
    """Tell whether nobody is asked for it any more."""
    if item.kind == "exception":
        return item.rule in answered
    return decided and item.kind == "approval"


def print_decision(
    decision: PublishedDecision,
    policy: Policy,
    *,
    decided: bool = False,
    answered: Collection[str] = (),
    with_status: bool = True,
) -> None:
    """Print a decision for people; of what is ``decided`` already no approval is asked.

    ``answered``: the rules whose exceptions were answered.
    """
    over = [each for each in decision.obligations if _is_over(each, answered, decided=decided)]
    if with_status and not decided and (not over or len(over) < len(decision.obligations)):
        typer.secho(decision.status, fg=colour_of(decision.status), bold=True)
    for item in decision.obligations:
        if item in over:
            continue
        within = f" within {item.within}" if item.within else ""
        asked = f"{asked_for(item.kind, item.act)}{of_whom(item, policy)}{within}"
        typer.echo(f"  {asked} ({item.binding}; {item.clause})")
        for reason in item.reasons:
            typer.echo(f"    {reason}")
    for rule, text in decision.faults.items():
        typer.secho(f"  fault in {rule}: {text}", fg=typer.colors.RED)
    print_trial(decision.trial)
    fired = ", ".join(decision.fired) or "none"
    typer.echo(f"  rules that fired: {fired}")
    under = decision.policy
    digest = under.digest[:12]
    typer.echo(f"  {under.name} {under.version} ({digest}), values of {under.on}")
