"""``pmo inbox``, ``pmo approve``, ``pmo reject`` and ``pmo answer``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from pmo_engine.cli import output as o
from pmo_engine.work.approvals import votes as approvals

if TYPE_CHECKING:
    from pmo_engine.store.tables import Choice

inbox_app = o.single()
approve_app = o.single()
reject_app = o.single()
answer_app = o.single()

Obligation = Annotated[
    str, typer.Argument(help="The id that 'pmo inbox' shows (or its beginning).")
]
Reason = Annotated[str, typer.Option(help="Why, for the journal.")]
OutcomeOption = Annotated[
    str | None, typer.Option(help="For a gate: go, conditional_go, hold, recycle or stop.")
]


@inbox_app.command()
def inbox(
    person: Annotated[str, typer.Argument(help="The person's id.")],
    database: o.Database = None,
    policy: o.PolicyPath = None,
    as_json: o.Json = False,
) -> None:
    """List what waits for a person, the earliest due first.

    Example: pmo inbox petra
    """
    rows = [approvals.shown(row) for row in approvals.inbox(o.desk(database, policy), person)]
    if as_json:
        o.print_json(rows)
    elif not rows:
        typer.echo(f"nothing waits for {person}")
    else:
        short = [{**row, "id": row["id"][:8]} for row in rows]
        columns = {"id": "Id", "title": "What", "kind": "Kind", "for": "For", "due": "Due"}
        o.table(short, columns)


@approve_app.command()
def approve(
    obligation: Obligation,
    by: o.By,
    reason: Reason = "",
    outcome: OutcomeOption = None,
    database: o.Database = None,
    policy: o.PolicyPath = None,
    as_json: o.Json = False,
) -> None:
    """Approve what waits for you.

    Example: pmo approve 3f9a12cd --by petra --reason "within the change budget"
    """
    _vote("approve", obligation, by, reason, outcome, (database, policy), as_json=as_json)


@reject_app.command()
def reject(
    obligation: Obligation,
    by: o.By,
    reason: Reason = "",
    outcome: OutcomeOption = None,
    database: o.Database = None,
    policy: o.PolicyPath = None,
    as_json: o.Json = False,
) -> None:
    """Reject what waits for you.

    Example: pmo reject 3f9a12cd --by petra --reason "no benefit shown"
    """
    _vote("reject", obligation, by, reason, outcome, (database, policy), as_json=as_json)


@answer_app.command()
def answer(
    obligation: Obligation,
    by: o.By,
    note: Annotated[str, typer.Option(help="What is there, and where, for the journal.")] = "",
    database: o.Database = None,
    policy: o.PolicyPath = None,
    as_json: o.Json = False,
) -> None:
    """Say that evidence, an exception report or an assessment that was asked for is there.

    Example: pmo answer 3f9a12cd --by ana --note "exception report 7, 2 March"
    """
    desk = o.desk(database, policy)
    found = approvals.find(desk, obligation)
    done = approvals.answer(desk, found, by=by, note=note)
    if as_json:
        o.print_json(done.as_dict())
    else:
        typer.secho(f"{done.title}: {done.status}", fg=o.colour_of(done.status), bold=True)


def _vote(
    choice: Choice,
    obligation: str,
    by: str,
    reason: str,
    outcome: str | None,
    where: tuple[o.Database, o.PolicyPath],
    *,
    as_json: bool,
) -> None:
    desk = o.desk(*where)
    found = approvals.find(desk, obligation)
    chosen = approvals.outcome_named(outcome)
    voted = approvals.vote(desk, found, by=by, choice=choice, reason=reason, outcome=chosen)
    if as_json:
        o.print_json(voted.as_dict())
    else:
        typer.secho(f"{voted.title}: {voted.status}", fg=o.colour_of(voted.status), bold=True)
