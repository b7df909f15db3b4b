"""Who has an interest in a matter, of which kind, and which kinds keep whom from deciding."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Literal, TypeAlias

from pmo_engine.authority.delegation import delegates_of, delegators_of
from pmo_engine.model.frozen import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import date

    from pmo_engine.authority.people import Delegation, People
    from pmo_engine.policy import Policy

Kind: TypeAlias = Literal[
    "requester", "author", "owner", "producer", "reviewer", "party", "declared", "own project"
]

KINDS: Mapping[str, frozenset[Kind]] = MappingProxyType(
    {
        "own": frozenset({"requester", "author", "owner"}),
        "produced": frozenset({"producer"}),
        "reviewed": frozenset({"reviewer"}),
        "party": frozenset({"party", "declared"}),
        "own project": frozenset({"own project"}),
    }
)
"""What the words of ``may_not`` and ``may_despite`` stand for."""

BARRED: frozenset[Kind] = KINDS["own"] | KINDS["produced"] | KINDS["party"]
"""What keeps everybody from deciding where the terms say nothing."""


@dataclass(frozen=True, slots=True)
class Interest:
    """What somebody has to do with a matter; ``why`` goes on after their name."""

    person: str
    kind: Kind
    why: str  # "asked for this", "owns it"


@dataclass(frozen=True, slots=True)
class Tie:
    """How an interest reaches somebody: it is their own, or that of whom they decide for."""

    interest: Interest
    how: Literal["own", "account", "delegate", "delegator"] = "own"

    def __str__(self) -> str:
        """Say it so that it goes on after a name: 'is a delegate of ana, who asked for this'."""
        return self.in_words(str)

    def in_words(self, called: Callable[[str], str]) -> str:
        """Say it of people as they are called."""
        why, whose = self.interest.why, called(self.interest.person)
        match self.how:
            case "own":
                return why
            case "account":
                return f"is {whose}, who {why}"
            case "delegate":
                return f"is a delegate of {whose}, who {why}"
            case "delegator":
                return f"has {whose} as a delegate, who {why}"


def barred(policy: Policy, role: str, *, gate: bool) -> frozenset[Kind]:
    """Name the kinds of interest that keep whoever decides for a role from deciding.

    The terms forbid more, and let somebody decide despite an interest only by name and source.
    """
    usual = BARRED | KINDS["own project"] if gate else BARRED
    terms = policy.terms.get(role)
    if terms is None:
        return usual
    more = (KINDS[word] for word in terms.may_not)
    despite = (KINDS[each.interest] for each in terms.may_despite)
    return usual.union(*more).difference(*despite)


def ties(
    interests: Iterable[Interest], people: People, act: str, project: str | None, days: Days
) -> Mapping[str, tuple[Tie, ...]]:
    """Say which interests reach which account: through its person, delegates and delegators.

    A delegation counts that held on any of the days, for whoever withdraws one has it had. The own
    interests of an account come first.
    """

    def counts(each: Delegation) -> bool:
        return days.meet(each.since, each.last) and each.lets(act) and each.reaches(project)

    found: dict[str, list[Tie]] = {}
    for each in interests:
        for account in people.accounts(each.person):
            tie = Tie(each) if account == each.person else Tie(each, "account")
            found.setdefault(account, []).append(tie)
        for account in delegates_of(people, each.person, counts):
            found.setdefault(account, []).append(Tie(each, "delegate"))
        for account in delegators_of(people, each.person, counts):
            found.setdefault(account, []).append(Tie(each, "delegator"))
    return {
        account: tuple(sorted(reached, key=lambda tie: tie.how != "own"))
        for account, reached in found.items()
    }


@dataclass(frozen=True, slots=True)
class Days:
    """The days from the one on which something was asked to that on which it is decided."""

    first: date
    last: date

    def meet(self, since: date, until: date | None) -> bool:
        """Tell whether a span shares one of them."""
        return since <= self.last and (until is None or until >= self.first)
