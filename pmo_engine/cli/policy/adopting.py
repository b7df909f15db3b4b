"""``pmo policy adopt``, ``versions``, ``show`` and ``diff``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pmo_engine.cli import output as o
from pmo_engine.cli.policy.drafts import Version, print_version
from pmo_engine.cli.policy.group import policy_app

if TYPE_CHECKING:
    from pmo_engine.policy import Policy
    from pmo_engine.work.governance import Governance

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
    shown = versions.show(governance, found.id).model_dump(mode="json")
    if as_json:
        o.print_json(shown)
        return
    print_changes(shown["changes"])
    print_version(shown, as_json=False)
    _print_approvals(shown)


@policy_app.command("versions")
def list_versions(
    database: o.Database = None, policy: o.PolicyPath = None, as_json: o.Json = False
) -> None:
    """List the versions of the policy: drafted, adopted, in force.

    Example: pmo policy versions
    """
    from pmo_engine.work.versions import catalogue as versions

    found = versions.versions(o.governance_for_policy(database, policy))
    rows = [row.model_dump(mode="json") for row in found]
    if as_json:
        o.print_json(rows)
    elif not rows:
        typer.echo("no version was drafted yet: the policy's folder binds as it stands")
    else:
        columns = {"name": "Policy", "version": "Version", "digest": "Digest", "status": "Status"}
        columns |= {"binds": "Binds from", "drafted_by": "Drafted by", "now": "In force"}
        o.table([_short(row) for row in rows], columns)


def _short(row: dict[str, Any]) -> dict[str, Any]:
    binds = row["binds_from"]
    return {
        **row,
        "digest": row["digest"][:12],
        "binds": binds and binds[:16],
        "now": "yes" if row["in_force"] else "",
    }


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
    found = versions.show(governance, version).model_dump(mode="json")
    if not found["changes"]:
        found["changes"] = effects.effect_on(governance, governance.version(found["digest"]).policy)
    if as_json:
        o.print_json(found)
        return
    print_changes(found["changes"])
    print_version(found, as_json=False)
    _print_approvals(found)
    for each in found["comments"]:
        about = f" on {each['clause']}" if each["clause"] else ""
        typer.echo(f"  comment {each['number']} by {each['by']}{about}: {each['text']}")
        if each["answer"] is not None:
            typer.echo(f"    {each['answered_by']}: {each['answer']}")


def _print_approvals(found: dict[str, Any]) -> None:
    for each in found["approvals"]:
        due = f", due {each['due'][:16]}" if each["due"] and each["status"] == "open" else ""
        typer.echo(f"  {each['of']}: {each['status']}{due}")
        for vote in each["votes"]:
            typer.echo(f"    {vote['person']} voted {vote['choice']} {vote['reason']}".rstrip())


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
    from pmo_engine.documents.differences import differences
    from pmo_engine.work.versions import effects

    needed = with_open or new is None or not all(Path(name).exists() for name in (old, new))
    governance = o.governance_for_policy(database, policy) if needed else None
    earlier = (
        _policy(old, governance)
        if new is not None or governance is None
        else governance.rules.policy
    )
    later = _policy(new or old, governance)
    found: dict[str, Any] = {
        "old": _reference(earlier),
        "new": _reference(later),
        "clauses": [each.as_dict() for each in differences(earlier, later)],
    }
    if with_open and governance is not None:
        found["open_work"] = effects.effect_on(governance, later)["open_work"]
    if as_json:
        o.print_json(found)
    else:
        o.heading(f"{_called(found['old'])} -> {_called(found['new'])}")
        print_changes({"applies_to_open": later.applies_to_open, **found})


def _policy(name: str, governance: Governance | None) -> Policy:
    from pmo_engine.compiler.loading import load_policy
    from pmo_engine.work.versions import catalogue as versions

    if governance is None or Path(name).exists():
        return load_policy(name)
    return governance.version(versions.show(governance, name).digest).policy


def _reference(policy: Policy) -> dict[str, Any]:
    since = policy.in_force_from
    return {
        "name": policy.name,
        "version": policy.version,
        "digest": policy.digest,
        "in_force_from": None if since is None else since.isoformat(),
        "applies_to_open": policy.applies_to_open,
    }


def _called(reference: dict[str, Any]) -> str:
    return f"{reference['name']} {reference['version']} ({reference['digest'][:12]})"


def print_changes(changes: dict[str, Any]) -> None:
    """Print what changes clause by clause, and what open work that touches."""
    clauses = changes["clauses"]
    if len(clauses) > MANY and {each["kind"] for each in clauses} == {"added"}:
        typer.echo(
            f"all of it is new: {len(clauses)} clauses, which 'pmo policy render' writes out"
        )
        clauses = ()
    for each in clauses:
        typer.secho(f"{each['kind']}: {each['clause']}", bold=True)
        typer.echo("  " + "".join(_marked(*piece) for piece in each["words"]).replace("\n", "\n  "))
    if not changes["clauses"]:
        typer.echo("the two say the same")
    if "open_work" in changes:
        _print_open_work(changes)


def _marked(sign: str, words: str) -> str:
    if sign not in SIGNS:
        return words
    before, after, colour = SIGNS[sign]
    return typer.style(f"{before}{words}{after}", fg=colour)


def _print_open_work(changes: dict[str, Any]) -> None:
    touched = changes["open_work"]
    if not touched:
        typer.echo("no open work is touched")
        return
    comes = "comes under it on its day" if changes["applies_to_open"] else "keeps its own version"
    o.heading(f"Open work {comes}; where it would be asked otherwise:")
    for each in touched:
        typer.echo(f"{each['title']}{': ' + each['note'] if each['note'] else ''}")
        for text in each["gone"]:
            typer.secho(f"  - {text}", fg=typer.colors.RED)
        for text in each["new"]:
            typer.secho(f"  + {text}", fg=typer.colors.GREEN)
        for item in each["changed"]:
            before, after = (_time(item[key]) for key in ("old", "new"))
            typer.secho(f"  ~ {item['kind']} {item['of']}: {before} -> {after}", fg="yellow")


def _time(terms: dict[str, Any]) -> str:
    return ", ".join(str(terms[key]) for key in ("within", "ladder") if terms[key]) or "no time"
