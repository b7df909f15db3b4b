"""``pmo gate``: what is put to the body beside the question, and what the review recommends."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from pmo_engine.cli import output as o
from pmo_engine.cli.gates.group import Review, gate_app
from pmo_engine.cli.gates.words import print_put
from pmo_engine.model.vocabulary import Grade
from pmo_engine.work.gates import put as puts
from pmo_engine.work.gates import reviews as gates

if TYPE_CHECKING:
    from pmo_engine.work.governance import Governance

Owner = Annotated[str, typer.Option(help="The role whose holders do it.")]
Due = Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="The last day for it.")]
Ladder = Annotated[str | None, typer.Option(help="The ladder of reminders and escalations.")]


@gate_app.command()
def condition(
    review: Review,
    text: Annotated[str, typer.Argument(help="What has to be done.")],
    by: o.By,
    owner: Owner,
    due: Due,
    ladder: Ladder = None,
    request: o.Request = None,
    database: o.Database = None,
    policy: o.PolicyPath = None,
    as_json: o.Json = False,
) -> None:
    """Draft a condition for the body to vote on: what a conditional go asks, of whom, until when.

    A condition that is not met in time opens the gate again by itself, and the body is told.

    Example: pmo gate condition 5c0e7a91 "A lease" --owner sponsor --due 2026-05-29 --by ana
    """
    task = puts.Task(text=text, owner=owner, due=due.date().isoformat(), ladder=ladder)
    _add(o.governance(database, policy), review, task, by, request, as_json=as_json)


@gate_app.command()
def recommend(
    review: Review,
    text: Annotated[str, typer.Argument(help="What is recommended.")],
    by: o.By,
    grade: Annotated[Grade, typer.Option(help="How much hangs on it.")],
    owner: Owner,
    due: Due,
    ladder: Ladder = None,
    request: o.Request = None,
    database: o.Database = None,
    policy: o.PolicyPath = None,
    as_json: o.Json = False,
) -> None:
    """Recommend what the review found; it is carried to the next gates until it is done.

    Example: pmo gate recommend 5c0e7a91 "Train two" --grade critical --owner pm --due 2026-05-29
    """
    task = puts.Task(text=text, owner=owner, due=due.date().isoformat(), ladder=ladder, grade=grade)
    _add(o.governance(database, policy), review, task, by, request, as_json=as_json)


def _add(
    governance: Governance,
    review: str,
    task: puts.Task,
    by: str,
    request: str | None,
    *,
    as_json: bool,
) -> None:
    found = gates.find(governance, review)
    drafted = puts.add_task(governance, review_id=found, task=task, by=by, request=request)
    print_put(drafted, as_json=as_json)


@gate_app.command()
def put(
    review: Review,
    by: o.By,
    until: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="Until which day it would be held."),
    ] = None,
    awaits: Annotated[str | None, typer.Option(help="What a hold would await.")] = None,
    resources: Annotated[
        str | None, typer.Option(help="Which resources a decision to pass gives.")
    ] = None,
    request: o.Request = None,
    database: o.Database = None,
    policy: o.PolicyPath = None,
    as_json: o.Json = False,
) -> None:
    """Put to the body until when a hold would be, for what, and which resources a go gives.

    Example: pmo gate put 5c0e7a91 --until 2026-05-29 --awaits "The permit" --by ana
    """
    governance = o.governance(database, policy)
    drafted = puts.put(
        governance,
        review_id=gates.find(governance, review),
        by=by,
        until=o.day_of(until),
        awaits=awaits,
        resources=resources,
        request=request,
    )
    print_put(drafted, as_json=as_json)


@gate_app.command()
def confidence(
    review: Review,
    rating: Annotated[str, typer.Argument(help="A step of the policy's scale, as amber.")],
    by: o.By,
    reason: Annotated[str, typer.Option(help="Why.")],
    request: o.Request = None,
    database: o.Database = None,
    policy: o.PolicyPath = None,
    as_json: o.Json = False,
) -> None:
    """Rate how confident you are that the project delivers, on the scale of the day.

    Example: pmo gate confidence 5c0e7a91 amber --reason "The permit is late" --by petra
    """
    governance = o.governance(database, policy)
    drafted = puts.rate_confidence(
        governance,
        review_id=gates.find(governance, review),
        confidence=rating,
        reason=reason,
        by=by,
        request=request,
    )
    print_put(drafted, as_json=as_json)
