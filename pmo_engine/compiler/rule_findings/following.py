"""What the conditions of an event's rules come to on a day: in facts that are given.

Facts that rules derive, answers of decision tables, ``if`` and ``get or else`` are followed to
what they hang on; limits and tolerances become the amounts of the day.
"""

from __future__ import annotations

import re
from dataclasses import field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from pmo_engine.authority.functions import authority_on
from pmo_engine.compiler.rule_findings.cases import (
    ALWAYS,
    FAULT,
    MOST,
    NULL,
    UNSAID,
    Cases,
    folded,
    lifted,
    value_of,
    values_of,
)
from pmo_engine.compiler.rule_findings.forms import spread
from pmo_engine.feel import nodes as n
from pmo_engine.feel.functions import TOLERANCE, role_and_act
from pmo_engine.feel.walk import walk
from pmo_engine.model.frozen import dataclass
from pmo_engine.policy.inlining import TESTED, arguments_of, called_table, filled
from pmo_engine.policy.selection import only_true

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date

    from pmo_engine.model.event_names import EventName
    from pmo_engine.policy import Derive, Expression, Policy, Rule, Table, TableRow

_BINDERS = (n.Filter, n.Quantified, n.ForLoop, n.FunctionLiteral, n.ContextLiteral)
_TOLD_APART = r"\bif\b|get or else|is defined|authority|[*/+]| - | = (?:true|false)"
_FIRST_COUNTS = frozenset({"unique", "any", "first"})


@dataclass(frozen=True)
class Following:
    """The rules of one event on one day; what was followed is remembered."""

    policy: Policy
    event: EventName
    day: date
    _known: dict[str, n.Node] = field(default_factory=dict)

    def condition(self, rule: Rule) -> n.Node:
        """Give what a rule's condition comes to."""
        return ALWAYS if rule.when is None else spread(self.of(rule.when))

    def of(self, text: Expression) -> n.Node:
        """Give what an expression comes to; most have nothing to follow."""
        return self._followed(text.node) if self._to_follow.search(text.text) else text.node

    def choices(self, chosen: Expression) -> Iterator[tuple[str, n.Node]]:
        """Give each role that an expression may choose, and when it does; none if not all tell."""
        node = self.of(chosen)
        values = list(values_of(node))
        words = [value.value for value in values if isinstance(value, n.Literal)]
        if len(words) == len(values) and isinstance(node, Cases):
            for word in dict.fromkeys(each for each in words if isinstance(each, str)):
                yield word, lifted(n.Comparison("=", node, n.Literal(word)))

    @cached_property
    def _to_follow(self) -> re.Pattern[str]:
        names = map(re.escape, [TOLERANCE, *self._deriving, *self.policy.tables])
        return re.compile("|".join([_TOLD_APART, *names]))

    @cached_property
    def _deriving(self) -> Mapping[str, tuple[Rule, Derive] | None]:
        """Find which rule derives a fact on this event and day; none may."""
        names = self.event.judged_as
        found: dict[str, tuple[Rule, Derive] | None] = {}
        for rule in self.policy.rules:
            for each in rule.derivations:
                here = self.day in rule.in_force and not names.isdisjoint(rule.on)
                found[each.fact] = (rule, each) if here else found.get(each.fact)
        return found

    def _followed(self, node: n.Node) -> n.Node:
        match node:
            case n.Name(name) if name in self._deriving:
                return self._derived(name)
            case n.Literal() | n.Name() | Cases():
                return node
            case n.Call(n.Name("authority" | "tolerance")):
                value = self._limit(node)
                return node if value is None else n.Literal(value)
            case n.Conditional(condition, consequence, alternative):
                guard = self._followed(condition)
                arms = ((guard, self._followed(consequence)), (ALWAYS, self._followed(alternative)))
                return Cases(arms)
            case _ if isinstance(node, _BINDERS):
                return UNSAID if self._is_within(node) else node  # which has names of its own
            case _:
                return self._call(self._in_parts(node))

    def _is_within(self, node: n.Node) -> bool:
        """Tell whether there is anything to follow within an expression."""
        names = (each.name for each in walk(node) if isinstance(each, n.Name))
        return any(name in self._deriving or name in self.policy.tables for name in names)

    def _in_parts(self, node: n.Node) -> n.Node:
        parts = {name: self._part(getattr(node, name)) for name in type(node).__slots__}
        if all(parts[name] is getattr(node, name) for name in parts):
            return folded(node)
        return lifted(replace(node, **parts))

    def _part(self, part: Any) -> Any:
        if isinstance(part, n.Node):
            return self._followed(part)
        if not isinstance(part, tuple):
            return part
        changed = tuple(map(self._part, part))
        same = all(one is other for one, other in zip(changed, part, strict=True))
        return part if same else changed

    def _call(self, node: n.Node) -> n.Node:
        """Follow what was made of an expression, where that is a call of a table."""
        if isinstance(node, Cases):
            return Cases(tuple((guard, self._call(value)) for guard, value in node.arms))
        table = called_table(self.policy, node)
        if table is None or not isinstance(node, n.Call):
            return node
        answers = self._answers(table.on(self.day), arguments_of(table, node))
        return answers if table.hit_policy in _FIRST_COUNTS else UNSAID

    def _derived(self, name: str) -> n.Node:
        """Give what a fact is: what its rule says where that fires, else what it is underived."""
        if name not in self._known:
            self._known[name] = UNSAID  # where rules go in a circle, which is told elsewhere
            otherwise = n.Literal(value=False) if name in only_true(self.policy) else NULL
            found = self._deriving[name]
            arms = [] if found is None else [(self.condition(found[0]), self.of(found[1].value))]
            self._known[name] = value_of([*arms, (ALWAYS, otherwise)])
        return self._known[name]

    def _limit(self, node: n.Call) -> Any:
        """Give a limit or a tolerance of the day; null where there is none."""
        if node.function == n.Name("authority"):
            found = role_and_act(node)
            return found and authority_on(self.policy, found[0], found[1], self.day)
        match node.arguments:
            case (n.Literal(level), n.Literal(of)):
                known = self.policy.tolerances.get((str(level), str(of)))
                dated = known and known.on(self.day)
                return dated and dated.value
            case _:
                return None

    def _answers(self, table: Table, given: Mapping[str, n.Node]) -> n.Node:
        """Give the answer of the first row that matches; of rows that exclude each other, too."""
        if len(table.rows) > MOST or len(given) < len(table.inputs):
            return UNSAID
        rows = ((self._matches(table, row, given), row.then) for row in table.rows)
        answers = [(guard, self._answer(table, cells, given)) for guard, cells in rows]
        default = self._answer(table, tuple(each.default for each in table.outputs), given)
        otherwise = default if table.has_default else FAULT
        return value_of([*self._refused(table, given), *answers, (ALWAYS, otherwise)])

    def _refused(
        self, table: Table, given: Mapping[str, n.Node]
    ) -> Iterator[tuple[n.Node, n.Node]]:
        """Give what columns do not allow, which has no answer."""
        for column in table.inputs:
            if column.allowed is not None:
                yield n.Not(self._cell(column.allowed, column.name, given)), FAULT

    def _matches(self, table: Table, row: TableRow, given: Mapping[str, n.Node]) -> n.Node:
        pairs = zip(table.inputs, row.when, strict=True)
        tests = [self._cell(cell, column.name, given) for column, cell in pairs]
        asked = tuple(each for each in tests if each != ALWAYS)
        match asked:
            case ():
                return ALWAYS
            case (one,):
                return one
            case _:
                return n.Conjunction(asked)

    def _cell(self, cell: Expression, column: str, given: Mapping[str, n.Node]) -> n.Node:
        return self._followed(filled(cell.node, {**given, TESTED: given[column]}))

    def _answer(
        self, table: Table, cells: tuple[Expression | None, ...], given: Mapping[str, n.Node]
    ) -> n.Node:
        values = [NULL if cell is None else self._answered(cell, given) for cell in cells]
        if len(values) == 1:
            return values[0]
        names = (output.name for output in table.outputs)
        return n.ContextLiteral(tuple(zip(names, values, strict=True)))

    def _answered(self, cell: Expression, given: Mapping[str, n.Node]) -> n.Node:
        return self._followed(filled(cell.node, given))
