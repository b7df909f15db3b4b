"""No path leads from somebody's own request to their own decision: every small office is tried.

Up to five people, of whom one asked; who holds the role that decides, who one that stands in, who
let whom decide for them (two at most, and every chain up to the fourth), before or since the
request, who is whose second account, who is away. What may not be is said here anew, slowly and in
its own way: by going through everybody's ways on foot.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from itertools import combinations, pairwise, permutations, product
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pmo_engine.authority import eligibility, interests
from pmo_engine.authority.eligibility import Decider, Matter, Standing, who_may_decide
from pmo_engine.authority.interests import Interest, barred
from pmo_engine.authority.people import Absence, Delegation, People
from pmo_engine.compiler.loading import load_policy
from pmo_engine.model.people import RoleHolding

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pmo_engine.policy import Policy

BEGAN, ASKED, TODAY = date(2026, 1, 1), date(2026, 3, 2), date(2026, 3, 9)
WHO = ("asker", "ben", "cleo", "dora", "emil")
ASKER, *OTHERS = WHO
ROLES = ("decider", "deputy", None)
PROVED = ("demo", "examples/npdc", "examples/txdot")

Edge = tuple[str, str]


@dataclass(frozen=True)
class Office:
    """Who holds what, who let whom decide, whose second account there is, who is away."""

    roles: tuple[str | None, ...]
    edges: tuple[Edge, ...] = ()
    ended: bool = False  # what was let was taken back on the day after the request
    same: Edge | None = None
    away: tuple[str, str | None] | None = None

    @property
    def people(self) -> People:
        held = zip(WHO, self.roles, strict=True)
        until = ASKED if self.ended else None
        return People(
            tuple(RoleHolding(who, role, None, BEGAN) for who, role in held if role is not None),
            tuple(
                Delegation(f"{one}-{other}", one, other, BEGAN, until) for one, other in self.edges
            ),
            () if self.away is None else (Absence(self.away[0], BEGAN, deputy=self.away[1]),),
            {} if self.same is None else {self.same[1]: self.same[0]},
        )

    def one(self, account: str) -> str:
        return self.same[0] if self.same and account == self.same[1] else account


@cache
def graphs() -> tuple[tuple[Edge, ...], ...]:
    """Give each small set of delegations once, whatever the others are called."""
    edges = list(permutations(WHO, 2))
    few = (chosen for count in range(3) for chosen in combinations(edges, count))
    chains = (tuple(pairwise(way)) for length in (4, 5) for way in permutations(WHO, length))
    kinds: dict[frozenset[Edge], tuple[Edge, ...]] = {}
    for chosen in (*few, *chains):
        alike = (
            frozenset((called[one], called[other]) for one, other in chosen) for called in _names()
        )
        kinds.setdefault(min(alike, key=sorted), tuple(sorted(chosen)))
    return tuple(kinds.values())


@cache
def _names() -> tuple[dict[str, str], ...]:
    return tuple(
        {ASKER: ASKER, **dict(zip(OTHERS, order, strict=True))} for order in permutations(OTHERS)
    )


def offices() -> Iterator[Office]:
    """Give every small office in which somebody may decide at all."""
    posts = [roles for roles in product(ROLES, repeat=len(WHO)) if "decider" in roles]
    for roles, edges in product(posts, graphs()):
        yield Office(roles, edges)
        if edges:
            yield Office(roles, edges, ended=True)
    pairs = [(ASKER, other) for other in OTHERS] + [("ben", "cleo")]
    short = [edges for edges in graphs() if len(edges) < 2]
    for roles, edges, same in product(posts, short, pairs):
        yield Office(roles, edges, same=same)
    absences = [(who, deputy) for who in WHO for deputy in (None, *WHO) if deputy != who]
    for roles, edges, away in product(posts, short[:2], absences):
        yield Office(roles, edges, away=away)


def decided_for_oneself(office: Office, standings: Iterable[Standing]) -> list[Standing]:
    """Find who may decide and is the asker, or decides for them, or has them decide for oneself."""
    near = _near(office)
    holders = {who for who, role in zip(WHO, office.roles, strict=True) if role == "decider"}
    asked_for = any(office.one(each) == ASKER for each in holders)
    wrong = []
    for each in standings:
        behalf = each.on_behalf_of
        stands_in = each.capacity == "deputy" and behalf is None and asked_for
        named = {office.one(each.person)} | ({office.one(behalf)} if behalf else set())
        if each.may and (named & near or stands_in):
            wrong.append(each)
    return wrong


def _near(office: Office) -> set[str]:
    """Go on foot from the asker, down and up: to whom their word came, whose came to them."""
    steps = [(office.one(one), office.one(other)) for one, other in office.edges]
    found = {ASKER}
    for ways in (steps, [(other, one) for one, other in steps]):
        ends = {ASKER}
        while ends:
            ends = {other for one, other in ways if one in ends} - found
            found |= ends
    return found


@cache
def policy(name: str) -> Policy:
    return load_policy(Path(__file__).parents[2] / "policies" / name)


def deciders(of: Policy) -> list[Decider]:
    """Give what the terms of a policy say of who decides, each kind of answer once."""
    kinds = {
        (barred(of, role, gate=gate), bool(terms and terms.deputies), chains)
        for role in of.roles
        for terms in (of.terms.get(role),)
        for gate in (False, True)
        for chains in (False, True)
    }
    return [
        Decider("decider", deputies=("deputy",) if stands_in else (), barred=kinds, chains=chains)
        for kinds, stands_in, chains in sorted(kinds, key=str)
    ]


def matter(decider: Decider) -> Matter:
    own = Interest(ASKER, "requester", "asked for this")
    return Matter("approve change_request", None, ASKED, (decider,), (own,))


def holes(decider: Decider, among: Iterable[Office]) -> Iterator[str]:
    """Name the capacity of everybody who may decide for themselves, office after office."""
    asked = matter(decider)
    for office in among:
        for each in decided_for_oneself(office, who_may_decide(asked, office.people, TODAY)):
            yield each.capacity


def test_the_offices_that_are_tried_are_many_and_differ() -> None:
    tried = list(offices())
    assert len(tried) == len(set(tried)) > 20_000
    assert len(graphs()) == 29


@pytest.mark.parametrize("chains", [False, True])
def test_nobody_decides_what_they_asked_for_by_any_path(*, chains: bool) -> None:
    widest = Decider("decider", deputies=("deputy",), chains=chains)
    assert not any(holes(widest, offices()))


@pytest.mark.parametrize("name", PROVED)
def test_the_policies_that_come_with_it_forbid_it_as_far(name: str) -> None:
    """Their terms let nobody decide despite an own request: that the proof above is theirs."""
    for decider in deciders(policy(name)):
        assert {"requester", "author"} <= decider.barred
        assert decider.deputies in {(), ("deputy",)}


def test_somebody_else_may_decide_in_most_of_them() -> None:
    decider = matter(Decider("decider", deputies=("deputy",), chains=True))
    free = sum(
        any(each.may for each in who_may_decide(decider, office.people, TODAY))
        for number, office in enumerate(offices())
        if number % 7 == 0
    )
    assert free > 1000


def _nobody(*_: object) -> frozenset[str]:
    return frozenset()


def _one_account(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(People, "accounts", lambda _, person: (person,))


def _no_delegates(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(interests, "delegates_of", _nobody)


def _no_delegators(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(interests, "delegators_of", _nobody)


def _only_of_today(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(interests.Days, "meet", lambda _, __, until: until is None)


def _any_stands_in(patch: pytest.MonkeyPatch) -> None:
    def stands_in(judge, decider, person, of):  # type: ignore[no-untyped-def]
        why = judge._why_not(decider, person, member=False)
        return eligibility._standing(decider, person, "deputy", None, why)

    patch.setattr(eligibility._Judge, "_stands_in", stands_in)


GUARDS = {
    "second accounts": _one_account,
    "delegates of who asked": _no_delegates,
    "for whom who asked decides": _no_delegators,
    "what was let go since": _only_of_today,
    "stand-ins of who asked": _any_stands_in,
}


@pytest.mark.parametrize("guard", GUARDS)
def test_without_a_guard_the_hole_is_found(guard: str, monkeypatch: pytest.MonkeyPatch) -> None:
    GUARDS[guard](monkeypatch)
    assert any(holes(Decider("decider", deputies=("deputy",), chains=True), offices()))


def test_without_the_interest_itself_the_hole_is_found() -> None:
    open_to_all = Decider("decider", barred=frozenset())
    assert "own role" in holes(open_to_all, offices())
    assert "deputy" in holes(replace(open_to_all, deputies=("deputy",)), offices())
