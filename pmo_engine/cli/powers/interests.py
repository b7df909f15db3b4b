"""``pmo interest``."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from pmo_engine.cli import output as o
from pmo_engine.questions.authority import register_with
from pmo_engine.work.people import interests
from pmo_engine.work.records.naming import entry_named

if TYPE_CHECKING:
    from pmo_engine.work.governance import Governance

interest_app = o.group("Declare interests, which keep people from deciding.")

Person = Annotated[str, typer.Argument(help="The person's id.")]


@interest_app.command("declare")
def declare(
    person: Person,
    by: o.By,
    project: Annotated[str | None, typer.Option(help="It is in this project.")] = None,
    record: Annotated[
        tuple[str, str] | None,
        typer.Option("--record", help="It is in a record: its project and its key."),
    ] = None,
    party: Annotated[
        str | None, typer.Option(help="It is in somebody outside, such as a supplier.")
    ] = None,
    since: Annotated[
        datetime | None, typer.Option("--from", formats=["%Y-%m-%d"], help="The first day.")
    ] = None,
    until: Annotated[
        datetime | None, typer.Option("--to", formats=["%Y-%m-%d"], help="The last day.")
    ] = None,
    why: Annotated[str, typer.Option(help="What the interest is.")] = "",
    request: o.Request = None,
    database: o.Database = None,
    policy: o.PolicyPath = None,
    as_json: o.Json = False,
) -> None:
    """Say that somebody has an interest, so that they decide nothing about it.

    One's own is anybody's to declare.

    Example: pmo interest declare ben --party "ACME Ltd" --why "owns shares" --by ben
    """
    if sum(each is not None for each in (project, record, party)) != 1:
        raise typer.BadParameter("give one of --project, --record and --party")
    governance = o.governance(database, policy)
    subject = None
    if record is not None:
        with governance.reading() as c:
            name = register_with(c, *record)
            subject = entry_named(governance, c.uow, record[0], name, record[1]).id
    made = interests.declare(
        governance,
        person=person,
        about=interests.In(project, subject, party),
        by=by,
        since=o.day_of(since),
        until=o.day_of(until),
        why=why,
        request=request,
    )
    _print(governance, made, as_json=as_json)
    if party is not None and not as_json and not interests.names_parties(governance.rules.policy):
        name = o.called(governance, person)(person)
        typer.echo(
            f"no field of a register names parties, so that this keeps {name} from nothing yet; "
            "declare it with --project or --record"
        )


@interest_app.command("end")
def end(
    interest: Annotated[str, typer.Argument(help="The id that 'pmo interest list' shows.")],
    by: o.By,
    on: Annotated[
        datetime | None, typer.Option("--on", formats=["%Y-%m-%d"], help="The last day.")
    ] = None,
    request: o.Request = None,
    database: o.Database = None,
    policy: o.PolicyPath = None,
    as_json: o.Json = False,
) -> None:
    """End a declared interest; nobody ends one of their own.

    Example: pmo interest end 3f9a12cd --on 2026-06-30 --by petra
    """
    governance = o.governance(database, policy)
    ended = interests.end(governance, interest, by=by, on=o.day_of(on), request=request)
    _print(governance, ended, as_json=as_json)


@interest_app.command("list")
def show(
    person: Annotated[str | None, typer.Option(help="Only those of this person.")] = None,
    database: o.Database = None,
    policy: o.PolicyPath = None,
    as_json: o.Json = False,
) -> None:
    """List the interests that are declared.

    Example: pmo interest list --person ben
    """
    with o.governance_to_read(database, policy).reading() as c:
        found = interests.declared(c, person)
        named = c.uow.people.names_of(each.person for each in found)
    if as_json:
        o.print_json(found)
    elif not found:
        typer.echo("no interest is declared")
    else:
        columns = {
            "id": "Id",
            "person": "Person",
            "called": "In",
            "since": "From",
            "until": "To",
            "why": "Why",
        }
        rows = (
            {**each.model_dump(mode="json"), "id": o.short(each.id), "person": named[each.person]}
            for each in found
        )
        o.table([*rows], columns)


def _print(governance: Governance, made: interests.Declared, *, as_json: bool) -> None:
    if as_json:
        o.print_json(made)
        return
    until = f" to {made.until}" if made.until else " on"
    name = o.called(governance, made.person)(made.person)
    said = f"{name} has an interest in {made.called} from {made.since}{until}"
    typer.echo(said + o.by_founder(made.by_founder))
