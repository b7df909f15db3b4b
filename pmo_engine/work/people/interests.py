"""Interests that people declare: in a project, in a record, or in somebody outside.

Whoever has one does not decide about it. Nobody ends one of their own, for that would let them.
"""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import TYPE_CHECKING

from pmo_engine.model.frozen import dataclass
from pmo_engine.model.shape import Shape
from pmo_engine.store import tables
from pmo_engine.work.acts import DECLARE_INTEREST, END_INTEREST
from pmo_engine.work.approvals.eligible import as_compared
from pmo_engine.work.approvals.looking_again import are_found_out, have_changed
from pmo_engine.work.command import Command, Order, carry_out
from pmo_engine.work.errors import CommandError, the_one
from pmo_engine.work.notices import wording as notices
from pmo_engine.work.people.people import told
from pmo_engine.work.permissions import by_founder
from pmo_engine.work.subjects import Locked, OfPerson

if TYPE_CHECKING:
    from pmo_engine.policy import Policy
    from pmo_engine.store.unit_of_work import UnitOfWork
    from pmo_engine.work.governance import Context, Governance


def names_parties(policy: Policy) -> bool:
    """Tell whether any register says who is a party to its records."""
    fields = (each for register in policy.registers.values() for each in register.fields.values())
    return any(each.names == "party" for each in fields)


class Declared(Shape):
    """An interest of somebody, in what, and on which days, both included."""

    id: str
    person: str
    called: str  # what it is in
    since: date
    until: date | None
    why: str
    by_founder: str | None = None

    @classmethod
    def of(cls, row: tables.DeclaredInterest, by_founder: str | None = None) -> Declared:
        """Give a row of the store."""
        return cls(
            id=row.id,
            person=row.person,
            called=row.called,
            since=row.from_date,
            until=row.to_date,
            why=row.why,
            by_founder=by_founder,
        )


@dataclass(frozen=True, slots=True)
class In:
    """What an interest is in: one of a project, a record by its id, and a party by its name."""

    project: str | None = None
    subject: str | None = None
    party: str | None = None


def declare(
    governance: Governance,
    *,
    person: str,
    about: In,
    by: str,
    since: date | None = None,
    until: date | None = None,
    why: str = "",
    request: str | None = None,
) -> Declared:
    """Say that somebody has an interest from ``since`` (today) on; said again it changes nothing.

    One's own is anybody's to declare, another's as the terms let.

    Raises CommandError for what is none, or not there; NotFound.
    """
    do = partial(_declare, about=about, since=since, until=until, why=why)
    order = Order(by, DECLARE_INTEREST, OfPerson(person), Declared, request)
    made = carry_out(governance, order, do)
    are_found_out(governance, person)
    return made


def _declare(
    c: Command, *, about: In, since: date | None, until: date | None, why: str
) -> Declared:
    first = since or c.today
    if until is not None and until < first:
        raise CommandError(f"an interest cannot end ({until}) before it begins ({first})")
    exception = None if c.on.row.id == c.actor else by_founder(c)
    made = tables.DeclaredInterest(
        person=c.on.row.id,
        project=about.project,
        subject_id=about.subject,
        party=None if about.party is None else as_compared(about.party),
        called=_called(c, about),
        why=why,
        from_date=first,
        to_date=until,
        declared_by=c.actor,
        declared_at=c.now,
    )
    for each in c.uow.interests.of(made.person):
        if _said(each) == _said(made):
            return Declared.of(each)
    row = c.uow.interests.add(made)
    body = {"person": row.person, "in": row.called, "from": first.isoformat(), "why": why}
    ends = {} if until is None else {"to": until.isoformat()}
    c.journal("interest.declared", {**body, **ends, **told(exception)}, tables.OFFICE)
    if row.person != c.actor:
        _tell(c, row)
    return Declared.of(row, exception)


def _tell(c: Command, row: tables.DeclaredInterest) -> None:
    """Tell somebody of whom another says that they have an interest, as it keeps them out."""
    said = f"You are said to have an interest in {row.called}"
    why = f"Reason: {row.why}. " if row.why else ""
    body = f"{c.actor_name} said so. {why}You decide nothing about it."
    notices.send(c, [notices.notice(c, f"{row.id}/declared", row.person, said, body, None)])


def _said(each: tables.DeclaredInterest) -> tuple[object, ...]:
    """Give what tells one interest of somebody from another."""
    return each.project, each.subject_id, each.party, each.from_date, each.to_date


def _called(c: Context, about: In) -> str:
    if about.project is not None:
        return c.uow.projects.get(about.project).id
    if about.subject is not None:
        return c.uow.subjects.get(about.subject).title
    if about.party is None or not about.party.strip():
        raise CommandError("say what the interest is in: a project, a record, or somebody's name")
    return about.party.strip()


@dataclass(frozen=True, slots=True)
class OfInterest:
    """A command about a declared interest; its person is locked."""

    beginning: str

    def lock(self, uow: UnitOfWork) -> Locked:
        found = uow.interests.beginning_with(self.beginning)
        row = uow.interests.get(the_one(found, self.beginning, "declared interest"))
        uow.people.lock(row.person)
        return Locked(row)


def end(
    governance: Governance,
    interest: str,
    *,
    by: str,
    on: date | None = None,
    request: str | None = None,
) -> Declared:
    """End a declared interest after a day (today), as the terms let; never one of one's own.

    What was asked while it was had stays closed to its person. Raises CommandError for a day that
    is over, or before it began.
    """
    order = Order(by, END_INTEREST, OfInterest(interest), Declared, request)
    ended = carry_out(governance, order, partial(_end, on=on))
    have_changed(governance, ended.person)
    return ended


def _end(c: Command, *, on: date | None) -> Declared:
    row: tables.DeclaredInterest = c.on.row
    last = on or c.today
    if last < max(c.today, row.from_date):
        raise CommandError(f"{last} is over, or before it begins: give today or a later day")
    if row.to_date is not None and row.to_date <= last:
        return Declared.of(row)
    exception = by_founder(c)
    if not c.uow.interests.end(row, last):
        return Declared.of(row)
    body = {"person": row.person, "in": row.called, "to": last.isoformat(), **told(exception)}
    c.journal("interest.ended", body, tables.OFFICE)
    return Declared.of(row, exception)


def declared(c: Context, person: str | None = None) -> list[Declared]:
    """List the interests that somebody, or anybody, has today or later."""
    rows = c.uow.interests.of(person)
    return [Declared.of(row) for row in rows if row.to_date is None or row.to_date >= c.today]
