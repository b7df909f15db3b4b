"""``pmo round``: collection rounds are listed, shown, answered, excused and closed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from pmo_engine.cli import output as o

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pmo_engine.queries.rounds import Answer, RoundShown

round_app = o.group("List, show, answer and close collection rounds.")
Round = Annotated[str, typer.Argument(help="The round, as the policy calls it.")]
Project = Annotated[str, typer.Argument(help="The project's id.")]
Period = Annotated[str | None, typer.Option(help="Its period, as in 2026-03; else the last.")]
Register = Annotated[
    list[str] | None, typer.Option(help="One register; all that wait when left out.")
]


@round_app.command("list")
def list_rounds(
    round_: Annotated[str | None, typer.Option("--round", help="Of this round alone.")] = None,
    only_open: Annotated[bool, typer.Option("--open", help="Those that are open.")] = False,
    database: o.Database = None,
    policy: o.PolicyPath = None,
    as_json: o.Json = False,
) -> None:
    """List the rounds that were opened, and how much of what they collect is there.

    Example: pmo round list --open
    """
    from pmo_engine.queries.rounds import rounds

    with o.governance_to_read(database, policy).reading() as c:
        found, known = rounds(c, round_, only_open=only_open), c.policy.rounds
    if as_json:
        o.print_json(found)
        return
    for each in found:
        typer.echo(_line(each))
    if not found:
        names = ", ".join(known) or "the policy declares none, under 'kind: rounds'"
        typer.echo(f"no round {'is open' if only_open else 'was opened yet'} ({names})")


@round_app.command("show")
def show(
    round_: Round,
    period: Period = None,
    database: o.Database = None,
    policy: o.PolicyPath = None,
    as_json: o.Json = False,
) -> None:
    """Show of a round who answered, who is late, who was excused and who gave nothing.

    Example: pmo round show monthly_status --period 2026-03
    """
    from pmo_engine.queries.rounds import story
    from pmo_engine.work.rounds.naming import round_named

    with o.governance_to_read(database, policy).reading() as c:
        found, zone = story(c, round_named(c, round_, period)), c.zone
        named = c.uow.people.names_of(each.by for each in found.answers if each.by)
    if as_json:
        o.print_json(found)
        return
    o.heading(_line(found.shown))
    columns = {"project": "Project", "register_name": "Register", "role": "From"}
    rows = [
        {**each.model_dump(mode="json"), "said": _said(each, named), "due": o.local(each.due, zone)}
        for each in found.answers
    ]
    o.table(rows, {**columns, "state": "State", "due": "Due", "said": "By"})


def _line(shown: RoundShown) -> str:
    counts = {"late": shown.late, "excused": shown.excused, "missing": shown.missing}
    told = "".join(f", {number} {name}" for name, number in counts.items() if number)
    ended = f"closed: {shown.reason}" if shown.closed else "open"
    missed = f"; none for {', '.join(shown.missed)}" if shown.missed else ""
    return (
        f"{shown.title} {shown.period} ({shown.round}): {shown.answered} of {shown.asked}"
        f" answered{told}; {ended}{missed}"
    )


def _said(answer: Answer, named: Mapping[str, str]) -> str:
    if answer.stuck:
        return "nobody may answer: see 'pmo stuck'"
    note = f": {answer.note}" if answer.note else ""
    return f"{named[answer.by]}, {answer.how}{note}" if answer.how else ""


@round_app.command("answer")
def answer(
    round_: Round,
    project: Project,
    by: o.By,
    register: Register = None,
    note: Annotated[str, typer.Option(help="What there is to say.")] = "nothing changed",
    period: Period = None,
    request: o.Request = None,
    database: o.Database = None,
    policy: o.PolicyPath = None,
    as_json: o.Json = False,
) -> None:
    """Say that a project's registers are as they should be; who has news enters it instead.

    Example: pmo round answer monthly_status P-1 --register risks --by ana
    """
    from pmo_engine.work.rounds.confirming import confirm

    done = confirm(
        o.governance(database, policy),
        name=round_,
        project=project,
        registers=register,
        by=by,
        note=note,
        period=period,
        request=request,
    )
    if as_json:
        o.print_json(done)
    else:
        typer.echo(f"{done.title}: {', '.join(done.registers)} confirmed, {done.status}")


@round_app.command("close")
def close(
    round_: Round,
    by: o.By,
    reason: Annotated[str, typer.Option(help="Why, though not everybody has answered.")],
    period: Period = None,
    request: o.Request = None,
    database: o.Database = None,
    policy: o.PolicyPath = None,
    as_json: o.Json = False,
) -> None:
    """Close a round; what was not given by then is missing, and nobody is asked for it any more.

    Example: pmo round close monthly_status --reason "the board meets today" --by olga
    """
    from pmo_engine.work.rounds.closing import close_round

    done = close_round(
        o.governance(database, policy),
        name=round_,
        period=period,
        by=by,
        reason=reason,
        request=request,
    )
    if as_json:
        o.print_json(done)
    else:
        typer.echo(f"{done.round} {done.period} is closed, {done.missing} missing: {done.reason}")
