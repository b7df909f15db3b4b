"""What waits for somebody, and how they answer it: votes, abstentions, recusals, answers."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from pmo_engine.cli import output as o
from pmo_engine.model.names import words
from pmo_engine.work.approvals import votes as approvals
from pmo_engine.work.approvals import waiver

if TYPE_CHECKING:
    from pmo_engine.queries.asked.inbox import Waiting
    from pmo_engine.store.tables import Choice

UNBLOCKED = (
    "it goes on once that is no longer so: 'pmo update' changes the record, which is then decided"
    " again, and asked for anew"
)
"""What would let a blocked record go on."""
ASKED_AT_GATES = frozenset({"assessment", "condition", "recommendation"})

inbox_app = o.single()
approve_app = o.single()
reject_app = o.single()
answer_app = o.single()
waive_app = o.single()
abstain_app = o.single()
recuse_app = o.single()
attend_app = o.single()

Obligation = Annotated[
    str, typer.Argument(help="The id that 'pmo inbox' shows (or its beginning).")
]
Reason = Annotated[str, typer.Option(help="Why, for the journal.")]
OutcomeOption = Annotated[
    str | None, typer.Option(help="For a gate: go, conditional_go, hold, recycle or stop.")
]

VersionOption = Annotated[
    int | None,
    typer.Option(
        min=1,
        max=o.MOST,
        help="The version of the record that you read; refused if it has changed. Without it, the "
        "one that was asked about under this id: what changes is asked anew under another.",
    ),
]


@inbox_app.command()
def inbox(
    person: Annotated[str, typer.Argument(help="The person's id.")],
    by: o.Reader,
    limit: o.Limit = None,
    after: o.After = None,
    database: o.Database = None,
    policy: o.PolicyPath = None,
    as_json: o.Json = False,
) -> None:
    """List what a person may act on, the earliest due first, and what they are told of.

    The head of the office sees, after it, what nobody may act on.

    Example: pmo inbox petra --limit 20
    """
    from pmo_engine.questions.inbox import inbox as waiting

    page = o.page(limit, after, as_json=as_json)
    with o.governance_to_read(database, policy).reading() as c:
        found, zone = waiting(c, person, page, reader=by), c.zone
        name = c.uow.people.name_of(person)
    columns = {"id": "Id", "title": "What", "kind": "Kind", "for": "For", "due": "Due"}
    more = {
        "act": "Act",
        "signatures": "Signatures",
        "tally": "Votes",
        "vote_until": "Vote open until",
        "advice": "Asked before",
        "when_time_is_up": "When time is up",
    }  # which few have
    columns |= {k: v for k, v in more.items() if any(getattr(each, k) for each in found.items)}
    columns |= {"voted": "For you"}
    o.print_listing(
        found if as_json else found.model_copy(update={"items": tuple(map(_asked, found.items))}),
        columns,
        as_json=as_json,
        none=f"nothing waits for {name}",
        id=o.short,
        due=lambda moment: o.local(moment, zone),
        vote_until=lambda moment: o.local(moment, zone),
        advice="\n".join,
    )


def _asked(each: Waiting) -> Waiting:
    """Say what it is to whoever looks, and what is asked at a gate, not only by which name."""
    asked = each.what or words(each.asked_of)
    if each.kind in ASKED_AT_GATES and each.reasons:
        text = each.reasons[0].partition(": ")[2].rstrip(".")
        asked = ": ".join(filter(None, [asked, text]))
    by = f"asked for by {each.asked_by}" if each.asked_by else ""
    about = filter(None, [each.title, each.about, each.project_title, by])
    said = {"voted": _for_you(each), "asked_of": asked, "act": words(each.act)}
    return each.model_copy(update={**said, "title": "\n".join(about)})


def _for_you(each: Waiting) -> str:
    if each.for_information:
        return "for information"
    return f"voted {each.voted}, may be changed" if each.voted else "to do"


@approve_app.command()
def approve(
    obligation: Obligation,
    by: o.By,
    reason: Reason = "",
    outcome: OutcomeOption = None,
    version: VersionOption = None,
    request: o.Request = None,
    database: o.Database = None,
    policy: o.PolicyPath = None,
    as_json: o.Json = False,
) -> None:
    """Approve what waits for you.

    Example: pmo approve 3f9a12cd --by petra --reason "within the change budget"
    """
    _vote(
        "approve",
        obligation,
        by,
        reason,
        outcome,
        version,
        request,
        (database, policy),
        as_json=as_json,
    )


@reject_app.command()
def reject(
    obligation: Obligation,
    by: o.By,
    reason: Reason = "",
    outcome: OutcomeOption = None,
    version: VersionOption = None,
    request: o.Request = None,
    database: o.Database = None,
    policy: o.PolicyPath = None,
    as_json: o.Json = False,
) -> None:
    """Reject what waits for you.

    Example: pmo reject 3f9a12cd --by petra --reason "no benefit shown"
    """
    _vote(
        "reject",
        obligation,
        by,
        reason,
        outcome,
        version,
        request,
        (database, policy),
        as_json=as_json,
    )


@abstain_app.command()
def abstain(
    obligation: Obligation,
    by: o.By,
    reason: Reason = "",
    version: VersionOption = None,
    request: o.Request = None,
    database: o.Database = None,
    policy: o.PolicyPath = None,
    as_json: o.Json = False,
) -> None:
    """Take part in a vote on neither side; whether that counts is said by the terms.

    Example: pmo abstain 3f9a12cd --by bea
    """
    where = database, policy
    _vote("abstain", obligation, by, reason, None, version, request, where, as_json=as_json)


@recuse_app.command()
def recuse(
    obligation: Obligation,
    by: o.By,
    reason: Annotated[str, typer.Option(help="The interest, for the journal.")],
    request: o.Request = None,
    database: o.Database = None,
    policy: o.PolicyPath = None,
    as_json: o.Json = False,
) -> None:
    """Step aside from a vote for an interest; for good, as nobody votes after that.

    Example: pmo recuse 3f9a12cd --by bea --reason "my brother's firm is the supplier"
    """
    where = database, policy
    _vote("recuse", obligation, by, reason, None, None, request, where, as_json=as_json)


@attend_app.command()
def attend(
    obligation: Obligation,
    people: Annotated[list[str], typer.Argument(help="The members who are there.")],
    by: o.By,
    body: Annotated[str | None, typer.Option(help="The body; needed where several vote.")] = None,
    request: o.Request = None,
    database: o.Database = None,
    policy: o.PolicyPath = None,
    as_json: o.Json = False,
) -> None:
    """Take down who attends the meeting that votes; once they have all answered, it is counted.

    Example: pmo attend 3f9a12cd bo bea cem --by bo
    """
    governance = o.governance(database, policy)
    done = approvals.attend(governance, obligation, people, by=by, body=body, request=request)
    if as_json:
        o.print_json(done)
    else:
        typer.secho(f"{done.title}: {done.status}", fg=o.colour_of(done.status), bold=True)
        typer.echo(f"  {done.tally}")


@answer_app.command()
def answer(
    obligation: Obligation,
    by: o.By,
    note: Annotated[str, typer.Option(help="What is there, and where, for the journal.")] = "",
    dated: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="The day that evidence is of; else today."),
    ] = None,
    request: o.Request = None,
    database: o.Database = None,
    policy: o.PolicyPath = None,
    as_json: o.Json = False,
) -> None:
    """Say that evidence, an exception report or an assessment that was asked for is there.

    Example: pmo answer 3f9a12cd --by ana --note "exception report 7, 2 March"
    """
    governance = o.governance(database, policy)
    done = approvals.answer(
        governance, obligation, by=by, note=note, dated=o.day_of(dated), request=request
    )
    if as_json:
        o.print_json(done)
    else:
        typer.secho(f"{done.title}: {done.status}", fg=o.colour_of(done.status), bold=True)


@waive_app.command()
def waive(
    obligation: Obligation,
    by: o.By,
    reason: Annotated[str, typer.Option(help="Why, for the journal and who was asked.")],
    source: Annotated[str, typer.Option(help="The minute or letter that says so.")] = "",
    request: o.Request = None,
    database: o.Database = None,
    policy: o.PolicyPath = None,
    as_json: o.Json = False,
) -> None:
    """Let a record go on without something that was asked for, where the terms let you.

    An approval is waived only where terms say 'may: waive approval'.

    Example: pmo waive 3f9a12cd --reason "the case is known" --source "Board 2 March" --by bo
    """
    governance = o.governance(database, policy)
    done = waiver.waive(
        governance, obligation, by=by, reason=reason, source=source, request=request
    )
    if as_json:
        o.print_json(done)
    else:
        typer.secho(f"{done.title}: {done.status}", fg=o.colour_of(done.status), bold=True)


def _vote(
    choice: Choice,
    obligation: str,
    by: str,
    reason: str,
    outcome: str | None,
    version: int | None,
    request: str | None,
    where: tuple[o.Database, o.PolicyPath],
    *,
    as_json: bool,
) -> None:
    governance = o.governance(*where)
    chosen = approvals.outcome_named(outcome)
    voted = approvals.vote(
        governance,
        obligation,
        by=by,
        choice=choice,
        reason=reason,
        outcome=chosen,
        version=version,
        request=request,
    )
    if as_json:
        o.print_json(voted)
    else:
        status = "blocked" if voted.blocked else voted.status
        typer.secho(f"{voted.title}: {words(status)}", fg=o.colour_of(status), bold=True)
        for why in voted.blocked:
            typer.echo(f"  {why}")
        if voted.blocked:
            typer.echo(f"  {UNBLOCKED}")
        if voted.tally:
            typer.echo(f"  {voted.tally}")
