"""What decided gates of a project left to be done, and is not done: carried to the next gate."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_engine.model.shape import Shape

if TYPE_CHECKING:
    from pmo_engine.queries.view import View

OF_GATES = frozenset({"condition", "recommendation"})


class Carried(Shape):
    """A condition or a recommendation that is open: whose it is, and when it is due (ISO 8601)."""

    id: str
    gate: str
    kind: str
    text: str
    owner: str
    due: str | None
    overdue: bool


def carried(view: View, project: str) -> tuple[Carried, ...]:
    """List what gates of a project left to be done and is open, the earliest due first."""
    rows = [row for row in view.uow.obligations.open_in(project) if row.kind in OF_GATES]
    rows.sort(key=lambda row: (row.due_at or view.now, row.id))
    return tuple(
        Carried(
            id=row.id,
            gate=row.rule,
            kind=row.kind,
            text=row.reasons[0] if row.reasons else row.target,
            owner=str(row.details["role"]),
            due=None if row.due_at is None else row.due_at.isoformat(),
            overdue=row.due_at is not None and row.due_at < view.now,
        )
        for row in rows
    )
