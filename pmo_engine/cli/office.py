"""``pmo sweep``, ``pmo deliver``, ``pmo notices`` and ``pmo audit``."""

from __future__ import annotations

import sys
from functools import partial
from typing import Annotated

import typer

from pmo_engine.cli import output as o

sweep_app = o.single()
stuck_app = o.single()
deliver_app = o.single()
notices_app = o.group("List the notices that could not be handed over, and send them again.")
audit_app = o.group("Check the journal, and read it.")


@sweep_app.command()
def sweep(
    by: o.BySystem = None,
    request: o.Request = None,
    database: o.Database = None,
    policy: o.PolicyPath = None,
    as_json: o.Json = False,
) -> None:
    """Let rules on time look at what is due, then send reminders and escalations; each once.

    What came while nobody swept has its turn first, day after day.

    Example: pmo sweep
    """
    from pmo_engine.work.notices.sweep import sweep as run

    show = sys.stderr.isatty()

    def progress(done: int, of: int) -> None:
        typer.echo(f"\r{done:,} of {of:,} records looked at", nl=done == of, err=True)

    swept = run(
        o.governance(database, policy),
        by=o.system(by),
        request=request,
        progress=progress if show else None,
    )
    if as_json:
        o.print_json(swept)
    else:
        asked = f", {swept.asked} asked by now" if swept.asked else ""
        stuck = f"; {swept.stuck} stuck, see 'pmo stuck'" if swept.stuck else ""
        over = f", {swept.closed} closed" if swept.closed else ""
        new = f"; rules on time say something new of {o.number(swept.said, 'matter')}"
        said = new if swept.said else ""
        typer.echo(
            f"{swept.reminded} reminded, {swept.escalated} escalated{over}{asked}{said}{stuck}"
        )


@stuck_app.command()
def stuck(
    by: o.Reader,
    database: o.Database = None,
    policy: o.PolicyPath = None,
    as_json: o.Json = False,
) -> None:
    """List what does not go on by itself, the longest so first, and why: nobody may act on it.

    It leaves the list as soon as somebody may. What is overdue stands on it, too, once its ladder
    has come to its end. Of what only some may read, the rest see the key.

    Example: pmo stuck
    """
    from pmo_engine.work.approvals.stuck import stuck as listed
    from pmo_engine.work.reading import unread

    with o.governance_to_read(database, policy).reading() as c:
        shown = listed(c, partial(unread, c, by))
        found, zone = [each.model_dump(mode="json") for each in shown], c.zone
    if as_json:
        o.print_json(found)
    elif not found:
        typer.echo("nothing is stuck")
    else:
        columns = {"id": "Id", "title": "What", "for": "For", "since": "Since", "why": "Why"}
        rows = [
            {
                **each,
                "id": o.short(each["id"]),
                "since": o.local(each["since"], zone),
                "why": "; ".join(each["why"]),
            }
            for each in found
        ]
        o.table(rows, columns)


@deliver_app.command()
def deliver(
    by: o.BySystem = None,
    request: o.Request = None,
    database: o.Database = None,
    policy: o.PolicyPath = None,
    as_json: o.Json = False,
) -> None:
    """Hand over the notices in the outbox; exit status 1 says that one failed for good.

    Example: pmo deliver
    """
    from pmo_engine.app import open_channel
    from pmo_engine.work.notices.delivery import deliver as run

    done = run(
        o.governance(database, policy),
        open_channel(o.settings(database, policy)),
        by=o.system(by),
        request=request,
    )
    if as_json:
        o.print_json(done)
    else:
        typer.echo(f"{done.sent} sent, {done.retried} to be tried again, {done.failed} failed")
    if done.failed:
        typer.echo("'pmo notices failed' says why, 'pmo notices resend' sends them again", err=True)
        raise typer.Exit(1)


@notices_app.command("failed")
def list_failed(
    limit: o.Limit = None,
    after: o.After = None,
    database: o.Database = None,
    policy: o.PolicyPath = None,
    as_json: o.Json = False,
) -> None:
    """List the notices that nothing more is tried for, with the reason.

    Example: pmo notices failed --limit 20
    """
    from pmo_engine.queries.notices import unsent

    page = o.page(limit, after, as_json=as_json)
    with o.governance_to_read(database, policy).reading() as c:
        found = unsent(c, page)
    columns = {"id": "Id", "recipient": "For", "subject": "Subject", "state": "State"}
    columns |= {"error": "Why"}
    o.print_listing(found, columns, as_json=as_json, none="no notice failed")


@notices_app.command()
def resend(
    by: o.By,
    notices: Annotated[
        list[str] | None, typer.Argument(help="Their ids, or how these begin; all when left out.")
    ] = None,
    request: o.Request = None,
    database: o.Database = None,
    policy: o.PolicyPath = None,
) -> None:
    """Let notices that failed be sent again by the next delivery.

    Example: pmo notices resend --by petra
    """
    from pmo_engine.work.notices.unsent import resend as run

    done = run(o.governance(database, policy), notices or [], by=by, request=request)
    typer.echo(f"{done.number} to be sent again; 'pmo deliver' does it")


@audit_app.command()
def verify(database: o.Database = None, as_json: o.Json = False) -> None:
    """Check that nothing in the journal was changed.

    Example: pmo audit verify
    """
    from pmo_engine.queries.audit import verify as run

    report = run(o.store(database))
    if as_json:
        o.print_json(report)
    else:
        for fault in report.breaks:
            typer.secho(f"{fault.chain} line {fault.seq}: {fault.wrong}", fg="red")
        verdict = "intact" if report.intact else "NOT intact"
        typer.echo(f"{report.lines} lines in {report.chains} chains: {verdict}")
    if not report.intact:
        raise typer.Exit(1)


@audit_app.command()
def log(
    by: o.Reader,
    chain: Annotated[
        str | None, typer.Argument(help="A project's id, or 'office'; all when left out.")
    ] = None,
    kind: o.Kind = None,
    actor: o.Actor = None,
    since: o.Since = None,
    until: o.Until = None,
    newest: o.Newest = False,
    limit: o.Limit = None,
    after: o.After = None,
    database: o.Database = None,
    policy: o.PolicyPath = None,
    as_json: o.Json = False,
) -> None:
    """Read the journal as it was written; 'pmo timeline' says it in words. Days are those of UTC.

    Example: pmo audit log P-1 --kind voted --since 2026-03-01 --limit 20
    """
    from datetime import UTC

    from pmo_engine.queries.journal import lines, require_chain
    from pmo_engine.work.reading import require_reader_of_all

    page = o.page(limit, after, as_json=as_json)
    which = o.which(chain, None, kind, actor, (since, until), UTC, newest=newest)
    governance = o.governance_to_read(database, policy)
    with governance.reading() as c:
        require_chain(c.uow, chain)
        require_reader_of_all(governance, c, by, chain)
        found = lines(c.uow, which, page)
        named = o.by_name(c, found.items, "actor")
    columns = {"seq": "No", "at": "When", "actor": "Who", "kind": "What", "about": "About"}
    where = {} if chain else {"chain": "Chain"}
    o.print_listing(
        found,
        {**where, **columns},
        as_json=as_json,
        none=None,
        at=lambda moment: o.local(moment, UTC),
        **named,
    )
