"""Ballots of a body: what its votes come to under its terms, now or when its time is up.

A ballot is *passed* or *refused* as soon as no vote that is still to come could change that, or
when it is closed; without a quorum nothing is decided, and what is closed then has *lapsed*.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Literal, TypeAlias

from pmo_engine.model.frozen import dataclass
from pmo_engine.model.hints.values import Misread, part_meant
from pmo_engine.model.patterns import pattern
from pmo_engine.model.quorum import Part, needed, parse_part

Count: TypeAlias = Literal["cast", "present", "members"]
"""Of what a share is taken: of the votes cast, of those present, of all members."""
State: TypeAlias = Literal["open", "passed", "refused", "lapsed"]
Side: TypeAlias = Literal["for", "against"]

HALF = Fraction(1, 2)
_SHARE = pattern(r"(?:(more than|at least) )?(?:(half)|([0-9/]+))")
_SHOWN = 40

_SAID = {
    **dict.fromkeys(("majority", "a majority", "simple majority"), ("more than half",)),
    **dict.fromkeys(("unanimous", "unanimously", "unanimity", "all"), ("1/1",)),
}
"""Shares in other words."""


@dataclass(frozen=True, slots=True)
class Portion:
    """A part of a number, rounded up, or a number itself; with ``more``, more than the part."""

    part: Part
    more: bool = False

    @classmethod
    def parse(cls, text: str) -> Portion:
        """Read "more than half", "at least half", "2/3" or "3"; ValueError otherwise."""
        found = _SHARE.fullmatch(text)
        if found is None:
            what = f"{text[:_SHOWN]!r} is no share of votes"
            said = text.strip().casefold()
            meant = _SAID.get(said, ()) or part_meant(said.removesuffix("majority").rstrip())
            raise Misread(what, meant, ", as in more than half, at least half or 2/3")
        share = cls(HALF if found[2] else parse_part(found[3]), found[1] == "more than")
        if share.more and share.part in {1, Fraction(1)}:
            raise Misread(f"nobody has {text[:_SHOWN]!r} of the votes", (), ": write 1/1 for all")
        return share

    @property
    def is_half(self) -> bool:
        """Tell whether it is at a tie that it is just reached, or just not."""
        return self.part == HALF

    def of(self, number: int) -> int:
        """Say how many of ``number`` it takes; at least one."""
        if isinstance(self.part, int):
            return self.part + self.more
        if self.more:
            return number * self.part.numerator // self.part.denominator + 1
        return needed(number, self.part) if number else 1


MORE_THAN_HALF = Portion(HALF, more=True)


@dataclass(frozen=True, slots=True)
class Rules:
    """How a body decides.

    ``meet`` of its members must be there. ``passes`` of what ``count`` names must be in favour,
    and ``decide`` of its members where that is given: vacant seats count among the members.
    ``abstentions`` says whether they count among the votes cast. ``casting_vote``: at a tie the
    chair's own side prevails. ``recusal_lowers``: whoever steps aside is no member for this vote.
    """

    meet: Portion = MORE_THAN_HALF
    decide: Portion | None = None
    count: Count = "cast"
    passes: Portion = MORE_THAN_HALF
    abstentions: bool = False
    casting_vote: bool = False
    recusal_lowers: bool = False


@dataclass(frozen=True, slots=True)
class Tally:
    """How the votes stand.

    ``members``: seats with a vote, vacant ones too. ``silent``: those who are there, by the list
    of who attends, and have said nothing. ``waiting``: those who may still answer, the silent
    among them. ``chair``: the chair's own side; ``chair_waits``: the chair is among the waiting.
    """

    members: int
    in_favour: int = 0
    against: int = 0
    abstained: int = 0
    recused: int = 0
    silent: int = 0
    waiting: int = 0
    chair: Side | None = None
    chair_waits: bool = False

    @property
    def present(self) -> int:
        """Count those who are there; whoever stepped aside is not."""
        return self.in_favour + self.against + self.abstained + self.silent

    def all_answer(self, side: Side) -> Tally:
        """Give the tally after everybody who is waited for has voted on one side."""
        done = replace(self, silent=0, waiting=0, chair_waits=False)
        if self.chair_waits:
            done = replace(done, chair=side)
        if side == "for":
            return replace(done, in_favour=self.in_favour + self.waiting)
        return replace(done, against=self.against + self.waiting)


@dataclass(frozen=True, slots=True)
class Result:
    """What votes come to, and why, in words for people; ``tally`` says how they stand."""

    state: State
    why: str
    tally: str = ""


NO_QUORUM = "no quorum"
"""How the reason begins for which a body that is too small comes to nothing."""


def counted(rules: Rules, tally: Tally, *, closed: bool = False) -> Result:
    """Count a ballot; one that is ``closed``, or in which nobody is waited for, has its end."""
    shown = shown_tally(rules, tally)
    if not is_quorate(rules, tally):
        there = f"{tally.present} of {meeting(rules, tally)} that make a quorum are there"
        ended = closed or tally.present + tally.waiting - tally.silent < meeting(rules, tally)
        return Result("lapsed" if ended else "open", f"{NO_QUORUM}: {there}", shown)
    now = passes(rules, tally)
    if closed or not tally.waiting:
        return Result("passed" if now else "refused", _why(rules, tally), shown)
    if now and passes(rules, tally.all_answer("against")):
        return Result("passed", "no vote to come can change it", shown)
    if not passes(rules, tally.all_answer("for")):
        return Result("refused", "no vote to come can pass it", shown)
    return Result("open", f"{tally.waiting} may still vote", shown)


def _why(rules: Rules, tally: Tally) -> str:
    if not _is_tie(rules, tally):
        return f"{tally.in_favour} in favour, and it takes {in_favour_needed(rules, tally)}"
    if _cast_by_chair(rules, tally):
        return f"a tie, and the chair's casting vote is {tally.chair}"
    return "a tie"


def is_quorate(rules: Rules, tally: Tally) -> bool:
    """Tell whether as many are there as it takes to meet."""
    return tally.present >= meeting(rules, tally)


def meeting(rules: Rules, tally: Tally) -> int:
    """Say how many must be there to meet."""
    return rules.meet.of(_members(rules, tally))


def in_favour_needed(rules: Rules, tally: Tally) -> int:
    """Say how many votes in favour it takes, as the votes stand."""
    base = _base(rules, tally)
    share = max(1, rules.passes.of(base))
    if rules.decide is None:
        return share
    return max(share, rules.decide.of(_members(rules, tally)))


def passes(rules: Rules, tally: Tally) -> bool:
    """Tell whether the votes pass the matter, were they all; a quorum is not asked about."""
    if _is_tie(rules, tally) and _cast_by_chair(rules, tally):
        alike = 1 if rules.decide is None else rules.decide.of(_members(rules, tally))
        return tally.chair == "for" and tally.in_favour >= alike
    return tally.in_favour >= in_favour_needed(rules, tally)


def _is_tie(rules: Rules, tally: Tally) -> bool:
    """Tell whether exactly half of what is counted is in favour, where half is what matters."""
    return rules.passes.is_half and 0 < 2 * tally.in_favour == _base(rules, tally)


def _cast_by_chair(rules: Rules, tally: Tally) -> bool:
    return rules.casting_vote and tally.chair is not None


def _members(rules: Rules, tally: Tally) -> int:
    return tally.members - tally.recused if rules.recusal_lowers else tally.members


def _base(rules: Rules, tally: Tally) -> int:
    match rules.count:
        case "members":
            return _members(rules, tally)
        case "present":
            return tally.present
        case "cast":
            cast = tally.in_favour + tally.against
            return cast + tally.abstained if rules.abstentions else cast


def shown_tally(rules: Rules, tally: Tally) -> str:
    """Say how the votes stand: "3 of 4 in favour, 1 against, 1 abstained; 4 of 4 there"."""
    said = [_of(tally.in_favour, in_favour_needed(rules, tally), "in favour")]
    others = {"against": tally.against, "abstained": tally.abstained, "recused": tally.recused}
    said += [f"{number} {word}" for word, number in others.items() if number]
    return f"{', '.join(said)}; {_of(tally.present, meeting(rules, tally), 'there')}"


def _of(number: int, needed: int, word: str) -> str:
    """Say "3 of 4 there", and of more than it takes "5 there, 4 needed"."""
    return (
        f"{number} of {needed} {word}" if number <= needed else f"{number} {word}, {needed} needed"
    )
