"""``pmo sweep``, ``pmo deliver`` and ``pmo audit``."""

from __future__ import annotations

from typing import Annotated

import typer

from pmo_engine.cli import output as o

sweep_app = o.single()
deliver_app = o.single()
audit_app = o.group("Check the journal, and read it.")


@sweep_app.command()
def sweep(
    by: o.By = "pmo-engine",
    database: o.Database = None,
    policy: o.PolicyPath = None,
    as_json: o.Json = False,
) -> None:
    """Send the reminders and escalations that are due; each goes out once.

    Example: pmo sweep
    """
    from pmo_engine.work.notices.sweep import sweep as run

    swept = run(o.desk(database, policy), by=by)
    if as_json:
        o.print_json(swept.as_dict())
    else:
        typer.echo(f"{swept.reminded} reminded, {swept.escalated} escalated")


@deliver_app.command()
def deliver(
    by: o.By = "pmo-engine",
    database: o.Database = None,
    policy: o.PolicyPath = None,
    as_json: o.Json = False,
) -> None:
    """Hand over the notices in the outbox.

    Example: pmo deliver
    """
    from pmo_engine.notify.channel import AppriseChannel
    from pmo_engine.work.notices.delivery import deliver as run

    done = run(o.desk(database, policy), AppriseChannel(), by=by)
    if as_json:
        o.print_json(done.as_dict())
    else:
        typer.echo(f"{done.sent} sent, {done.retried} to be tried again, {done.failed} failed")


@audit_app.command()
def verify(database: o.Database = None, as_json: o.Json = False) -> None:
    """Check that nothing in the journal was changed.

    Example: pmo audit verify
    """
    from pmo_engine.app import open_database
    from pmo_engine.work.audit import verify as run

    report = run(open_database(o.settings(database)))
    if as_json:
        o.print_json(report.as_dict())
    else:
        for fault in report.breaks:
            typer.secho(f"{fault['chain']} line {fault['seq']}: {fault['wrong']}", fg="red")
        verdict = "intact" if report.intact else "NOT intact"
        typer.echo(f"{report.lines} lines in {report.chains} chains: {verdict}")
    if not report.intact:
        raise typer.Exit(1)


@audit_app.command()
def log(
    chain: Annotated[str, typer.Argument(help="A project's id, or 'office'.")],
    database: o.Database = None,
    as_json: o.Json = False,
) -> None:
    """Read a chain of the journal.

    Example: pmo audit log P-1
    """
    from pmo_engine.app import open_database
    from pmo_engine.work.audit import lines

    rows = lines(open_database(o.settings(database)), chain)
    if as_json:
        o.print_json(rows)
        return
    columns = {"seq": "No", "at": "When", "actor": "Who", "kind": "What", "about": "About"}
    o.table(rows, columns)
