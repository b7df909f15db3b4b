"""Parts of figures that add up: sums, counts, the least and the greatest of records."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import field
from datetime import date, timedelta
from decimal import Decimal
from functools import reduce
from typing import TYPE_CHECKING, Any

from pmo_engine.engines.bulk.plain import Leave, Plain, plain, truth
from pmo_engine.feel import nodes as n
from pmo_engine.feel.builtins import BUILTINS
from pmo_engine.feel.numbers import CONTEXT
from pmo_engine.feel.rewrite import rewrite
from pmo_engine.feel.values import Missing
from pmo_engine.feel.walk import walk
from pmo_engine.model.frozen import dataclass
from pmo_engine.model.money import Money
from pmo_engine.policy.figures import looked_at

if TYPE_CHECKING:
    from pmo_engine.feel.values import Record
    from pmo_engine.policy import Register
    from pmo_engine.policy.figures import Over


class Nothing:
    """Stands for what comes of no record at all; it adds nothing to others."""


NOTHING = Nothing()


@dataclass(frozen=True, slots=True)
class Aggregate:
    """A call of ``sum``, ``count``, ``min`` or ``max`` over the records of one register.

    ``kept`` and ``value`` are the filter and what is taken of each record, where each has a
    function; ``text`` is the formula that it stands in, and ``rest`` what that sees besides. It is
    found in formulas by its ``name``.
    """

    name: str
    function: str
    node: n.Node
    plural: str
    over: Over
    text: str
    kept: Plain | None
    value: Plain | None
    rest: Mapping[str, Any]

    def of(self, chosen: Chosen) -> Any:
        """Give what it comes to; by the reference where something is out of the ordinary."""
        try:
            return self._ordinary(chosen.kept(self))
        except Exception:  # noqa: BLE001 - whatever it is, the reference says what it means
            return chosen.walked(self)

    def _ordinary(self, chosen: Sequence[Record]) -> Any:
        if self.function == "count":
            return Decimal(len(chosen))
        value = self.value
        assert value is not None  # all but a count take something of each record
        return joined(self.function, [value(each) for each in chosen])

    def together(self, states: Iterable[Any]) -> Any:
        """Give what several come to together, or what is missing in any of them."""
        found = [each for each in states if each is not NOTHING]
        if missing := [each for each in found if isinstance(each, Missing)]:
            return Missing.of(*missing)
        try:
            return joined("sum" if self.function == "count" else self.function, found)
        except Leave:
            return Missing.fault(f"{self.function}: {self.text}")


class Chosen:
    """The records of one project, by plural, that aggregates look at: each choice made once.

    ``walked`` works an aggregate out over records by the walk that defines the language.
    """

    def __init__(
        self,
        seen: Mapping[str, list[Record]],
        registers: Mapping[str, Register],
        walked: Callable[[list[Record], Aggregate], Any],
    ) -> None:
        self._seen, self._registers, self._walked = seen, registers, walked
        self._over: dict[tuple[str, str], list[Record]] = {}
        self._kept: dict[Plain, list[Record]] = {}

    def over(self, of: Aggregate) -> list[Record]:
        """Give the records that it looks at."""
        key = of.plural, of.over
        if key not in self._over:
            self._over[key] = looked_at(self._seen[of.plural], self._registers[of.plural], of.over)
        return self._over[key]

    def kept(self, of: Aggregate) -> list[Record]:
        """Give those that its filter keeps. Raises what is out of the ordinary."""
        kept, records = of.kept, self.over(of)
        if kept is None:
            return records
        if kept not in self._kept:
            self._kept[kept] = [each for each in records if truth(kept(each))]
        return self._kept[kept]

    def walked(self, of: Aggregate) -> Any:
        """Give what it comes to by the walk."""
        return self._walked(self.over(of), of)


def joined(function: str, values: list[Any]) -> Any:
    """Add values up, or take the least or greatest; NOTHING of none. Raises Leave."""
    if not values:
        return NOTHING
    if len(set(map(type, values))) > 1:
        raise Leave
    if type(values[0]) is not Money:
        return _joined(function, values)
    currency = values[0].currency
    if len({each.currency for each in values}) > 1:
        raise Leave
    return Money(_joined(function, [each.amount for each in values]), currency)


def _joined(function: str, values: list[Any]) -> Any:
    match function:
        case "sum" if isinstance(values[0], Decimal):
            return reduce(CONTEXT.add, values)
        case "min" if type(values[0]) in ORDERED:
            return min(values)
        case "max" if type(values[0]) in ORDERED:
            return max(values)
        case _:
            raise Leave


FUNCTIONS = frozenset({"sum", "count", "min", "max"})
ORDERED = (Decimal, date, str, timedelta)


@dataclass(frozen=True, slots=True)
class Splitter:
    """Takes the aggregates out of formulas; ``fields`` are those of records, by plural."""

    fields: Mapping[str, frozenset[str]]
    constants: Mapping[str, Any]
    over: Over
    text: str
    rest: Mapping[str, Any]
    found: dict[tuple[Any, ...], Aggregate]
    filters: dict[tuple[str, n.Node], Plain] = field(default_factory=dict)

    def split(self, node: n.Node) -> n.Node:
        """Give a formula with the name of an aggregate in the place of each."""
        return rewrite(node, self._replaced)

    def _replaced(self, node: n.Node) -> n.Node:
        match node:
            case n.Call(n.Name(function), (listed,), ()) if function in FUNCTIONS:
                made = self._made(function, node, listed)
                return node if made is None else n.Name(made.name)
            case _:
                return node

    def _made(self, function: str, node: n.Node, listed: n.Node) -> Aggregate | None:
        if function == "sum":
            listed = _without_zeros(listed)
        taken, base = (listed.name, listed.base) if isinstance(listed, n.Path) else (None, listed)
        condition, base = (
            (base.condition, base.base) if isinstance(base, n.Filter) else (None, base)
        )
        if not isinstance(base, n.Name) or base.name not in self.fields:
            return None
        own = self.fields[base.name]
        if (taken is None) != (function == "count") or not self._alone(condition, own):
            return None
        try:
            kept = None if condition is None else self._filter(base.name, condition)
            value = None if taken is None else plain(n.Name(taken), {}, own)
        except Leave:
            return None
        key = node, self.over, kept and self.text
        name = f"{base.name} {len(self.found)}"
        made = Aggregate(
            name, function, node, base.name, self.over, self.text, kept, value, self.rest
        )
        return self.found.setdefault(key, made)

    def _filter(self, plural: str, condition: n.Node) -> Plain:
        """Make the function of a filter; of the same filter in one figure it is the same."""
        key = plural, condition
        if key not in self.filters:
            self.filters[key] = plain(condition, self.constants, self.fields[plural])
        return self.filters[key]

    def _alone(self, condition: n.Node | None, own: frozenset[str]) -> bool:
        """Tell whether a filter looks at its record and at what is the same for all projects."""
        nodes = () if condition is None else walk(condition)
        names = {each.name for each in nodes if isinstance(each, n.Name)}
        return names <= own | self.constants.keys() | BUILTINS.keys()


def _without_zeros(listed: n.Node) -> n.Node:
    """Give the list to which zeros are appended, for the sum of none to be one."""
    match listed:
        case n.Call(n.Name("append"), (inner, *zeros), ()) if all(map(_is_zero, zeros)):
            return inner
        case _:
            return listed


def _is_zero(node: n.Node) -> bool:
    return isinstance(node, n.Literal) and node.value == 0
