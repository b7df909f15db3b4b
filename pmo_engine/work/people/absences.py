"""Absences: somebody is away for some days; a deputy stands in, or what waits for them goes up."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import TYPE_CHECKING

from pmo_engine.model.shape import Shape
from pmo_engine.store import tables
from pmo_engine.work.acts import CHANGE_ABSENCE
from pmo_engine.work.approvals.appointees import tell_of_way
from pmo_engine.work.approvals.looking_again import have_changed
from pmo_engine.work.command import Command, Order, carry_out
from pmo_engine.work.errors import CommandError, Refusal
from pmo_engine.work.people.acting import require_no_stand_in
from pmo_engine.work.people.delegations import send
from pmo_engine.work.people.gathered import people
from pmo_engine.work.people.people import told
from pmo_engine.work.permissions import by_founder, is_being_set_up
from pmo_engine.work.subjects import OfPeople

if TYPE_CHECKING:
    from collections.abc import Callable

    from pmo_engine.work.governance import Governance


class Away(Shape):
    """An absence as it stands; without a ``deputy`` who the terms name stands in, if not upward.

    ``changed``: it was not so before. ``by_founder``: the exception by which it was done, if any.
    """

    person: str
    since: date
    until: date | None
    deputy: str | None
    upward: bool
    back_on: date | None
    changed: bool = True
    by_founder: str | None = None

    @classmethod
    def of(
        cls, row: tables.Absence, *, changed: bool = True, by_founder: str | None = None
    ) -> Away:
        """Give a row of the store."""
        return cls(
            person=row.person,
            since=row.from_date,
            until=row.to_date,
            deputy=row.deputy,
            upward=row.upward,
            back_on=row.ended_on,
            changed=changed,
            by_founder=by_founder,
        )

    def __str__(self) -> str:
        """Say it: 'ana is away from 2026-03-02 to 2026-03-06; ben stands in'."""
        return self.in_words(str)

    def in_words(self, called: Callable[[str], str]) -> str:
        """Say it of people as they are called."""
        if self.back_on is not None:
            return f"{called(self.person)} is back on {self.back_on}"
        end = "on" if self.until is None else f"to {self.until}"
        stand_in = "it goes up" if self.upward else "deputies stand in as the terms say"
        stand_in = f"{called(self.deputy)} stands in" if self.deputy is not None else stand_in
        return f"{called(self.person)} is away from {self.since} {end}; {stand_in}"


def absent(
    governance: Governance,
    *,
    person: str,
    by: str,
    since: date | None = None,
    until: date | None = None,
    deputy: str | None = None,
    upward: bool = False,
    request: str | None = None,
) -> Away:
    """Say that somebody is away from a day (today) on, and who stands in; again it changes nothing.

    Raises CommandError for days that are over, and where they are away then already.
    """
    do = partial(_absent, since=since, until=until, deputy=deputy, upward=upward)
    others = () if deputy is None else (deputy,)
    order = Order(by, CHANGE_ABSENCE, OfPeople(person, others), Away, request)
    away = carry_out(governance, order, do)
    have_changed(governance, person, *others)
    if away.changed and by != person and deputy is not None:
        tell_of_way(governance, deputy, by, "as the deputy that {by} made them of {whose}", person)
    return away


def _absent(
    c: Command, *, since: date | None, until: date | None, deputy: str | None, upward: bool
) -> Away:
    first = since or c.today
    _require_days(c, first, until)
    if deputy is not None and upward:
        raise CommandError("either a deputy stands in or it goes up: give one of them")
    row = tables.Absence(
        person=c.on.row.id,
        deputy=deputy,
        upward=upward,
        from_date=first,
        to_date=until,
        made_by=c.actor,
        made_at=c.now,
    )
    for each in c.uow.standing_in.absences.of_person(row.person, first):
        if until is None or each.from_date <= until:
            return _again(c, each, row)
    _require_deputy(c, deputy, first)
    _require_other(c, first)
    exception = None if c.actor == row.person else by_founder(c)
    c.uow.standing_in.absences.add(row)
    away = Away.of(row, by_founder=exception)
    body = away.model_dump(mode="json", exclude={"changed", "by_founder"}, exclude_none=True)
    c.journal("person.away", {**body, **told(exception)}, tables.OFFICE)
    called = c.uow.people.name_of
    text = f"{away.in_words(called)}."
    if deputy is not None and deputy != c.actor:
        send(c, f"{row.id}/away", f"You stand in for {called(row.person)}", text, [deputy])
    if row.person != c.actor:
        said = f"You are said to be away by {c.actor_name}"
        send(c, f"{row.id}/away", said, text, [row.person])
    return away


def _again(c: Command, standing: tables.Absence, row: tables.Absence) -> Away:
    """Say that nothing changes where the same was said, and refuse what overlaps it."""
    said = [(x.from_date, x.to_date, x.deputy, x.upward) for x in (standing, row)]
    if said[0] != said[1]:
        away = Away.of(standing).in_words(c.uow.people.name_of)
        raise CommandError(f"{away} already: end that first, with --back")
    return Away.of(standing, changed=False)


def _require_days(c: Command, first: date, until: date | None) -> None:
    if first < c.today:
        raise CommandError(
            f"{first} is over, and who was there then was there: give {c.today} or a later day"
        )
    if until is not None and until < first:
        raise CommandError(f"an absence cannot end ({until}) before it begins ({first})")


def _require_other(c: Command, first: date) -> None:
    """Refuse who would stand in by the terms, and says themself that it is for them to do."""
    there, person = people(c, first), c.on.row.id
    if not there.are_one(c.actor, person) and not is_being_set_up(c):
        held = (each.role for each in there.holdings if each.person == person)
        require_no_stand_in(c, held, f"say that {c.uow.people.name_of(person)} is away")


def _require_deputy(c: Command, deputy: str | None, first: date) -> None:
    """Refuse a deputy who is the person themself, or away then, or who names themself."""
    if deputy is None:
        return
    there, person, called = people(c, first), c.on.row.id, c.uow.people.name_of
    who, whom = called(deputy), called(person)
    if there.are_one(deputy, person):
        raise Refusal(f"{who} and {whom} are one person, who cannot stand in for themself")
    if there.are_one(deputy, c.actor):
        raise Refusal(f"nobody makes themself a deputy: {whom}, or somebody else, has to")
    if there.absence(deputy, first) is not None:
        raise CommandError(f"{who} is away on {first}, and cannot stand in for {whom}")


def back(
    governance: Governance,
    *,
    person: str,
    by: str,
    on: date | None = None,
    request: str | None = None,
) -> Away:
    """Say that somebody is back on a day (today), or that they are not going to be away.

    Raises CommandError where they neither are away nor are going to be.
    """
    order = Order(by, CHANGE_ABSENCE, OfPeople(person, ()), Away, request)
    away = carry_out(governance, order, partial(_back, on=on))
    have_changed(governance, person)
    return away


def _back(c: Command, *, on: date | None) -> Away:
    day = on or c.today
    if day < c.today:
        raise CommandError(f"{day} is over: give {c.today} or a later day")
    standing = c.uow.standing_in.absences.of_person(c.on.row.id, day)
    if not standing:
        who = c.uow.people.name_of(c.on.row.id)
        raise CommandError(f"{who} is not away on {day}, nor later")
    exception = None if c.actor == c.on.row.id else by_founder(c)
    end(c, standing[0], day, exception)
    return Away.of(standing[0], by_founder=exception)


def end(c: Command, row: tables.Absence, on: date, exception: str | None = None) -> None:
    """Let somebody be back from a day on, and tell who stood in."""
    c.uow.standing_in.absences.end(row, on, c.actor)
    body = {"person": row.person, "on": on.isoformat(), **told(exception)}
    c.journal("person.back", body, tables.OFFICE)
    if row.deputy is not None and row.deputy != c.actor:
        said = f"{c.uow.people.name_of(row.person)} is back on {on}, and decides themself"
        send(c, f"{row.id}/back", said, f"{said}.", [row.deputy])
