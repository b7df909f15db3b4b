"""What happened to a record, a gate, a project or the whole office, in words."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlmodel import col

from pmo_engine.model.shape import Shape
from pmo_engine.queries.journal import COLUMNS, chosen, name_of
from pmo_engine.queries.paging import ALL, Listing, Page, listing
from pmo_engine.queries.told import in_words
from pmo_engine.store.tables import JournalEntry, Subject

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pmo_engine.policy import Policy
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


_ONE = ("person", "on_behalf_of", "delegate", "owner", "deputy", "by", "ran_by")
_SEVERAL = ("told", "people")
"""Where a line of the journal names people, who are shown by their names."""


def _people_in(body: dict[str, Any]) -> Iterator[str]:
    yield from (body[each] for each in _ONE if isinstance(body.get(each), str))
    for each in _SEVERAL:
        yield from body.get(each) or ()


def _by_name(body: dict[str, Any], called: Mapping[str, str]) -> dict[str, Any]:
    """Give what a line tells with the names of people instead of their accounts."""
    one = {each: called[body[each]] for each in _ONE if isinstance(body.get(each), str)}
    several = {each: [called[who] for who in body[each]] for each in _SEVERAL if body.get(each)}
    return body | one | several


def _text(kind: str, body: dict[str, Any], policy: Policy) -> str:
    """Say what happened; of what the engine did while somebody's command ran, also whose."""
    whose = f" (while a command of {body['ran_by']} ran)" if "ran_by" in body else ""
    return f"{in_words(kind, body, policy)}{whose}"


def timeline(view: View, which: Which, page: Page = ALL) -> Listing[Told]:
    """List what happened, oldest first unless the newest is wanted first; pages as of `lines`."""
    columns = select(*COLUMNS, col(Subject.title)).select_from(JournalEntry)
    joined = columns.outerjoin(Subject, col(Subject.id) == col(JournalEntry.subject_id))
    rows = view.uow.select(chosen(view.uow, which, page, joined))
    named = chain.from_iterable((row.actor, *_people_in(row.body)) for row in rows)
    called = view.uow.people.names_of(named)
    made = (
        Told(
            chain=row.chain,
            seq=row.seq,
            at=row.at.isoformat(),
            actor=row.actor,
            name=called[row.actor],
            kind=row.kind,
            subject=row.subject_id,
            about=row.title or "",
            text=_text(row.kind, _by_name(row.body, called), view.policy),
        )
        for row in rows
    )
    return listing(made, page, lambda each: name_of(which, each.chain, each.seq))
