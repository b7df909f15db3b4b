"""What waits for a person: asked of the database by whom it is addressed to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import Field
from sqlalchemy import select
from sqlmodel import col

from pmo_engine.model.shape import Shape, iso
from pmo_engine.queries.paging import ALL, Listing, Page, listing, the_place
from pmo_engine.store.columns import begins
from pmo_engine.store.tables import Obligation

if TYPE_CHECKING:
    from pmo_engine.queries.view import View
    from pmo_engine.store.obligations import Place


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
    act: str = ""
    signatures: str = ""  # whose are there and whose are missing, where several sign


def inbox(view: View, person: str, page: Page = ALL) -> Listing[Waiting]:
    """List what waits for a person, the earliest due first; a page goes on after an id."""
    uow = view.uow
    uow.people.get(person)
    held = uow.people.holdings(person, view.today)
    office = {item.role for item in held if item.project is None}
    by_project: dict[str, set[str]] = {}
    for item in held:
        if item.project is not None:
            by_project.setdefault(item.project, set()).add(item.role)
    place = None if page.after is None else _place(view, page.after)
    rows = uow.obligations.waiting_for(by_project, office, person, page.one_more, place)
    return listing(map(_waiting, rows), page, lambda each: each.id)


def _place(view: View, beginning: str) -> Place:
    """Where an obligation stands, open or decided meanwhile; its beginning is enough."""
    id = col(Obligation.id)
    mine = select(col(Obligation.due_at), id).where(begins(id, beginning))
    found = view.uow.select(mine.limit(2))
    due, whole = the_place(list(found), "obligation", beginning)
    return due, whole


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
        act=row.act,
        signatures=row.details.get("tally", ""),
    )
