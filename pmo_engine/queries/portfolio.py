"""The portfolio: each project with what is open and overdue in it, and the gate ahead; counts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import Field
from sqlalchemy import case, func, select
from sqlmodel import col

from pmo_engine.model.shape import Shape, iso
from pmo_engine.queries.paging import ALL, Listing, Page, listing
from pmo_engine.store.columns import by_code
from pmo_engine.store.tables import GateReview, Obligation, Project

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Row, Select

    from pmo_engine.queries.view import View


class Standing(Shape):
    """How a project stands; ``open_`` and ``overdue`` count what waits for somebody in it."""

    id: str
    name: str
    stage: str
    status: str
    office: str
    open_: int = Field(alias="open")
    overdue: int
    next_due: str | None  # of what is not overdue yet
    gate: str | None  # that is under review, else that leads out of its stage
    review: str | None  # how the review of this gate stands


class Totals(Shape):
    """The projects counted, and what waits for somebody in them."""

    projects: int
    by_stage: dict[str, int]
    by_status: dict[str, int]
    open_: int = Field(alias="open")
    overdue: int


class Chosen(Shape):
    """Which projects: all that is given has to hold."""

    stage: str | None = None
    status: str | None = None
    office: str | None = None
    overdue: bool = False  # only those in which something is


EVERY = Chosen()
_ID = col(Project.id)
_OPEN = col(Obligation.status) == "open"


def portfolio(view: View, chosen: Chosen = EVERY, page: Page = ALL) -> Listing[Standing]:
    """List how projects stand, by id; a page goes on after one."""
    order = by_code(_ID)
    wanted = _projects(view, chosen)
    if page.after is not None:
        wanted = wanted.where(order > page.after)
    wanted = wanted.order_by(order).limit(page.one_more)
    ids = wanted.with_only_columns(_ID)
    work, reviews = _work(view, ids), _reviews(view, ids)
    gates: dict[str, str] = {}
    for gate in view.policy.gates.values():
        gates.setdefault(gate.from_stage, gate.id)
    made = (
        _standing(row, work.get(row.id), reviews.get(row.id) or (gates.get(row.stage), None))
        for row in view.uow.select(wanted)
    )
    return listing(made, page, lambda each: each.id)


def totals(view: View, chosen: Chosen = EVERY) -> Totals:
    """Count the projects, by stage and by status, and what is open in them."""
    each = _projects(view, chosen).subquery()
    counted = select(each.c.stage, each.c.status, func.count()).group_by(
        each.c.stage, each.c.status
    )
    by_stage: dict[str, int] = {}
    by_status: dict[str, int] = {}
    for stage, status, number in view.uow.select(counted.order_by(each.c.stage, each.c.status)):
        by_stage[stage] = by_stage.get(stage, 0) + number
        by_status[status] = by_status.get(status, 0) + number
    mine = _OPEN, col(Obligation.project).in_(select(each.c.id))
    open_, overdue = view.uow.select(select(func.count(), _late(view)).where(*mine))[0]
    return Totals(
        projects=sum(by_status.values()),
        by_stage=dict(sorted(by_stage.items())),
        by_status=dict(sorted(by_status.items())),
        open_=open_,
        overdue=overdue or 0,
    )


def _projects(view: View, chosen: Chosen) -> Select[Any]:
    columns = (Project.id, Project.name, Project.stage, Project.status, Project.office)
    wanted = select(*(col(each) for each in columns)).where(col(Project.is_office).is_(False))
    for column, value in (
        (col(Project.stage), chosen.stage),
        (col(Project.status), chosen.status),
        (col(Project.office), chosen.office),
    ):
        if value is not None:
            wanted = wanted.where(column == value)
    if chosen.overdue:
        late = select(col(Obligation.project)).where(_OPEN, col(Obligation.due_at) < view.now)
        wanted = wanted.where(_ID.in_(late))
    return wanted


def _late(view: View) -> ColumnElement[int]:
    return func.sum(case((col(Obligation.due_at) < view.now, 1), else_=0))


def _work(view: View, projects: Select[Any]) -> dict[str, tuple[int, int, str | None]]:
    """What is open in each of these: how much, how much of it late, when the next is due."""
    project, due = col(Obligation.project), col(Obligation.due_at)
    ahead = func.min(case((due >= view.now, due)))
    counted = select(project, func.count(), _late(view), ahead)
    rows = view.uow.select(counted.where(_OPEN, project.in_(projects)).group_by(project))
    return {id: (open_, late, iso(next_due)) for id, open_, late, next_due in rows}


def _reviews(view: View, projects: Select[Any]) -> dict[str, tuple[str, str]]:
    """The gate of each of these that is under review; of several, the one opened first."""
    project, status = col(GateReview.project), col(GateReview.status)
    open_ = select(project, col(GateReview.gate), status)
    open_ = open_.where(project.in_(projects), status != "closed")
    order = (col(GateReview.opened_at).desc(), col(GateReview.id).desc())
    return {id: (gate, stands) for id, gate, stands in view.uow.select(open_.order_by(*order))}


def _standing(
    row: Row[Any], work: tuple[int, int, str | None] | None, gate: tuple[str | None, str | None]
) -> Standing:
    open_, overdue, next_due = work or (0, 0, None)
    return Standing(
        id=row.id,
        name=row.name,
        stage=row.stage,
        status=row.status,
        office=row.office,
        open_=open_,
        overdue=overdue,
        next_due=next_due,
        gate=gate[0],
        review=gate[1],
    )
