"""The life of a record beside its decision: moved, closed, opened again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from pmo_engine.cli import output as o
from pmo_engine.model.life_cycle import words
from pmo_engine.work.records import moves

if TYPE_CHECKING:
    from pmo_engine.work.governance import Governance
    from pmo_engine.work.records.moves import Moved

move_app = o.single()
close_app = o.single()
reopen_app = o.single()

Reason = Annotated[str, typer.Option(help="Why, for the journal and who is told.")]


@move_app.command()
def move(
    project: o.Project,
    register: o.Register,
    key: o.Key,
    to: Annotated[str, typer.Argument(help="The state, as the register's life cycle calls it.")],
    by: o.By,
    reason: Reason = "",
    request: o.Request = None,
    database: o.Database = None,
    policy: o.PolicyPath = None,
    as_json: o.Json = False,
) -> None:
    """Bring a record into another state, as its register's life cycle lets it.

    What is decided by a vote is no move, and is left to those who decide.

    Example: pmo move P-1 risks R-1 treating --by ana
    """
    governance = o.governance(database, policy)
    moved = moves.move(
        governance,
        project=project,
        register=register,
        key=key,
        to=to,
        by=by,
        reason=reason,
        request=request,
    )
    _print(governance, moved, as_json=as_json)


@close_app.command()
def close(
    project: o.Project,
    register: o.Register,
    key: o.Key,
    by: o.By,
    reason: Reason = "",
    as_: Annotated[
        str | None, typer.Option("--as", help="The state, where several are closed.")
    ] = None,
    request: o.Request = None,
    database: o.Database = None,
    policy: o.PolicyPath = None,
    as_json: o.Json = False,
) -> None:
    """Close a record; what was asked about it, and is not decided, is withdrawn.

    It is refused while something else that binds is open about it: an exception report, say.

    Example: pmo close P-1 risks R-1 --reason "the ground is surveyed" --by ana
    """
    governance = o.governance(database, policy)
    moved = moves.close(
        governance,
        project=project,
        register=register,
        key=key,
        by=by,
        to=as_,
        reason=reason,
        request=request,
    )
    _print(governance, moved, as_json=as_json)


@reopen_app.command()
def reopen(
    project: o.Project,
    register: o.Register,
    key: o.Key,
    by: o.By,
    reason: Reason = "",
    to: Annotated[
        str | None, typer.Option(help="The state; the one before it was closed, if it may.")
    ] = None,
    request: o.Request = None,
    database: o.Database = None,
    policy: o.PolicyPath = None,
    as_json: o.Json = False,
) -> None:
    """Open a closed record again, in the state that it was in; it is decided about again.

    Example: pmo reopen P-1 risks R-1 --reason "the survey was of another field" --by ana
    """
    governance = o.governance(database, policy)
    moved = moves.reopen(
        governance,
        project=project,
        register=register,
        key=key,
        by=by,
        to=to,
        reason=reason,
        request=request,
    )
    _print(governance, moved, as_json=as_json)


def _print(governance: Governance, moved: Moved, *, as_json: bool) -> None:
    if as_json:
        o.print_json(moved)
        return
    said = f"{moved.key} of {moved.project}: {words(moved.status)} (version {moved.version})"
    typer.secho(said, fg=o.colour_of(moved.status), bold=True)
    called = o.called(governance, *moved.asked, *moved.told)
    if moved.asked:
        typer.echo(f"  waits for the approval of: {', '.join(map(called, moved.asked))}")
    if moved.told:
        typer.echo(f"  told: {', '.join(map(called, moved.told))}")
