"""``pmo policy explain``."""

from __future__ import annotations

import textwrap
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pmo_engine.cli.output import Json, On, colour_of, day_of, print_json
from pmo_engine.cli.policy.group import check_rule, policy_app
from pmo_engine.cli.policy.places import PolicyArgument
from pmo_engine.cli.reading import read_json

if TYPE_CHECKING:
    from pmo_engine.analysis.explanation import Explanation, ObligationStory, RuleStory

WIDTH = 100
COLOURS = {
    "fired": typer.colors.GREEN,
    "unknown": typer.colors.YELLOW,
    "fault": typer.colors.RED,
}

# What would alter a decision is found by deciding a hundred times over, each as long as the event.
MOST_EXPLAINED = 512 * 1024  # bytes


@policy_app.command()
def explain(
    path: PolicyArgument,
    event: Annotated[Path, typer.Option(help="The event as a JSON file; - is standard input.")],
    on: On = None,
    rule: Annotated[str | None, typer.Option(help="Only this rule and what follows of it.")] = None,
    as_json: Json = False,
) -> None:
    """Say why a policy decides an event as it does, and what single fact would alter it.

    Example: pmo policy explain policies --event event.json
    """
    from pmo_engine.analysis.explanation import Explanation
    from pmo_engine.analysis.situation import Situation
    from pmo_engine.compiler.loading import load_policy
    from pmo_engine.engines.engine import Engine
    from pmo_engine.policy.events import read_event

    given = read_json(event, MOST_EXPLAINED)
    if not isinstance(given, dict):
        raise typer.BadParameter(f"{event}: an event is an object with 'event', 'at' and 'facts'")
    policy = load_policy(path)
    if rule is not None:
        check_rule(policy, rule)
    situation = Situation(Engine(policy), read_event(policy, given), day_of(on))
    explanation = Explanation(situation, rule)
    if as_json:
        print_json(explanation.published())
    else:
        _print(explanation)


def _print(explanation: Explanation) -> None:
    status = explanation.decision.status
    typer.secho(status, fg=colour_of(status), bold=True)
    for obligation in explanation.obligations:
        _print_obligation(obligation)
    if explanation.left_out:
        _say(2, f"{explanation.left_out} further facts are too many to be varied.")
    typer.secho("rules", bold=True)
    for rule in explanation.rules:
        _print_rule(rule)
    if explanation.derived:
        typer.secho("derived", bold=True)
        for each in explanation.derived:
            _say(2, f"{each.said} (by {each.rule})")
    policy = explanation.decision.policy
    where = f"{policy.name} {policy.version} ({policy.digest[:12]}), values of {policy.on}"
    typer.secho(where, dim=True)


def _print_obligation(story: ObligationStory) -> None:
    typer.secho(_wrapped(2, story.words), fg=typer.colors.CYAN, bold=True)
    _say(4, _cited(story.obligation.clause, *story.sources), dim=True)
    for text in story.reasons:
        _say(4, text)
    for text in story.authority:
        _say(4, text)
    for text in story.what_if_words:
        typer.secho(_wrapped(4, text), fg=typer.colors.MAGENTA)


def _print_rule(story: RuleStory) -> None:
    from pmo_engine.analysis.explanation import SAID

    said, colour = SAID[story.outcome], COLOURS.get(story.outcome)
    trial = ", on trial" if story.rule.binding == "trial" else ""
    note = f": {story.note}" if story.note else ""
    typer.echo(f"  {story.rule.id}  " + typer.style(f"{said}{trial}{note}", fg=colour))
    for part in story.parts:
        _say(6, part.words)
    for row in story.rows:
        _say(6, row)
    if not story.parts:
        _say(6, story.rule.title)
    _say(6, _cited(story.rule.clause, story.rule.source, str(story.rule.mark)), dim=True)


def _cited(*parts: str) -> str:
    """List clauses and sources, without those that another one has in it already."""
    kept = [part for part in dict.fromkeys(parts) if part]
    others = [[each for each in kept if each != part] for part in kept]
    return "; ".join(
        p for p, rest in zip(kept, others, strict=True) if not any(p in each for each in rest)
    )


def _say(indent: int, text: str, *, dim: bool = False) -> None:
    typer.secho(_wrapped(indent, text), dim=dim)


def _wrapped(indent: int, text: str) -> str:
    space = " " * indent
    return textwrap.fill(
        text,
        WIDTH,
        initial_indent=space,
        subsequent_indent=f"{space}  ",
        break_long_words=False,
        break_on_hyphens=False,
    )
