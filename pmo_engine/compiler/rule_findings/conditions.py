"""Conditions as boxes: where in the space of an event's facts they may hold, and surely do.

The axes are the facts that conditions compare with constants. What else a condition asks is not
followed: it may hold wherever it is asked, and surely holds nowhere. Null on an axis stands for a
fact that is not given.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import product
from typing import TYPE_CHECKING, TypeAlias

from pmo_engine.compiler.rule_findings.cases import Arms, Cases
from pmo_engine.compiler.table_findings.axes import VALUE, Axis, Mask, axis
from pmo_engine.compiler.table_findings.regions import Box, TooMuch, uncovered
from pmo_engine.feel import nodes as n
from pmo_engine.feel import types as t
from pmo_engine.prose.names import called

if TYPE_CHECKING:
    from pmo_engine.policy import Policy

Sides: TypeAlias = Mapping[n.Node, Mask]  # of the axes that a condition says anything of
MOST = 64  # alternatives of one condition that are followed
ANYWHERE: tuple[Sides, ...] = ({},)
NOWHERE: tuple[Sides, ...] = ()
_SCALARS = (t.BOOLEAN, t.NUMBER, t.DATE)


@dataclass(frozen=True, slots=True)
class Space:
    """The axes of an event's facts, by the path of each."""

    axes: Mapping[n.Node, Axis]
    _known: dict[int, tuple[n.Node | None, Mask | None, Mask | None]] = field(default_factory=dict)

    @property
    def domain(self) -> Box:
        """Give everything that may be."""
        return tuple(each.domain for each in self.axes.values())

    def boxes(self, alternatives: Iterable[Sides]) -> list[Box]:
        """Lay alternatives out; those that nothing meets are left out."""
        found = (
            tuple(sides.get(key, each.domain) & each.domain for key, each in self.axes.items())
            for sides in alternatives
        )
        return [box for box in found if all(box)]

    def may(self, node: n.Node) -> Sequence[Sides]:
        """Say where a condition may come to true, or to what is not known and is asked for."""
        return self._sides(node, wanted=True, surely=False)

    def surely(self, node: n.Node) -> Sequence[Sides]:
        """Say where a condition is true whatever else is so."""
        return self._sides(node, wanted=True, surely=True)

    def faults(self, node: n.Node) -> Sequence[Sides]:
        """Say where a condition may go wrong, as far as that is followed."""
        match node:
            case n.Literal(None) | n.Call(n.Name("")):
                return ANYWHERE
            case n.Not(operand):
                return self.faults(operand)
            case n.Conjunction(operands) | n.Disjunction(operands):
                return _either([self.faults(each) for each in operands], surely=False)
            case Cases(arms):
                parts = [self._cases(arms, self.faults, surely=False)]
                return _either([*parts, *(self.faults(each) for each, _ in arms)], surely=False)
            case _:
                return NOWHERE

    def _sides(self, node: n.Node, *, wanted: bool, surely: bool) -> Sequence[Sides]:
        match node:
            case n.Literal(bool() as truth):
                return ANYWHERE if truth is wanted else NOWHERE
            case n.Literal(None) | n.Call(n.Name("")):
                return NOWHERE
            case n.Not(operand):
                return self._sides(operand, wanted=not wanted, surely=surely)
            case Cases(arms):
                sides = partial(self._sides, wanted=wanted, surely=surely)
                return self._cases(arms, sides, surely=surely)
            case n.Conjunction(operands) | n.Disjunction(operands):
                parts = [self._sides(each, wanted=wanted, surely=surely) for each in operands]
                if isinstance(node, n.Conjunction) is wanted:
                    return _together(parts, surely=surely)
                return _either(parts, surely=surely)
            case _:
                return self._leaf(node, wanted=wanted, surely=surely)

    def _cases(
        self, arms: Arms, sides: Callable[[n.Node], Sequence[Sides]], *, surely: bool
    ) -> Sequence[Sides]:
        """Join the sides of the values, each where its condition holds and no earlier one does."""
        found: list[Box] = []
        before: list[Box] = []
        for guard, value in arms:
            parts = [self._sides(guard, wanted=True, surely=surely), sides(value)]
            try:
                for box in self.boxes(_together(parts, surely=surely)):
                    found += uncovered(box, before)
            except TooMuch:
                return NOWHERE if surely else ANYWHERE
            before += self.boxes(self._sides(guard, wanted=True, surely=not surely))
            before += self.boxes(self.faults(guard)) if surely else []
        return _either([[self._of_box(box) for box in found]], surely=surely)

    def _of_box(self, box: Box) -> Sides:
        pairs = zip(self.axes.items(), box, strict=True)
        return {key: mask for (key, each), mask in pairs if mask != each.domain}

    def _leaf(self, node: n.Node, *, wanted: bool, surely: bool) -> Sequence[Sides]:
        known = self._known.get(id(node))
        if known is None:
            known = self._known[id(node)] = self._told(node)
        key, holds, fails = known
        found = holds if wanted else fails
        if key is None or found is None:
            return NOWHERE if surely else ANYWHERE
        asked = 0 if surely or isinstance(node, n.Call) else self.axes[key].null
        return ({key: found | asked & self.axes[key].domain},)

    def _told(self, node: n.Node) -> tuple[n.Node | None, Mask | None, Mask | None]:
        """Say which axis a condition without parts is about, where it holds and where it fails."""
        key = self._key(node)
        if key is None:
            return None, None, None
        on = self.axes[key]
        if isinstance(node, n.Call):  # is_known
            return key, on.domain & ~on.null, on.domain & on.null
        test = _test(node, key)
        return key, on.passing(test), on.failing(test)

    def _key(self, node: n.Node) -> n.Node | None:
        """Give the one axis that a condition is about."""
        asked = [each for each in _compared(node) if each in self.axes]
        return asked[0] if len(asked) == 1 else None


def space_of(policy: Policy, nodes: Iterable[n.Node]) -> Space:
    """Find the axes of conditions, cut where they name a constant."""
    tests: dict[n.Node, list[n.Node]] = {}
    asked: set[n.Node] = set()
    for leaf in (each for node in nodes for each in _leaves(node)):
        for key in _keys(leaf):
            tests.setdefault(key, []).append(leaf)
            if isinstance(leaf, n.Call):
                asked.add(key)
    made = {
        key: axis(_name(key, policy), key.static_type or t.ANY, None, each)
        for key, each in tests.items()
    }
    return Space({key: each.with_null if key in asked else each for key, each in made.items()})


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


def _keys(leaf: n.Node) -> Iterator[n.Node]:
    """Give the facts that a condition without parts compares with constants, or asks after."""
    return (each for each in _compared(leaf) if _is_fact(each))


def _compared(leaf: n.Node) -> tuple[n.Node, ...]:
    match leaf:
        case n.Call(n.Name("is_known"), (value,)) | n.Between(value) | n.Membership(value):
            return (value,)
        case n.Comparison(_, left, right):
            return left, right
        case n.Path():
            return (leaf,)
        case _:
            return ()


def _test(leaf: n.Node, key: n.Node) -> n.Node:
    """Write a condition on a fact as a test of a column."""
    match leaf:
        case n.Comparison(operator, left, right) if left == key:
            return n.Comparison(operator, VALUE, right)
        case n.Comparison(operator, left, _):
            return n.Comparison(operator, left, VALUE)
        case n.Between(_, low, high):
            return n.Between(VALUE, low, high)
        case n.Membership(_, tests):
            return n.Membership(VALUE, tests)
        case _:
            return VALUE


def _is_fact(node: n.Node) -> bool:
    if not isinstance(node, n.Path) or not isinstance(node.base, n.Name):
        return False
    kind = node.static_type
    return kind in _SCALARS or isinstance(kind, t.MoneyType | t.EnumType) or kind == t.STRING


def _name(node: n.Node, policy: Policy) -> str:
    match node:
        case n.Path(n.Name(root), name):
            return called(name, policy, of=root)
        case _:
            return ""


def _together(parts: Sequence[Sequence[Sides]], *, surely: bool) -> Sequence[Sides]:
    """Cross alternatives; of too many, none is followed."""
    many = 1
    for part in parts:
        many *= len(part)
    if many > MOST:
        return NOWHERE if surely else ANYWHERE
    return tuple(_meet(chosen) for chosen in product(*parts))


def _meet(chosen: Iterable[Sides]) -> Sides:
    met: dict[n.Node, Mask] = {}
    for sides in chosen:
        for key, mask in sides.items():
            met[key] = met.get(key, -1) & mask
    return met


def _either(parts: Sequence[Sequence[Sides]], *, surely: bool) -> Sequence[Sides]:
    found = tuple(each for part in parts for each in part)
    if len(found) > MOST:
        return found[:MOST] if surely else ANYWHERE
    return found
