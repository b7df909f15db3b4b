"""Exceptions that tolerances, rules and gates raised, with their reports and answers."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, get_args

from sqlalchemy import select
from sqlmodel import col

from pmo_engine.model.shape import Shape, iso
from pmo_engine.model.vocabulary import A_GATE, PARTS
from pmo_engine.queries.obligations import ANSWERS, tally_of
from pmo_engine.queries.paging import ALL, Listing, listing
from pmo_engine.queries.reported.raised import REPORT, named
from pmo_engine.queries.reported.work import called_of
from pmo_engine.store.columns import begins
from pmo_engine.store.errors import NotFound
from pmo_engine.store.tables import Entry, Obligation, Subject

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

    from sqlalchemy import Select

    from pmo_engine.queries.view import View

Kind: TypeAlias = Literal["tolerance", "rule", "gate"]
OF_TOLERANCES: tuple[Kind, ...] = ("tolerance",)
KINDS: tuple[Kind, ...] = get_args(Kind)


class Put(Shape):
    """An answer that is put to the vote of a body: which, by whom and why, and how it stands."""

    id: str
    way: str
    by: str
    name: str
    reason: str
    body: str
    tally: str


class ExceptionShown(Shape):
    """An exception: what raised it, to whom, and how it stands.

    Of one of a tolerance ``report`` has the parts, ``way`` how it was answered; of another there
    is no report, and ``why`` says what raised it.
    """

    id: str
    title: str
    project: str | None
    tolerance: str
    to: str
    status: str
    report: dict[str, str]
    way: str = ""
    by: str = ""
    name: str = ""  # of who answered
    reason: str = ""
    body: str = ""  # whose vote gave the answer that ``by`` put to it
    kind: Kind = "tolerance"
    why: str = ""
    due: str | None = None  # until when it is answered
    put: Put | None = None  # the answer on which its body votes


class Raised(Shape):
    """An exception that a rule raised: what about, why, to whom and until when."""

    title: str
    text: str
    project: str | None
    to: str
    due: datetime | None
    kept_in: str | None = None  # the register of the record that it is about
    about: str = ""  # what that is called


def exceptions(view: View, project: str | None, *, answered: bool) -> Listing[ExceptionShown]:
    """List exceptions of tolerances, of a project or all, the latest last; open ones, or every."""
    return _listed(view, project, answered=answered, kinds=OF_TOLERANCES)


def every_exception(view: View, project: str | None, *, answered: bool) -> Listing[ExceptionShown]:
    """List exceptions whatever raised them; else as ``exceptions``."""
    return _listed(view, project, answered=answered, kinds=KINDS)


def _listed(
    view: View, project: str | None, *, answered: bool, kinds: Collection[Kind]
) -> Listing[ExceptionShown]:
    wanted = _wanted()
    if project is not None:
        wanted = wanted.where(col(Obligation.project) == project)
    if not answered:
        wanted = wanted.where(col(Obligation.status) == "open")
    order = tuple(col(getattr(Obligation, each)) for each in ("opened_at", "rule", "id"))
    found = (each for each in _shown(view, wanted.order_by(*order)) if each.kind in kinds)
    return listing(found, ALL, lambda each: each.id)


def _wanted() -> Select[Any]:
    subject = col(Subject.id) == col(Obligation.subject_id)
    return (
        select(Obligation, col(Subject.kind))
        .join(Subject, subject)
        .where(col(Obligation.kind) == "exception")
    )


def raised_by_rules(view: View, project: str | None) -> list[Raised]:
    """List the open exceptions that rules raised of themselves: no report on them is owed."""
    wanted = (
        select(Obligation, col(Entry.register_name), col(Entry.document))
        .outerjoin(Entry, col(Entry.id) == col(Obligation.subject_id))
        .where(col(Obligation.kind) == "exception", col(Obligation.status) == "open")
    )
    if project is not None:
        wanted = wanted.where(col(Obligation.project) == project)
    order = tuple(col(getattr(Obligation, each)) for each in ("due_at", "project", "rule", "id"))
    return [
        Raised(
            title=row.details["title"],
            text=row.details.get("text", ""),
            project=row.project,
            to=row.target,
            due=row.due_at,
            kept_in=register,
            about=called_of(document),
        )
        for row, register, document in view.uow.select(wanted.order_by(*order))
        if REPORT not in row.details
    ]


def exception_named(view: View, beginning: str) -> ExceptionShown:
    """Find an exception by as much of its id as tells it apart; raises NotFound."""
    found = list(_shown(view, _wanted().where(begins(col(Obligation.id), beginning))))
    if len(found) != 1:
        raise NotFound("exception", beginning)
    return found[0]


def _shown(view: View, wanted: Select[Any]) -> Iterator[ExceptionShown]:
    rows, called = view.uow.select(wanted), view.uow.people.name_of
    put = _put_to_bodies(view) if any(row.status == "open" for row, _ in rows) else {}
    voted_on = (each.details[ANSWERS] for each in put.values())
    said = (*(_answer(row) for row, _ in rows), *voted_on)
    view.uow.people.names_of(filter(None, (each.get("by") for each in said)))
    for row, subject in rows:
        answer = _answer(row)
        report = row.details.get(REPORT)
        raised: Kind = "gate" if subject == A_GATE else "rule"
        yield ExceptionShown(
            id=row.id,
            title=row.details["title"],
            project=row.project,
            tolerance="" if report is None else named((row.rule, *row.also_rules)),
            to=row.target,
            status=row.status,
            report={} if report is None else {part: report[part] for part in PARTS},
            way=answer.get("as", ""),
            by=answer.get("by", ""),
            name=called(answer.get("by", "")),
            reason=answer.get("reason", ""),
            body=answer.get("body", ""),
            kind=raised if report is None else "tolerance",
            why=row.details.get("text", "") if report is None else "",
            due=iso(row.due_at),
            put=_put(put[row.id], called) if row.id in put else None,
        )


def _put_to_bodies(view: View) -> dict[str, Obligation]:
    """Give the open approvals by which bodies vote on answers, by the exceptions they answer."""
    kind, status = col(Obligation.kind), col(Obligation.status)
    raised = select(col(Obligation.subject_id)).where(kind == "exception", status == "open")
    near = select(Obligation).where(
        kind == "approval", status == "open", col(Obligation.subject_id).in_(raised)
    )
    found = (row for (row,) in view.uow.select(near) if ANSWERS in row.details)
    return {row.details[ANSWERS]["to"]: row for row in found}


def _put(row: Obligation, called: Callable[[str], str]) -> Put:
    said = row.details[ANSWERS]
    return Put(
        id=row.id,
        way=said["as"],
        by=said["by"],
        name=called(said["by"]),
        reason=said["reason"],
        body=row.target,
        tally=tally_of(row.details),
    )


def _answer(row: Obligation) -> dict[str, Any]:
    answer: dict[str, Any] = row.details.get("answer", {})
    return answer
