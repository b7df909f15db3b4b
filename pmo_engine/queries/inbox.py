"""What waits for a person: asked of the database by whom it is addressed to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import Field

from pmo_engine.model.shape import Shape
from pmo_engine.queries.view import View

if TYPE_CHECKING:
    from pmo_engine.store.tables import Obligation


class Waiting(Shape):
    """Something that waits for somebody; ``due`` is ISO 8601 to the minute."""

    id: str
    title: str
    project: str | None
    kind: str
    rule: str
    clause: str
    asked_of: str = Field(alias="for")
    since: str
    due: str | None
    reasons: list[str]
    version: int


def inbox(view: View, person: str) -> list[Waiting]:
    """List what waits for a person, the earliest due first."""
    uow = view.uow
    uow.people.get(person)
    held = uow.people.holdings(person, view.today)
    office = {item.role for item in held if item.project is None}
    by_project: dict[str, set[str]] = {}
    for item in held:
        if item.project is not None:
            by_project.setdefault(item.project, set()).add(item.role)
    return [_waiting(row) for row in uow.obligations.waiting_for(by_project, office, person)]


def _waiting(row: Obligation) -> Waiting:
    return Waiting(
        id=row.id,
        title=row.details["title"],
        project=row.project,
        kind=row.kind,
        rule=row.rule,
        clause=row.clause,
        asked_of=row.target,
        since=row.opened_at.isoformat(timespec="minutes"),
        due=None if row.due_at is None else row.due_at.isoformat(timespec="minutes"),
        reasons=row.reasons,
        version=row.subject_version,
    )
