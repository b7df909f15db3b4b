"""``pmo portfolio dashboard`` and what goes with it: colours, cycles, trends, what if."""

from __future__ import annotations

import re
from datetime import datetime
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pmo_engine.cli import output as o
from pmo_engine.cli.writing import write_whole
from pmo_engine.model.money import Money
from pmo_engine.prose.values import value_in_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pmo_engine.queries.dashboard.board import Board, Row
    from pmo_engine.queries.dashboard.cycles import Trend, Trends
    from pmo_engine.queries.dashboard.planning import Planned, Staffed
    from pmo_engine.queries.dashboard.what_if import WhatIf
    from pmo_engine.work.governance import Context, Governance
    from pmo_engine.work.portfolio.overrides import Overridden

board_app = o.single()
Of = Annotated[str, typer.Argument(help="The project, such as P-1; or a programme.")]
FURTHEST = 40  # quarters
LAST_AND_NOW = 2
NO_END = "no end known"


@board_app.command("dashboard")
def dashboard(
    by: o.Reader,
    html: Annotated[
        Path | None, typer.Option("--html", help="Write the board's page into this file instead.")
    ] = None,
    cycle: Annotated[
        str | None, typer.Option(help="As it was frozen when this cycle was closed.")
    ] = None,
    database: o.Database = None,
    policy: o.PolicyPath = None,
    as_json: o.Json = False,
) -> None:
    """Show programmes, offices and projects with figures and colours, rolled up.

    Example: pmo portfolio dashboard --html board.html
    """
    if html is not None and cycle is not None:
        raise typer.BadParameter("a cycle is shown here or as JSON; the page shows all of them")
    governance = o.governance_to_read(database, policy)
    with governance.reading() as c:
        _require_reader(governance, c, by)
        if html is not None:
            from pmo_engine.reports.dashboard import page

            write_whole(html, page(c, governance.sheets).encode())
            typer.echo(f"wrote {html}")
            return
        found = _board(governance, c, cycle)
    if as_json:
        o.print_json(found)
    else:
        for line in _lines(found):
            typer.echo(line)


def _require_reader(governance: Governance, c: Context, by: str) -> None:
    from pmo_engine.work.reading import require_reader_of_all

    require_reader_of_all(governance, c, by, None)


def _board(governance: Governance, c: Context, cycle: str | None) -> Board:
    from pmo_engine.queries.dashboard.board import board
    from pmo_engine.queries.dashboard.cycles import frozen

    return board(c, governance.sheets) if cycle is None else frozen(c, cycle)


def _lines(found: Board) -> Iterator[str]:
    labels = {column.id: column.part or column.label for column in found.columns}
    yield f"{found.policy}, {found.day}"
    yield _row(found.total, labels)
    for part in (found.programmes, found.offices, found.projects):
        for row in part:
            if row.projects:
                yield "  " * (row.level + 1) + _row(row, labels)
    yield from _planned(found.plan)


def _row(row: Row, labels: dict[str, str]) -> str:
    title = _called(row.id, row.title)
    several = "" if row.sort == "project" else f" ({_projects(row.projects)})"
    coloured = [(f"{labels[id]} {cell.words}", cell.colour) for id, cell in row.figures.items()]
    because = [f"{said}: {colour}" for said, colour in coloured if colour not in {None, "green"}]
    work = row.work
    waits = (
        f"{work.decisions} to decide, {work.decisions_overdue} overdue" if work.decisions else ""
    )
    parts = [*because, waits, *row.contradictions]
    return f"{title}{several}: {row.colour}" + "".join(f"; {each}" for each in parts if each)


def _called(id: str, title: str) -> str:
    return id if title == id else f"{id} {title}"


def _projects(number: int) -> str:
    return "1 project" if number == 1 else f"{number} projects"


def _planned(plan: Planned) -> Iterator[str]:
    for each in plan.staffed:
        if each.short:
            yield f"{each.month}: {each.demand} {each.skill} wanted, {each.capacity} had"
    late = sum(each.late for each in plan.dependencies)
    if plan.dependencies:
        yield f"{len(plan.dependencies)} dependencies are open, {late} of them late"
    for circle in plan.circles:
        yield f"{', '.join(circle)} wait for one another in a circle"


@board_app.command("override")
def override(
    of: Of,
    colour: Annotated[
        str, typer.Argument(help="green, amber or red; measured: that of its figures again.")
    ],
    by: o.By,
    until: Annotated[
        datetime | None,
        typer.Option("--until", formats=["%Y-%m-%d"], help="The last day on which it holds."),
    ] = None,
    reason: Annotated[str, typer.Option(help="Why.")] = "",
    programme: Annotated[
        bool, typer.Option("--programme", help="It is a programme or portfolio.")
    ] = False,
    request: o.Request = None,
    database: o.Database = None,
    policy: o.PolicyPath = None,
    as_json: o.Json = False,
) -> None:
    """Say that a project has another colour than its figures, why, and until when.

    It counts upwards, and stands on the dashboard with its author and reason, marked where the
    figures say another colour. Whoever the terms let 'override colour' may; where they name
    nobody, the most senior role.

    Example: pmo portfolio override P-1 amber --until 2026-06-30 --reason "agreed" --by petra
    """
    from pmo_engine.work.portfolio import overrides

    governance = o.governance(database, policy)
    place = {"programme": of} if programme else {"project": of}
    if colour == "measured":
        done = overrides.as_measured(governance, **place, by=by, request=request)
    elif until is None:
        raise typer.BadParameter("say until when it holds: --until 2026-06-30")
    else:
        done = overrides.override(
            governance,
            **place,
            colour=colour,
            until=until.date(),
            reason=reason,
            by=by,
            request=request,
        )
    if as_json:
        o.print_json(done)
    else:
        typer.echo(_overridden(done))


def _overridden(done: Overridden) -> str:
    said = done.override
    if said is None:
        return f"{done.of} has the colour of its figures: {done.measured}"
    so = "as its figures do" if said.colour == done.measured else f"its figures say {done.measured}"
    return f"{done.of} is said to be {said.colour} up to {said.until}; {so}"


@board_app.command("close-cycle")
def close_cycle(
    cycle: Annotated[str, typer.Argument(help="Its name, such as 2026-Q1.")],
    by: o.By,
    day: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="The day that it reports of; today if left out."),
    ] = None,
    request: o.Request = None,
    database: o.Database = None,
    policy: o.PolicyPath = None,
    as_json: o.Json = False,
) -> None:
    """Close a cycle of reporting: the dashboard as it is now is frozen, once.

    Whoever the terms let 'close cycle' may; where they name nobody, the most senior role.

    Example: pmo portfolio close-cycle 2026-Q1 --by petra
    """
    from pmo_engine.work.portfolio import cycles

    done = cycles.close_cycle(
        o.governance(database, policy), cycle=cycle, day=o.day_of(day), by=by, request=request
    )
    if as_json:
        o.print_json(done)
    else:
        typer.echo(f"cycle {done.cycle} is closed: {_projects(done.projects)}, {done.colour}")


@board_app.command("cycles")
def cycles(
    database: o.Database = None,
    policy: o.PolicyPath = None,
    as_json: o.Json = False,
) -> None:
    """List the cycles that were closed, and whether each is still what was frozen.

    Example: pmo portfolio cycles
    """
    from pmo_engine.queries.dashboard.cycles import cycles as closed

    with o.governance_to_read(database, policy).reading() as c:
        found = closed(c)
    if as_json:
        o.print_json(found)
        return
    for each in found:
        sound = "" if each.sound else "; NOT what was frozen"
        what = f"{_projects(each.projects)}, {each.colour}{sound}"
        typer.echo(f"{each.cycle}: {each.day} by {each.name}, {what}")
    if not found:
        typer.echo("no cycle was closed")


@board_app.command("trend")
def trend(
    by: o.Reader,
    database: o.Database = None,
    policy: o.PolicyPath = None,
    as_json: o.Json = False,
) -> None:
    """Hold the dashboard of now against the cycles that were closed: the last and the first.

    Example: pmo portfolio trend
    """
    from pmo_engine.queries.dashboard.board import board
    from pmo_engine.queries.dashboard.cycles import trends

    governance = o.governance_to_read(database, policy)
    with governance.reading() as c:
        _require_reader(governance, c, by)
        found = trends(c, board(c, governance.sheets))
    if as_json:
        o.print_json(found)
    else:
        _print_trend(found)


def _print_trend(found: Trends) -> None:
    for each in found.figures:
        typer.echo(f"{each.label}: {_over(each)}{_since(each)}")
    for shift in found.shifts:
        typer.echo(f"{_called(shift.id, shift.title)}: {shift.was}, now {shift.now}")
    typer.echo(f"{_projects(len(found.came))} came, {len(found.went)} went")


def _over(of: Trend) -> str:
    """Say a figure cycle by cycle; what is not available for one reason is said once."""
    said = []
    there = (point for point in of.points if point.words)
    for _, points in groupby(there, key=lambda p: p.words if p.value is None else p.cycle):
        *before, last = points
        earlier = f"{', '.join(point.cycle for point in before)} and " if before else ""
        said.append(f"{earlier}{last.cycle} {last.words}")
    return ", ".join(said)


def _since(of: Trend) -> str:
    """Say by how much it is more than at the last cycle, and at the first where that is another."""
    if not of.since_last:
        return ""
    is_another = len(of.points) > LAST_AND_NOW and of.since_first
    first = f", {of.since_first} since the first" if is_another else ""
    return f" ({of.since_last} since the last{first})"


@board_app.command("what-if")
def what_if(
    by: o.Reader,
    stop: Annotated[list[str] | None, typer.Option(help="A project that is stopped.")] = None,
    move: Annotated[
        list[str] | None, typer.Option(help="One moved by quarters: P-1=1, or P-1=2.")
    ] = None,
    database: o.Database = None,
    policy: o.PolicyPath = None,
    as_json: o.Json = False,
) -> None:
    """Work out money and people if projects are stopped or moved by quarters; nothing is kept.

    Example: pmo portfolio what-if --stop P-2 --move P-1=1
    """
    from pmo_engine.queries.dashboard.what_if import what_if as worked_out

    moves = list(map(_moved, move or ()))
    stopped, moved = list(stop or ()), dict(moves)
    if len(moves) > len(moved):
        raise typer.BadParameter("a project is moved once: --move P-1=2 is two quarters")
    if not stopped and not moved:
        raise typer.BadParameter("name a project: --stop P-1, or --move P-1=1")
    if both := sorted(moved.keys() & set(stopped)):
        raise typer.BadParameter(f"{', '.join(both)} cannot be both stopped and moved")
    governance = o.governance_to_read(database, policy)
    with governance.reading() as c:
        _require_reader(governance, c, by)
        found = worked_out(c, governance.sheets, stopped, moved)
    if as_json:
        o.print_json(found)
    else:
        _print_what_if(found)


def _moved(text: str) -> tuple[str, int]:
    found = re.fullmatch(r"(.+)=(-?[0-9]{1,3})", text)
    if found is None or not 1 <= abs(int(found[2])) <= FURTHEST:
        raise typer.BadParameter(
            f"'{text}' is no project with quarters, 1 to {FURTHEST}: write P-1=1, or P-1=-1"
        )
    return found[1], int(found[2])


def _print_what_if(found: WhatIf) -> None:
    for each in found.changed:
        left = _amount(each.left) if each.left else "not known"
        typer.echo(f"{each.project} {each.what}: {left} to spend, {each.ahead or NO_END}")
    whole = {"of": "Forecast", "now": found.forecast_before, "then": found.forecast_after}
    money = [{"of": e.quarter or NO_END, "now": e.before, "then": e.after} for e in found.quarters]
    rows = [{**e, "now": _amount(e["now"]), "then": _amount(e["then"])} for e in (whole, *money)]
    o.table(rows, {"of": "Money", "now": "Now", "then": "Then"})
    if people := list(_people(found)):
        columns = {"skill": "Skill", "months": "Months", "now": "Wanted of had, now"}
        o.table(people, {**columns, "then": "Then"})
    else:
        typer.echo("no skill falls short, now or then")
    for struck in found.struck:
        late = " (late)" if struck.late else ""
        needed = f", needed by {struck.needed}" if struck.needed else ""
        typer.echo(
            f"{struck.project} waits for {struck.key} of {struck.on}{needed}:"
            f" {struck.promised}{late}"
        )
    if found.unknown:
        typer.echo(f"not known what is left to spend: {', '.join(found.unknown)}")


def _amount(text: str) -> str:
    return value_in_words(Money.parse(text))


def _people(found: WhatIf) -> Iterator[dict[str, str]]:
    """Say of each skill that falls short now or then in which months, those alike together."""
    plans = [{(e.skill, e.month): e for e in plan.staffed} for plan in (found.before, found.after)]
    short = sorted({key for plan in plans for key, each in plan.items() if each.short})
    before, after = plans
    rows = [
        (key[0], _held(before.get(key)), _held(after.get(key)), _number(key[1]) - place, key[1])
        for place, key in enumerate(short)
    ]
    for (skill, now, then, _), alike in groupby(rows, key=lambda row: row[:4]):
        months = [row[4] for row in alike]
        span = months[0] if len(months) == 1 else f"{months[0]} to {months[-1]}"
        yield {"skill": skill, "months": span, "now": now, "then": then}


def _number(month: str) -> int:
    """Count months, so that those that follow one another differ by one."""
    return int(month[:4]) * 12 + int(month[5:])


def _held(each: Staffed | None) -> str:
    if each is None:
        return "nothing"
    return f"{each.demand} of {each.capacity}{', short' if each.short else ''}"
