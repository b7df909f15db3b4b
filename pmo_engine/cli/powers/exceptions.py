"""Exceptions: shown with their reports, answered; baselines that are moved."""

from __future__ import annotations

from typing import Annotated

import typer

from pmo_engine.cli import output as o
from pmo_engine.cli.records import print_recorded
from pmo_engine.model.names import words
from pmo_engine.queries.exceptions import ExceptionShown, every_exception, exception_named
from pmo_engine.work.records.rebaselining import rebaseline as move_baseline
from pmo_engine.work.tolerances.answers import Way, answer_exception
from pmo_engine.work.tolerances.reading import as_read

exception_app = o.group("List exceptions, and answer those of tolerances.")
rebaseline_app = o.single()
Exception_ = Annotated[str, typer.Argument(help="Its id, or the beginning of it.")]


@exception_app.command("list")
def list_exceptions(
    by: o.Reader,
    project: Annotated[str | None, typer.Option(help="Of this project alone.")] = None,
    all_: Annotated[bool, typer.Option("--all", help="With those that are answered.")] = False,
    database: o.Database = None,
    policy: o.PolicyPath = None,
    as_json: o.Json = False,
) -> None:
    """List the exceptions that tolerances, rules and gates raised, the latest last.

    Those of tolerances are answered by 'pmo exception answer', the others by 'pmo answer'.

    Example: pmo exception list --project P-1
    """
    governance = o.governance_to_read(database, policy)
    with governance.reading() as c:
        every = every_exception(c, project, answered=all_)
        found = every.model_copy(update={"items": tuple(as_read(governance, c, by, every.items))})
    if as_json:
        o.print_listing(found, {}, as_json=True)
        return
    rows = [
        {
            "id": o.short(each.id),
            "what": each.title,
            "kind": each.kind,
            "why": each.tolerance or each.why,
            "to": words(each.to),
            "answer": each.way
            or _put_in_short(each)
            or ("" if each.status == "open" else each.status),
        }
        for each in found.items
    ]
    if not rows:
        typer.echo("no exception waits" if not all_ else "there is no exception")
        return
    columns = {"id": "Id", "what": "What", "kind": "Raised by", "why": "Why", "to": "To"}
    o.table(rows, {**columns, "answer": "Answer"})


@exception_app.command("show")
def show(
    exception: Exception_,
    by: o.Reader,
    database: o.Database = None,
    policy: o.PolicyPath = None,
    as_json: o.Json = False,
) -> None:
    """Show an exception report with its five parts, and how it was answered.

    Example: pmo exception show 3f9a12cd
    """
    governance = o.governance_to_read(database, policy)
    with governance.reading() as c:
        (found,) = as_read(governance, c, by, [exception_named(c, exception)])
    if as_json:
        o.print_json(found)
        return
    if found.kind != "tolerance":
        o.heading(f"{found.title}: raised by a {found.kind}, to {found.to}, {found.status}")
        typer.echo(f"  {found.why}")
        return
    o.heading(f"{found.title}: {found.tolerance}, to {found.to}")
    if not found.report:
        typer.echo(f"  {found.why}")
    for part, text in found.report.items():
        typer.echo(f"  {part.capitalize()}: {text}")
    if found.way:
        by = f"{words(found.body)}, put by {found.name}" if found.body else found.name
        typer.echo(f"  Answered: {found.way} by {by}: {found.reason}")
    if put := found.put:
        typer.echo(f"  Put to the vote of {words(put.body)}: {put.way} by {put.name}: {put.reason}")
        typer.echo(
            f"    {put.tally}; 'pmo approve {o.short(put.id)}' or 'pmo reject {o.short(put.id)}'"
        )


def _put_in_short(found: ExceptionShown) -> str:
    return f"{found.put.way}? {found.put.tally}" if found.put else ""


@exception_app.command("answer")
def answer(
    exception: Exception_,
    way: Annotated[Way, typer.Option("--as", help="What follows.")],
    reason: Annotated[str, typer.Option(help="Why, for the journal and who is told.")],
    by: o.By,
    to: Annotated[str | None, typer.Option(help="How much more tolerance, as in '12 %'.")] = None,
    request: o.Request = None,
    database: o.Database = None,
    policy: o.PolicyPath = None,
    as_json: o.Json = False,
) -> None:
    """Answer an exception: ask for a plan, concede it, give more tolerance, or stop.

    Where it went to a body that votes, this puts the answer to its vote, with one for it.

    Example: pmo exception answer 3f9a12cd --as tolerance --to "8 %" --reason "steel" --by bo
    """
    done = answer_exception(
        o.governance(database, policy),
        exception,
        way=way,
        by=by,
        reason=reason,
        to=to,
        request=request,
    )
    if as_json:
        o.print_json(done)
        return
    typer.secho(f"{done.title}: {done.way}", bold=True)
    for name, up_to in done.granted.items():
        typer.echo(f"  {words(name)}: up to {up_to}")
    if done.put:
        typer.echo(f"  put to the vote, with yours for it ({done.tally}); others decide it with")
        typer.echo(f"  'pmo approve {o.short(done.put)}' or 'pmo reject {o.short(done.put)}'")
    elif done.tally:
        typer.echo(f"  {done.tally}")


@rebaseline_app.command()
def rebaseline(
    project: o.Project,
    register: o.Register,
    key: o.Key,
    by: o.By,
    fields: Annotated[list[str] | None, typer.Argument(help="baseline=value ...")] = None,
    change: Annotated[
        str | None, typer.Option(help="The approved record that names this one.")
    ] = None,
    exception: Annotated[
        str | None, typer.Option(help="The exception that was answered with a plan.")
    ] = None,
    request: o.Request = None,
    database: o.Database = None,
    policy: o.PolicyPath = None,
    as_json: o.Json = False,
) -> None:
    """Move a baseline, as an approved change or an exception plan says; the first one is kept.

    Whoever the terms let 'rebaseline' such a record may; where they name nobody, the most senior.

    Example: pmo rebaseline P-1 milestones M-1 baseline=2026-09-30 --change CR-4 --by bo
    """
    governance = o.governance(database, policy)
    moved = move_baseline(
        governance,
        project=project,
        register=register,
        key=key,
        values=o.fields_of(fields or []),
        by=by,
        change=change,
        exception=exception,
        request=request,
    )
    print_recorded(moved, governance.rules.policy, as_json=as_json)
