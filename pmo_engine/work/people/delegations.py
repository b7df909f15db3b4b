"""Delegations: what somebody lets somebody else decide for them, until it ends or is withdrawn."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import TYPE_CHECKING

from pmo_engine.authority import people as pure
from pmo_engine.authority.delegation import circle
from pmo_engine.model.frozen import dataclass
from pmo_engine.model.money import Money, MoneyError
from pmo_engine.model.shape import Shape
from pmo_engine.store import tables
from pmo_engine.work.acts import DELEGATE, WITHDRAW_DELEGATION
from pmo_engine.work.approvals.appointees import tell_of_way
from pmo_engine.work.approvals.bodies import has_ballot, seated
from pmo_engine.work.approvals.looking_again import have_changed
from pmo_engine.work.command import Command, Order, carry_out
from pmo_engine.work.errors import CommandError, Refusal, the_one
from pmo_engine.work.notices import wording as notices
from pmo_engine.work.people.gathered import A_DAY, people, pure_delegation
from pmo_engine.work.people.handing_on import require_acts, require_handed_on
from pmo_engine.work.people.people import told
from pmo_engine.work.permissions import by_founder
from pmo_engine.work.subjects import Locked, OfPeople

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from pmo_engine.store.unit_of_work import UnitOfWork
    from pmo_engine.work.governance import Context, Governance

ONE_AFTER_ANOTHER = "delegations"
"""The setting that every command about delegations writes first, so that no two see half a circle.
"""


class Delegated(Shape):
    """A delegation as it stands; a list that is empty bounds nothing.

    ``changed``: it was not so before. ``by_founder``: the exception by which it was done, if any.
    ``no_vote``: where the delegate gives no vote for its owner, having one of their own.
    """

    id: str
    owner: str
    delegate: str
    acts: tuple[str, ...]
    projects: tuple[str, ...]
    up_to: str | None
    since: date
    until: date | None
    reason: str
    changed: bool = True
    by_founder: str | None = None
    no_vote: tuple[str, ...] = ()

    @classmethod
    def of(
        cls, row: tables.Delegation, *, changed: bool = True, by_founder: str | None = None
    ) -> Delegated:
        """Give a row of the store."""
        return cls(
            id=row.id,
            owner=row.owner,
            delegate=row.delegate,
            acts=tuple(row.acts),
            projects=tuple(row.projects),
            up_to=row.up_to,
            since=row.from_date,
            until=row.to_date,
            reason=row.reason,
            changed=changed,
            by_founder=by_founder,
        )

    def __str__(self) -> str:
        """Say it: 'ben decides for ana from 2026-03-02 to 2026-03-06'."""
        return self.in_words(str)

    def in_words(self, called: Callable[[str], str]) -> str:
        """Say it of people as they are called."""
        what = "" if not self.acts else f": {', '.join(self.acts)}"
        where = "" if not self.projects else f" in {', '.join(self.projects)}"
        bound = "" if self.up_to is None else f" up to {self.up_to}"
        end = "on" if self.until is None else f"to {self.until}"
        who = f"{called(self.delegate)} decides for {called(self.owner)}"
        return f"{who} from {self.since} {end}{what}{where}{bound}"


@dataclass(frozen=True, slots=True)
class Bounds:
    """How far a delegation goes; what is empty or None bounds nothing."""

    acts: tuple[str, ...] = ()
    projects: tuple[str, ...] = ()
    up_to: str | None = None
    since: date | None = None
    until: date | None = None


def delegate(
    governance: Governance,
    *,
    owner: str,
    delegate: str,
    by: str,
    bounds: Bounds | None = None,
    reason: str = "",
    request: str | None = None,
) -> Delegated:
    """Let somebody decide for somebody else; said again it changes nothing.

    Raises Refusal for what its owner may not do or not hand on, and for a delegate who may be none;
    CommandError for days that are over, and where delegations would go round in a circle.
    """
    do = partial(_delegate, to=delegate, bounds=bounds or Bounds(), reason=reason)
    subject = OfPeople(owner, (delegate,))
    made = carry_out(governance, Order(by, DELEGATE, subject, Delegated, request), do)
    have_changed(governance, owner, delegate)
    if made.changed and by != owner:
        tell_of_way(
            governance, delegate, by, "as the delegate that {by} made them of {whose}", owner
        )
    return made


def _delegate(c: Command, *, to: str, bounds: Bounds, reason: str) -> Delegated:
    c.uow.settings.put(ONE_AFTER_ANOTHER, to)
    made = _made(c, to, bounds, reason)
    for each in c.uow.standing_in.of_owner(made.owner):
        if each.ended_on is None and _said(each) == _said(made):
            return Delegated.of(each, changed=False)
    asked = pure_delegation(made)
    there = people(c, made.from_date)
    _require_two(c, there, made)
    require_acts(c.policy, asked.acts)
    require_handed_on(c, there, asked)
    _require_no_circle(c, there, asked)
    exception = by_founder(c)
    c.uow.standing_in.add(made)
    _tell(c, made, exception)
    done = Delegated.of(made, by_founder=exception)
    return done.model_copy(update={"no_vote": tuple(_beside_their_own(c, there, made))})


def _beside_their_own(c: Context, there: pure.People, made: tables.Delegation) -> Iterator[str]:
    """Say in which bodies both sit: of a member who votes for another, one vote counts."""
    for project in (*made.projects,) or (None,):
        for role in there.roles_of(made.owner, project, made.from_date):
            if not has_ballot(c.policy, role):
                continue
            sit = seated(c, c.policy.terms[role], project, made.from_date)
            if {made.owner, made.delegate} <= set(sit):
                called = c.uow.people.name_of
                yield (
                    f"{called(made.delegate)} has a vote of their own in {role}, and one vote"
                    f" alone: there they give none for {called(made.owner)}"
                )


def _made(c: Command, to: str, bounds: Bounds, reason: str) -> tables.Delegation:
    first = bounds.since or c.today
    if first < c.today:
        raise CommandError(
            f"{first} is over, and what was decided then was decided: give {c.today} or a later day"
        )
    if bounds.until is not None and bounds.until < first:
        raise CommandError(f"a delegation cannot end ({bounds.until}) before it begins ({first})")
    for project in bounds.projects:
        c.uow.projects.get(project)
    return tables.Delegation(
        owner=c.on.row.id,
        delegate=to,
        acts=sorted({" ".join(act.split()) for act in bounds.acts}),
        projects=sorted(set(bounds.projects)),
        up_to=_amount(c, bounds.up_to),
        from_date=first,
        to_date=bounds.until,
        reason=reason,
        made_by=c.actor,
        made_at=c.now,
    )


def _amount(c: Command, text: str | None) -> str | None:
    if text is None:
        return None
    try:
        amount = Money.parse(text, c.policy.currency)
    except MoneyError as error:
        raise CommandError(f"--up-to: {error}") from None
    if amount.currency != c.policy.currency:
        raise CommandError(f"amounts are in {c.policy.currency} here, not in {amount.currency}")
    if amount.amount <= 0:
        raise CommandError(f"up to {amount} nothing could be decided: give more, or nothing at all")
    return str(amount)


def _said(row: tables.Delegation) -> tuple[object, ...]:
    bounds = (row.acts, row.projects, row.up_to, row.from_date, row.to_date)
    return (row.owner, row.delegate, *bounds)


def _require_two(c: Command, there: pure.People, made: tables.Delegation) -> None:
    called = c.uow.people.name_of
    if there.are_one(made.owner, made.delegate):
        who = f"{called(made.owner)} and {called(made.delegate)}"
        raise Refusal(f"{who} are one person, who decides as they are")
    if there.are_one(c.actor, made.delegate) and not there.are_one(c.actor, made.owner):
        raise Refusal(
            f"nobody makes themself a delegate: {called(made.owner)}, or somebody else, has to"
        )


def _require_no_circle(c: Command, there: pure.People, asked: pure.Delegation) -> None:
    standing = tuple(pure_delegation(each) for each in c.uow.standing_in.to_come(c.today))
    known = pure.People((), standing, same=there.same)
    if around := circle(known, asked):
        named = " to ".join(map(c.uow.people.name_of, around))
        raise CommandError(f"delegations would go round in a circle: {named}")


def _tell(c: Command, made: tables.Delegation, exception: str | None) -> None:
    said = Delegated.of(made)
    body = said.model_dump(mode="json", exclude={"changed", "by_founder"}, exclude_none=True)
    body["delegation"] = body.pop("id")
    c.journal("delegation.made", {**body, **told(exception)}, tables.OFFICE)
    why = f"Reason: {made.reason}." if made.reason else ""
    called = c.uow.people.name_of
    text = f"{said.in_words(called)}."
    key, whom = f"{made.id}/made", f"You decide for {called(made.owner)}"
    send(c, key, whom, f"{text}\n{why}", [made.delegate])
    if c.actor != made.owner:
        send(c, key, f"{called(made.delegate)} decides for you", text, [made.owner])


def send(c: Command, key: str, subject: str, body: str, people: Iterable[str]) -> None:
    """Tell people something that is about no project."""
    text = body.strip()
    notices.send(c, [notices.notice(c, key, each, subject, text, None) for each in people])


@dataclass(frozen=True, slots=True)
class OfDelegation:
    """A command about a delegation; ``beginning`` is as much of its id as tells it apart."""

    beginning: str

    def lock(self, uow: UnitOfWork) -> Locked:
        id = the_one(uow.standing_in.beginning_with(self.beginning), self.beginning, "delegation")
        row = uow.standing_in.get(id)
        OfPeople(row.owner, (row.delegate,)).lock(uow)
        return Locked(uow.standing_in.lock(id))


def withdraw(
    governance: Governance, *, delegation: str, by: str, request: str | None = None
) -> Delegated:
    """End a delegation at once: its owner, its delegate or whoever may 'delegate'.

    What was decided by it stays. Withdrawn again it changes nothing.
    """
    order = Order(by, WITHDRAW_DELEGATION, OfDelegation(delegation), Delegated, request)
    ended = carry_out(governance, order, _withdraw)
    have_changed(governance, ended.owner, ended.delegate)
    return ended


def _withdraw(c: Command) -> Delegated:
    row: tables.Delegation = c.on.row
    ends = [day for day in (row.ended_on, row.to_date and row.to_date + A_DAY) if day is not None]
    if ends and min(ends) <= c.today:
        return Delegated.of(row, changed=False)
    exception = None if c.actor in {row.owner, row.delegate} else by_founder(c)
    end(c, row, c.today, exception)
    return Delegated.of(row, by_founder=exception)


def end(c: Command, row: tables.Delegation, on: date, exception: str | None = None) -> None:
    """Let a delegation hold no more from a day on, and tell both."""
    c.uow.standing_in.end(row, on, c.actor)
    body = {"delegation": row.id, "owner": row.owner, "delegate": row.delegate}
    ended = {**body, "from": on.isoformat(), **told(exception)}
    c.journal("delegation.ended", ended, tables.OFFICE)
    both = [each for each in (row.owner, row.delegate) if each != c.actor]
    called = c.uow.people.name_of
    said = f"{called(row.delegate)} decides for {called(row.owner)} no more, from {on} on"
    send(c, f"{row.id}/ended", said, f"{said}.", both)


def end_all_of(c: Command, person: str, on: date) -> tuple[Delegated, ...]:
    """End everything that somebody who leaves delegated, or others to them, from a day on."""
    c.uow.settings.put(ONE_AFTER_ANOTHER, person)
    ended = []
    for each in c.uow.standing_in.to_come(c.today):
        goes_on = each.to_date is None or each.to_date >= on
        goes_on = goes_on and (each.ended_on is None or each.ended_on > on)
        if goes_on and person in {each.owner, each.delegate}:
            end(c, each, on)
            ended.append(Delegated.of(each))
    return tuple(ended)
