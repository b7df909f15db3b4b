"""``pmo policy adopt``, ``versions``, ``show`` and ``diff``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pmo_engine.cli import output as o
from pmo_engine.cli.policy.drafts import Version, print_version
from pmo_engine.cli.policy.group import policy_app

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import tzinfo

    from pmo_engine.policy import Policy
    from pmo_engine.policy.changes import ClauseChange, TimeAndLadder, VersionEffect, WorkTouched
    from pmo_engine.queries.versions import VersionState
    from pmo_engine.work.governance import Governance
    from pmo_engine.work.versions.effects import ComparedVersion

MANY = 20
SIGNS = {"-": ("[-", "-]", typer.colors.RED), "+": ("{+", "+}", typer.colors.GREEN)}


@policy_app.command()
def adopt(
    what: Annotated[
        str, typer.Argument(help="A version that was drafted, or the folder of a new one.")
    ],
    by: o.By,
    within: Annotated[
        str, typer.Option(help="The time allowed to those who adopt it.")
    ] = "10 working days",
    ladder: Annotated[
        str | None,
        typer.Option(help="Who is reminded when (else the policy's first)."),
    ] = None,
    request: o.Request = None,
    database: o.Database = None,
    policy: o.PolicyPath = None,
    as_json: o.Json = False,
) -> None:
    """Put a version up for adoption by whom the terms name ('may: adopt policy').

    They find it in 'pmo inbox' and decide with 'pmo approve' or 'pmo reject'. Once adopted it
    binds from its day; open work keeps the version that it began under, unless the new one says
    'applies_to_open: true'.

    Example: pmo policy adopt 2026.2 --by petra
    """
    from pmo_engine.work.versions import adoption, drafting
    from pmo_engine.work.versions import catalogue as versions

    governance = o.governance_for_policy(database, policy)
    path = Path(what)
    chosen: str | Policy = drafting.read_draft(path) if path.exists() else what
    found = adoption.adopt(governance, chosen, by=by, request=request, within=within, ladder=ladder)
    shown = versions.show(governance, found.id)
    if as_json:
        o.print_json(shown)
        return
    print_changes(shown.changes)
    print_version(shown, as_json=False)
    _print_approvals(shown, governance.rules.zone)


@policy_app.command("versions")
def list_versions(
    limit: o.Limit = None,
    after: o.After = None,
    database: o.Database = None,
    policy: o.PolicyPath = None,
    as_json: o.Json = False,
) -> None:
    """List the versions of the policy, the oldest first: drafted, adopted, in force.

    Example: pmo policy versions
    """
    from pmo_engine.queries.versions import versions

    page = o.page(limit, after, as_json=as_json)
    with o.governance_for_policy(database, policy).reading() as c:
        found, zone = versions(c, page), c.zone
    columns = {"name": "Policy", "version": "Version", "digest": "Digest", "status": "Status"}
    columns |= {"binds_from": "Binds from", "drafted_by": "Drafted by", "in_force": "In force"}
    o.print_listing(
        found,
        columns,
        as_json=as_json,
        none="no version was drafted yet: the policy's folder binds as it stands",
        digest=lambda digest: digest[:12],
        binds_from=lambda moment: o.local(moment, zone),
        in_force=lambda binds: "yes" if binds else "",
    )


@policy_app.command()
def show(
    version: Version,
    database: o.Database = None,
    policy: o.PolicyPath = None,
    as_json: o.Json = False,
) -> None:
    """Show a version: how it stands, what it changes, who decides, what was said about it.

    Example: pmo policy show 2026.2
    """
    from pmo_engine.work.versions import catalogue as versions
    from pmo_engine.work.versions import effects

    governance = o.governance_for_policy(database, policy)
    found = versions.show(governance, version)
    if found.changes is None:
        changes = effects.effect_on(governance, governance.version(found.digest).policy)
        found = found.model_copy(update={"changes": changes})
    if as_json:
        o.print_json(found)
        return
    print_changes(found.changes)
    print_version(found, as_json=False)
    _print_approvals(found, governance.rules.zone)
    for each in found.comments:
        about = f" on {each.clause}" if each.clause else ""
        typer.echo(f"  comment {each.number} by {each.name}{about}: {each.text}")
        if each.answer is not None:
            typer.echo(f"    {each.answerer}: {each.answer}")


def _print_approvals(found: VersionState, zone: tzinfo) -> None:
    for each in found.approvals or ():
        due = f", due {o.local(each.due, zone)}" if each.due and each.status == "open" else ""
        typer.echo(f"  {each.of}: {each.status}{due}")
        if each.hopeless:
            typer.secho(f"    {each.hopeless}", fg=typer.colors.YELLOW)
        for vote in each.votes:
            typer.echo(f"    {vote.said}")


@policy_app.command()
def diff(
    old: Annotated[str, typer.Argument(help="A version, or a policy's folder.")],
    new: Annotated[
        str | None,
        typer.Argument(help="Another one; without it, the first is held against what is in force."),
    ] = None,
    with_open: Annotated[
        bool, typer.Option("--open", help="Show the open work that the new one touches too.")
    ] = False,
    database: o.Database = None,
    policy: o.PolicyPath = None,
    as_json: o.Json = False,
) -> None:
    """Show what one version of the policy says otherwise than another, clause by clause.

    Example: pmo policy diff 2026.1 2026.2
    """
    from pmo_engine.work.versions.effects import compare

    needed = with_open or new is None or not all(Path(name).exists() for name in (old, new))
    governance = o.governance_for_policy(database, policy) if needed else None
    earlier = (
        _policy(old, governance)
        if new is not None or governance is None
        else governance.rules.policy
    )
    later = _policy(new or old, governance)
    found = compare(earlier, later, governance if with_open else None)
    if as_json:
        o.print_json(found)
        return
    o.heading(f"{_called(found.old)} -> {_called(found.new)}")
    _print_clauses(found.clauses)
    if found.open_work is not None:
        _print_open_work(found.open_work, applies_to_open=found.new.applies_to_open)


def _policy(name: str, governance: Governance | None) -> Policy:
    from pmo_engine.compiler.loading import load_policy
    from pmo_engine.work.versions import catalogue as versions

    if governance is None or Path(name).exists():
        return load_policy(name)
    return governance.version(versions.show(governance, name).digest).policy


def _called(reference: ComparedVersion) -> str:
    return f"{reference.name} {reference.version} ({reference.digest[:12]})"


def print_changes(changes: VersionEffect | None) -> None:
    """Print what changes clause by clause, and what open work that touches."""
    assert changes is not None  # put up for adoption, or held against what is in force
    _print_clauses(changes.clauses)
    _print_open_work(changes.open_work, applies_to_open=changes.applies_to_open)


def _print_clauses(clauses: Sequence[ClauseChange]) -> None:
    if not clauses:
        typer.echo("the two say the same")
    if len(clauses) > MANY and {each.kind for each in clauses} == {"added"}:
        typer.echo(
            f"all of it is new: {len(clauses)} clauses, which 'pmo policy render' writes out"
        )
        return
    for each in clauses:
        typer.secho(f"{each.kind}: {each.clause}", bold=True)
        typer.echo("  " + "".join(_marked(*piece) for piece in each.words).replace("\n", "\n  "))


def _marked(sign: str, words: str) -> str:
    if sign not in SIGNS:
        return words
    before, after, colour = SIGNS[sign]
    return typer.style(f"{before}{words}{after}", fg=colour)


def _print_open_work(touched: Sequence[WorkTouched], *, applies_to_open: bool) -> None:
    if not touched:
        typer.echo("no open work is touched")
        return
    comes = "comes under it on its day" if applies_to_open else "keeps its own version"
    o.heading(f"Open work {comes}; where it would be asked otherwise:")
    for each in touched:
        typer.echo(f"{each.title}{': ' + each.note if each.note else ''}")
        for text in each.gone:
            typer.secho(f"  - {text}", fg=typer.colors.RED)
        for text in each.new:
            typer.secho(f"  + {text}", fg=typer.colors.GREEN)
        for item in each.changed:
            before, after = _time(item.old), _time(item.new)
            typer.secho(f"  ~ {item.kind} {item.of}: {before} -> {after}", fg="yellow")


def _time(terms: TimeAndLadder) -> str:
    return ", ".join(str(each) for each in (terms.within, terms.ladder) if each) or "no time"
