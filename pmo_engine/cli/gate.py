"""``pmo gate``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from pmo_engine.cli import output as o
from pmo_engine.work.gates import reviews as gates

if TYPE_CHECKING:
    from pmo_engine.work.gates.reviews import ReviewState

gate_app = o.group("Open, assess, answer and follow stage gates.")
Review = Annotated[str, typer.Argument(help="The review's id, as 'pmo gate list' shows it.")]


@gate_app.command("open")
def open_(
    project: Annotated[str, typer.Argument(help="The project's id.")],
    gate: Annotated[str, typer.Argument(help="The gate's id, such as G2.")],
    by: o.By,
    request: o.Request = None,
    database: o.Database = None,
    policy: o.PolicyPath = None,
    as_json: o.Json = False,
) -> None:
    """Open the review of a gate; the flow that assesses it is asked for.

    Example: pmo gate open P-1 G2 --by ana
    """
    _print(
        gates.open_gate(
            o.governance(database, policy), project=project, gate=gate, by=by, request=request
        ),
        as_json,
    )


@gate_app.command()
def assess(
    review: Review,
    by: o.By,
    role: Annotated[
        str | None, typer.Option(help="One functional role; all that are awaited when left out.")
    ] = None,
    request: o.Request = None,
    database: o.Database = None,
    policy: o.PolicyPath = None,
    as_json: o.Json = False,
) -> None:
    """Let functional roles assess a review here and now, without the flow.

    Example: pmo gate assess 5c0e7a91 --by petra
    """
    governance = o.governance(database, policy)
    found = gates.find(governance, review)
    state = gates.assess_awaited(governance, review_id=found, by=by, role=role, request=request)
    _print(state, as_json)


@gate_app.command()
def answer(
    review: Review,
    role: Annotated[str, typer.Argument(help="The functional role that was asked.")],
    by: o.By,
    met: Annotated[bool, typer.Option("--met/--not-met", help="The answer.")],
    finding: Annotated[str, typer.Option(help="What was found.")] = "",
    request: o.Request = None,
    database: o.Database = None,
    policy: o.PolicyPath = None,
    as_json: o.Json = False,
) -> None:
    """Give the assessment that you were asked for.

    Example: pmo gate answer 5c0e7a91 quality --met --by quinn
    """
    governance = o.governance(database, policy)
    found = gates.find(governance, review)
    state = gates.answer(
        governance, review_id=found, role=role, by=by, met=met, finding=finding, request=request
    )
    _print(state, as_json)


@gate_app.command("show")
def show(
    review: Review,
    database: o.Database = None,
    policy: o.PolicyPath = None,
    as_json: o.Json = False,
) -> None:
    """Show a review with its assessments.

    Example: pmo gate show 5c0e7a91
    """
    governance = o.governance(database, policy)
    _print(gates.state(governance, gates.find(governance, review)), as_json)


@gate_app.command("list")
def list_(
    database: o.Database = None,
    policy: o.PolicyPath = None,
    as_json: o.Json = False,
) -> None:
    """List all reviews.

    Example: pmo gate list
    """
    rows = [
        state.model_dump(mode="json") for state in gates.reviews(o.governance(database, policy))
    ]
    if as_json:
        o.print_json(rows)
        return
    columns = {"id": "Id", "project": "Project", "gate": "Gate", "status": "Status"}
    o.table([{**row, "id": row["id"][:8]} for row in rows], {**columns, "outcome": "Outcome"})


def _print(state: ReviewState, as_json: bool) -> None:
    if as_json:
        o.print_json(state)
        return
    outcome = f": {state.outcome}" if state.outcome else ""
    o.heading(f"Gate {state.gate} of {state.project} ({state.id[:8]}): {state.status}{outcome}")
    for item in state.assessments:
        findings = "; ".join(str(text) for text in item.findings)
        typer.secho(f"  {item.role:<14}{item.result}", fg=o.colour_of(item.result), nl=False)
        typer.echo(f"  {findings}" if findings else "")
    if state.awaited:
        typer.echo(f"  awaited: {', '.join(state.awaited)}")
