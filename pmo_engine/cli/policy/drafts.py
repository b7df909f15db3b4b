"""``pmo policy draft``, ``circulate``, ``comment``, ``comments``, ``reply`` and ``withdraw``."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

from pmo_engine.cli import output as o
from pmo_engine.cli.policy.group import policy_app

if TYPE_CHECKING:
    from pmo_engine.queries.versions import VersionState

Version: TypeAlias = Annotated[
    str, typer.Argument(help="The version, as in 2026.2, or the beginning of its digest.")
]


@policy_app.command()
def draft(
    path: Annotated[Path, typer.Argument(help="The folder (or the one file) of the draft.")],
    by: o.By,
    request: o.Request = None,
    database: o.Database = None,
    policy: o.PolicyPath = None,
    as_json: o.Json = False,
) -> None:
    """Record a policy as a draft: it must check without errors and pass its own tests.

    Example: pmo policy draft policies --by petra
    """
    from pmo_engine.work.versions import drafting

    governance = o.governance_for_policy(database, policy)
    print_version(
        drafting.draft(governance, drafting.read_draft(path), by=by, request=request),
        as_json=as_json,
    )


@policy_app.command()
def circulate(
    version: Version,
    by: o.By,
    until: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="The last day for comments."),
    ] = None,
    within: Annotated[
        str, typer.Option(help="The time for comments, as in '5 working days' (else 10 of them).")
    ] = "",
    request: o.Request = None,
    database: o.Database = None,
    policy: o.PolicyPath = None,
    as_json: o.Json = False,
) -> None:
    """Put a draft out for comment; those whose terms change are told.

    Example: pmo policy circulate 2026.2 --within "5 working days" --by petra
    """
    from pmo_engine.work.versions import drafting

    if until is not None and within:
        raise typer.BadParameter("give --until or --within, not both")
    governance = o.governance_for_policy(database, policy)
    day = None if until is None else until.date()
    print_version(
        drafting.circulate(governance, version, by=by, request=request, until=day, within=within),
        as_json=as_json,
    )


@policy_app.command()
def comment(
    version: Version,
    text: Annotated[str, typer.Argument(help="What you think of it.")],
    by: o.By,
    clause: Annotated[
        str | None, typer.Option(help="The clause that it is about, as in rule/change-approval.")
    ] = None,
    request: o.Request = None,
    database: o.Database = None,
    policy: o.PolicyPath = None,
    as_json: o.Json = False,
) -> None:
    """Comment on a version that nobody has decided yet, or on one clause of it.

    Example: pmo policy comment 2026.2 "Too low for bridges" --clause rule/change-approval --by ana
    """
    from pmo_engine.work.versions import commenting

    governance = o.governance_for_policy(database, policy)
    print_version(
        commenting.comment(governance, version, text, by=by, request=request, clause=clause),
        as_json=as_json,
    )


@policy_app.command()
def reply(
    version: Version,
    number: Annotated[int, typer.Argument(min=1, max=o.MOST, help="The comment's number.")],
    text: Annotated[str, typer.Argument(help="What is said or done about it.")],
    by: o.By,
    request: o.Request = None,
    database: o.Database = None,
    policy: o.PolicyPath = None,
    as_json: o.Json = False,
) -> None:
    """Answer a comment, which closes it.

    Example: pmo policy reply 2026.2 1 "Audit finding 12 asks for it" --by petra
    """
    from pmo_engine.work.versions import commenting

    governance = o.governance_for_policy(database, policy)
    print_version(
        commenting.answer(governance, version, number, text, by=by, request=request),
        as_json=as_json,
    )


@policy_app.command()
def comments(
    version: Version,
    database: o.Database = None,
    policy: o.PolicyPath = None,
    as_json: o.Json = False,
) -> None:
    """List the comments on a version, with their answers.

    Example: pmo policy comments 2026.2
    """
    from pmo_engine.work.versions import catalogue as versions

    shown = versions.show(o.governance_for_policy(database, policy), version)
    found = shown.model_dump(mode="json")["comments"]
    if as_json:
        o.print_json(found)
    elif not found:
        typer.echo(f"nobody has commented on {version}")
    else:
        columns = {"number": "No", "clause": "Clause", "name": "By", "text": "Comment"}
        o.table(found, {**columns, "answer": "Answer", "answerer": "Answered by"})


@policy_app.command()
def withdraw(
    version: Version,
    by: o.By,
    reason: Annotated[str, typer.Option(help="Why, for the journal.")],
    request: o.Request = None,
    database: o.Database = None,
    policy: o.PolicyPath = None,
    as_json: o.Json = False,
) -> None:
    """Take back a version that nobody has decided yet.

    Example: pmo policy withdraw 2026.2 --reason "the audit is not done" --by petra
    """
    from pmo_engine.work.versions import drafting

    governance = o.governance_for_policy(database, policy)
    print_version(
        drafting.withdraw(governance, version, by=by, request=request, reason=reason),
        as_json=as_json,
    )


def print_version(state: VersionState, *, as_json: bool) -> None:
    """Print how a version stands, in a line or as JSON."""
    if as_json:
        o.print_json(state)
        return
    waiting = [each for each in state.comments if each.answer is None]
    until = f" until {(state.comment_until or '')[:16]}" if state.status == "comment" else ""
    line = f"{state.name} {state.version} ({state.digest[:12]}): {state.status}{until}"
    typer.secho(line, fg=o.colour_of(state.status), bold=True)
    if waiting:
        typer.echo(f"  comments not answered: {len(waiting)}")
