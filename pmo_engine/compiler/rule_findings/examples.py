"""An example of a box: facts of one case that lie within it, and those facts in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from itertools import combinations, islice, product
from typing import TYPE_CHECKING, Any, TypeAlias

from pmo_engine.compiler.rule_findings.measures import (
    Difference,
    is_fact,
    is_known_to_reach,
    looked_at,
)
from pmo_engine.compiler.rule_findings.words import speaker
from pmo_engine.compiler.table_findings.regions import Box, bits
from pmo_engine.feel import types as t
from pmo_engine.feel.nodes import Node, Quantified
from pmo_engine.model.frozen import dataclass
from pmo_engine.model.money import Money, minor_digits
from pmo_engine.prose.values import joined, value_in_words

if TYPE_CHECKING:
    from pmo_engine.compiler.rule_findings.conditions import Space
    from pmo_engine.compiler.table_findings.axes import Axis, Mask, Segment
    from pmo_engine.policy import Policy

Facts: TypeAlias = Mapping[Node, Any]
Side: TypeAlias = "tuple[Node, Mask, Axis]"
Chosen: TypeAlias = "tuple[Node, Segment]"

MOST = 256  # choices of segments that are tried
_QUANTITIES = (t.NUMBER, t.DATE)


def example(box: Box, space: Space) -> Facts | None:
    """Give facts of one case of a box; None where it is not known that there is one."""
    pairs = zip(box, space.axes.items(), strict=True)
    sides = [(key, mask, axis) for mask, (key, axis) in pairs if mask != axis.domain]
    found = {key: _value(mask, axis) for key, mask, axis in sides if _is_sayable(key, axis)}
    if all(is_fact(key) for key, *_ in sides):
        return found
    if not all(is_known_to_reach(key, axis.type) for key, _, axis in sides):
        return None
    if any(_hang_together(one, other) for one, other in combinations(sides, 2)):
        return None
    apart = [each for each in sides if isinstance(each[0], Difference)]
    placed = _placed(apart, sides, space) if apart else {}
    return None if placed is None else {**found, **placed}


def _is_sayable(key: Node, axis: Axis) -> bool:
    return is_fact(key) or not (isinstance(key, Difference) or axis.type == t.BOOLEAN)


def _hang_together(one: Side, other: Side) -> bool:
    """Tell whether two axes look at one fact in a way that is not followed."""
    if (_is_linear(one[0]) and _is_linear(other[0])) or (_is_of_none(one) and _is_of_none(other)):
        return False
    return not _hangs_on(one).isdisjoint(_hangs_on(other))


def _hangs_on(side: Side) -> frozenset[Node]:
    """Give the facts that a side hangs on: that nothing is so of a list, which may be empty."""
    key = side[0]
    if isinstance(key, Quantified) and _is_of_none(side):
        return frozenset(fact for each in key.iterators for fact in looked_at(each.domain))
    return frozenset(looked_at(key))


def _is_of_none(side: Side) -> bool:
    key, mask, axis = side
    return isinstance(key, Quantified) and axis.segments[next(bits(mask))].low is False


def _is_linear(key: Node) -> bool:
    if isinstance(key, Difference):
        return is_fact(key.left) and is_fact(key.right)
    return is_fact(key)


def _placed(apart: Sequence[Side], sides: Sequence[Side], space: Space) -> Facts | None:
    """Find values of the facts that differences are between, within what else is asked of them."""
    facts = dict.fromkeys(fact for key, *_ in apart for fact in (key.left, key.right))  # type: ignore[attr-defined]
    own = [each for each in sides if each[0] in facts]
    if any(mask & axis.null for _, mask, axis in own):
        return None
    choices = ([(key, axis.segments[i]) for i in bits(mask)] for key, mask, axis in (*own, *apart))
    for chosen in islice(product(*choices), MOST):
        found = _Placing(list(facts), chosen, space).found()
        if found is not None:
            return found if all(map(is_fact, facts)) else {}
    return None


@dataclass(frozen=True)
class _Placing:
    """Places facts as low as they can be: each is pushed up by what it must lie above."""

    facts: Sequence[Node]
    chosen: Sequence[Chosen]
    space: Space

    def found(self) -> Facts | None:
        for floor in (0, -(10**6)):
            for step in (Decimal(1), Decimal("0.01")):
                values = self._pushed({fact: self._floor(fact, floor) for fact in self.facts}, step)
                if values is not None:
                    return {fact: self._as_fact(fact, value) for fact, value in values.items()}
        return None

    def _floor(self, fact: Node, floor: int) -> Decimal:
        if fact.static_type == t.DATE:
            first = self.space.days.start or date(2026, 1, 1)
            return Decimal((first + timedelta(days=max(floor, -3650))).toordinal())
        return Decimal(floor)

    def _pushed(self, values: dict[Node, Decimal], step: Decimal) -> dict[Node, Decimal] | None:
        for _ in range(len(values) + 2):
            pushed = False
            for upper, lower, above in self._orders(step):
                least = above if lower is None else values[lower] + above
                if upper is None:
                    if least > 0:
                        return None
                elif values[upper] < least:
                    values[upper], pushed = least, True
            if not pushed:
                return values
        return None

    def _orders(self, step: Decimal) -> Iterator[tuple[Node | None, Node | None, Decimal]]:
        """Give what must lie above what, and by how much at least; nothing stands for zero."""
        for key, segment in self.chosen:
            one, other = (key.left, key.right) if isinstance(key, Difference) else (key, None)
            fine = 0 if segment.is_point else self._step(one, step)
            if segment.low is not None:
                yield one, other, _number(segment.low) + fine
            if segment.high is not None:
                yield other, one, fine - _number(segment.high)

    def _step(self, fact: Node, step: Decimal) -> Decimal:
        return Decimal(1) if fact.static_type == t.DATE else step

    def _as_fact(self, fact: Node, value: Decimal) -> Any:
        match fact.static_type:
            case t.MoneyType(str(currency)):
                return Money(value, currency)
            case t.DATE:
                return date.fromordinal(int(value))
            case _:
                return value


def _number(value: Any) -> Decimal:
    match value:
        case Money():
            return value.amount
        case date():
            return Decimal(value.toordinal())
        case _:
            return Decimal(value)


def example_in_words(facts: Facts, policy: Policy) -> str:
    """Say the facts of a case: "as with change.cost 0 GBP; "; nothing where there are none."""
    said = [
        f"{_said(key, value, policy)} {value_in_words(value)}"
        for key, value in facts.items()
        if value is not None
    ]
    return f"as with {joined(said)}; " if said else ""


def _said(key: Node, value: Any, policy: Policy) -> str:
    if is_fact(key):
        return _path(key)
    return f"{speaker(policy).noun(key)}{' at' * isinstance(value, Decimal | Money)}"


def _path(node: Node) -> str:
    base = getattr(node, "base", None)
    return f"{_path(base)}.{node.name}" if base is not None else str(getattr(node, "name", ""))  # type: ignore[attr-defined]


def _value(mask: Mask, axis: Axis) -> Any:
    """Choose a value of a mask: one that conditions name, else one beside such."""
    segments = [axis.segments[place] for place in bits(mask & ~axis.null)]
    point = next((each.low for each in segments if each.is_point), None)
    if point is not None or not segments:
        return point
    return _beside(segments[0])


def _beside(segment: Segment) -> Any:
    """Give a value within a stretch, next to one of its ends."""
    end, sign = (segment.low, 1) if segment.high is None else (segment.high, -1)
    match end:
        case Money():
            step = Decimal(1).scaleb(-minor_digits(end.currency))
            return Money(end.amount + sign * step, end.currency)
        case Decimal():
            return end + sign if segment.low is None or segment.high is None else _middle(segment)
        case date():
            return end + sign * timedelta(days=1)
        case _:
            return None


def _middle(segment: Segment) -> Any:
    return (segment.low + segment.high) / 2
