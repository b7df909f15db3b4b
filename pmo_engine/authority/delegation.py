"""What somebody may do for somebody else: delegations on a day, followed to their end.

Nobody may do more for somebody than these may do themselves at that moment, nor more than any of
the delegations in between lets them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_engine.model.frozen import dataclass
from pmo_engine.model.money import grouped

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import date

    from pmo_engine.authority.people import Delegation, People
    from pmo_engine.model.money import Money

    Counts = Callable[[Delegation], bool]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be done, in which project (None: the office), and what it amounts to.

    An ``amount`` that is not known, or that there is not, is within no bound.
    """

    act: str
    project: str | None = None
    amount: Money | None = None


@dataclass(frozen=True, slots=True)
class Behalf:
    """For whom somebody acts, and by which delegations: the owner's own first."""

    owner: str
    by: tuple[Delegation, ...]

    @property
    def between(self) -> tuple[str, ...]:
        """Name those through whom it came, from the owner on, the one who acts left out."""
        return tuple(each.owner for each in self.by)


def covers(delegation: Delegation, wanted: Wanted) -> bool:
    """Tell whether a delegation is of what is wanted, whatever the day."""
    return (
        delegation.lets(wanted.act)
        and delegation.reaches(wanted.project)
        and _within(delegation.up_to, wanted.amount)
    )


def why_not_given(delegation: Delegation, wanted: Wanted) -> str:
    """Say why a delegation does not let its delegate do what is wanted; empty where it does.

    The words go on after the name of whose it is.
    """
    if not delegation.lets(wanted.act):
        return f"who lets them {' or '.join(delegation.acts)} alone"
    if not delegation.reaches(wanted.project):
        return f"who lets them do it in {' and '.join(delegation.projects)} alone"
    bound, amount = delegation.up_to, wanted.amount
    if bound is None or _within(bound, amount):
        return ""
    this = "what this amounts to is not known" if amount is None else f"this is {grouped(amount)}"
    return f"who lets them do it up to {grouped(bound)}, and {this}"


def _within(bound: Money | None, amount: Money | None) -> bool:
    if bound is None:
        return True
    return amount is not None and amount.currency == bound.currency and amount <= bound


def may_for(
    people: People,
    person: str,
    wanted: Wanted,
    on: date,
    *,
    own: Callable[[str], bool],
    chains: Callable[[str], bool],
) -> tuple[Behalf, ...]:
    """Give everybody for whom a person may do something on a day, each by the shortest way.

    ``own`` tells whether somebody may do it by themselves, ``chains`` whether what is theirs may be
    handed on by whom they gave it. Nobody acts for themselves, through whichever account.
    """
    found: dict[str, Behalf] = {}
    for each in _ways(people, person, wanted, on):
        fits = len(each.by) == 1 or chains(each.owner)
        if fits and each.owner not in found and own(each.owner):
            found[each.owner] = each
    return tuple(found.values())


def _ways(people: People, person: str, wanted: Wanted, on: date) -> Iterator[Behalf]:
    """Go up from a person, the shortest ways first; round a circle nobody goes twice."""
    seen = {people.one(person)}
    ends: list[tuple[str, tuple[Delegation, ...]]] = [(person, ())]
    while ends:
        further: list[tuple[str, tuple[Delegation, ...]]] = []
        for at, by in ends:
            for each in people.given_to(at, on):
                if people.one(each.owner) not in seen and covers(each, wanted):
                    yield Behalf(each.owner, (each, *by))
                    further.append((each.owner, (each, *by)))
        seen |= {people.one(owner) for owner, _ in further}
        ends = further


def delegates_of(people: People, person: str, counts: Counts) -> frozenset[str]:
    """Name everybody to whom anything of a person's came by what counts, however far it went on."""

    def beside(at: str) -> Iterator[str]:
        return (each.delegate for each in people.ever_given_by(at) if counts(each))

    return _reached(people, person, beside)


def delegators_of(people: People, person: str, counts: Counts) -> frozenset[str]:
    """Name everybody from whom anything came to a person by what counts, from however far."""

    def beside(at: str) -> Iterator[str]:
        return (each.owner for each in people.ever_given_to(at) if counts(each))

    return _reached(people, person, beside)


def holding(on: date) -> Counts:
    """Count the delegations that hold on a day."""
    return lambda each: each.holds(on)


def _reached(people: People, person: str, beside: Callable[[str], Iterator[str]]) -> frozenset[str]:
    """Follow delegations through every account of everybody on the way; who asks is left out."""
    mine = people.accounts(person)
    seen, waiting = set(mine), [*mine]
    while waiting:
        for each in beside(waiting.pop()):
            fresh = set(people.accounts(each)) - seen
            seen |= fresh
            waiting += fresh
    return frozenset(seen) - set(mine)


def circle(people: People, made: Delegation) -> tuple[str, ...]:
    """Name those round whom a delegation would close a circle, its owner first; else nobody.

    A circle is one only where acts, projects and days of all in it go together.
    """
    ways: list[tuple[Delegation, ...]] = [(made,)]
    while ways:
        by = ways.pop()
        passed = {people.one(each.delegate) for each in by}
        for each in people.delegations:
            if not people.are_one(each.owner, by[-1].delegate) or not _together((*by, each)):
                continue
            if people.are_one(each.delegate, made.owner):
                return (*(d.owner for d in (*by, each)), made.owner)
            if people.one(each.delegate) not in passed:
                ways.append((*by, each))
    return ()


def _together(by: tuple[Delegation, ...]) -> bool:
    """Tell whether there is a day, an act and a project that all of some delegations are of."""
    ends = [last for each in by if (last := each.last) is not None]
    days = not ends or max(each.since for each in by) <= min(ends)
    return days and _share_acts(by) and _share_projects(by)


def _share_acts(by: tuple[Delegation, ...]) -> bool:
    named = [act for each in by for act in each.acts]
    return not named or any(all(each.lets(act) for each in by) for act in named)


def _share_projects(by: tuple[Delegation, ...]) -> bool:
    named = [project for each in by for project in each.projects]
    return not named or any(all(each.reaches(project) for each in by) for project in named)
