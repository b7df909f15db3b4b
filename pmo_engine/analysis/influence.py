"""How one fact bears on expressions: not at all, in a straight line, or in some other way.

Where all that depends on a fact are comparisons of sides that follow it in a straight line, a
decision can change only where two sides meet; between these points it stays the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from pmo_engine.analysis.limits import boundaries_of
from pmo_engine.authority.limits import looked_at
from pmo_engine.feel import nodes as n
from pmo_engine.feel import types as t
from pmo_engine.feel.functions import ADDING_UP, LEAST_SENIOR, LIMITED
from pmo_engine.feel.walk import walk
from pmo_engine.model.fact_paths import FactPath
from pmo_engine.model.frozen import dataclass
from pmo_engine.policy.fact_paths import path_of, paths_in, type_at
from pmo_engine.policy.inlining import MOST_NESTED, called_table, cells_of

if TYPE_CHECKING:
    from pmo_engine.policy import Rule
    from pmo_engine.policy.selection import Selection

_ADDING = frozenset({"sum", "append", "concatenate"})


@dataclass(frozen=True)
class Influence:
    """What one fact, by its path, does in the rules of a selection."""

    selection: Selection
    path: FactPath
    nested: int = 0  # how many tables are written out by now

    @cached_property
    def is_steady(self) -> bool:
        """Tell whether decisions change only where the two sides of a comparison meet."""
        rules = self.selection.rules
        nodes = [each.node for rule in rules for each in rule.expressions]
        nodes += [each.comparison for each in boundaries_of(self.selection.policy, rules)]
        return all(self.stepped(each) or self.linear(each) for each in nodes)

    def reaches(self, node: n.Node) -> bool:
        """Tell whether an expression may depend on the fact."""
        if any(self._overlaps(path) for path in paths_in(node)):
            return True
        asked = {each.name for each in walk(node) if isinstance(each, n.Name)} & LIMITED
        if asked and self._is_looked_at(in_sum=bool(asked & ADDING_UP)):
            return True
        asked &= ADDING_UP
        if asked and (self._is_counted or (LEAST_SENIOR in asked and self._is_measured)):
            return True
        return any(self._derives_from_it(path.root) for path in paths_in(node))

    def linear(self, node: n.Node) -> bool:
        """Tell whether an expression follows the fact in a straight line, or does not at all."""
        if not self.reaches(node) or path_of(node) == self.path:
            return True
        match node:
            case n.Arithmetic("+" | "-", left, right):
                return self.linear(left) and self.linear(right)
            case n.Arithmetic("*", left, right):
                free = not (self.reaches(left) and self.reaches(right))
                return free and self.linear(left) and self.linear(right)
            case n.Arithmetic("/", left, right):
                return self.linear(left) and not self.reaches(right)
            case n.Negation(operand):
                return self.linear(operand)
            case n.ListLiteral(items):
                return all(map(self.linear, items))
            case n.Call(n.Name(name), arguments) if name in _ADDING:
                return all(map(self.linear, arguments))
            case n.Call(n.Name("headroom")):
                return self._is_added_up
            case n.Path(n.Arithmetic("-", left, right), "days"):
                return all(self._is_day(each) and self.linear(each) for each in (left, right))
            case n.Path(base, name):
                return self._is_item_of(base, name)
            case n.Name(name):
                return self._linear_derivation(name)
            case _:
                return False

    def stepped(self, node: n.Node) -> bool:
        """Tell whether what an expression comes to changes only where two sides meet."""
        if not self.reaches(node):
            return True
        if path_of(node) == self.path:
            return self._is_named
        match node:
            case n.Conditional(condition, consequence, alternative):
                return self._steady(condition) and self._all_stepped((consequence, alternative))
            case n.ListLiteral(items):
                return self._all_stepped(items)
            case n.Path(base) if path_of(node) is None:
                return self.stepped(base)
            case n.Call(n.Name("least_senior"), (n.Literal(), *amounts)):
                return self._is_measured_in_line() and all(map(self.linear, amounts))
            case n.Call(n.Name()) if called_table(self.selection.policy, node) is not None:
                return self._stepped_table(node)
            case _:
                return self._steady(node)

    @cached_property
    def _is_named(self) -> bool:
        """Tell whether the fact is one of some names, true or false, or a text, and no quantity."""
        kind = type_at(self.selection.policy.facts, self.path)
        return kind in {t.STRING, t.BOOLEAN} or isinstance(kind, t.EnumType)

    def _all_stepped(self, nodes: Iterable[n.Node]) -> bool:
        return all(map(self.stepped, nodes))

    def _stepped_table(self, call: n.Node) -> bool:
        if self.nested >= MOST_NESTED:
            return False
        inner = replace(self, nested=self.nested + 1)
        return all(
            inner._steady(cell.node) if cell.is_test else inner.stepped(cell.node)  # noqa: SLF001
            for cell in cells_of(self.selection.policy, call)
        )

    def _is_measured_in_line(self) -> bool:
        """Tell whether the fact is at most added up, or itself what authority is held against."""
        register = self.selection.register
        value = None if register is None else f"{register.root}.{register.value}"
        return not self._is_counted or self._is_added_up or self.path == value

    # What is true or false

    def _steady(self, node: n.Node) -> bool:
        if not self.reaches(node) or path_of(node) == self.path:
            return True
        match node:
            case n.Comparison(_, left, right):
                sides = (left, right)
                return all(map(self.linear, sides)) or self._all_stepped(sides)
            case n.Between(value, low, high):
                return all(map(self.linear, (value, low, high)))
            case n.Membership(value, tests):
                return self._linear_or_stepped(value) and all(map(self._steady_test, tests))
            case n.Conjunction(operands) | n.Disjunction(operands):
                return all(map(self._steady, operands))
            case n.Not(operand):
                return self._steady(operand)
            case n.Conditional(condition, consequence, alternative):
                return all(map(self._steady, (condition, consequence, alternative)))
            case n.Call(n.Name("is_known"), (one,)):
                return path_of(one) is not None
            case n.Name(name):
                return self._steady_derivation(name)
            case _:
                return False

    def _linear_or_stepped(self, node: n.Node) -> bool:
        return self.linear(node) or self.stepped(node)

    def _steady_test(self, test: n.Node) -> bool:
        match test:
            case n.UnaryTest(_, operand):
                return self.linear(operand)
            case n.RangeLiteral(low, high):
                return all(end is None or self.linear(end) for end in (low, high))
            case n.ListLiteral(items):
                return all(map(self._steady_test, items))
            case _:
                return isinstance(test, n.Literal)

    # Paths and lists

    def _overlaps(self, path: FactPath) -> bool:
        own = self.path.steps
        if len(path.steps) > 1 and isinstance(own[1:2] and own[1], int):
            return path.root == self.path.root  # of a list every item is looked at
        return path.overlaps(self.path)

    @cached_property
    def _is_measured(self) -> bool:
        """Tell whether authority over the record in hand is measured by the fact."""
        register = self.selection.register
        if register is None or register.value is None:
            return False
        return self._overlaps(FactPath.of((register.root, register.value)))

    def _is_looked_at(self, *, in_sum: bool) -> bool:
        """Tell whether some limit hangs on the fact: by a share, a condition, what agrees in it."""
        return any(path.overlaps(self.path) for path in looked_at(self.selection, in_sum=in_sum))

    @cached_property
    def _is_counted(self) -> bool:
        """Tell whether cumulative limits look at the fact: at all records, and which is in hand."""
        register = self.selection.register
        if register is None:
            return False
        telling = {f"{register.root}.key"}
        return self.path in telling or self.path.root == register.plural

    @cached_property
    def _is_added_up(self) -> bool:
        """Tell whether the fact is the value of a record that cumulative limits count."""
        register = self.selection.register
        match self.path.steps:
            case (str(plural), int(), str(name)) if register is not None:
                return plural == register.plural and name == register.value
            case _:
                return False

    def _is_item_of(self, base: n.Node, name: str) -> bool:
        """Tell whether a path is the list of what the fact is of each record, filtered or not."""
        match self.path.steps, base:
            case (str(plural), int(), str(own)), n.Name(listed):
                return plural == listed and own == name
            case (str(plural), int(), str(own)), n.Filter(n.Name(listed), condition):
                asks = {*paths_in(condition)} & {own, f"item.{own}", "item"}
                return plural == listed and own == name and not asks
            case _:
                return False

    def _is_day(self, node: n.Node) -> bool:
        return path_of(node) is not None and node.static_type == t.DATE

    # Derived facts

    @cached_property
    def _derivers(self) -> Mapping[str, Rule]:
        return {each.fact: rule for rule in self.selection.rules for each in rule.derivations}

    def _derives_from_it(self, name: str) -> bool:
        rule = self._derivers.get(name)
        return rule is not None and any(self.reaches(each.node) for each in rule.expressions)

    def _linear_derivation(self, name: str) -> bool:
        rule = self._derivers.get(name)
        if rule is None or (rule.when is not None and self.reaches(rule.when.node)):
            return False
        return all(self.linear(each.value.node) for each in rule.derivations if each.fact == name)

    def _steady_derivation(self, name: str) -> bool:
        rule = self._derivers.get(name)
        return rule is not None and all(self.stepped(each.node) for each in rule.expressions)
