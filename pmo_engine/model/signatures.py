"""Signatures: whose an approval needs, which are there, and which are still to come.

A signatory is a role, of which one person signs or several do. Persons are distinct unless it is
said otherwise: somebody with two roles signs once, for whichever of them lets the others sign too.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import field
from itertools import combinations
from typing import TypeAlias

from pmo_engine.model.ballots import State
from pmo_engine.model.frozen import dataclass
from pmo_engine.model.patterns import pattern
from pmo_engine.model.vocabulary import Choice


@dataclass(frozen=True, slots=True)
class Signatory:
    """A role or body that signs: ``count`` of its holders, or one; of a body, as it votes."""

    role: str
    count: int | None = None

    def __str__(self) -> str:
        """Write it as policies do: ``2 of treasury_board``."""
        return self.role if self.count is None else f"{self.count} of {self.role}"


@dataclass(frozen=True, slots=True)
class Signatures:
    """``needs`` of the signatories have to sign, one after the other or in any order."""

    of: tuple[Signatory, ...]
    needs: int
    in_sequence: bool = False
    distinct: bool = True

    @property
    def is_plain(self) -> bool:
        """Tell whether it is one signature of one role, as of any approval."""
        return len(self.of) == 1 and self.of[0].count is None and self.distinct

    @property
    def needed(self) -> str:
        """Say how many have to: ``all``, ``any``, ``2 of 3``, ``2 of treasury_board``."""
        if len(self.of) == 1:
            return "all" if self.of[0].count is None else str(self.of[0])
        words = {len(self.of): "all", 1: "any"}
        return words.get(self.needs, f"{self.needs} of {len(self.of)}")

    def __str__(self) -> str:
        """Say who has to sign: the same for the same, in whichever order it was written."""
        names = [str(each) for each in self.of]
        if not self.in_sequence:
            names.sort()
        between = " then " if self.in_sequence else {1: " or ", len(names): " and "}
        if isinstance(between, dict):
            between = between.get(self.needs if len(names) > 1 else 0, ", ")
        listed = between.join(names)
        if self.needs == len(names) or (between == " or "):
            return listed
        return f"{self.needs} of ({listed})"


_WORD = pattern(r"[^\s,()]+")
_BETWEEN = frozenset({"of", "and", "or", "then"})


def roles_in(text: str) -> Iterator[tuple[int, str]]:
    """Give the roles that a text of signatures names, each after its place in it."""
    for found in _WORD.finditer(text.partition(" to ")[0]):
        if found[0] not in _BETWEEN and not found[0].isdecimal():
            yield found.start(), found[0]


@dataclass(frozen=True, slots=True)
class Signed:
    """What one person answered, and the roles for which it may count, the likeliest first."""

    person: str
    roles: tuple[str, ...]
    choice: Choice


@dataclass(frozen=True, slots=True)
class Part:
    """What a signatory's part has come to, and whose signatures are there for it."""

    signatory: Signatory
    state: State
    by: tuple[str, ...] = ()

    @property
    def missing(self) -> int:
        """Count the signatures that are still to come."""
        return 0 if self.state != "open" else (self.signatory.count or 1) - len(self.by)


@dataclass(frozen=True, slots=True)
class Standing:
    """What signatures have come to: ``asked`` are the roles whose next signature would count."""

    state: State
    parts: tuple[Part, ...]
    asked: tuple[str, ...]


Slot: TypeAlias = tuple[int, int]  # the place of a signatory, and one of the signatures of it


def standing(
    signatures: Signatures,
    signed: Sequence[Signed],
    able: Mapping[str, Collection[str]],
    ballots: Mapping[str, State],
) -> Standing:
    """Say what signatures have come to; ``signed`` in the order in which they were given.

    ``able``: by role, who may sign for it at all. ``ballots``: by signatory as it is written, what
    the ballot of the body that decides its part has come to; what the members answered is counted
    there.
    """
    answers = tuple(each for each in signed if each.choice in {"approve", "reject"})
    aside = tuple(each for each in signed if each not in answers)
    count = _Count(signatures, answers, aside, ballots)
    parts = tuple(count.part(place, able) for place in range(len(signatures.of)))
    hopeful = [place for place, part in enumerate(parts) if part.state in {"open", "passed"}]
    if len(hopeful) < signatures.needs:
        lapsed = {part.state for part in parts} - {"open", "passed"} == {"lapsed"}
        left = count.may_come(parts) if lapsed else []
        return Standing("lapsed" if lapsed else "refused", parts, count.asked(left) if left else ())
    if count.reached(hopeful):
        return Standing("passed", parts, ())
    return Standing("open", parts, count.asked([p for p in hopeful if parts[p].state == "open"]))


@dataclass(frozen=True, slots=True)
class _Count:
    """Who signed for which part, as the signatures are counted; ``aside``: who answered neither."""

    wanted: Signatures
    signed: tuple[Signed, ...]
    aside: tuple[Signed, ...]
    ballots: Mapping[str, State]
    given: dict[Slot, Signed] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "given", self._placed(range(len(self.wanted.of)), self.signed))

    def part(self, place: int, able: Mapping[str, Collection[str]]) -> Part:
        """Say what the part of one signatory has come to."""
        signatory = self.wanted.of[place]
        if self._is_balloted(place):
            return Part(signatory, self.ballots[str(signatory)])
        slots = self._slots([place])
        there = [self.given[slot] for slot in slots if slot in self.given]
        by = tuple(each.person for each in there)
        if any(each.choice == "reject" for each in there):
            return Part(signatory, "refused", by)
        too_few = self._too_few(signatory, able)
        return Part(signatory, too_few or ("passed" if len(there) == len(slots) else "open"), by)

    def _too_few(self, signatory: Signatory, able: Mapping[str, Collection[str]]) -> State | None:
        """Say what it is that answers leave too few who could, of a role of which several sign.

        It is refused where one of them is a no; where some abstained or stepped aside, others may
        decide. None where enough could, and where they were too few to begin with.
        """
        mine = [each for each in (*self.signed, *self.aside) if signatory.role in each.roles]
        against = {each.person for each in mine if each.choice == "reject"}
        lost = {each.person for each in mine if each.choice != "approve"}
        could = {each.person for each in mine} | set(able.get(signatory.role, ()))
        if not signatory.count or not lost or len(could - lost) >= signatory.count:
            return None
        return "refused" if against else "lapsed"

    def reached(self, places: Collection[int]) -> bool:
        """Tell whether as many signatories as are needed have all their signatures."""
        of, approvals = self.wanted.of, [each for each in self.signed if each.choice == "approve"]
        passed = [p for p in places if self._is_balloted(p) and self._has_passed(p)]
        needs = max(0, self.wanted.needs - len(passed))
        others = [place for place in places if not self._is_balloted(place)]
        if not any(of[place].count for place in others):
            return len(self._placed(others, approvals)) >= needs
        return any(
            len(self._placed(some, approvals)) == len(self._slots(some))
            for some in combinations(others, needs)
        )

    def may_come(self, parts: Sequence[Part]) -> list[int]:
        """Give the places that may still be signed where others answered neither way; else none."""
        of_some = any(
            each.state == "lapsed" and not self._is_balloted(place)
            for place, each in enumerate(parts)
        )
        return [
            place
            for place, each in enumerate(parts)
            if of_some and each.state in {"open", "lapsed"} and not self._is_balloted(place)
        ]

    def asked(self, places: Sequence[int]) -> tuple[str, ...]:
        """Name the roles of which one more signature would count; ``places`` are still open."""
        of = self.wanted.of
        if self.wanted.in_sequence:
            return tuple(of[place].role for place in places[:1])
        roles = dict.fromkeys(each.role for each in of)
        open_ = {of[place].role for place in places}
        return tuple(role for role in roles if role in open_ or self._makes_room(role, places))

    def _makes_room(self, role: str, places: Sequence[int]) -> bool:
        """Tell whether others who signed for a role could sign for one that is still open."""
        held = {place for place, _ in self.given}
        slots = self._slots(sorted(held.union(places)))
        more = Signed("", (role,), "approve")
        return self.wanted.distinct and self._place(more, slots, dict(self.given), set())

    def _is_balloted(self, place: int) -> bool:
        return str(self.wanted.of[place]) in self.ballots

    def _has_passed(self, place: int) -> bool:
        return self.ballots[str(self.wanted.of[place])] == "passed"

    def _slots(self, places: Collection[int]) -> list[Slot]:
        return [
            (place, number)
            for place in places
            if not self._is_balloted(place)
            for number in range(self.wanted.of[place].count or 1)
        ]

    def _placed(self, places: Collection[int], signed: Sequence[Signed]) -> dict[Slot, Signed]:
        """Give each answer to a signatory, so that as many count as can."""
        given: dict[Slot, Signed] = {}
        slots = self._slots(places)
        for each in signed:
            if self.wanted.distinct:
                self._place(each, slots, given, set())
            else:
                self._place_everywhere(each, slots, given)
        return given

    def _place(
        self, signed: Signed, slots: Sequence[Slot], given: dict[Slot, Signed], tried: set[Slot]
    ) -> bool:
        """Find a slot for an answer, moving others to other roles of theirs if need be."""
        for slot in self._fitting(signed, slots):
            if slot not in tried:
                tried.add(slot)
                if slot not in given or self._place(given[slot], slots, given, tried):
                    given[slot] = signed
                    return True
        return False

    def _place_everywhere(
        self, signed: Signed, slots: Sequence[Slot], given: dict[Slot, Signed]
    ) -> None:
        places = set()
        for slot in self._fitting(signed, slots):
            if slot not in given and slot[0] not in places:
                places.add(slot[0])
                given[slot] = signed

    def _fitting(self, signed: Signed, slots: Sequence[Slot]) -> Iterator[Slot]:
        """Give the slots that an answer may take; where several sign, a refusal takes none."""
        of, refuses = self.wanted.of, signed.choice == "reject"
        for role in signed.roles:
            for slot in slots:
                signatory = of[slot[0]]
                if signatory.role == role and not (refuses and signatory.count):
                    yield slot
