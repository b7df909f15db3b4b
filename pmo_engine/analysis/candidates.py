"""Values of one fact that are worth trying: where comparisons turn, and what is named."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING, Any

from pmo_engine.analysis.boundaries import limits_of
from pmo_engine.analysis.limits import Boundary
from pmo_engine.analysis.solving import crossing, gap_of
from pmo_engine.feel import nodes as n
from pmo_engine.feel import types as t
from pmo_engine.feel.bounds import bounds_of
from pmo_engine.feel.quantities import FINEST, alike, as_number, step_of, zero_of
from pmo_engine.feel.values import Missing
from pmo_engine.feel.walk import walk
from pmo_engine.policy.fact_paths import fact, path_of, type_at
from pmo_engine.policy.inlining import written_out

if TYPE_CHECKING:
    from pmo_engine.analysis.influence import Influence
    from pmo_engine.analysis.situation import Situation

SOMETHING_ELSE = "something else"
_ORDERING = frozenset({"<", "<=", ">", ">="})


class Candidates:
    """The values of one fact to try in a situation."""

    def __init__(
        self, situation: Situation, boundaries: Iterable[Boundary], influence: Influence
    ) -> None:
        self.situation, self.influence = situation, influence
        self.boundaries = [each for each in boundaries if self._bears_on(each)]
        self.path = influence.path
        self.was = fact(situation.event.facts, influence.path)
        self.type = type_at(situation.engine.policy.facts, influence.path)

    def _bears_on(self, boundary: Boundary) -> bool:
        return self.influence.reaches(boundary.inside or boundary.comparison)

    @cached_property
    def start(self) -> Any:
        """Give the value to begin with: the fact's, or one of its type where it was not given."""
        if not isinstance(self.was, Missing):
            return self.was
        policy, event = self.situation.engine.policy, self.situation.event
        return zero_of(self.type, policy.currency, event.at)

    @property
    def is_dense(self) -> bool:
        """Tell whether there are values between any two; amounts and days have a smallest step."""
        return isinstance(self.start, Decimal | datetime | timedelta) and not self._is_whole

    @property
    def _is_whole(self) -> bool:
        bounds = bounds_of(self.type)
        return bounds is not None and bounds.whole

    @cached_property
    def step(self) -> Decimal:
        """Give the smallest step that is tried: a millionth, a second, a day, a penny."""
        if isinstance(self.start, Decimal) and not self._is_whole:
            return Decimal(1).scaleb(-FINEST)
        return Decimal(1) if self.is_dense else step_of(self.start)

    def numbers(self) -> tuple[list[Decimal], frozenset[Decimal]]:
        """Give what to try of a quantity as numbers in order, and those at which sides meet."""
        exact: set[Decimal] = set()
        near: set[Decimal] = {as_number(self.start)}
        for boundary in self.boundaries:
            for low, high in self._crossings(boundary):
                near |= {low - self.step, low, high, high + self.step}
                exact |= {low} & {high}
        return sorted(near), frozenset(exact)

    def _crossings(self, boundary: Boundary) -> Iterator[tuple[Decimal, Decimal]]:
        if boundary.inside is None:
            gap = gap_of(self.situation, boundary.left, boundary.right, self.path, self.start)
            found = crossing(gap, as_number(self.start), self.step)
            if found is not None:
                yield found
        elif boundary.is_fixed:
            for limit, _ in limits_of(self.situation.engine, boundary):
                if alike(limit, self.start):
                    yield as_number(limit), as_number(limit)

    def values(self) -> tuple[list[Any], tuple[str, ...]]:
        """Give what to try of a truth, an enumeration or a text; and two texts that are none.

        There are no such texts where texts are not only held against others for being the same.
        """
        match self.type, self.start:
            case t.EnumType(values, closed=True), _:
                return [value for value in values if value != self.was], ()
            case (t.BOOLEAN, _) | (_, bool()):
                return [value for value in (True, False) if value is not self.was], ()
            case (t.STRING, _) | (_, str()):
                named = list(dict.fromkeys(self._named_texts()))
                return [value for value in named if value != self.was], self._others(named)
            case _:
                return [], ()

    def _others(self, named: list[str]) -> tuple[str, ...]:
        comparisons = [each for each in self._nodes() if isinstance(each, n.Comparison)]
        ordered = any(
            each.operator in _ORDERING and self.influence.reaches(each) for each in comparisons
        )
        known = {*named, self.was}
        texts = (SOMETHING_ELSE + " again" * times for times in range(len(known) + 2))
        return () if ordered else tuple(islice((text for text in texts if text not in known), 2))

    def _named_texts(self) -> Iterator[str]:
        for node in self._nodes():
            match node:
                case n.Comparison("=" | "!=", left, right):
                    sides = [(left, right), (right, left)]
                case n.Membership(value, tests):
                    sides = [(value, each) for test in tests for each in _items(test)]
                case _:
                    continue
            for side, other in sides:
                if path_of(side) == self.path and not self.influence.reaches(other):
                    value = self.situation.value(other)
                    if isinstance(value, str):
                        yield value

    def _nodes(self) -> Iterator[n.Node]:
        rules = self.situation.selection.rules
        for node in written_out(self.situation.engine.policy, rules):
            yield from walk(node)


def _items(test: n.Node) -> tuple[n.Node, ...]:
    return test.items if isinstance(test, n.ListLiteral) else (test,)
