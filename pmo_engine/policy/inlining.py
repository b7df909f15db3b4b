"""Calls of decision tables written out: each cell with the arguments in the place of the inputs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_engine.feel import nodes as n
from pmo_engine.feel.rewrite import rewrite
from pmo_engine.feel.walk import walk
from pmo_engine.model.frozen import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from pmo_engine.policy import Expression, InForce, Policy, Rule, Table

TESTED = "?"
MOST_NESTED = 3
"""How many tables that call one another are written out."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A test or an answer of a table, as a call of it has it; of row 0 are the columns' bounds."""

    table: str
    row: int
    written: Expression
    node: n.Node
    is_test: bool
    in_force: InForce | None = None


def called_table(policy: Policy, node: n.Node) -> Table | None:
    """Give the table that an expression calls, where it is nothing but a call of one."""
    match node:
        case n.Call(n.Name(name)):
            return policy.tables.get(name)
        case _:
            return None


def cells_of(policy: Policy, call: n.Node) -> Iterator[Cell]:
    """Write out the cells of the table that is called; nothing where none is."""
    table = called_table(policy, call)
    if table is None or not isinstance(call, n.Call):
        return
    given = arguments_of(table, call)
    for column in table.inputs:
        if column.allowed is not None and column.name in given:
            node = filled(column.allowed.node, {**given, TESTED: given[column.name]})
            yield Cell(table.id, 0, column.allowed, node, is_test=True)
    for row in table.rows:
        for column, test in zip(table.inputs, row.when, strict=True):
            if column.name in given:
                node = filled(test.node, {**given, TESTED: given[column.name]})
                yield Cell(table.id, row.number, test, node, is_test=True, in_force=row.in_force)
        for answer in row.then:
            node = filled(answer.node, given)
            yield Cell(table.id, row.number, answer, node, is_test=False, in_force=row.in_force)


def written_out(policy: Policy, rules: Iterable[Rule]) -> Iterator[n.Node]:
    """Give what expressions of rules come down to: themselves, and the cells of called tables."""
    for rule in rules:
        for expression in rule.expressions:
            yield expression.node
            yield from _cells_below(policy, expression.node, 0)


def _cells_below(policy: Policy, node: n.Node, nested: int) -> Iterator[n.Node]:
    for call in walk(node) if policy.tables and nested < MOST_NESTED else ():
        for cell in cells_of(policy, call):
            yield cell.node
            yield from _cells_below(policy, cell.node, nested + 1)


def arguments_of(table: Table, call: n.Call) -> dict[str, n.Node]:
    """Give what a call has for each column that it names, or gives in order."""
    names = call.names or tuple(column.name for column in table.inputs)
    return dict(zip(names, call.arguments, strict=False))


def filled(node: n.Node, given: Mapping[str, n.Node]) -> n.Node:
    """Put what is given in the place of names; ``TESTED`` is the name of the tested value."""

    def change(each: n.Node) -> n.Node:
        return given.get(each.name, each) if isinstance(each, n.Name) else each

    return rewrite(node, change)
