"""``pmo delegate``, ``undelegate`` and ``delegations``; ``pmo absent`` and ``absences``."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer

from pmo_engine.cli import output as o
from pmo_engine.queries import standing_in as queries
from pmo_engine.work.people import absences, delegations

delegate_app = o.single()
undelegate_app = o.single()
delegations_app = o.single()
absent_app = o.single()
absences_app = o.single()
Whose = Annotated[str | None, typer.Option("--person", help="Only those with a part in it.")]
All = Annotated[bool, typer.Option("--all", help="Also what is over, ended or withdrawn.")]


@delegate_app.command("delegate")
def delegate(
    owner: Annotated[str, typer.Argument(help="Whose it is.", metavar="FROM")],
    to: Annotated[str, typer.Argument(help="Who decides for them.", metavar="TO")],
    by: o.By,
    acts: Annotated[
        list[str] | None,
        typer.Option("--act", help="Only this act, such as 'approve change_request'; several."),
    ] = None,
    projects: Annotated[
        list[str] | None, typer.Option("--project", help="Only in this project; several.")
    ] = None,
    up_to: Annotated[str | None, typer.Option(help="Only up to this, as in '10000 GBP'.")] = None,
    since: o.FirstDay = None,
    until: o.UntilDay = None,
    reason: Annotated[str, typer.Option(help="Why.")] = "",
    request: o.Request = None,
    database: o.Database = None,
    policy: o.PolicyPath = None,
    as_json: o.Json = False,
) -> None:
    """Let somebody decide for somebody else, no further than these may themselves.

    From today on or between two dates (both included). What is theirs everybody delegates; for
    others, whoever the terms let 'delegate'. Who delegated may decide all the same.

    Example: pmo delegate petra dilip --act "approve change_request" --until 2026-08-14 --by petra
    """
    office = o.governance(database, policy)
    made = delegations.delegate(
        office,
        owner=owner,
        delegate=to,
        bounds=delegations.Bounds(
            tuple(acts or ()), tuple(projects or ()), up_to, o.day_of(since), o.day_of(until)
        ),
        reason=reason,
        by=by,
        request=request,
    )
    if as_json:
        o.print_json(made)
        return
    already = "" if made.changed else " already"
    said = made.in_words(o.called(office, made.owner, made.delegate))
    typer.echo(f"{said}{already} ({o.short(made.id)})" + o.by_founder(made.by_founder))
    for word in made.no_vote:
        typer.echo(f"  {word}")


@undelegate_app.command("undelegate")
def undelegate(
    delegation: Annotated[str, typer.Argument(help="Its id, or as much as tells it apart.")],
    by: o.By,
    request: o.Request = None,
    database: o.Database = None,
    policy: o.PolicyPath = None,
    as_json: o.Json = False,
) -> None:
    """Withdraw a delegation, at once; what was decided by it stays.

    Its owner and its delegate may, and whoever the terms let 'delegate'.

    Example: pmo undelegate 3f9c21aa --by petra
    """
    office = o.governance(database, policy)
    ended = delegations.withdraw(office, delegation=delegation, by=by, request=request)
    if as_json:
        o.print_json(ended)
        return
    already = "" if ended.changed else " already"
    called = o.called(office, ended.delegate, ended.owner)
    said = f"{called(ended.delegate)} decides for {called(ended.owner)} no more{already}"
    typer.echo(said + o.by_founder(ended.by_founder))


@delegations_app.command("delegations")
def list_delegations(
    person: Whose = None,
    ended: All = False,
    limit: o.Limit = None,
    after: o.After = None,
    database: o.Database = None,
    policy: o.PolicyPath = None,
    as_json: o.Json = False,
) -> None:
    """List who decides for whom, and how far, by the first day.

    Example: pmo delegations --person petra --limit 20
    """
    page = o.page(limit, after, as_json=as_json)
    with o.governance_to_read(database, policy).reading() as c:
        found = queries.delegations(c, page, person=person, ended=ended)
        named = o.by_name(c, found.items, "owner", "delegate")
    columns = {
        "id": "Id",
        "owner": "From",
        "delegate": "To",
        "acts": "Acts",
        "projects": "Projects",
        "up_to": "Up to",
        "since": "Since",
        "until": "Until",
        "state": "State",
    }
    written = {"id": o.short, "acts": ", ".join, "projects": ", ".join}
    none = "nobody decides for anybody else"
    o.print_listing(found, columns, as_json=as_json, none=none, **written, **named)


@absent_app.command("absent")
def absent(
    person: Annotated[str, typer.Argument(help="Who is away.")],
    by: o.By,
    first: Annotated[
        datetime | None,
        typer.Option("--from", formats=["%Y-%m-%d"], help="The first day; today if left out."),
    ] = None,
    last: Annotated[
        datetime | None, typer.Option("--to", formats=["%Y-%m-%d"], help="The last day.")
    ] = None,
    deputy: Annotated[
        str | None, typer.Option(help="The person who stands in; else as the terms say.")
    ] = None,
    upward: Annotated[
        bool, typer.Option("--upward", help="Nobody stands in: what waits for them goes up.")
    ] = False,
    back: Annotated[
        bool, typer.Option("--back", help="They are back, on the day of --from or today.")
    ] = False,
    request: o.Request = None,
    database: o.Database = None,
    policy: o.PolicyPath = None,
    as_json: o.Json = False,
) -> None:
    """Say that somebody is away, or back.

    For themselves everybody may, for others whoever the terms let 'change absence' or 'change
    person'. Nobody makes themself a deputy.

    Example: pmo absent petra --from 2026-08-03 --to 2026-08-14 --deputy dilip --by petra
    """
    office = o.governance(database, policy)
    if back:
        if last is not None or deputy is not None or upward:
            raise typer.BadParameter("--back goes with --from alone, the day of it")
        said = absences.back(office, person=person, on=o.day_of(first), by=by, request=request)
    else:
        said = absences.absent(
            office,
            person=person,
            since=o.day_of(first),
            until=o.day_of(last),
            deputy=deputy,
            upward=upward,
            by=by,
            request=request,
        )
    if as_json:
        o.print_json(said)
        return
    already = "" if said.changed else ", as was said already"
    words = said.in_words(o.called(office, said.person, said.deputy))
    typer.echo(f"{words}{already}" + o.by_founder(said.by_founder))


@absences_app.command("absences")
def list_absences(
    person: Whose = None,
    ended: All = False,
    limit: o.Limit = None,
    after: o.After = None,
    database: o.Database = None,
    policy: o.PolicyPath = None,
    as_json: o.Json = False,
) -> None:
    """List who is away or is going to be, and who stands in, by the first day.

    Example: pmo absences --person petra
    """
    page = o.page(limit, after, as_json=as_json)
    with o.governance_to_read(database, policy).reading() as c:
        found = queries.absences(c, page, person=person, ended=ended)
        named = o.by_name(c, found.items, "person", "deputy")
    columns = {
        "person": "Person",
        "since": "From",
        "until": "To",
        "deputy": "Deputy",
        "upward": "Upward",
        "ended_on": "Back on",
        "state": "State",
    }
    none = "nobody is away, nor going to be"
    o.print_listing(
        found, columns, as_json=as_json, none=none, upward=lambda up: "up" if up else "", **named
    )


def _yes(said: bool) -> str:
    return "yes" if said else ""
