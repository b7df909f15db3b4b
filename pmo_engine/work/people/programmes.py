"""Portfolios and programmes: a tree in which projects are the leaves."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from pmo_engine.model.shape import Shape
from pmo_engine.store import tables
from pmo_engine.work.acts import ADD_PROGRAMME, CHANGE_PROGRAMME
from pmo_engine.work.approvals.moved import have_moved, note_move
from pmo_engine.work.command import Command, Order, carry_out
from pmo_engine.work.errors import CommandError, IdTaken
from pmo_engine.work.people.acting import clashing, require_as_compatible
from pmo_engine.work.people.people import called, named, told
from pmo_engine.work.people.posts import office_named, require_programme
from pmo_engine.work.permissions import by_founder
from pmo_engine.work.subjects import Office, OfProgramme

if TYPE_CHECKING:
    from pmo_engine.model.vocabulary import ProgrammeKind
    from pmo_engine.work.governance import Context, Governance


class ProgrammeNow(Shape):
    """A portfolio or programme as it stands; ``within``: the one that it is in.

    ``changed``: what became otherwise. ``by_founder``: the exception by which it was done, if any.
    """

    programme: str
    name: str
    kind: str
    within: str | None
    office: str | None
    changed: tuple[str, ...]
    by_founder: str | None = None

    @classmethod
    def of(
        cls, row: tables.Programme, changed: tuple[str, ...], exception: str | None = None
    ) -> ProgrammeNow:
        """Give a row of the store."""
        return cls(
            programme=row.id,
            name=row.name,
            kind=row.kind,
            within=row.within,
            office=row.office,
            changed=changed,
            by_founder=exception,
        )


def add_programme(
    governance: Governance,
    *,
    programme: str,
    name: str,
    by: str,
    kind: ProgrammeKind = "programme",
    within: str | None = None,
    office: str | None = None,
    request: str | None = None,
) -> ProgrammeNow:
    """Add a portfolio or a programme; raises CommandError where its id is taken.

    Projects that name no office of their own are served by its ``office``.
    """
    values = {"id": named(programme, "programme"), "name": called(name), "kind": kind}
    do = partial(add, values={**values, "within": within, "office": office})
    return carry_out(governance, Order(by, ADD_PROGRAMME, Office(), ProgrammeNow, request), do)


def add(c: Command, *, values: dict[str, Any]) -> ProgrammeNow:
    """Add one in a command; ``add_programme`` says what it does."""
    row = tables.Programme(**values)
    if any(each.id == row.id for each in c.uow.programmes.all()):
        raise IdTaken(f"there is a programme or portfolio '{row.id}' already")
    _require_place(c, row.id, row.kind, row.within, row.office)
    exception = by_founder(c)
    c.uow.programmes.add(row)
    body = {"programme": row.id, "name": row.name, "kind": row.kind, **_placed(row)}
    c.journal("programme.added", {**body, **told(exception)}, tables.OFFICE)
    return ProgrammeNow.of(row, ("programme",), exception)


def _placed(row: tables.Programme) -> dict[str, str]:
    found = {"within": row.within, "office": row.office}
    return {name: value for name, value in found.items() if value is not None}


def change_programme(
    governance: Governance,
    *,
    programme: str,
    by: str,
    name: str | None = None,
    within: str | None = None,
    office: str | None = None,
    request: str | None = None,
) -> ProgrammeNow:
    """Give one another name, place in the tree or office; an empty ``within`` or ``office``: none.

    Raises CommandError where nothing is given to change, and for a circle.
    """
    given = {"name": None if name is None else called(name), "within": within, "office": office}
    if all(value is None for value in given.values()):
        raise CommandError("nothing to change: give --name, --within or --office")
    order = Order(by, CHANGE_PROGRAMME, OfProgramme(programme), ProgrammeNow, request)
    made = carry_out(governance, order, partial(change, given=given))
    if PLACED.intersection(made.changed):
        with governance.reading() as c:
            below = projects_below(c, programme)
        have_moved(governance, below, by)
    return made


PLACED = frozenset({"within", "office"})
"""What moves a programme, and its projects with it."""


def projects_below(c: Context, programme: str) -> list[str]:
    """Name the projects of a portfolio or programme, and of those within it."""
    known = {each.id: each.within for each in c.uow.programmes.all()}

    def is_below(current: str | None) -> bool:
        while current is not None and current != programme:
            current = known[current]
        return current is not None

    return [each.id for each in c.uow.projects.all() if is_below(each.programme)]


def change(c: Command, *, given: dict[str, str | None]) -> ProgrammeNow:
    """Change the one that a command is about; None leaves a value as it is."""
    row: tables.Programme = c.on.row
    wanted = {key: value or None for key, value in given.items() if value is not None}
    values: dict[str, Any] = {k: v for k, v in wanted.items() if v != getattr(row, k)}
    if not values:
        return ProgrammeNow.of(row, ())
    place = {"within": row.within, "office": row.office, **values}
    _require_place(c, row.id, row.kind, place["within"], place["office"])
    exception = by_founder(c)
    before = clashing(c)
    c.uow.programmes.change(row, **values)
    require_as_compatible(c, before, row.id)
    if PLACED & values.keys():
        note_move(c, projects_below(c, row.id))
    body = {"programme": row.id, **values, **told(exception)}
    c.journal("programme.changed", body, tables.OFFICE)
    return ProgrammeNow.of(row, tuple(sorted(values)), exception)


def _require_place(c: Context, id: str, kind: str, within: str | None, office: str | None) -> None:
    """Refuse a place in the tree or an office that there is not, and a circle with its path."""
    if office is not None:
        office_named(c.policy, office)
    if within is None:
        return
    require_programme(c, within)
    known = {each.id: each for each in c.uow.programmes.all()}
    if kind == "portfolio" and known[within].kind == "programme":
        raise CommandError(f"'{id}' is a portfolio, and cannot be within the programme '{within}'")
    path, current = [id], within
    while current != id:
        path.append(current)
        above = known[current].within
        if above is None:
            return
        current = above
    raise CommandError(f"a programme cannot be within itself: {' within '.join([*path, id])}")
