"""All that happened in each project, for who writes it down: read whole, a statement per table."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar, cast

from sqlalchemy import case, func, select
from sqlmodel import col

from pmo_engine.decisions.published import PublishedDecision
from pmo_engine.model.shape import Shape
from pmo_engine.model.vocabulary import Binding, ObligationKind, ObligationStatus
from pmo_engine.queries.reviews import RecordedAssessment, assessments_of
from pmo_engine.store.tables import (
    Decision,
    Entry,
    EntryVersion,
    GateReview,
    Message,
    Obligation,
    Project,
    Rung,
    Vote,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sqlalchemy import Select

    from pmo_engine.queries.view import View

S = TypeVar("S", bound=Shape)


class Ballot(Shape):
    """A vote, and whether it was changed later."""

    person: str
    choice: str
    reason: str
    at: datetime
    superseded_at: datetime | None


class Fired(Shape):
    """A reminder or an escalation that was made."""

    action: str
    role: str
    fired_at: datetime


class Asked(Shape):
    """What was asked of somebody, with the votes, and what the clock did."""

    id: str
    kind: ObligationKind
    target: str
    act: str
    rule: str
    binding: Binding
    status: ObligationStatus
    opened_at: datetime
    due_at: datetime | None
    closed_at: datetime | None
    ladder: str | None
    clause: str
    reasons: list[str]
    details: dict[str, Any]
    votes: tuple[Ballot, ...] = ()
    fired: tuple[Fired, ...] = ()


class Said(Shape):
    """What the engine said about an event."""

    at: datetime
    event: str
    policy_name: str
    policy_version: str
    result: PublishedDecision


class Standing(Shape):
    """How a record stood from a moment on, and who made it so."""

    version: int
    status: str
    at: datetime
    by: str


class RecordFile(Shape):
    """A record, and all that happened to it."""

    id: str
    project: str
    register_name: str
    key: str
    status: str
    document: dict[str, Any]
    policy_digest: str | None
    versions: tuple[Standing, ...] = ()
    said: tuple[Said, ...] = ()
    asked: tuple[Asked, ...] = ()


class ReviewFile(Shape):
    """A gate review, and all that happened in it."""

    id: str
    project: str
    gate: str
    status: str
    outcome: str | None
    opened_at: datetime
    opened_by: str
    closed_at: datetime | None
    policy_digest: str | None
    assessments: tuple[RecordedAssessment, ...] = ()
    said: tuple[Said, ...] = ()
    asked: tuple[Asked, ...] = ()


class Dossier(Shape):
    """A project with its records, by register and key, and its reviews, the oldest first.

    Or an office with its own; ``name`` is empty where it says no more than the id.
    """

    id: str
    name: str
    stage: str
    is_office: bool
    records: tuple[RecordFile, ...]
    reviews: tuple[ReviewFile, ...]


class Counted(Shape):
    """What a project has: records, what is open, what was ever asked."""

    records: int = 0
    open_: int = 0
    asked: int = 0


def dossiers(view: View) -> tuple[Dossier, ...]:
    """Give all projects by id, and after them the offices, with all that happened in them."""
    said, asked = _said(view), _asked(view)
    records, reviews = _records(view, said, asked), _reviews(view, said, asked)
    own = (Project.id, Project.name, Project.stage, Project.is_office)
    order = (col(Project.is_office), col(Project.id))
    return tuple(
        Dossier(
            id=id,
            name="" if name == id else name,
            stage=stage,
            is_office=is_office,
            records=records[id],
            reviews=reviews[id],
        )
        for id, name, stage, is_office in view.uow.select(select(*map(col, own)).order_by(*order))
    )


def counted(view: View) -> dict[str, Counted]:
    """Count what each project has; one that has nothing is left out."""
    of, project = col(Entry.project), col(Obligation.project)
    entries = select(of, func.count()).group_by(of)
    open_ = func.sum(case((col(Obligation.status) == "open", 1), else_=0))
    work = select(project, open_, func.count()).where(project.is_not(None)).group_by(project)
    records = dict(map(tuple, view.uow.select(entries)))
    found = {id: Counted(records=number) for id, number in records.items()}
    for id, still, number in view.uow.select(work):
        found[id] = Counted(records=records.get(id, 0), open_=still, asked=number)
    return found


def number_decided(view: View) -> int:
    """Count what was decided in projects."""
    decided = select(func.count()).where(col(Decision.project).is_not(None))
    return int(view.uow.select(decided)[0][0])


def number_sent(view: View) -> int:
    """Count the notices and flows that were handed over."""
    sent = select(func.count()).where(col(Message.state) == "sent")
    return int(view.uow.select(sent)[0][0])


def _by_first(view: View, shape: type[S], statement: Select[Any]) -> dict[str, tuple[S, ...]]:
    """The shapes made of all columns but the first, by the first, in the statement's order."""
    found: defaultdict[str, list[S]] = defaultdict(list)
    for row in view.uow.select(statement):
        id, *values = row
        given = dict(zip(row._fields[1:], values, strict=True))
        found[id].append(cast("S", shape.model_construct(**given)))
    return {id: tuple(shapes) for id, shapes in found.items()}


def _columns(table: type[Any], shape: type[Shape], *without: str) -> Iterable[Any]:
    names = (name for name in shape.model_fields if name not in without)
    return (col(getattr(table, name)).label(name) for name in names)


def _said(view: View) -> dict[str, tuple[Said, ...]]:
    order = (Decision.at, Decision.subject_version, Decision.event, Decision.id)
    wanted = select(col(Decision.subject_id).label("of"), *_columns(Decision, Said))
    return _by_first(view, Said, wanted.order_by(*(col(each) for each in order)))


def _asked(view: View) -> dict[str, tuple[Asked, ...]]:
    votes = select(col(Vote.obligation_id).label("of"), *_columns(Vote, Ballot))
    ballots = _by_first(view, Ballot, votes.order_by(col(Vote.at), col(Vote.person), col(Vote.id)))
    rungs = select(col(Rung.obligation_id).label("of"), *_columns(Rung, Fired))
    rungs = rungs.where(col(Rung.fired_at).is_not(None)).order_by(col(Rung.rung))
    fired = _by_first(view, Fired, rungs)
    order = (
        *(Obligation.opened_at, Obligation.kind, Obligation.target, Obligation.rule),
        *(Obligation.subject_version, Obligation.id),
    )
    wanted = select(
        col(Obligation.subject_id).label("of"), *_columns(Obligation, Asked, "votes", "fired")
    )
    rows = _by_first(view, Asked, wanted.order_by(*(col(each) for each in order)))
    return {
        subject: tuple(
            each.model_copy(
                update={"votes": ballots.get(each.id, ()), "fired": fired.get(each.id, ())}
            )
            for each in asked
        )
        for subject, asked in rows.items()
    }


def _records(
    view: View, said: Mapping[str, tuple[Said, ...]], asked: Mapping[str, tuple[Asked, ...]]
) -> defaultdict[str, tuple[RecordFile, ...]]:
    versions = select(col(EntryVersion.entry_id).label("of"), *_columns(EntryVersion, Standing))
    stood = _by_first(view, Standing, versions.order_by(col(EntryVersion.version)))
    own = _columns(Entry, RecordFile, "versions", "said", "asked")
    wanted = select(col(Entry.project).label("of"), *own)
    order = (col(Entry.register_name), col(Entry.key))
    return _with(
        _by_first(view, RecordFile, wanted.order_by(*order)),
        {"versions": stood, "said": said, "asked": asked},
    )


def _reviews(
    view: View, said: Mapping[str, tuple[Said, ...]], asked: Mapping[str, tuple[Asked, ...]]
) -> defaultdict[str, tuple[ReviewFile, ...]]:
    found = assessments_of(view, select(col(GateReview.id)))
    own = _columns(GateReview, ReviewFile, "assessments", "said", "asked")
    wanted = select(col(GateReview.project).label("of"), *own)
    order = (col(GateReview.opened_at), col(GateReview.gate), col(GateReview.id))
    return _with(
        _by_first(view, ReviewFile, wanted.order_by(*order)),
        {"assessments": found, "said": said, "asked": asked},
    )


def _with(
    files: Mapping[str, tuple[Any, ...]], parts: Mapping[str, Mapping[str, tuple[Any, ...]]]
) -> defaultdict[str, tuple[Any, ...]]:
    """The files of each project, with the parts that belong to each."""
    made: defaultdict[str, tuple[Any, ...]] = defaultdict(tuple)
    for project, own in files.items():
        made[project] = tuple(
            each.model_copy(update={name: of.get(each.id, ()) for name, of in parts.items()})
            for each in own
        )
    return made
