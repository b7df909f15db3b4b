"""What waits for somebody in each project: decisions, exceptions, the gate ahead, confidence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select
from sqlmodel import col

from pmo_engine.model.shape import Shape
from pmo_engine.queries.portfolio import portfolio
from pmo_engine.store.tables import GateReview, Obligation

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Self

    from pmo_engine.queries.view import View


class Work(Shape):
    """What waits: of all, how much is overdue, how many decisions and exceptions are among it.

    ``gate`` is the one under review or ahead, ``review`` how its review stands, ``confidence`` what
    a review rated last.
    """

    waiting: int = 0
    overdue: int = 0
    decisions: int = 0
    decisions_overdue: int = 0
    exceptions: int = 0
    next_due: str | None = None
    gate: str | None = None
    review: str | None = None
    confidence: str | None = None

    @classmethod
    def together(cls, several: Iterable[Work]) -> Self:
        """Add up what several have open; the next that is due is the earliest."""
        every = list(several)
        due = [each.next_due for each in every if each.next_due is not None]
        return cls(
            waiting=sum(each.waiting for each in every),
            overdue=sum(each.overdue for each in every),
            decisions=sum(each.decisions for each in every),
            decisions_overdue=sum(each.decisions_overdue for each in every),
            exceptions=sum(each.exceptions for each in every),
            next_due=min(due, default=None),
        )


def work_of(view: View, projects: Iterable[str]) -> Mapping[str, Work]:
    """Give what is open in each of these projects."""
    standing = {each.id: each for each in portfolio(view).items}
    counted, confidence = _counted(view), _confidence(view)
    found = {}
    for id in projects:
        row, kinds = standing[id], counted.get(id, {})
        decisions, late = kinds.get("approval", (0, 0))
        found[id] = Work(
            waiting=row.open_,
            overdue=row.overdue,
            decisions=decisions,
            decisions_overdue=late,
            exceptions=kinds.get("exception", (0, 0))[0],
            next_due=row.next_due,
            gate=row.gate,
            review=row.review,
            confidence=confidence.get(id),
        )
    return found


def _counted(view: View) -> dict[str, dict[str, tuple[int, int]]]:
    """Count what is open by project and kind, and how much of it is overdue."""
    project, kind = col(Obligation.project), col(Obligation.kind)
    late = func.count().filter(col(Obligation.due_at) < view.now)
    counted = select(project, kind, func.count(), late).where(col(Obligation.status) == "open")
    found: dict[str, dict[str, tuple[int, int]]] = {}
    for id, of, number, overdue in view.uow.select(counted.group_by(project, kind)):
        found.setdefault(id, {})[of] = number, overdue
    return found


def _confidence(view: View) -> dict[str, str]:
    """Give the confidence that the latest review of each project rated."""
    wanted = select(col(GateReview.project), col(GateReview.details))
    rated: dict[str, str] = {}
    for project, details in view.uow.select(wanted.order_by(col(GateReview.opened_at))):
        value: Any = details.get("confidence")
        if value:
            rated[project] = value["value"]
    return rated
