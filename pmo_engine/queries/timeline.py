"""What happened to a record, a gate, a project or the whole office, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlmodel import col

from pmo_engine.model.shape import Shape
from pmo_engine.queries.journal import COLUMNS, chosen, name_of
from pmo_engine.queries.paging import ALL, Listing, Page, listing
from pmo_engine.queries.told import in_words
from pmo_engine.store.tables import JournalEntry, Person, Subject

if TYPE_CHECKING:
    from pmo_engine.queries.journal import Which
    from pmo_engine.queries.view import View


class Told(Shape):
    """Something that happened: when, who did it, to what, in a sentence without a subject."""

    chain: str
    seq: int
    at: str
    actor: str
    name: str  # of the actor
    kind: str
    subject: str | None  # its id
    about: str  # how people call it
    text: str


def timeline(view: View, which: Which, page: Page = ALL) -> Listing[Told]:
    """List what happened, oldest first unless the newest is wanted first; pages as of `lines`."""
    columns = select(*COLUMNS, col(Person.name), col(Subject.title))
    joined = (
        columns.select_from(JournalEntry)
        .outerjoin(Person, col(Person.id) == col(JournalEntry.actor))
        .outerjoin(Subject, col(Subject.id) == col(JournalEntry.subject_id))
    )
    made = (
        Told(
            chain=row.chain,
            seq=row.seq,
            at=row.at.isoformat(),
            actor=row.actor,
            name=row.name or row.actor,
            kind=row.kind,
            subject=row.subject_id,
            about=row.title or "",
            text=in_words(row.kind, row.body, view.policy),
        )
        for row in view.uow.select(chosen(view.uow, which, page, joined))
    )
    return listing(made, page, lambda each: name_of(which, each.chain, each.seq))
