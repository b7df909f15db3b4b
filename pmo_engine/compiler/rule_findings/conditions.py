"""Conditions as boxes: where in the space of an event's facts they may hold, and surely do.

The axes are what conditions ask about (see ``measures``). What else a condition asks is not
followed: it may hold wherever it is asked, and surely holds nowhere. Null on an axis stands for a
fact that is not given.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import field
from functools import partial
from itertools import product
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from pmo_engine.compiler.rule_findings.cases import FAULT, Arms, Cases
from pmo_engine.compiler.rule_findings.measures import TODAY, Asked, asked, axis_of, is_fact
from pmo_engine.compiler.table_findings.axes import Axis, Mask
from pmo_engine.compiler.table_findings.regions import Box, TooMuch, uncovered
from pmo_engine.feel import nodes as n
from pmo_engine.feel import types as t
from pmo_engine.model.frozen import dataclass
from pmo_engine.policy import InForce
from pmo_engine.prose.names import called

if TYPE_CHECKING:
    from pmo_engine.policy import Policy

Sides: TypeAlias = Mapping[int, Mask]  # of the axes that a condition says anything of, by number
Place: TypeAlias = tuple[int | None, Mask, Mask]
NOT_FOLLOWED: Place = (None, 0, 0)
MOST = 64  # alternatives of one condition that are followed
MOST_AXES = 40
ANYWHERE: tuple[Sides, ...] = ({},)
NOWHERE: tuple[Sides, ...] = ()
EVER = InForce()


class Reading(NamedTuple):
    """What of a condition is meant, by where that is for a condition that is not followed."""

    unknown: Sequence[Sides]


MAY, SURELY, TOLD = Reading(ANYWHERE), Reading(NOWHERE), Reading(NOWHERE)


@dataclass(frozen=True, slots=True)
class Space:
    """The axes of an event's facts, by what each is about, on some days.

    ``domain`` is everything that may be, ``nulls`` what of it is not given.
    """

    axes: Mapping[n.Node, Axis]
    days: InForce
    asks: Mapping[int, Asked | None]  # by the identity of conditions that are kept elsewhere
    domain: Box
    nulls: Box
    numbers: Mapping[n.Node, int]
    _known: dict[int, Place] = field(default_factory=dict)

    def boxes(self, alternatives: Iterable[Sides]) -> list[Box]:
        """Lay alternatives out; those that nothing meets are left out."""
        found = (self._box(sides) for sides in alternatives)
        return [box for box in found if all(box)]

    def _box(self, sides: Sides) -> Box:
        box = list(self.domain)
        for number, mask in sides.items():
            box[number] &= mask
        return tuple(box)

    def may(self, node: n.Node) -> Sequence[Sides]:
        """Say where a condition may come to true, or to what is not known and is asked for."""
        return self._sides(node, MAY)

    def surely(self, node: n.Node) -> Sequence[Sides]:
        """Say where a condition is true whatever else is so."""
        return self._sides(node, SURELY)

    def told(self, node: n.Node) -> Sequence[Sides]:
        """Say where a condition may come to true for all that it asks that is followed."""
        return self._sides(node, TOLD)

    def follows(self, node: n.Node) -> bool:
        """Tell whether all that a condition asks is followed."""
        asked = (each for each in _leaves(node) if not isinstance(each, n.Literal))
        return all(each == FAULT or self._at(each)[0] is not None for each in asked)

    def faults(self, node: n.Node) -> Sequence[Sides]:
        """Say where a condition may go wrong, as far as that is followed."""
        match node:
            case n.Literal(None) | n.Call(n.Name("")):
                return ANYWHERE
            case n.Not(operand):
                return self.faults(operand)
            case n.Conjunction(operands) | n.Disjunction(operands):
                return _either([self.faults(each) for each in operands], MAY)
            case Cases(arms):
                parts = [self._cases(arms, self.faults, MAY)]
                return _either([*parts, *(self.faults(each) for each, _ in arms)], MAY)
            case n.Literal():
                return NOWHERE
            case _:
                return ANYWHERE if self._at(node)[0] is None else NOWHERE

    def _sides(self, node: n.Node, reading: Reading, *, wanted: bool = True) -> Sequence[Sides]:
        match node:
            case n.Literal(bool() as truth):
                return ANYWHERE if truth is wanted else NOWHERE
            case n.Literal(None) | n.Call(n.Name("")):
                return NOWHERE
            case n.Not(operand):
                return self._sides(operand, reading, wanted=not wanted)
            case Cases(arms):
                sides = partial(self._sides, reading=reading, wanted=wanted)
                return self._cases(arms, sides, reading)
            case n.Conjunction(operands) | n.Disjunction(operands):
                parts = [self._sides(each, reading, wanted=wanted) for each in operands]
                if isinstance(node, n.Conjunction) is wanted:
                    return _together(parts, reading)
                return _either(parts, reading)
            case _:
                return self._leaf(node, reading, wanted=wanted)

    def _cases(
        self, arms: Arms, sides: Callable[[n.Node], Sequence[Sides]], reading: Reading
    ) -> Sequence[Sides]:
        """Join the sides of the values, each where its condition holds and no earlier one does."""
        found: list[Box] = []
        before: list[Box] = []
        for guard, value in arms:
            parts = [self._sides(guard, reading), sides(value)]
            try:
                for box in self.boxes(_together(parts, reading)):
                    found += uncovered(box, before)
            except TooMuch:
                return reading.unknown
            before += self.boxes(self._sides(guard, MAY if reading is SURELY else SURELY))
            before += self.boxes(self.faults(guard)) if reading is SURELY else []
        return _either([[self._of_box(box) for box in found]], reading)

    def _of_box(self, box: Box) -> Sides:
        pairs = enumerate(zip(box, self.domain, strict=True))
        return {number: mask for number, (mask, whole) in pairs if mask != whole}

    def _leaf(self, node: n.Node, reading: Reading, *, wanted: bool) -> Sequence[Sides]:
        number, holds, fails = self._at(node)
        if number is None:
            return reading.unknown
        found = holds if wanted else fails
        if reading is SURELY or isinstance(node, n.Call):
            return ({number: found},)
        return ({number: found | self.nulls[number]},)

    def _at(self, node: n.Node) -> Place:
        """Say which axis a condition without parts is about, where it holds and where it fails."""
        known = self._known.get(id(node))
        if known is None:
            known = self._known[id(node)] = self._told(node)
        return known

    def _told(self, node: n.Node) -> Place:
        found = self.asks[id(node)] if id(node) in self.asks else asked(node)
        number = None if found is None else self.numbers.get(found.key)
        if found is None or number is None:
            return NOT_FOLLOWED
        on = self.axes[found.key]
        if found.test is None:  # is_known
            return number, on.domain & ~on.null, on.domain & on.null
        verdict = on.judged(found.test)
        return NOT_FOLLOWED if verdict is None else (number, *verdict)


def space_of(policy: Policy, nodes: Iterable[n.Node], days: InForce = EVER) -> Space:
    """Find the axes of conditions, cut where they name a constant; ``days`` are those meant."""
    asks: dict[int, Asked | None] = {}
    about: dict[n.Node, list[Asked]] = {}
    for leaf in (each for node in nodes for each in _leaves(node)):
        found = asks[id(leaf)] = asked(leaf)
        if found is not None:
            about.setdefault(found.key, []).append(found)
    axes = {key: _axis(key, about[key], policy, days) for key in _followed(about)}
    domain = tuple(each.domain for each in axes.values())
    nulls = tuple(each.domain & each.null for each in axes.values())
    numbers = {key: number for number, key in enumerate(axes)}
    return Space(axes, days, asks, domain, nulls, numbers)


def _followed(about: Mapping[n.Node, Sequence[Asked]]) -> Iterable[n.Node]:
    """Choose the axes: of very many, the facts and what is asked most often."""
    if len(about) <= MOST_AXES:
        return about
    asked_most = sorted(about, key=lambda key: (not is_fact(key), -len(about[key])))
    facts = sum(map(is_fact, about))
    return asked_most[: max(facts, MOST_AXES)]


def _axis(key: n.Node, asks: Sequence[Asked], policy: Policy, days: InForce) -> Axis:
    tests = [each.test for each in asks if each.test is not None]
    if key == TODAY:
        return axis_of(key, t.DATE, "the day of the event", tests, days)
    made = axis_of(key, asks[0].type, _name(key, policy), tests)
    return made if len(tests) == len(asks) else made.with_null


def _leaves(node: n.Node) -> Iterator[n.Node]:
    match node:
        case n.Not(operand):
            yield from _leaves(operand)
        case n.Conjunction(operands) | n.Disjunction(operands):
            for each in operands:
                yield from _leaves(each)
        case Cases(arms):
            for each in (part for arm in arms for part in arm):
                yield from _leaves(each)
        case _:
            yield node


def _name(node: n.Node, policy: Policy) -> str:
    match node:
        case n.Path(n.Name(root), name):
            return called(name, policy, of=root)
        case _:
            return ""


def _together(parts: Sequence[Sequence[Sides]], reading: Reading) -> Sequence[Sides]:
    """Cross alternatives; of too many, none is followed."""
    many = 1
    for part in parts:
        many *= len(part)
    if many > MOST:
        return reading.unknown
    return tuple(_meet(chosen) for chosen in product(*parts))


def _meet(chosen: Iterable[Sides]) -> Sides:
    met: dict[int, Mask] = {}
    for sides in chosen:
        for number, mask in sides.items():
            met[number] = met.get(number, -1) & mask
    return met


def _either(parts: Sequence[Sequence[Sides]], reading: Reading) -> Sequence[Sides]:
    found = tuple(each for part in parts for each in part)
    if len(found) > MOST:
        return ANYWHERE if reading is MAY else found[:MOST]
    return found
