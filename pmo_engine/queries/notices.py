"""Notices that nothing more is tried for, with the reason."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from sqlalchemy import select, tuple_
from sqlmodel import col

from pmo_engine.model.shape import Shape
from pmo_engine.model.vocabulary import MessageKind
from pmo_engine.queries.paging import ALL, Listing, Page, listing, the_place
from pmo_engine.store.columns import begins
from pmo_engine.store.tables import Message

if TYPE_CHECKING:
    from sqlalchemy import Row

    from pmo_engine.queries.view import View


class Unsent(Shape):
    """A message that failed, or that only a part of its address took."""

    id: str
    kind: MessageKind
    recipient: str | None
    subject: str
    state: Literal["failed", "sent in part"]
    attempts: int
    error: str


_PLACE = (col(Message.created_at), col(Message.id))
_ERROR = col(Message.last_error)
_COLUMNS = tuple(col(getattr(Message, name)) for name in Unsent.model_fields if name != "error")


def unsent(view: View, page: Page = ALL) -> Listing[Unsent]:
    """List messages in the order in which they were written; a page goes on after an id."""
    ended = col(Message.state).in_(["failed", "sent"])
    wanted = select(*_COLUMNS, _ERROR.label("error")).where(_ERROR.is_not(None), ended)
    if page.after is not None:
        wanted = wanted.where(tuple_(*_PLACE) > tuple_(*_place(view, page.after)))
    rows = view.uow.select(wanted.order_by(*_PLACE).limit(page.one_more))
    return listing(map(_unsent, rows), page, lambda each: each.id)


def _place(view: View, beginning: str) -> Any:
    """When a message was written, also one that was sent meanwhile; its beginning is enough."""
    mine = select(*_PLACE).where(begins(_PLACE[1], beginning))
    return the_place(list(view.uow.select(mine.limit(2))), "notice", beginning)


def _unsent(row: Row[Any]) -> Unsent:
    state = "sent in part" if row.state == "sent" else "failed"
    return Unsent(**row._asdict() | {"state": state})
