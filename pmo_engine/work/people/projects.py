"""Projects of the portfolio: added, changed, moved to another stage by hand, closed."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Literal

from pmo_engine.feel.wire import WireError, plain
from pmo_engine.model.shape import Shape
from pmo_engine.store import tables
from pmo_engine.work.acts import ADD_PROJECT, CHANGE_PROJECT, MOVE_PROJECT
from pmo_engine.work.command import Command, Order, carry_out
from pmo_engine.work.errors import CommandError, Refusal
from pmo_engine.work.people.people import called, named, told
from pmo_engine.work.permissions import by_founder
from pmo_engine.work.subjects import Office, OfProject

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pmo_engine.work.governance import Context, Governance

ACTIVE, CLOSED = "active", "closed"
Status = Literal["active", "closed"]


class ProjectNow(Shape):
    """A project as it stands.

    ``changed``: what became otherwise. ``by_founder``: the exception by which it was done, if any.
    """

    project: str
    name: str
    stage: str
    status: str
    changed: tuple[str, ...]
    by_founder: str | None = None


def add_project(
    governance: Governance,
    *,
    project: str,
    name: str,
    stage: str,
    by: str,
    office: str = "office",
    attributes: Mapping[str, Any] | None = None,
    request: str | None = None,
) -> ProjectNow:
    """Add a project to the portfolio; raises CommandError where its id is taken."""
    row = tables.Project(
        id=named(project, "project"),
        name=called(name),
        stage=named(stage, "stage"),
        office=named(office, "office"),
        status=ACTIVE,
        attributes=_attributes(attributes or {}),
    )
    order = Order(by, ADD_PROJECT, Office(), ProjectNow, request)
    return carry_out(governance, order, partial(_add_project, values=row.model_dump()))


def _attributes(given: Mapping[str, Any]) -> dict[str, Any]:
    """Give facts about a project back that rules can look at; raises CommandError."""
    for name, value in given.items():
        try:
            plain(value, f"project.{name}")
        except WireError as error:
            raise CommandError(str(error)) from None
    return dict(given)


def _add_project(c: Command, *, values: dict[str, Any]) -> ProjectNow:
    row = tables.Project(**values)  # anew for each try
    _check_stage(c, row.stage)
    if c.uow.projects.is_there(row.id):
        raise CommandError(f"there is a project '{row.id}' already")
    exception = by_founder(c)
    c.uow.projects.add(row)
    body = {"name": row.name, "stage": row.stage, "office": row.office, **told(exception)}
    c.journal("project.added", body, row.id)
    return _now(row, ("project",), exception)


def _now(row: tables.Project, changed: tuple[str, ...], exception: str | None) -> ProjectNow:
    return ProjectNow(
        project=row.id,
        name=row.name,
        stage=row.stage,
        status=row.status,
        changed=changed,
        by_founder=exception,
    )


def _check_stage(c: Context, stage: str) -> None:
    known = {name for gate in c.policy.gates.values() for name in (gate.from_stage, gate.to_stage)}
    if known and stage not in known:
        raise CommandError(
            f"no gate knows the stage '{stage}'; there are {', '.join(sorted(known))}"
        )


def change_project(
    governance: Governance,
    *,
    project: str,
    by: str,
    name: str | None = None,
    status: Status | None = None,
    attributes: Mapping[str, Any] | None = None,
    request: str | None = None,
) -> ProjectNow:
    """Give a project another name, status or attributes; an attribute of ``None`` is taken away.

    A project that is closed takes no new records and opens no gates. Records that wait are decided
    again when they change, not now.
    """
    if name is None and status is None and not attributes:
        raise CommandError("nothing to change: give --name, --status, or attributes as name=value")
    given = dict(attributes or {})
    _attributes({key: value for key, value in given.items() if value is not None})
    do = partial(
        _change, name=None if name is None else called(name), status=status, attributes=given
    )
    order = Order(by, CHANGE_PROJECT, OfProject(project), ProjectNow, request)
    return carry_out(governance, order, do)


def _change(
    c: Command, *, name: str | None, status: Status | None, attributes: dict[str, Any]
) -> ProjectNow:
    row: tables.Project = c.on.row
    merged = {**row.attributes, **attributes}
    wanted: dict[str, Any] = {
        "name": name or row.name,
        "status": status or row.status,
        "attributes": {key: value for key, value in merged.items() if value is not None},
    }
    values = {key: value for key, value in wanted.items() if value != getattr(row, key)}
    if not values:
        return _now(row, (), None)
    exception = by_founder(c)
    c.uow.projects.change(row, **values)
    c.journal("project.changed", {**values, **told(exception)}, row.id)
    return _now(row, tuple(sorted(values)), exception)


def move_project(
    governance: Governance, *, project: str, stage: str, by: str, request: str | None = None
) -> ProjectNow:
    """Put a project into a stage by hand; the usual way is the gate between the two.

    Raises Refusal while a gate of the project is under review.
    """
    do = partial(_move, stage=named(stage, "stage"))
    order = Order(by, MOVE_PROJECT, OfProject(project), ProjectNow, request)
    return carry_out(governance, order, do)


def _move(c: Command, *, stage: str) -> ProjectNow:
    row: tables.Project = c.on.row
    _check_stage(c, stage)
    before, exception = row.stage, by_founder(c)
    if stage == before:
        return _now(row, (), None)
    for review in c.uow.gate_reviews.of_project(row.id):
        if review.status != "closed":
            raise Refusal(
                f"gate {review.gate} of {row.id} is under review, and decides about the stage"
            )
    c.uow.projects.change(row, stage=stage)
    c.journal("project.moved", {"from": before, "to": stage, **told(exception)}, row.id)
    return _now(row, ("stage",), exception)


def require_active(project: tables.Project) -> None:
    """Refuse new work in a project that is closed."""
    if project.status == CLOSED:
        raise Refusal(
            f"{project.id} is closed; 'pmo project change {project.id} --status active' opens it"
        )
