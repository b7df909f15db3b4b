"""``pmo person``."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pmo_engine.cli import output as o
from pmo_engine.queries import people as queries
from pmo_engine.work.people import accounts, appointments, people, posts, second_accounts
from pmo_engine.work.people.importing import people as importing

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pmo_engine.work.governance import Governance
    from pmo_engine.work.people.appointments import Ended
    from pmo_engine.work.people.people import Known

person_app = o.group("Add and change people, give them roles and end these.")
LastDay = Annotated[
    datetime | None,
    typer.Option("--on", formats=["%Y-%m-%d"], help="The last day; without it, it ends at once."),
]
Person = Annotated[str, typer.Argument(help="The person's id.")]
OneProject = Annotated[str | None, typer.Option(help="Only in this project.")]
OneOffice = Annotated[str | None, typer.Option(help="For this office.")]
OneProgramme = Annotated[str | None, typer.Option(help="For this programme or portfolio.")]


@person_app.command("add")
def add(
    person: Annotated[str, typer.Argument(help="A short id, such as petra.")],
    name: Annotated[str, typer.Argument(help="The full name.")],
    by: o.By,
    address: Annotated[
        str, typer.Option(help="Where notices go: an Apprise URL such as mailto://...")
    ] = "",
    zone: Annotated[str, typer.Option(help="Their time zone, for quiet hours.")] = "",
    request: o.Request = None,
    database: o.Database = None,
    policy: o.PolicyPath = None,
    as_json: o.Json = False,
) -> None:
    """Add somebody who can hold roles.

    Whoever the terms of reference let 'add person' may; where they name nobody, the most senior
    role. The first person adds themself, and sets the store up until work begins in it.

    Example: pmo person add petra "Petra Lang" --address "mailto://..." --by petra
    """
    here = o.governance(database, policy)
    known = people.add_person(
        here,
        person=person,
        name=name,
        address=address,
        zone=zone,
        hosts=o.settings(database, policy).notice_hosts,
        by=by,
        request=request,
    )
    if as_json:
        o.print_json(known)
    else:
        typer.echo(f"{person} added" + o.by_founder(known.by_founder))
        _tell_one_with(here, known)


@person_app.command("change")
def change(
    person: Person,
    by: o.By,
    name: Annotated[str | None, typer.Option(help="Another full name.")] = None,
    address: Annotated[
        str | None, typer.Option(help="Where notices go from now on; empty: nowhere.")
    ] = None,
    zone: Annotated[str | None, typer.Option(help="Their time zone; empty: the policy's.")] = None,
    request: o.Request = None,
    database: o.Database = None,
    policy: o.PolicyPath = None,
    as_json: o.Json = False,
) -> None:
    """Give somebody another name, address or time zone.

    Their own address and zone are theirs to change; for all else, the terms let somebody 'change
    person'.

    Example: pmo person change ana --address "mailto://..." --by ana
    """
    here = o.governance(database, policy)
    known = people.change_person(
        here,
        person=person,
        name=name,
        address=address,
        zone=zone,
        hosts=o.settings(database, policy).notice_hosts,
        by=by,
        request=request,
    )
    said = f"{' and '.join(known.changed)} changed" if known.changed else "is so already"
    if as_json:
        o.print_json(known)
    else:
        typer.echo(f"{person}: {said}" + o.by_founder(known.by_founder))
        _tell_one_with(here, known)


def _tell_one_with(governance: Governance, known: Known) -> None:
    """Say with whom somebody counts as one person from now on."""
    if known.one_with:
        called = o.called(governance, known.person, *known.one_with)
        others = " and ".join(map(called, known.one_with))
        typer.secho(
            f"{called(known.person)} counts as one person with {others}, as for one address",
            fg=typer.colors.YELLOW,
            err=True,
        )
    _tell_clashes(known.clashes)


def _tell_clashes(clashes: Iterable[str]) -> None:
    """Say what one person holds together from now on, and what is to be done about it."""
    for each in clashes:
        said = f"{each}: end the one with 'pmo person end'"
        typer.secho(said, fg=typer.colors.YELLOW, err=True)


@person_app.command("hold")
def hold(
    person: Person,
    role: Annotated[str, typer.Argument(help="The role, such as pmo_head.")],
    by: o.By,
    project: OneProject = None,
    office: OneOffice = None,
    programme: OneProgramme = None,
    since: o.FirstDay = None,
    until: o.UntilDay = None,
    acting: Annotated[
        bool, typer.Option("--acting", help="Until somebody is appointed for good.")
    ] = False,
    request: o.Request = None,
    database: o.Database = None,
    policy: o.PolicyPath = None,
    as_json: o.Json = False,
) -> None:
    """Give a person a role, or a functional one, from today on or between two dates (included).

    A role for an office counts for the projects that it serves, one for a programme or portfolio
    for those in it. Whoever the terms let 'appoint ROLE', or 'appoint', may; nobody appoints
    themself. --until ends a role that is held; days after its end are a second span of it. Roles
    that the policy keeps apart are not held together.

    Example: pmo person hold ana project_manager --project P-1 --by petra
    """
    unit = posts.unit_named(office, programme, project)
    here = o.governance(database, policy)
    made = appointments.appoint(
        here,
        person=person,
        post=posts.Post(role, project, acting, unit),
        since=o.day_of(since),
        until=o.day_of(until),
        by=by,
        request=request,
    )
    already = "" if made.changed else " already"
    if as_json:
        o.print_json(made)
    else:
        said = made.appointment.in_words(o.called(here, made.appointment.person))
        typer.echo(f"{said}{already}" + o.by_founder(made.by_founder))
        for word in made.no_seat:
            typer.echo(f"  {word}")


@person_app.command("end")
def end(
    person: Person,
    role: Annotated[str, typer.Argument(help="The role that they hold.")],
    by: o.By,
    project: Annotated[str | None, typer.Option(help="The one in this project.")] = None,
    office: Annotated[str | None, typer.Option(help="The one for this office.")] = None,
    programme: Annotated[str | None, typer.Option(help="The one for this programme.")] = None,
    on: LastDay = None,
    request: o.Request = None,
    database: o.Database = None,
    policy: o.PolicyPath = None,
    as_json: o.Json = False,
) -> None:
    """End a role that a person holds, at once or after a day.

    Whoever may appoint to it may, and the person themself.

    Example: pmo person end ana project_manager --project P-1 --on 2026-06-30 --by petra
    """
    here = o.governance(database, policy)
    ended = appointments.end(
        here,
        person=person,
        role=role,
        project=project,
        unit=posts.unit_named(office, programme, project),
        on=o.day_of(on),
        by=by,
        request=request,
    )
    _print_ended(here, ended, as_json)


@person_app.command("leave")
def leave(
    person: Person,
    by: o.By,
    on: LastDay = None,
    request: o.Request = None,
    database: o.Database = None,
    policy: o.PolicyPath = None,
    as_json: o.Json = False,
) -> None:
    """End every role of somebody who leaves, at once or after a day.

    Whoever may appoint to each of these roles may, and the person themself. Roles that were to
    begin later are taken back.

    Example: pmo person leave ana --on 2026-06-30 --by petra
    """
    here = o.governance(database, policy)
    ended = appointments.leave(here, person=person, on=o.day_of(on), by=by, request=request)
    _print_ended(here, ended, as_json)


@person_app.command("same-as")
def same_as(
    person: Person,
    other: Annotated[str, typer.Argument(help="The id of their other account.")],
    by: o.By,
    taken: Annotated[bool, typer.Option("--not", help="They are two people after all.")] = False,
    request: o.Request = None,
    database: o.Database = None,
    policy: o.PolicyPath = None,
    as_json: o.Json = False,
) -> None:
    """Say that two people of the store are one: for every guard they count as one.

    So do people with one address, without being told. Whoever the terms let 'link person' or
    'change person' may, and nobody of their own accounts.

    Example: pmo person same-as ana ana.admin --by petra
    """
    here = o.governance(database, policy)
    made = second_accounts.same_as(
        here,
        person=person,
        other=other,
        taken=taken,
        by=by,
        request=request,
    )
    if as_json:
        o.print_json(made)
        return
    are = "one person" if made.one_person else "two people"
    already = "" if made.changed else " already"
    called = o.called(here, *made.accounts)
    typer.echo(
        f"{' and '.join(map(called, made.accounts))} are {are}{already}"
        + o.by_founder(made.by_founder)
    )
    _tell_clashes(made.clashes)


@person_app.command("account")
def account(
    person: Person,
    account: Annotated[
        str, typer.Option(help="Of the operating system: ana@host, or ana on any machine.")
    ],
    by: o.By,
    taken: Annotated[bool, typer.Option("--taken", help="It is theirs no more.")] = False,
    request: o.Request = None,
    database: o.Database = None,
    policy: o.PolicyPath = None,
    as_json: o.Json = False,
) -> None:
    """Say whose an account of the operating system is.

    From then on nobody acts from it under another name, --by may be left out, and the person acts
    from no other account. Whoever the terms let 'map account' may.

    Example: pmo person account ana --account ana@office-server --by petra
    """
    here = o.governance(database, policy)
    made = accounts.map_account(
        here,
        person=person,
        account=account,
        taken=taken,
        by=by,
        request=request,
    )
    whose = f"is {o.called(here, made.person)(made.person)}'s" if made.person else "is nobody's"
    already = "" if made.changed else " already"
    if as_json:
        o.print_json(made)
    else:
        typer.echo(f"the account {account} {whose}{already}" + o.by_founder(made.by_founder))


def _print_ended(governance: Governance, ended: Ended, as_json: bool) -> None:
    if as_json:
        o.print_json(ended)
        return
    others = (who for each in ended.delegations for who in (each.delegate, each.owner))
    called = o.called(governance, ended.person, *others)
    for each in ended.ended:
        typer.echo(each.in_words(called))
    for each in ended.taken_back:
        typer.echo(f"taken back: {each.in_words(called)}")
    if not ended.ended and not ended.taken_back:
        typer.echo(f"{called(ended.person)} holds no role that could end")
    for delegation in ended.delegations:
        who, whom = called(delegation.delegate), called(delegation.owner)
        typer.echo(f"{who} decides for {whom} no more from then on")
    for role, project in ended.vacant:
        place = "" if project is None else f" in {project}"
        typer.secho(f"nobody holds {role}{place} from then on", fg=typer.colors.YELLOW)
    if ended.by_founder is not None:
        typer.echo(o.by_founder(ended.by_founder).strip())


@person_app.command("import")
def import_(
    path: Annotated[
        Path, typer.Argument(help="A .csv or .xlsx table, a YAML file or a folder of these.")
    ],
    by: o.By,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Try all of it, and keep nothing.")
    ] = False,
    request: o.Request = None,
    database: o.Database = None,
    policy: o.PolicyPath = None,
    as_json: o.Json = False,
) -> None:
    """Add, change and appoint everybody whom a file names: all rows or none.

    The columns are person, name, address, role, project, since, until and acting. Each row is
    judged by what the single command asks. The same file again changes nothing; whoever is not in
    it is left alone.

    Example: pmo person import people.csv --dry-run --by petra
    """
    if not path.exists():
        raise typer.BadParameter(f"no such file or folder: {path}")
    try:
        done = importing.import_people(
            o.governance(database, policy),
            path,
            by=by,
            hosts=o.settings(database, policy).notice_hosts,
            dry_run=dry_run,
            request=request,
        )
    except importing.RowsRefused as refused:
        raise o.none_imported(refused.problems) from None
    if as_json:
        o.print_json(done)
        return
    for row in done.rows if dry_run else ():
        typer.echo(f"{row.place}: {row.person} {' and '.join(row.did) or 'as they were'}")
    typer.echo(
        f"{done.added} added, {done.changed} changed, {done.appointed} appointments, "
        f"{done.unchanged} rows as they were; left alone, as not in it: {done.left_alone}"
        + (" (nothing was kept)" if dry_run else "")
    )
    for word in (word for row in done.rows for word in row.no_seat):
        typer.echo(f"  {word}")


@person_app.command("list")
def list_people(
    role: Annotated[str | None, typer.Option(help="Only those who hold this role today.")] = None,
    limit: o.Limit = None,
    after: o.After = None,
    database: o.Database = None,
    policy: o.PolicyPath = None,
    as_json: o.Json = False,
) -> None:
    """List people with the roles that they hold today, by id.

    Example: pmo person list --role project_manager --limit 20
    """
    page = o.page(limit, after, as_json=as_json)
    with o.governance_to_read(database, policy).reading() as c:
        found = queries.people(c, page, role=role)
    o.print_listing(found, {"id": "Id", "name": "Name", "roles": "Roles"}, as_json=as_json)
