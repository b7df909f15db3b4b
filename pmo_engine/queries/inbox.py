"""What waits for a person: asked of the database by whom it is addressed to."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from pydantic import Field

from pmo_engine.model.shape import Shape, iso
from pmo_engine.queries.view import View

if TYPE_CHECKING:
    from pmo_engine.store.tables import Obligation


class Waiting(Shape):
    """Something that waits for somebody; times are ISO 8601."""

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


def inbox(
    view: View, person: str, *, limit: int | None = None, after: Waiting | None = None
) -> list[Waiting]:
    """List what waits for a person, the earliest due first; ``after``: where a page ended."""
    uow = view.uow
    uow.people.get(person)
    held = uow.people.holdings(person, view.today)
    office = {item.role for item in held if item.project is None}
    by_project: dict[str, set[str]] = {}
    for item in held:
        if item.project is not None:
            by_project.setdefault(item.project, set()).add(item.role)
    place = None if after is None else (_moment(after.due), after.id)
    rows = uow.obligations.waiting_for(by_project, office, person, limit, place)
    return [_waiting(row) for row in rows]


def _moment(due: str | None) -> datetime | None:
    return None if due is None else datetime.fromisoformat(due)


def _waiting(row: Obligation) -> Waiting:
    return Waiting(
        id=row.id,
        title=row.details["title"],
        project=row.project,
        kind=row.kind,
        rule=row.rule,
        clause=row.clause,
        asked_of=row.target,
        since=row.opened_at.isoformat(),
        due=iso(row.due_at),
        reasons=row.reasons,
        version=row.subject_version,
    )
