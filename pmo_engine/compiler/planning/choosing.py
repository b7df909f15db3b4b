"""Binds what chooses a planning strategy, and finds answers of its tables that are none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pmo_engine import policy as tree
from pmo_engine.compiler.binding.expressions import bind_expression
from pmo_engine.compiler.binding.gates import AT_GATES
from pmo_engine.compiler.binding.registers import names_on
from pmo_engine.feel import nodes as n
from pmo_engine.feel import types as t
from pmo_engine.feel.walk import walk
from pmo_engine.policy.strategies import STRATEGY
from pmo_engine.source import codes
from pmo_engine.source.diagnostics import nearest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from pmo_engine.compiler.binding.context import Findings
    from pmo_engine.source.diagnostics import Mark
    from pmo_engine.source.yaml_source import Text

    Answer = tuple[Any, Mark]


class Choosing:
    """Binds the expression that comes to the id of a strategy."""

    def __init__(
        self,
        findings: Findings,
        registers: Mapping[str, tree.Register],
        tables: Mapping[str, tree.Table],
        visible: Mapping[str, t.Type],
        tolerances: Mapping[tuple[str, str], tree.Tolerance],
    ) -> None:
        self.findings, self.tables, self.tolerances = findings, tables, tolerances
        self.names = names_on(AT_GATES, registers, visible)

    def bound(self, text: Text, known: Iterable[str]) -> tree.Expression | None:
        """Bind it, and find answers that are none of the strategies that are known."""
        bound = bind_expression(
            self.findings, text, self.names, {}, condition=False, known=self.tolerances
        )
        if bound is None:
            return None
        if not isinstance(bound.type, t.EnumType) and bound.type not in {t.STRING, t.ANY}:
            message = f"a strategy is chosen by its id, and this is {t.describe(bound.type)}"
            hint = "let a table give the id, as in planning_strategy(project.budget).strategy"
            self.findings.add(text.mark, codes.WRONG_VALUE, message, hint)
            return bound
        self._check_not_itself(bound)
        for value, mark in dict.fromkeys(self._answers(bound, bound.node)):
            self._check(value, mark, known)
        return bound

    def _check_not_itself(self, bound: tree.Expression) -> None:
        for each in walk(bound.node):
            if each == n.Path(n.Name("project"), STRATEGY):
                message = "the strategy of a project is what is chosen here"
                hint = "choose it by what is known of the project before"
                self.findings.add(bound.place(each), codes.CIRCLE, message, hint)

    def _check(self, value: Any, mark: Mark, known: Iterable[str]) -> None:
        if value is None:
            message = "this chooses no strategy, so that a project of which it is so has no plan"
            self.findings.add(mark, codes.MAY_FAULT, message, f"choose {' or '.join(known)}")
        elif value not in known:
            hint = nearest(str(value), known) or f"known: {', '.join(known)}"
            message = f"unknown strategy '{str(value)[:60]}'"
            self.findings.add(mark, codes.UNKNOWN, message, hint)

    def _answers(self, source: tree.Expression, node: n.Node) -> Iterator[Answer]:
        """Give what a part of an expression may come to, as far as it can be seen, and where."""
        match node:
            case n.Literal(value):
                yield value, source.place(node)
            case n.Conditional(_, consequence, alternative):
                yield from self._answers(source, consequence)
                yield from self._answers(source, alternative)
            case n.Call(n.Name(name)) if name in self.tables:
                yield from self._of_table(self.tables[name], 0)
            case n.Path(n.Call(n.Name(name)), column) if name in self.tables:
                table = self.tables[name]
                names = [each.name for each in table.outputs]
                yield from self._of_table(table, names.index(column))
            case _ if isinstance(node.static_type, t.EnumType):
                yield from ((each, source.place(node)) for each in node.static_type.values)

    def _of_table(self, table: tree.Table, column: int) -> Iterator[Answer]:
        for row in table.rows:
            yield from self._answers(row.then[column], row.then[column].node)
        if (default := table.outputs[column].default) is not None:
            yield from self._answers(default, default.node)
