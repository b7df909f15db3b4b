"""Who may decide a matter, in which capacity and by which clause; and everybody else, why not."""

from __future__ import annotations

from dataclasses import field
from types import MappingProxyType
from typing import TYPE_CHECKING

from pmo_engine.authority.delegation import Wanted, delegates_of, holding, may_for, why_not_given
from pmo_engine.authority.interests import BARRED, Days, Interest, Kind, Tie, ties
from pmo_engine.model.frozen import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
    from datetime import date

    from pmo_engine.authority.people import People
    from pmo_engine.model.money import Money
    from pmo_engine.model.vocabulary import Capacity

NOBODY: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Decider:
    """A role for which a matter waits, and what its terms say about deciding for it.

    ``deputies`` are roles that stand in; ``members`` are those of a body when it was put up, where
    they are fixed, and ``seatless`` says why others who held it then were none; ``why_not`` says
    why it may not decide, as a limit does. ``kept`` says why
    nobody does it for its holders, where that is so; a delegate holds one of the roles of
    ``delegates``, where there are any, and may hand it on where it ``chains``.
    """

    role: str
    capacity: Capacity = "own role"
    clause: str = ""
    deputies: tuple[str, ...] = ()
    members: frozenset[str] | None = None
    seatless: Mapping[str, str] = field(default_factory=lambda: NOBODY)
    barred: frozenset[Kind] = BARRED
    chains: bool = False
    kept: str = ""
    delegates: tuple[str, ...] = ()
    why_not: str = ""


@dataclass(frozen=True, slots=True)
class Matter:
    """What is to be decided, for which roles it waits, and who has to do with it.

    ``since`` is the day on which it was first asked for. ``signed`` gives by account what they, or
    somebody for them, signed of the same record, where everybody signs once; ``voted`` how they
    voted on this, which those in ``changeable`` may still change; ``voted_for`` by whose vote
    somebody has answered for them. Who answers for somebody gives the one vote that these have.
    ``called``: how people call an account's owner, ``titled`` a role.
    """

    act: str
    project: str | None
    since: date
    deciders: tuple[Decider, ...]
    interests: tuple[Interest, ...] = ()
    amount: Money | None = None
    signed: Mapping[str, str] = field(default_factory=lambda: NOBODY)
    voted: Mapping[str, str] = field(default_factory=lambda: NOBODY)
    voted_for: Mapping[str, str] = field(default_factory=lambda: NOBODY)
    changeable: frozenset[str] = frozenset()
    called: Callable[[str], str] = field(default=str, compare=False)
    titled: Callable[[str], str] = field(default=str, compare=False)


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether somebody may decide: for which role, how they come to it, by which clause.

    ``why_not`` goes on after their name, and is empty for whoever may.
    """

    person: str
    may: bool
    role: str = ""
    capacity: Capacity = "own role"
    on_behalf_of: str | None = None
    clause: str = ""
    why_not: str = ""


def who_may_decide(matter: Matter, people: People, on: date) -> tuple[Standing, ...]:
    """Give everybody near a matter on a day, those who may first; the same always in one order.

    Near are the holders of the roles for which it waits, who stands in for them, and who has an
    interest in it. Somebody who may in several ways does so in the first of them.
    """
    found: dict[str, Standing] = {}
    for each in _Judge(matter, people, on).everybody():
        before = found.get(each.person)
        if before is None or (each.may and not before.may):
            found[each.person] = each
    return tuple(sorted(found.values(), key=lambda each: not each.may))


class _Judge:
    """One question, with what its parts share."""

    def __init__(self, matter: Matter, people: People, on: date) -> None:
        self._matter, self._people, self._on = matter, people, on
        days = Days(min(matter.since, on), on)
        self._ties = ties(matter.interests, people, matter.act, matter.project, days)
        self._done = {people.one(each): (each, said) for each, said in _done(matter)}
        self._done_for = {people.one(owner): said for owner, said in matter.voted_for.items()}

    def everybody(self) -> Iterator[Standing]:
        """Go through the roles for which it waits, then whoever else has to do with it."""
        for decider in self._matter.deciders:
            holders = self._people.holders(decider.role, self._matter.project, self._on)
            yield from (self._own(decider, each) for each in holders)
            yield from self._deputies(decider, holders)
            yield from self._delegates(decider, holders)
        yield from self._others()

    def _own(self, decider: Decider, person: str) -> Standing:
        away = self._is_away(person)
        why = self._why_not(decider, person) or away
        if person in self._matter.changeable and why == self._matter.voted[person] and not away:
            why = f"{why}, and may change that vote until the outcome"
        held = self._people.holding(person, decider.role, self._matter.project, self._on)
        acting = held is not None and held.acting and decider.capacity == "own role"
        return _standing(decider, person, "acting" if acting else decider.capacity, None, why)

    def _deputies(self, decider: Decider, holders: tuple[str, ...]) -> Iterator[Standing]:
        """Let somebody stand in for whoever is away, and for a role of which nobody is there."""
        away = {each: self._people.absence(each, self._on) for each in holders}
        for holder, absence in away.items():
            if absence is not None and absence.deputy is not None:
                yield self._stands_in(decider, absence.deputy, (holder,))
        for role in decider.deputies:
            for person in self._people.holders(role, self._matter.project, self._on):
                if any(each is not None and each.upward for each in away.values()):
                    why = f"does not stand in: what waits for {self._titled(decider)} goes up"
                    yield _standing(decider, person, "deputy", None, why)
                elif all(away.values()):
                    yield self._stands_in(decider, person, holders)
                else:
                    whom = self._titled(decider)
                    why = f"stands in for {whom} only while nobody of it is there"
                    yield _standing(decider, person, "deputy", None, why)

    def _stands_in(self, decider: Decider, person: str, of: tuple[str, ...]) -> Standing:
        """Judge somebody who stands in; nobody does for those who may not decide themselves."""
        why = self._why_not(decider, person, member=False) or self._is_away(person)
        called = self._matter.called
        for each in of:
            reason = self._why_not_for(decider, each)
            why = why or (f"would stand in for {called(each)}, {reason}" if reason else "")
        return _standing(decider, person, "deputy", of[0] if len(of) == 1 else None, why)

    def _delegates(self, decider: Decider, holders: tuple[str, ...]) -> Iterator[Standing]:
        wanted = Wanted(self._matter.act, self._matter.project, self._matter.amount)
        counts = holding(self._on)
        reached = (delegates_of(self._people, each, counts) for each in holders)
        near = frozenset().union(*reached)
        for person in sorted(near):
            behalves = may_for(
                self._people,
                person,
                wanted,
                self._on,
                own=lambda owner: owner in holders,
                chains=lambda _owner: decider.chains,
            )
            if not behalves:
                why = self._not_let(person, wanted, {*holders, *near})
                yield _standing(decider, person, "delegate", None, why)
            for behalf in behalves:
                why = self._delegate_may_not(decider, person, behalf.between)
                yield _standing(decider, person, "delegate", behalf.owner, why)

    def _not_let(self, person: str, wanted: Wanted, near: Collection[str]) -> str:
        """Say how far those ``near`` go of whom somebody is a delegate, who do not let them."""
        given = (e for e in self._people.given_to(person, self._on) if e.owner in near)
        reasons = ((each, why_not_given(each, wanted)) for each in given)
        said = [f"{self._matter.called(each.owner)}, {why}" for each, why in reasons if why]
        whose = " and of ".join(said) or "nobody who may let them do this here"
        return f"is a delegate of {whose}"

    def _delegate_may_not(self, decider: Decider, person: str, between: tuple[str, ...]) -> str:
        """Say why somebody may not decide for others: each on the way has to be free to."""
        held = self._people.roles_of(person, self._matter.project, self._on)
        if decider.delegates and set(decider.delegates).isdisjoint(held):
            wanted = " or ".join(map(self._matter.titled, decider.delegates))
            return f"is no delegate for {self._titled(decider)}, but has to be {wanted}"
        why = decider.kept or self._why_not(decider, person, member=False)
        if why:
            return why
        owner, *through = between
        if why := self._why_not_for(decider, owner):
            return f"is a delegate of {self._matter.called(owner)}, {why}"
        for each in through:
            if why := self._interest(decider, each):
                return f"is a delegate through {self._matter.called(each)}, who {why}"
        return self._is_away(person)

    def _why_not_for(self, decider: Decider, owner: str) -> str:
        """Say why nobody decides for somebody: they may not, or one answered for them already."""
        why = self._why_not(decider, owner)
        if why:
            return f"who {why}"
        said = self._done_for.get(self._people.one(owner))
        return f"for whom {said}" if said else ""

    def _is_away(self, person: str) -> str:
        absence = self._people.absence(person, self._on)
        if absence is None:
            return ""
        return "is away" if absence.until is None else f"is away until {absence.until}"

    def _why_not(self, decider: Decider, person: str, *, member: bool = True) -> str:
        """Say what keeps somebody from deciding for a role, whether or not they are there."""
        if decider.why_not:
            return decider.why_not
        if member and decider.members is not None and not self._is_member(decider, person):
            none = f"was no member of {self._titled(decider)} when it was put up"
            return decider.seatless.get(person, none)
        return self._interest(decider, person) or self._has_done(person)

    def _has_done(self, person: str) -> str:
        """Say what somebody has done already, through whichever account."""
        matter = self._matter
        if own := matter.voted.get(person) or matter.signed.get(person):
            return own
        account, said = self._done.get(self._people.one(person), (person, ""))
        return f"is {matter.called(account)}, who {said}" if said else ""

    def _titled(self, decider: Decider) -> str:
        return self._matter.titled(decider.role)

    def _is_member(self, decider: Decider, person: str) -> bool:
        members = decider.members or ()
        return any(self._people.are_one(person, each) for each in members)

    def _interest(self, decider: Decider, person: str) -> str:
        for tie in self._ties.get(person, ()):
            if tie.interest.kind in decider.barred:
                return self._because(tie)
        return ""

    def _because(self, tie: Tie) -> str:
        said, why = tie.in_words(self._matter.called), _FORBIDDEN[tie.interest.kind]
        return f"{said}, and {why}" if tie.how == "own" else f"{said}: {why}"

    def _others(self) -> Iterator[Standing]:
        """Name whoever has an interest, or has voted, and no role for it."""
        for account, reached in self._ties.items():
            tie = reached[0].in_words(self._matter.called)
            yield Standing(account, may=False, why_not=f"{tie}, and has no role for it")
        for person, how in self._matter.voted.items():
            yield Standing(person, may=False, why_not=f"{how}, and has no role for it any more")


def _standing(
    decider: Decider, person: str, capacity: Capacity, behalf: str | None, why: str
) -> Standing:
    return Standing(person, not why, decider.role, capacity, behalf, decider.clause, why)


def _done(matter: Matter) -> Iterable[tuple[str, str]]:
    """Say of each account what it has done already."""
    yield from matter.signed.items()
    yield from matter.voted.items()


_FORBIDDEN: Mapping[Kind, str] = MappingProxyType(
    {
        "requester": "nobody approves a request of their own",
        "author": "nobody approves a request of their own",
        "owner": "nobody decides about what they own",
        "producer": "nobody decides about what they produced",
        "reviewer": "its terms keep reviewers from deciding",
        "party": "nobody decides where they are a party",
        "declared": "nobody decides where they have an interest",
        "own project": "nobody decides about their own project",
    }
)
