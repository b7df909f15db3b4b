"""The journal's lines: filtered and page by page, for who checks it; see `timeline` for words."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import select, tuple_
from sqlmodel import col

from pmo_engine.model.shape import Shape
from pmo_engine.queries.paging import ALL, Listing, Page, UnknownPlace, listing
from pmo_engine.store.columns import by_code
from pmo_engine.store.tables import OFFICE, JournalEntry, JournalHead

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Select

    from pmo_engine.store.unit_of_work import UnitOfWork


class Line(Shape):
    """A line as it was written; ``about`` is what its body names, ``subject`` an id."""

    chain: str
    seq: int
    at: str
    actor: str
    kind: str
    about: str
    subject: str | None
    through: str | None
    body: dict[str, Any]


class ChainHead(Shape):
    """Where a chain stands: the number and the hash of its last line."""

    chain: str
    seq: int
    hash: str


def require_chain(uow: UnitOfWork, chain: str | None) -> None:
    """Raise NotFound for a chain that is neither the office's nor a project's; None: all."""
    if chain is not None and chain != OFFICE:
        uow.projects.get(chain)


class Which(Shape):
    """Which lines: all that is given has to hold.

    ``kind``: one, or all of a group, as "gate." has "gate.opened". ``since`` and ``until``: from
    this moment on, and before that one.
    """

    chain: str | None = None
    subject: str | None = None
    kind: str | None = None
    actor: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    newest: bool = False  # first, else last

    @property
    def of_one_chain(self) -> bool:
        """Whether the lines' own numbers are their order; all of a subject are in one chain."""
        return self.chain is not None or self.subject is not None


COLUMNS = tuple(
    col(each)
    for each in (
        JournalEntry.chain,
        JournalEntry.seq,
        JournalEntry.at,
        JournalEntry.actor,
        JournalEntry.kind,
        JournalEntry.subject_id,
        JournalEntry.through,
        JournalEntry.body,
    )
)
_CHAIN, _SEQ, _AT, _ACTOR = COLUMNS[:4]
_SUBJECT = COLUMNS[5]


LONGEST = 9
"""Digits of a line's number; a database's own numbers end soon after."""


def lines(uow: UnitOfWork, which: Which, page: Page = ALL) -> Listing[Line]:
    """List lines in the order of their chain; of several chains, in the order of their times.

    A page goes on after the number of a line, or after "CHAIN:NUMBER" where there are several.
    """
    rows = uow.select(chosen(uow, which, page, select(*COLUMNS)))
    made = (
        Line(
            chain=row.chain,
            seq=row.seq,
            at=row.at.isoformat(),
            actor=row.actor,
            kind=row.kind,
            about=about(row.body),
            subject=row.subject_id,
            through=row.through,
            body=row.body,
        )
        for row in rows
    )
    return listing(made, page, lambda line: name_of(which, line.chain, line.seq))


def chains(uow: UnitOfWork) -> tuple[ChainHead, ...]:
    """Give where each chain stands, by name."""
    names = select(col(JournalHead.chain), col(JournalHead.seq), col(JournalHead.hash))
    rows = uow.select(names.order_by(by_code(col(JournalHead.chain))))
    return tuple(ChainHead(chain=chain, seq=seq, hash=found) for chain, seq, found in rows)


def about(body: dict[str, Any]) -> str:
    """Say in a word what a line is about."""
    for key in ("subject", "key", "event", "gate", "person", "name"):
        if body.get(key):
            return str(body[key])
    return ""


def name_of(which: Which, chain: str, seq: int) -> str:
    """Name a line, as the place where a page ended."""
    return str(seq) if which.of_one_chain else f"{chain}:{seq}"


def chosen(uow: UnitOfWork, which: Which, page: Page, columns: Select[Any]) -> Select[Any]:
    """Make the statement of a page of lines."""
    order = (_SEQ,) if which.of_one_chain else (_AT, _SEQ, by_code(_CHAIN))
    statement = columns.where(*_conditions(which))
    if page.after is not None:
        place = _place(uow, which, page.after)
        statement = statement.where(*_beyond(order, place, newest=which.newest))
    ordered = (each.desc() if which.newest else each.asc() for each in order)
    return statement.order_by(*ordered).limit(page.one_more)


def _conditions(which: Which) -> list[ColumnElement[bool]]:
    equal = ((_CHAIN, which.chain), (_SUBJECT, which.subject), (_ACTOR, which.actor))
    found = [column == value for column, value in equal if value is not None]
    if which.kind is not None:
        found.append(_of_kind(which.kind))
    if which.since is not None:
        found.append(which.since <= _AT)
    if which.until is not None:
        found.append(which.until > _AT)
    return found


def _of_kind(kind: str) -> ColumnElement[bool]:
    column = col(JournalEntry.kind)
    return column.startswith(kind, autoescape=True) if kind.endswith(".") else column.in_([kind])


def _beyond(order: Any, place: Any, *, newest: bool) -> list[ColumnElement[bool]]:
    """Further on than a place; the first column is named alone for the sake of its index."""
    here, there = tuple_(*order), tuple_(*place)
    if newest:
        return [order[0] <= place[0], here < there]
    return [order[0] >= place[0], here > there]


def _place(uow: UnitOfWork, which: Which, name: str) -> tuple[Any, ...]:
    chain, _, number = name.rpartition(":")
    if not number.isascii() or not number.isdigit() or len(number) > LONGEST:
        raise UnknownPlace("line of the journal", name)
    seq = int(number)
    if which.of_one_chain:
        return (seq,)
    entry = (col(JournalEntry.chain) == chain, col(JournalEntry.seq) == seq)
    when = select(_AT).where(*entry)
    found = uow.select(when)
    if not found:
        raise UnknownPlace("line of the journal", name)
    return found[0].at, seq, chain
