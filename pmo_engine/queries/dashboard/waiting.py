"""What waits to be decided: of the most senior first, approvals, then exceptions, by their days."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import case, func, literal, select
from sqlmodel import col

from pmo_engine.authority.titles import role_in_words
from pmo_engine.model.shape import Shape, iso
from pmo_engine.policy.selection import seniority_depth
from pmo_engine.queries.reported.raised import why
from pmo_engine.queries.reported.work import DECIDED
from pmo_engine.store.columns import by_code
from pmo_engine.store.tables import Entry, Obligation, Subject

if TYPE_CHECKING:
    from pmo_engine.queries.view import View

MOST = 20


class Waiting(Shape):
    """Something that waits for a decision: of what, in which project, of whom, until when."""

    project: str | None
    title: str
    about: str  # what the record is called, where it is one
    kind: str
    of: str
    due: str | None
    overdue: bool
    why: str = ""  # of an exception, what raised it


class Waits(Shape):
    """The first that wait, those for the most senior before others, and how many there are."""

    first: tuple[Waiting, ...]
    number: int
    overdue: int


def waiting(view: View, most: int = MOST) -> Waits:
    """Give what waits to be decided, at most so much of it, and count all of it."""
    mine = col(Obligation.status) == "open", col(Obligation.kind).in_(DECIDED)
    due = col(Obligation.due_at)
    late = func.count().filter(due < view.now)
    number, overdue = view.uow.select(select(func.count(), late).where(*mine))[0]
    kind, subject, target = (
        col(Obligation.kind),
        col(Obligation.subject_id),
        col(Obligation.target),
    )
    raised = (col(Obligation.rule), col(Obligation.also_rules), col(Obligation.details))
    columns = (col(Obligation.project), kind, target, due, col(Subject.title), *raised)
    wanted = (
        select(*columns, col(Entry.document))
        .join(Subject, col(Subject.id) == subject)
        .outerjoin(Entry, col(Entry.id) == subject)
    )
    at_last = by_code(col(Subject.title)), target, col(Obligation.id)
    depths = {role: seniority_depth(view.policy, role) for role in view.policy.roles}
    depth = case(depths, value=target, else_=len(depths)) if depths else literal(0)
    order = (depth, kind, due.is_(None), due, col(Obligation.opened_at), *at_last)
    rows = view.uow.select(wanted.where(*mine).order_by(*order).limit(most))
    return Waits(
        first=tuple(
            Waiting(
                project=project,
                title=title,
                about=str((document or {}).get("title") or ""),
                kind=kind,
                of=role_in_words(target, view.policy).removeprefix("the "),
                due=iso(due_at),
                overdue=due_at is not None and due_at < view.now,
                why=why((rule, *also), details) if kind == "exception" else "",
            )
            for project, kind, target, due_at, title, rule, also, details, document in rows
        ),
        number=number,
        overdue=overdue,
    )
