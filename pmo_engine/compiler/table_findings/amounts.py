"""Which columns of tables are given amounts that may have parts of a minor unit.

A fact has none: "8333.34 GBP". What is computed of it may: a fifth more is 9,999.996 GBP.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import field
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING

from pmo_engine.feel import nodes as n
from pmo_engine.feel import types as t
from pmo_engine.feel.functions import GOVERNANCE
from pmo_engine.feel.walk import walk
from pmo_engine.model.frozen import dataclass
from pmo_engine.model.money import minor_digits

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pmo_engine.policy import Policy, Table

_ROUNDING = frozenset(
    {"decimal", "floor", "ceiling", "round up", "round down", "round half up", "round half down"}
)
_CHOOSING = frozenset({"abs", "sum", "min", "max"})


@lru_cache(maxsize=16)
def computed_amounts(policy: Policy) -> Mapping[str, frozenset[str]]:
    """Name, by table, the columns of money that some call gives a computed amount."""
    if not any(_amounts(table) for table in policy.tables.values()):
        return {}
    return _Amounts(policy).found()


def _amounts(table: Table) -> frozenset[str]:
    return frozenset(each.name for each in table.inputs if isinstance(each.type, t.MoneyType))


@dataclass
class _Amounts:
    """Follows amounts from where they are computed to the tables that are given them."""

    policy: Policy
    computed: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    def found(self) -> dict[str, frozenset[str]]:
        calls = list(self._calls())
        size = -1
        while size != (size := sum(map(len, self.computed.values()))):
            for table, own, column, argument in calls:
                if not self._is_whole(argument, own):
                    self.computed[table].add(column)
        return {table: frozenset(columns) for table, columns in self.computed.items()}

    def _calls(self) -> Iterator[tuple[str, str, str, n.Node]]:
        """Give each amount that a table is called with: the table, who calls it, column, amount."""
        for rule in self.policy.rules:
            for expression in rule.expressions:
                yield from self._calls_in(expression.node, "")
        for table in self.policy.tables.values():
            for row in table.rows:
                for cell in (*row.when, *row.then):
                    yield from self._calls_in(cell.node, table.id)

    def _calls_in(self, node: n.Node, own: str) -> Iterator[tuple[str, str, str, n.Node]]:
        for each in walk(node):
            match each:
                case n.Call(n.Name(name), arguments, names) if name in self.policy.tables:
                    table = self.policy.tables[name]
                    columns = names or tuple(column.name for column in table.inputs)
                    for column, argument in zip(columns, arguments, strict=False):
                        if column in _amounts(table):
                            yield name, own, column, argument

    def _is_whole(self, node: n.Node, own: str) -> bool:
        """Tell whether an amount in a cell of the table ``own`` has no parts of a minor unit."""
        match node:
            case n.Literal() | n.Negation(n.Literal()):
                return True
            case n.Name(name):
                return self._is_whole_name(name, own)
            case n.Path(n.Call(n.Name(name)), output) if name in self.policy.tables:
                return self._answers_whole(name, output)
            case n.Path():
                return True
            case n.Negation(operand) | n.Filter(operand):
                return self._is_whole(operand, own)
            case n.Arithmetic("+" | "-", left, right):
                return self._is_whole(left, own) and self._is_whole(right, own)
            case n.Arithmetic("*", left, right):
                return self._is_multiple(left, right, own) or self._is_multiple(right, left, own)
            case n.Conditional(_, consequence, alternative):
                return self._is_whole(consequence, own) and self._is_whole(alternative, own)
            case n.ListLiteral(items):
                return all(self._is_whole(item, own) for item in items)
            case n.Call(n.Name(name), arguments):
                return self._is_whole_call(name, arguments, own)
            case _:
                return False

    def _is_whole_name(self, name: str, own: str) -> bool:
        if own and name in _amounts(self.policy.tables[own]):
            return name not in self.computed[own]
        derived = (each for rule in self.policy.rules for each in rule.derivations)
        return all(self._is_whole(each.value.node, "") for each in derived if each.fact == name)

    def _is_multiple(self, amount: n.Node, factor: n.Node, own: str) -> bool:
        match factor:
            case n.Literal(Decimal() as number) if number == number.to_integral_value():
                return self._is_whole(amount, own)
            case _:
                return False

    def _is_whole_call(self, name: str, arguments: tuple[n.Node, ...], own: str) -> bool:
        if name in self.policy.tables:
            return self._answers_whole(name, "")
        if name in _ROUNDING:
            digits = minor_digits(self.policy.currency)
            match arguments:
                case (_, n.Literal(Decimal() as places)):
                    return places <= digits
                case _:
                    return len(arguments) == 1
        return name in GOVERNANCE or (
            name in _CHOOSING and all(self._is_whole(each, own) for each in arguments)
        )

    def _answers_whole(self, name: str, output: str) -> bool:
        table = self.policy.tables[name]
        places = [i for i, each in enumerate(table.outputs) if output in {"", each.name}]
        return all(
            self._is_whole(row.then[place].node, name) for row in table.rows for place in places
        )
