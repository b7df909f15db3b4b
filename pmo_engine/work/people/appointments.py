"""Roles given to people and ended, in spans of days that both count."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from pmo_engine.model.acts import Act
from pmo_engine.model.people import RoleHolding, for_unit
from pmo_engine.model.shape import Shape
from pmo_engine.source.diagnostics import nearest
from pmo_engine.store import tables
from pmo_engine.work.acts import APPOINT, END, LEAVE
from pmo_engine.work.approvals.appointees import tell_of_way
from pmo_engine.work.approvals.looking_again import are_found_out, have_changed
from pmo_engine.work.command import Command, Order, carry_out
from pmo_engine.work.errors import CommandError
from pmo_engine.work.people.acting import are_one, require_compatible, require_no_stand_in
from pmo_engine.work.people.delegations import Delegated, end_all_of
from pmo_engine.work.people.held import held_at
from pmo_engine.work.people.left_behind import hand_over, note_leaving
from pmo_engine.work.people.people import told
from pmo_engine.work.people.posts import Post, require_one_head, require_post
from pmo_engine.work.permissions import FOUNDER, by_founder, is_being_set_up
from pmo_engine.work.seats import require_free_seat, short_of_seats
from pmo_engine.work.subjects import OfPerson

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from pmo_engine.work.governance import Context, Governance

A_DAY = timedelta(days=1)


class Appointment(Shape):
    """A role that somebody has from one day to another, both included.

    In one project, for a ``unit`` (an office or a programme), or everywhere.
    """

    person: str
    role: str
    project: str | None
    since: date
    until: date | None
    acting: bool = False
    unit: str | None = None

    @classmethod
    def of(cls, held: tables.RoleHolding) -> Appointment:
        """Give a row of the store."""
        return cls(
            person=held.person,
            role=held.role,
            project=held.project,
            since=held.from_date,
            until=held.to_date,
            acting=held.acting,
            unit=held.unit,
        )

    def __str__(self) -> str:
        """Say it: 'ben holds head in P-1 from 2026-03-02 to 2026-03-06'."""
        return self.in_words(str)

    def in_words(self, called: Callable[[str], str]) -> str:
        """Say it of people as they are called."""
        place = "" if self.project is None else f" in {self.project}"
        place = place if self.unit is None else f" {for_unit(self.unit)}"
        end = "on" if self.until is None else f"to {self.until}"
        how = ", acting," if self.acting else ""
        return f"{called(self.person)} holds {self.role}{how}{place} from {self.since} {end}"


class Appointed(Shape):
    """The span as it stands now; ``changed``: it was not so before.

    ``by_founder``: the exception by which it was done, if any. ``no_seat``: who has no seat in a
    body whose role they hold, from then on.
    """

    appointment: Appointment
    changed: bool
    by_founder: str | None = None
    no_seat: tuple[str, ...] = ()


class Ended(Shape):
    """The spans that end now, with their last day; those that had not begun are taken back.

    ``vacant``: roles, with the project of each, that nobody holds from then on. ``delegations``:
    what somebody who leaves delegated, and others to them, which ends with it.
    """

    person: str
    ended: tuple[Appointment, ...]
    taken_back: tuple[Appointment, ...]
    vacant: tuple[tuple[str, str | None], ...]  # a role, and its project or unit
    delegations: tuple[Delegated, ...] = ()
    by_founder: str | None = None


def hold(
    governance: Governance,
    *,
    person: str,
    role: str,
    by: str,
    project: str | None = None,
    since: date | None = None,
    until: date | None = None,
    request: str | None = None,
) -> Appointed:
    """Appoint somebody to a role in one project, or everywhere; ``appoint`` says how."""
    post = Post(role, project)
    return appoint(
        governance, person=person, post=post, by=by, since=since, until=until, request=request
    )


def appoint(
    governance: Governance,
    *,
    person: str,
    post: Post,
    by: str,
    since: date | None = None,
    until: date | None = None,
    request: str | None = None,
) -> Appointed:
    """Give a person a role from ``since`` (today) on; said again it changes nothing.

    Where ``until`` is given and the person has the role, it ends then. Raises CommandError for a
    span that overlaps another one, and for an office that there is not or that has no such role;
    Refusal for a role that nobody holds beside one they have, and for a second head of an office.
    """
    do = partial(give, post=post, since=since, until=until)
    return _appoint(governance, _appointing(by, person, post, request), do)


def _appointing(by: str, person: str, post: Post, request: str | None) -> Order[Appointed]:
    act, subject = Act(APPOINT.verb, post.role), OfPerson(person, post.project, post.unit)
    return Order(by, act, subject, Appointed, request)


def _appoint(
    governance: Governance, order: Order[Appointed], do: Callable[[Command], Appointed]
) -> Appointed:
    made = carry_out(governance, order, do)
    given = made.appointment
    have_changed(governance, given.person, posts=_posts([given]))
    if made.changed:
        by = str(order.by)
        tell_of_way(governance, given.person, by, "by a role that {by} gave them")
    return made


def _posts(spans: Iterable[Appointment]) -> list[tuple[str, str | None]]:
    return [(each.role, each.project) for each in spans]


def give(c: Command, *, post: Post, since: date | None, until: date | None) -> Appointed:
    """Give the person whom a command is about a post, or end it; ``appoint`` says what it does."""
    _require_role(c, post)
    require_post(c, post)
    first = since or c.today
    if until is not None and until < first:
        raise CommandError(f"a role cannot end ({until}) before it begins ({first})")
    standing = _overlapping(_spans(c, post), first, until)
    if standing is None:
        return _begin(c, post, first, until)
    if (
        standing.acting != post.acting
        or standing.from_date > first
        or not _ends_within(until, standing.to_date)
    ):
        said = Appointment.of(standing).in_words(c.uow.people.name_of)
        raise CommandError(
            f"{said} already, and a role is held once at a time: "
            f"end that, or give days that it leaves free"
        )
    if until == standing.to_date:
        return Appointed(appointment=Appointment.of(standing), changed=False)
    assert until is not None  # None is only within None
    _require_to_come(c, until)
    exception = by_founder(c)
    _end(c, standing, until, exception)
    return Appointed(appointment=Appointment.of(standing), changed=True, by_founder=exception)


def _begin(c: Command, post: Post, first: date, until: date | None) -> Appointed:
    held = RoleHolding(c.on.row.id, post.role, post.project, first, until, unit=post.unit)
    if first < c.today and not is_being_set_up(c):
        require_free_seat(c, post)
    require_compatible(c, held)
    require_one_head(c, post, held)
    exception = by_founder(c)
    no_seat = tuple(short_of_seats(c, held))
    made = c.uow.people.hold(
        tables.RoleHolding(
            person=c.on.row.id,
            role=post.role,
            project=post.project,
            from_date=first,
            to_date=until,
            acting=post.acting,
            unit=post.unit,
        )
    )
    body: dict[str, Any] = {"person": c.on.row.id, "role": post.role, "project": post.project}
    body |= {} if post.unit is None else {"unit": post.unit}
    ends: dict[str, Any] = {} if until is None else {"to": until.isoformat()}
    ends |= {"acting": True} if post.acting else {}
    c.journal(
        "role.held",
        {**body, "from": first.isoformat(), **ends, **told(exception)},
        tables.OFFICE,
    )
    return Appointed(
        appointment=Appointment.of(made), changed=True, by_founder=exception, no_seat=no_seat
    )


def _require_role(c: Context, post: Post) -> None:
    known = sorted({*c.policy.roles, *c.policy.functional})
    if post.role not in known:
        hint = nearest(post.role, known)
        there = f"{', '.join(known)}{f' ({hint})' if hint else ''}"
        raise CommandError(f"the policy has no role '{post.role}'; it has {there}")


def _spans(c: Command, post: Post) -> list[tables.RoleHolding]:
    held = c.uow.people.lock_holdings(c.on.row.id)
    wanted = (post.role, post.project, post.unit)
    return [each for each in held if (each.role, each.project, each.unit) == wanted]


def _overlapping(
    spans: Iterable[tables.RoleHolding], first: date, until: date | None
) -> tables.RoleHolding | None:
    """Find the earliest span that shares a day with another one."""
    return next(
        (
            each
            for each in spans
            if (until is None or each.from_date <= until)
            and (each.to_date is None or each.to_date >= first)
        ),
        None,
    )


def _ends_within(until: date | None, end: date | None) -> bool:
    return end is None or (until is not None and until <= end)


def end(
    governance: Governance,
    *,
    person: str,
    role: str,
    by: str,
    project: str | None = None,
    unit: str | None = None,
    on: date | None = None,
    request: str | None = None,
) -> Ended:
    """End a role that somebody has: after the day ``on``, or at once where that is not given.

    At once means that it is not held today any more. Raises CommandError where they do not have it,
    and for a day that is over: what was done in a role was done in it.
    """
    do = partial(_end_role, post=Post(role, project, unit=unit), on=on)
    subject = OfPerson(person, project, unit)
    return _done(governance, Order(by, Act(END.verb, role), subject, Ended, request), do)


def _done(governance: Governance, order: Order[Ended], do: Callable[[Command], Ended]) -> Ended:
    """End roles, and ask at once whoever may act now on what waited for who held them."""
    ended = carry_out(governance, order, do)
    others = {name for each in ended.delegations for name in (each.owner, each.delegate)}
    posts = _posts((*ended.ended, *ended.taken_back))
    have_changed(governance, ended.person, *sorted(others - {ended.person}), posts=posts)
    if ended.taken_back:
        are_found_out(governance, ended.person)
    return ended


def _end_role(c: Command, *, post: Post, on: date | None) -> Ended:
    _require_to_come(c, on)
    spans = _running(_spans(c, post), on or c.today)
    if not spans:
        raise CommandError(_has_not(c, post))
    return _end_all(c, spans[:1], on)


def _has_not(c: Command, post: Post) -> str:
    """Say that somebody has not the role there, and which they have."""
    held = c.uow.people.holdings(c.on.row.id, c.today)
    called = c.uow.people.name_of
    who = called(c.on.row.id)
    has = (
        "; ".join(Appointment.of(each).in_words(called) for each in held) or f"{who} holds no role"
    )
    place = "everywhere" if post.project is None else f"in {post.project}"
    place = place if post.unit is None else for_unit(post.unit)
    return f"{who} does not hold {post.role} {place}: {has}"


def leave(
    governance: Governance,
    *,
    person: str,
    by: str,
    on: date | None = None,
    request: str | None = None,
) -> Ended:
    """End every role that somebody has, and take back those that are to begin later.

    What they delegated, and others to them, ends too, and what they may do as the founder of the
    store. What is asked of them themself is asked of others once they are gone. Said again it
    changes nothing. Raises CommandError for a day that is over.
    """
    order = Order(by, LEAVE, OfPerson(person), Ended, request)
    done = _done(governance, order, partial(_leave, on=on))
    if on is None:
        hand_over(governance, person)
    return done


def _leave(c: Command, *, on: date | None) -> Ended:
    _require_to_come(c, on)
    held = c.uow.people.lock_holdings(c.on.row.id)
    spans = _running(held, c.today if on is None else on + A_DAY)
    ended = _end_all(c, spans, on)
    founder = c.uow.settings.get(FOUNDER) == c.on.row.id
    if founder:
        c.uow.settings.put(FOUNDER, "")
    delegations = end_all_of(c, c.on.row.id, c.today if on is None else on + A_DAY)
    note_leaving(c, c.on.row.id, on)
    if spans or founder or delegations:
        c.journal("person.left", {"person": c.on.row.id}, tables.OFFICE)
    return ended.model_copy(update={"delegations": delegations})


def _require_to_come(c: Context, on: date | None) -> None:
    """Refuse a last day that is over: what was done in a role since was done in it."""
    if on is not None and on < c.today:
        raise CommandError(
            f"{on} is over, and a role that was held stays held: give {c.today} or a later day, "
            f"or none, and it ends at once"
        )


def _running(spans: Iterable[tables.RoleHolding], day: date) -> list[tables.RoleHolding]:
    """Choose the spans that are not over before a day."""
    return [each for each in spans if each.to_date is None or each.to_date >= day]


def _end_all(c: Command, spans: list[tables.RoleHolding], on: date | None) -> Ended:
    if not are_one(c, c.on.row.id, c.actor) and not is_being_set_up(c):
        whose = c.uow.people.name_of(c.on.row.id)
        require_no_stand_in(c, (each.role for each in spans), f"end that of {whose}")
    last = c.today - A_DAY if on is None else on
    ended, taken_back, exception = [], [], by_founder(c)
    for each in spans:
        if each.from_date <= last:
            _end(c, each, last, exception)
            ended.append(Appointment.of(each))
        else:
            _take_back(c, each, exception)
            taken_back.append(Appointment.of(each))
    posts = dict.fromkeys((e.role, e.project, e.unit) for e in (*ended, *taken_back))
    nobody = (
        (role, unit or project)
        for role, project, unit in posts
        if not held_at(c, role, project, unit, last + A_DAY)
    )
    return Ended(
        person=c.on.row.id,
        ended=tuple(ended),
        taken_back=tuple(taken_back),
        vacant=tuple(nobody),
        by_founder=exception,
    )


def _end(c: Command, held: tables.RoleHolding, last: date, exception: str | None) -> None:
    if c.uow.people.end(held, last):
        _tell_end(c, held, {"to": last.isoformat(), **told(exception)})


def _take_back(c: Command, held: tables.RoleHolding, exception: str | None) -> None:
    _tell_end(c, held, {"taken_back": True, "from": held.from_date.isoformat(), **told(exception)})
    c.uow.people.take_back(held)


def _tell_end(c: Command, held: tables.RoleHolding, how: dict[str, Any]) -> None:
    post = {"person": held.person, "role": held.role, "project": held.project}
    unit = {} if held.unit is None else {"unit": held.unit}
    c.journal("role.ended", {**post, **unit, **how}, tables.OFFICE)
