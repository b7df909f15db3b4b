"""``pmo attach`` and ``pmo attachments``: files that belong to a record."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pmo_engine.cli import output as o

attach_app = o.single()
attachments_app = o.single()


@attach_app.command()
def attach(
    project: o.Project,
    register: o.Register,
    key: o.Key,
    file: Annotated[Path, typer.Argument(help="The file; it stays where it is.")],
    by: o.By,
    name: Annotated[
        str | None, typer.Option("--as", help="What it is called; as the file, if left out.")
    ] = None,
    request: o.Request = None,
    database: o.Database = None,
    policy: o.PolicyPath = None,
    as_json: o.Json = False,
) -> None:
    """Attach a file to a record: where it lies and its digest are kept, not the file itself.

    Another one of the same name takes its place. 'pmo attachments --verify' tells what changed.

    Example: pmo attach P-1 risks R-1 survey.pdf --by ana
    """
    from pmo_engine.work.records import attachments as work

    done = work.attach(
        o.governance(database, policy),
        project=project,
        register=register,
        key=key,
        file=file,
        home=Path.cwd(),
        by=by,
        name=name,
        request=request,
    )
    if as_json:
        o.print_json(done)
    else:
        typer.echo(f"{done.key}: {done.name} is attached (SHA-256 {done.digest[:12]}...)")


@attachments_app.command()
def attachments(
    project: o.Project,
    register: o.Register,
    by: o.Reader,
    key: Annotated[str | None, typer.Argument(help="One record; all when left out.")] = None,
    verify: Annotated[
        bool, typer.Option("--verify", help="Look at the files again: 1 if one is another.")
    ] = False,
    database: o.Database = None,
    policy: o.PolicyPath = None,
    as_json: o.Json = False,
) -> None:
    """List the files of records, and tell which of them changed or are gone.

    Example: pmo attachments P-1 risks --verify
    """
    from pmo_engine.work.reading import require_reader
    from pmo_engine.work.records import attachments as work
    from pmo_engine.work.records.homes import home_named
    from pmo_engine.work.records.naming import entry_named, register_named

    governance, home = o.governance_to_read(database, policy), Path.cwd()
    with governance.reading() as c:
        declared = register_named(c.policy, register)
        place = home_named(c, declared, project)
        if key is None:
            require_reader(governance, c, by, declared.id, place)
            entries = c.uow.entries.listed(place, declared.id)
        else:
            entries = [entry_named(governance, c.uow, project, register, key)]
            require_reader(governance, c, by, declared.id, place, entries[0])
        found = [each for entry in entries for each in work.attachments(c, entry)]
        named = c.uow.people.names_of(each.by for each in found)
    shown = [work.looked_at(each, home) if verify else each for each in found]
    columns = {"key": "Key", "name": "Name", "reference": "Where", "digest": "SHA-256", "by": "By"}
    if verify:
        columns = {"state": "State", **columns}
    if as_json:
        o.print_json([each.model_dump(mode="json") for each in shown])
    elif not shown:
        typer.echo("nothing is attached")
    else:
        rows = (
            {
                **each.model_dump(mode="json"),
                "digest": f"{each.digest[:12]}...",
                "by": named[each.by],
            }
            for each in shown
        )
        o.table([*rows], columns)
    if any(getattr(each, "state", "as it was") != "as it was" for each in shown):
        raise typer.Exit(1)
