"""Projects of the portfolio: added, changed, moved to another stage by hand; what each takes."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import asdict
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any, Literal

from pmo_engine.feel.wire import WireError, plain
from pmo_engine.model.frozen import dataclass
from pmo_engine.model.life_cycle import words
from pmo_engine.model.shape import Shape
from pmo_engine.model.vocabulary import ACTIVE, CLOSED, ON_HOLD, PROPOSED, STOPPED
from pmo_engine.policy.strategies import STRATEGY
from pmo_engine.store import tables
from pmo_engine.store.errors import StoreError
from pmo_engine.work.acts import (
    ADD_PROJECT,
    CHANGE_PROJECT,
    CLOSE_PROJECT,
    MOVE_PROJECT,
    PROPOSE_PROJECT,
    START_PROJECT,
)
from pmo_engine.work.approvals.moved import have_moved, note_move
from pmo_engine.work.command import Command, Order, carry_out
from pmo_engine.work.errors import CommandError, IdTaken, Refusal
from pmo_engine.work.gates.entering import enters
from pmo_engine.work.people.acting import clashing, require_as_compatible
from pmo_engine.work.people.people import called, named, told
from pmo_engine.work.people.posts import office_named, require_programme
from pmo_engine.work.permissions import by_founder, require_act
from pmo_engine.work.subjects import Office, OfProject

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from pmo_engine.work.governance import Context, Governance

Status = Literal["active", "closed"]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a project stands and when it runs; ``programme`` empty: in none. None: as it is."""

    office: str | None = None
    programme: str | None = None
    starts_on: date | None = None
    ends_on: date | None = None


NOWHERE = Place()


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
    office: str = ""
    programme: str | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    put_to: str = ""  # the body to whose vote it was put: "the portfolio board"
    tally: str = ""  # how its votes stand


def add_project(  # noqa: PLR0913 - what a project is, and why it is where it is
    governance: Governance,
    *,
    project: str,
    name: str,
    stage: str,
    by: str,
    place: Place = NOWHERE,
    attributes: Mapping[str, Any] | None = None,
    migrated: str = "",
    request: str | None = None,
) -> ProjectNow:
    """Add a project that is under way; raises CommandError where its id is taken.

    Raises Refusal for one in a stage behind a gate, unless it is ``migrated`` for a reason.
    """
    values = project_values(project, name, stage, place, attributes)
    order = Order(by, ADD_PROJECT, Office(), ProjectNow, request)
    do = partial(add, values={**values, "status": ACTIVE}, migrated=migrated)
    return carry_out(governance, order, do)


def propose_project(
    governance: Governance,
    *,
    project: str,
    name: str,
    stage: str,
    by: str,
    place: Place = NOWHERE,
    attributes: Mapping[str, Any] | None = None,
    request: str | None = None,
) -> ProjectNow:
    """Add a project that has yet to be started, by hand or by its gate; raises as ``add_project``.

    It takes records and gates; time judges nothing in it.
    """
    values = project_values(project, name, stage, place, attributes)
    order = Order(by, PROPOSE_PROJECT, Office(), ProjectNow, request)
    return carry_out(governance, order, partial(add, values={**values, "status": PROPOSED}))


def project_values(
    project: str, name: str, stage: str, place: Place, attributes: Mapping[str, Any] | None
) -> dict[str, Any]:
    """Give the columns of a project, but for its status; raises CommandError."""
    return {
        "id": named(project, "project"),
        "name": called(name),
        "stage": named(stage, "stage"),
        "office": named(place.office or tables.OFFICE, "office"),
        "programme": place.programme or None,
        "starts_on": place.starts_on,
        "ends_on": place.ends_on,
        "attributes": _attributes(attributes or {}),
    }


BY_ITSELF = {
    "id": "a project keeps its id",
    "name": "give it with --name",
    "stage": "it moves through its gate ('pmo gate open'), or by hand with 'pmo project move'",
    "status": "give it with --status, or 'pmo project start', 'hold' or 'stop'",
    "office": "give it with --office",
    "programme": "give it with --programme",
}
"""What a project has of itself, and no attribute says; how it is changed."""


def _attributes(given: Mapping[str, Any]) -> dict[str, Any]:
    """Give facts about a project back that rules can look at; raises CommandError."""
    for name, value in given.items():
        if name in BY_ITSELF:
            raise CommandError(f"'{name}' is no attribute of a project: {BY_ITSELF[name]}")
        try:
            plain(value, f"project.{name}")
        except WireError as error:
            raise CommandError(str(error)) from None
    return dict(given)


def add(c: Command, *, values: dict[str, Any], migrated: str = "") -> ProjectNow:
    """Add a project in a command; ``add_project`` says what it does."""
    row = tables.Project(**values)  # anew for each try
    _check_stage(c, row.stage)
    _require_no_strategy(c, row.attributes)
    _require_place(c, values)
    if c.uow.projects.is_there(row.id):
        raise IdTaken(f"there is a project '{row.id}' already")
    why = enters(c, row.id, row.stage, migrated)
    exception = by_founder(c)
    before = clashing(c)
    c.uow.projects.add(row)
    require_as_compatible(c, before, row.id)
    body = {"name": row.name, "stage": row.stage, "office": row.office, **_placed(row)}
    kind = "project.proposed" if row.status == PROPOSED else "project.added"
    c.journal(kind, {**body, **why, **told(exception)}, row.id)
    return now_as(row, ("project",), exception)


def _require_no_strategy(c: Context, attributes: Mapping[str, Any], now: str | None = None) -> None:
    """Refuse to say by hand by which strategy a project is planned, where the policy chooses."""
    if c.policy.strategies is not None and attributes.get(STRATEGY, now) != now:
        raise CommandError(
            f"'{STRATEGY}' is set by 'pmo plan set', which says who may and enters what is planned"
        )


def _placed(row: tables.Project) -> dict[str, str]:
    found = {"programme": row.programme, "starts_on": row.starts_on, "ends_on": row.ends_on}
    return {name: str(value) for name, value in found.items() if value is not None}


def _require_place(c: Context, values: Mapping[str, Any]) -> None:
    """Refuse an office or a programme that there is not, and an end before the start."""
    office, programme = values.get("office"), values.get("programme")
    if c.policy.offices and office not in {None, tables.OFFICE}:
        office_named(c.policy, str(office))
    if programme is not None:
        require_programme(c, programme)
    start, end = values.get("starts_on"), values.get("ends_on")
    if start is not None and end is not None and end < start:
        raise CommandError(f"a project cannot end ({end}) before it starts ({start})")


def now_as(row: tables.Project, changed: tuple[str, ...], exception: str | None) -> ProjectNow:
    """Give a project as it stands, and what became otherwise."""
    return ProjectNow(
        project=row.id,
        name=row.name,
        stage=row.stage,
        status=row.status,
        changed=changed,
        by_founder=exception,
        office=row.office,
        programme=row.programme,
        starts_on=row.starts_on,
        ends_on=row.ends_on,
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
    place: Place = NOWHERE,
    attributes: Mapping[str, Any] | None = None,
    request: str | None = None,
) -> ProjectNow:
    """Give a project another name, status, place or attributes; one of ``None`` is taken away.

    A project that is closed takes no new records and opens no gates. Records that wait for a fact
    of the project are judged again; others are when they change, not now.
    """
    if name is None and status is None and place == NOWHERE and not attributes:
        raise CommandError(
            "nothing to change: give --name, --status, --office, --programme, --start, --end, or"
            " attributes as name=value"
        )
    given = dict(attributes or {})
    _attributes({key: value for key, value in given.items() if value is not None})
    said = {"name": None if name is None else called(name), "status": status, **asdict(place)}
    do = partial(change, given=said, attributes=given)
    order = Order(by, CHANGE_PROJECT, OfProject(project), ProjectNow, request)
    made = carry_out(governance, order, do)
    if PLACED.intersection(made.changed):
        have_moved(governance, [project], by)
    if made.changed:
        look_at_what_waits(governance, project)
    return made


def look_at_what_waits(governance: Governance, project: str) -> None:
    """Judge the records again that waited for a fact of the project; the change is kept already."""
    from pmo_engine.work.records import waited  # noqa: PLC0415 - records know their project

    with suppress(StoreError):
        with governance.reading() as c:
            found = c.uow.waits.due(project)
        waited.look_again(governance, found)


PLACED = frozenset({"office", "programme"})
"""What moves a project, and with it where roles count."""


def change(c: Command, *, given: Mapping[str, Any], attributes: Mapping[str, Any]) -> ProjectNow:
    """Change the project that a command is about; None leaves a value as it is."""
    row: tables.Project = c.on.row
    _require_no_strategy(c, attributes, row.attributes.get(STRATEGY))
    merged = {**row.attributes, **attributes}
    wanted: dict[str, Any] = {name: value for name, value in given.items() if value is not None}
    if "programme" in wanted:
        wanted["programme"] = wanted["programme"] or None
    wanted["attributes"] = {key: value for key, value in merged.items() if value is not None}
    values = {key: value for key, value in wanted.items() if value != getattr(row, key)}
    if "status" in values:
        require_act(c, CLOSE_PROJECT if values["status"] == CLOSED else START_PROJECT)
    dates = {"starts_on": row.starts_on, "ends_on": row.ends_on}
    _require_place(c, {**dates, **values})
    if not values:
        return now_as(row, (), None)
    exception = by_founder(c)
    moves = not PLACED.isdisjoint(values)
    before = clashing(c) if moves else frozenset()
    c.uow.projects.change(row, **values)
    if moves:
        note_move(c, [row.id])
        require_as_compatible(c, before, row.id)
    days = {name: str(value) for name, value in values.items() if isinstance(value, date)}
    c.journal("project.changed", {**values, **days, **told(exception)}, row.id)
    c.uow.waits.come(row.id, {"project"})
    open_gates(c, row.id)
    return now_as(row, tuple(sorted(values)), exception)


def open_gates(c: Command, project: str) -> None:
    """Begin the reviews of gates of which it can be judged by now whether they open."""
    if c.rules.opening_events:
        from pmo_engine.work.gates import on_events  # noqa: PLC0415 - few gates are opened so

        on_events.open_what_waited(c, project)


def move_project(
    governance: Governance,
    *,
    project: str,
    stage: str,
    by: str,
    migrated: str = "",
    request: str | None = None,
) -> ProjectNow:
    """Put a project into a stage by hand; the usual way is the gate between the two.

    Raises Refusal while a gate of the project is under review, and for a stage behind a gate,
    unless it is ``migrated`` there for a reason.
    """
    do = partial(move, stage=named(stage, "stage"), migrated=migrated)
    order = Order(by, MOVE_PROJECT, OfProject(project), ProjectNow, request)
    return carry_out(governance, order, do)


def move(c: Command, *, stage: str, migrated: str = "") -> ProjectNow:
    """Move a project in a command; ``move_project`` says what it does."""
    from pmo_engine.work.planning.stages import stage_begins  # noqa: PLC0415 - knows projects

    row: tables.Project = c.on.row
    _check_stage(c, stage)
    before, exception = row.stage, by_founder(c)
    if stage == before:
        return now_as(row, (), None)
    for review in c.uow.gate_reviews.of_project(row.id):
        if review.status != "closed":
            raise Refusal(
                f"gate {review.gate} of {row.id} is under review, and decides about the stage"
            )
    why = enters(c, row.id, stage, migrated)
    c.uow.projects.change(row, stage=stage)
    c.journal("project.moved", {"from": before, "to": stage, **why, **told(exception)}, row.id)
    stage_begins(c, row)
    return now_as(row, ("stage",), exception)


def require_takes_records(project: tables.Project) -> None:
    """Refuse new records in a project that is on hold, closed or stopped."""
    _require(project, {ON_HOLD, CLOSED, STOPPED})


def require_takes_gates(project: tables.Project) -> None:
    """Refuse a gate of a project that is closed or stopped; on hold, it says what follows."""
    _require(project, {CLOSED, STOPPED})


def require_goes_on(project: tables.Project) -> None:
    """Refuse to change what there is in a project that is stopped."""
    _require(project, {STOPPED})


def _require(project: tables.Project, refusing: Collection[str]) -> None:
    if project.status not in refusing:
        return
    opens = f"'pmo project start {project.id}' lets it go on"
    if project.status == CLOSED:
        opens = f"'pmo project change {project.id} --status active' opens it"
    raise Refusal(f"{project.id} is {words(project.status)}; {opens}")
