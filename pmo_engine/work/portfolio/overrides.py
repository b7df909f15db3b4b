"""Somebody says that a project or programme has another colour than its figures, until a day."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from pmo_engine.model.shape import Shape
from pmo_engine.queries.dashboard.board import board
from pmo_engine.queries.dashboard.overrides import Override
from pmo_engine.store import tables
from pmo_engine.work.acts import OVERRIDE_COLOUR
from pmo_engine.work.command import Command, Order, carry_out
from pmo_engine.work.errors import CommandError
from pmo_engine.work.subjects import OfProgramme, OfProject

if TYPE_CHECKING:
    from datetime import date

    from pmo_engine.work.governance import Governance

COLOURS = ("green", "amber", "red")
LONGEST = 366
"""So many days ahead an override holds at most: what is longer so is no exception."""


class Overridden(Shape):
    """The colour of a project or programme: of its figures, and the one said instead, if any."""

    of: str
    measured: str
    override: Override | None = None


def override(
    governance: Governance,
    *,
    colour: str,
    until: date,
    reason: str,
    by: str,
    project: str | None = None,
    programme: str | None = None,
    request: str | None = None,
) -> Overridden:
    """Say that a project, or a programme, has another colour up to a day, its last.

    An earlier override of it holds no more. Raises CommandError for a day that is past, and where
    no reason is given; Refusal; NotFound.
    """
    do = partial(_override, colour=colour, until=until, reason=reason.strip())
    return carry_out(governance, _order(by, project, programme, request), do)


def as_measured(
    governance: Governance,
    *,
    by: str,
    project: str | None = None,
    programme: str | None = None,
    request: str | None = None,
) -> Overridden:
    """Take an override back before its day; where there is none, nothing changes."""
    return carry_out(governance, _order(by, project, programme, request), _take_back)


def _order(
    by: str, project: str | None, programme: str | None, request: str | None
) -> Order[Overridden]:
    if (project is None) == (programme is None):
        raise CommandError("say of which project, or of which programme, it is the colour")
    subject = OfProject(project) if project is not None else OfProgramme(str(programme))
    return Order(by, OVERRIDE_COLOUR, subject, Overridden, request)


def _override(c: Command, *, colour: str, until: date, reason: str) -> Overridden:
    if colour not in COLOURS:
        raise CommandError(f"'{colour}' is no colour; there are {', '.join(COLOURS)}")
    if not reason:
        raise CommandError("a colour is overridden for a reason; give it with --reason")
    if until < c.today:
        raise CommandError(f"an override up to {until} would be over before it begins ({c.today})")
    if (until - c.today).days > LONGEST:
        raise CommandError(f"an override holds a year at most, and {until} is later")
    measured = _measured(c)
    _end(c)
    kind, id = _place(c)
    row = tables.ColourOverride(
        project=id if kind == "project" else None,
        programme=id if kind == "programme" else None,
        colour=colour,
        reason=reason,
        until=until,
        author=c.actor,
        at=c.now,
    )
    c.uow.overrides.add(row)
    body = {"of": c.on.row.id, "colour": colour, "measured": measured, "reason": reason}
    c.journal("colour.overridden", {**body, "until": until.isoformat()})
    said = Override(
        colour=colour,
        author=c.actor,
        name=c.uow.people.name_of(c.actor),
        reason=reason,
        until=until.isoformat(),
    )
    return Overridden(of=c.on.row.id, measured=measured, override=said)


def _take_back(c: Command) -> Overridden:
    measured = _measured(c)
    if _end(c):
        c.journal("colour.as_measured", {"of": c.on.row.id, "measured": measured})
    return Overridden(of=c.on.row.id, measured=measured)


def _place(c: Command) -> tuple[str, str]:
    return "project" if isinstance(c.on.row, tables.Project) else "programme", c.on.row.id


def _end(c: Command) -> bool:
    """End the override that is open, if one is."""
    kind, id = _place(c)
    mine = [each for each in c.uow.overrides.open() if getattr(each, kind) == id]
    for each in mine:
        c.uow.overrides.end(each, c.now)
    return bool(mine)


def _measured(c: Command) -> str:
    """Say the colour of its figures, as it is under the lock."""
    found = board(c, c.governance.sheets)
    kind, id = _place(c)
    rows = found.projects if kind == "project" else found.programmes
    row = next((each for each in rows if each.id == id), None)
    if row is None:
        raise CommandError(f"{id} is not under way, and has no colour")
    return row.measured
