"""``pmo authority``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pmo_engine.cli import output as o
from pmo_engine.cli.reading import read_json
from pmo_engine.model.acts import Act
from pmo_engine.questions import authority as questions
from pmo_engine.work.gates.reviews import find
from pmo_engine.work.reading import require_reader
from pmo_engine.work.records.naming import entry_named

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pmo_engine.queries.authority import Powers, StandingShown, WhoMay

authority_app = o.group("Say who may decide something, and what somebody may do.")

Record = Annotated[
    tuple[str, str] | None,
    typer.Option("--record", help="A record: its project and its key, as in P-1 CR-1."),
]


@authority_app.command("who")
def who(
    by: o.Reader,
    event: Annotated[
        Path | None, typer.Option(help="An event as a JSON file; - is standard input.")
    ] = None,
    record: Record = None,
    gate: Annotated[
        str | None, typer.Option(help="A gate's review: its id, or the beginning of it.")
    ] = None,
    register: Annotated[
        str | None, typer.Option(help="The record's register, where several have the key.")
    ] = None,
    on: o.On = None,
    database: o.Database = None,
    policy: o.PolicyPath = None,
    as_json: o.Json = False,
) -> None:
    """Say who may decide this, as what and by which clause; and of everybody near it, why not.

    It is the answer by which votes are judged.

    Example: pmo authority who --record P-1 CR-1

    Example: pmo authority who --event event.json --on 2026-07-01

    Example: pmo authority who --gate 5c0e7a91
    """
    if sum(each is not None for each in (event, record, gate)) != 1:
        raise typer.BadParameter("give one of --event, --record and --gate")
    governance, day = o.governance(database, policy), o.day_of(on)
    review = None if gate is None else find(governance, gate)
    with governance.reading() as c:
        view = questions.on_day(c, day)
        if event is not None:
            given = read_json(event)
            if not isinstance(given, dict):
                raise typer.BadParameter(f"{event}: an event is an object with 'event' and 'facts'")
            found = questions.who_on_event(view, given, day)
        elif review is not None:
            found = questions.who_at_gate(view, review)
        else:
            assert record is not None  # one of the two is given
            project, key = record
            name = register or questions.register_with(view, project, key)
            entry = entry_named(governance, c.uow, project, name, key)
            require_reader(governance, c, by, entry.register_name, entry.project, entry)
            found = questions.who_about(view, entry)
        called = c.uow.people.names_of(_people_near(found))
    if as_json:
        o.print_json([each.model_dump(mode="json") for each in found])
    else:
        _print_who(found, called)


def _people_near(found: Sequence[WhoMay]) -> Iterator[str]:
    for row in (row for each in found for row in each.standings):
        yield from filter(None, (row.person, row.on_behalf_of, *row.one_with))


def _print_who(found: Sequence[WhoMay], called: Mapping[str, str]) -> None:
    if not found:
        typer.echo("nobody is asked to decide anything about it")
    for each in found:
        roles = f", for {' or '.join(each.roles)}" if each.roles else ""
        clause = f" ({each.clause})" if each.clause else ""
        o.heading(f"{each.title}: {each.act}{roles}{clause}")
        rows = [
            {
                "person": called[row.person],
                "may": "yes" if row.may else "no",
                "how": _how(row, called) if row.may else "",
                "why": _by(row, called) if row.may else row.why_not,
            }
            for row in each.standings
        ]
        columns = {"person": "Person", "may": "May", "how": "As", "why": "By, or why not"}
        if rows:
            o.table(rows, columns)
        elif each.kind == "information":
            typer.echo("  it is not known, and without it a rule cannot be judged")
        else:
            typer.echo("  nobody holds a role for it")


def _by(row: StandingShown, called: Mapping[str, str]) -> str:
    """Say by which clause somebody may, and with whom they are one person, who decides once."""
    others = f"one vote with {', '.join(called[each] for each in row.one_with)}"
    return "; ".join(filter(None, [row.clause, others if row.one_with else ""]))


def _how(row: StandingShown, called: Mapping[str, str]) -> str:
    whose = f" of {called[row.on_behalf_of]}" if row.on_behalf_of else ""
    return row.role if row.capacity == "own role" else f"{row.role} ({row.capacity}{whose})"


@authority_app.command("show")
def show(
    role: Annotated[str | None, typer.Option(help="A role of the policy.")] = None,
    person: Annotated[str | None, typer.Option(help="A person's id.")] = None,
    on: o.On = None,
    database: o.Database = None,
    policy: o.PolicyPath = None,
    as_json: o.Json = False,
) -> None:
    """Say what a role or a person may do on a day: acts, limits, sources, delegations.

    Example: pmo authority show --role pmo_head --on 2026-07-01

    Example: pmo authority show --person petra
    """
    if (role is None) == (person is None):
        raise typer.BadParameter("give --role or --person, and not both")
    with o.governance(database, policy).reading() as c:
        view = questions.on_day(c, o.day_of(on))
        if role is not None:
            found = questions.powers_of_role(view, questions.role_named(view, role))
        else:
            found = questions.powers_of_person(view, str(person))
        called = c.uow.people.names_of(_people_in(found, person))
    if as_json:
        o.print_json(found)
    else:
        _print_powers(role or called[str(person)], found, called)


def _people_in(found: Powers, person: str | None) -> Iterator[str]:
    yield from (each.person for each in found.held)
    for each in (*found.delegations_out, *found.delegations_in):
        yield from (each.delegate, each.owner)
    if person is not None:
        yield person


def _print_powers(name: str, found: Powers, called: Mapping[str, str]) -> None:
    o.heading(f"{name} on {found.on}")
    for held in found.held:
        place = f" in {held.project}" if held.project else ""
        acting = ", acting" if held.acting else ""
        until = f" to {held.until}" if held.until else " on"
        who = f"{called[held.person]} holds {held.role}{place}"
        typer.echo(f"  {who} from {held.since}{until}{acting}")
        if held.no_seat:
            typer.echo(f"    {held.no_seat}")
    rows = [
        {
            "role": each.role,
            "act": each.act,
            "up_to": "reserved" if each.reserved else each.up_to or "unlimited",
            "where": each.where,
            "together": each.cumulative,
            "clause": each.clause,
            "source": each.source,
        }
        for each in found.powers
    ]
    columns = {
        "role": "Role",
        "act": "May",
        "up_to": "Up to",
        "where": "Where",
        "together": "Together",
        "clause": "Clause",
        "source": "Source",
    }
    if not any(each.where for each in found.powers):
        del columns["where"]
    if rows:
        o.table(rows, columns)
    else:
        typer.echo("  the terms name no act that it may do by itself")
    for each in (*found.delegations_out, *found.delegations_in):
        what = f": {', '.join(each.acts)}" if each.acts else ""
        who, whom = called[each.delegate], called[each.owner]
        where = f" in {' and '.join(each.projects)}" if each.projects else ""
        until = f" to {each.until}" if each.until else " on"
        limit = f", up to {each.up_to}" if each.up_to else ""
        typer.echo(f"  {who} decides for {whom}{where} from {each.since}{until}{what}{limit}")
    for word in found.may_not:
        typer.echo(f"  may not decide: {word}")
    for word in found.may_despite:
        typer.echo(f"  may decide despite: {word}")


@authority_app.command("records")
def records(
    role: Annotated[str, typer.Option(help="A role of the policy.")],
    act: Annotated[str, typer.Option(help="What it is to do, as in 'approve change_request'.")],
    by: o.Reader,
    database: o.Database = None,
    policy: o.PolicyPath = None,
    as_json: o.Json = False,
) -> None:
    """Ask backwards: which open records wait for a role, and from which amount they come to it.

    Example: pmo authority records --role pmo_head --act "approve change_request"
    """
    governance = o.governance(database, policy)
    with governance.reading() as c:
        register = c.policy.register_of(Act.parse(act).noun)
        if register is not None:
            require_reader(governance, c, by, register.id, None)
        found, zone = questions.records_of(c, questions.role_named(c, role), act), c.zone
        called = c.uow.people.names_of(who for each in found.records for who in each.may)
    if as_json:
        o.print_json(found)
        return
    above = f"above {found.above}" if found.above else "from the first amount on"
    o.heading(f"{found.role}, {found.act}: {above}, {found.reach}")
    rows = [
        {
            "id": o.short(each.id),
            "title": each.title,
            "amount": each.amount,
            "due": o.local(each.due, zone),
            "may": ", ".join(called[who] for who in each.may) or "nobody",
        }
        for each in found.records
    ]
    columns = {"id": "Id", "title": "What", "amount": "Amount", "due": "Due", "may": "May decide"}
    if rows:
        o.table(rows, columns)
    else:
        typer.echo("  no open record waits for it")
