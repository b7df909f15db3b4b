"""``pmo records quality``: what is missing, stale or contradicts itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from pmo_engine.cli import output as o
from pmo_engine.cli.registers.group import records_app
from pmo_engine.cli.registers.lists import Projects, To, readable, write_list

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from pmo_engine.policy import Register
    from pmo_engine.questions.quality import Held, QualityReport
    from pmo_engine.work.governance import Context, Governance

COUNTED = {
    "what": "",
    "records": "Records",
    "good": "Good",
    "missing": "Missing",
    "stale": "Stale",
    "contradictory": "Contradictory",
    "complete": "Complete %",
}
FLAWS = ("project", "register", "key", "owner", "sort", "field", "says")


@records_app.command()
def quality(
    by: o.Reader,
    projects: Projects = None,
    register: Annotated[str | None, typer.Option(help="Only this register.")] = None,
    owner: Annotated[str | None, typer.Option(help="Only what this person owns.")] = None,
    to: To = None,
    database: o.Database = None,
    policy: o.PolicyPath = None,
    as_json: o.Json = False,
) -> None:
    """Tell how good the data of open records are: by project, register and owner.

    Example: pmo records quality --project P-1 --to quality.xlsx
    """
    from pmo_engine.questions.quality import quality_of
    from pmo_engine.work.records.naming import register_named

    governance = o.governance_to_read(database, policy)
    with governance.reading() as c:
        if register is not None:
            one = register_named(c.policy, register).id
            open_to = {one: readable(governance, c, by, one, projects)}
        else:
            open_to = _all_readable(governance, c, by, projects)
        found = quality_of(c, open_to, owner)
    if to is not None:
        _write(to, found)
    elif as_json:
        o.print_json(found)
    else:
        _print(found)


def _all_readable(
    governance: Governance, c: Context, by: str, named: list[str] | None
) -> dict[str, list[str]]:
    """Name where somebody may read each register; of places that are named where it is kept.

    What they may not read is left out, unless that is all.
    """
    from pmo_engine.work.errors import Refusal

    for name in named or ():
        if not any(_is_kept_at(c, each, name) for each in c.policy.registers.values()):
            c.uow.projects.get(name)  # which says what it is not
    found, refusals = {}, []
    for each in c.policy.registers.values():
        homes = [name for name in named or () if _is_kept_at(c, each, name)]
        if named and not homes:
            continue
        try:
            found[each.id] = readable(governance, c, by, each.id, homes)
        except Refusal as refusal:
            refusals.append(refusal)
    if refusals and not found:
        raise refusals[0]
    return found


def _is_kept_at(c: Context, register: Register, name: str) -> bool:
    """Tell whether a register is kept under a name: in a project, or by an office."""
    from pmo_engine.store.errors import NotFound
    from pmo_engine.work.errors import CommandError
    from pmo_engine.work.records.homes import home_named

    try:
        home = home_named(c, register, name)
    except (CommandError, NotFound):
        return False
    there = c.uow.projects.is_there(home)
    return not there or c.uow.projects.get(home).is_office == register.of_offices


def _print(found: QualityReport) -> None:
    without = found.records - found.good
    said = f"{found.records} open records: {found.good} good, {without} with something wrong"
    o.heading(said)
    for what, held in (
        ("Project", found.by_project),
        ("Register", found.by_register),
        ("Owner", found.by_owner),
    ):
        if held:
            o.table(_rows(held), {**COUNTED, "what": what})
    if any(held.complete is None for held in found.by_register.values()):
        typer.echo(
            "Complete % is empty where the policy says of no field that a record ought to have it"
            " ('required: true', or 'complete' of a register under 'kind: quality')"
        )
    for each in found.flaws:
        field = f" {each.field}" if each.field else ""
        colour = typer.colors.RED if each.sort == "contradictory" else typer.colors.YELLOW
        typer.secho(f"{each.project} {each.key}: {each.sort}{field}: {each.says}", fg=colour)


def _rows(held: Mapping[str, Held]) -> list[dict[str, object]]:
    return [{"what": name, **each.model_dump(mode="json")} for name, each in held.items()]


def _write(to: Path, found: QualityReport) -> None:
    from pmo_engine.questions.lists import RecordList

    rows = tuple(each.model_dump(mode="json") for each in found.flaws)
    write_list(to, RecordList(title="", register_name="", columns=FLAWS, rows=rows))
