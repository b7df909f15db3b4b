"""``pmo plan``: by which strategy a project is planned, what that comes to, and planning it."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pmo_engine.cli import output as o

if TYPE_CHECKING:
    from datetime import date

    from pmo_engine.questions.plans import ItemShown, PlanShown
    from pmo_engine.work.planning.setting import PlanSet

plan_app = o.group("Show by which strategy a project is planned, and plan it.")
Project = Annotated[str, typer.Argument(help="The project's id, such as P-1.")]
Strategy = Annotated[
    str | None, typer.Option(help="This strategy, in place of the one that is chosen.")
]
From = Annotated[
    datetime | None,
    typer.Option(
        "--from", formats=["%Y-%m-%d"], help="The day on which the stage that it is in begins."
    ),
]
Svg = Annotated[Path | None, typer.Option("--svg", help="Draw its stages into this file instead.")]


@plan_app.command("show")
def show(
    project: Project,
    by: o.Reader,
    strategy: Strategy = None,
    begins: From = None,
    svg: Svg = None,
    database: o.Database = None,
    policy: o.PolicyPath = None,
    as_json: o.Json = False,
) -> None:
    """Show which strategy is chosen for a project and why, and the plan that comes of it.

    Days count from --from, the day on which its stage begins, or else from the start of the
    project, or from today. Facts that are missing are named. It changes nothing.

    Example: pmo plan show P-1

    Example: pmo plan show P-1 --strategy full --from 2026-05-04 --svg plan.svg
    """
    from pmo_engine.questions.plans import plan_of, registers_read
    from pmo_engine.work.reading import require_reader

    governance = o.governance_to_read(database, policy)
    with governance.reading() as c:
        for register in registers_read(c):
            require_reader(governance, c, by, register, project)
        found = plan_of(c, c.uow.projects.get(project), strategy, o.day_of(begins))
        today = c.today
    if svg is not None:
        _draw(found, svg, today)
    elif as_json:
        o.print_json(found)
    else:
        _print(found)


def _draw(found: PlanShown, path: Path, today: date) -> None:
    from pmo_engine.cli.writing import write_whole
    from pmo_engine.drawing.lanes import Event, Lane, Stage, lanes
    from pmo_engine.drawing.svg import svg as written
    from pmo_engine.model.names import words

    stages = [Stage(words(each.stage), each.starts, each.ends, each.state) for each in found.stages]
    events = [Event(item.title, item.day) for each in found.stages for item in each.planned]
    lane = Lane(f"{found.project} {found.name}", tuple(stages), tuple(events))
    title = f"{found.project} {found.name}: {found.title or 'no strategy'}"
    write_whole(path, written(lanes(title, [lane], today)).encode())
    typer.echo(f"wrote {path}")


def _print(found: PlanShown) -> None:
    o.heading(f"{found.project} {found.name}: {found.title or 'no strategy is chosen'}")
    for line in _why(found):
        typer.echo(line)
    rows = [
        {
            "stage": f"{each.stage} ({each.state})" if not place else "",
            "day": str(item.day),
            "title": item.title,
            "key": item.key if item.entered else "",
            "state": _state(item),
        }
        for each in found.stages
        for place, item in enumerate(each.planned)
    ]
    for each in found.stages:
        typer.echo(f"{each.stage}: {each.starts} to {each.ends}, {_STATES[each.state]}")
    if rows:
        columns = {"stage": "Stage", "day": "Day", "title": "Planned", "key": "Record"}
        o.table(rows, {**columns, "state": "As it stands"})


_STATES = {"done": "done", "now": "under way", "ahead": "ahead"}


def _why(found: PlanShown) -> list[str]:
    """Say how the strategy comes about, and by which one the project is planned."""
    lines = list(found.why)
    if found.facts:
        lines.append("; ".join(f"{name}: {value}" for name, value in found.facts.items()))
    if found.none:
        lines.append(found.none)
    if found.set is None:
        lines.append(f"not planned yet: 'pmo plan set {found.project}' enters what is planned")
    else:
        other = f", though {found.chosen or 'none'} is chosen: {found.reason}"
        lines.append(f"planned by {found.set}{other if found.reason else ''}")
    if found.stage_ends_on:
        lines.append(f"{found.stage} ends on {found.stage_ends_on}")
    return lines


def _state(item: ItemShown) -> str:
    if not item.entered:
        return "not entered"
    return f"there, with {'; '.join(item.otherwise)}" if item.otherwise else "there"


@plan_app.command("set")
def set_(
    project: Project,
    by: o.By,
    strategy: Strategy = None,
    reason: Annotated[str, typer.Option(help="Why by another strategy than is chosen.")] = "",
    begins: From = None,
    request: o.Request = None,
    database: o.Database = None,
    policy: o.PolicyPath = None,
    as_json: o.Json = False,
) -> None:
    """Plan a project: enter what its strategy plans, and say when its stage ends.

    Whoever the terms let 'plan project', 'tailor project' or 'change project' may; another
    strategy than the one that is chosen is for whoever may 'tailor project', with a reason. Said
    again it changes nothing, and what somebody has changed stays.

    Example: pmo plan set P-1 --by ana

    Example: pmo plan set P-1 --strategy full --reason "first of its kind" --by petra
    """
    from pmo_engine.work.planning.setting import set_plan

    done = set_plan(
        o.governance(database, policy),
        project=project,
        by=by,
        strategy=strategy,
        reason=reason,
        begins=o.day_of(begins),
        request=request,
    )
    if as_json:
        o.print_json(done)
    else:
        _say(done)


def _say(done: PlanSet) -> None:
    because = f" ({done.reason})" if done.reason else ""
    what = "planned" if done.changed else "is planned as it was"
    ends = f"; {done.stage} ends on {done.stage_ends_on}" if done.stage_ends_on else ""
    said = f"{done.project} {what}: {done.title}{because}, from {done.begins} on{ends}"
    typer.echo(f"{said}{o.by_founder(done.by_founder)}")
    for name, keys in {"entered": done.entered, "moved": done.moved}.items():
        if keys:
            typer.echo(f"{name}: {', '.join(keys)}")
    for each in (*done.kept, *done.notes):
        typer.echo(each)
