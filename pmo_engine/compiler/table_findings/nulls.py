"""Null that is given on purpose: by an ``if``, a fallback, or the answer of a table."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING

from pmo_engine.feel import nodes as n
from pmo_engine.feel.walk import walk
from pmo_engine.policy import AGGREGATING, LISTING

if TYPE_CHECKING:
    from pmo_engine.policy import Policy, Table

_NULL = n.Literal(None)


def nullable_columns(policy: Policy) -> dict[str, frozenset[str]]:
    """Give, by the id of a table, the columns that are given a value that may be null."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for node in _expressions(policy) if policy.tables else ():
        for each in walk(node):
            for table, column, argument in _arguments(each, policy):
                if may_be_null(argument, policy):
                    found[table].add(column)
    return {table: frozenset(columns) for table, columns in found.items()}


def _expressions(policy: Policy) -> Iterator[n.Node]:
    for rule in policy.rules:
        yield from (each.node for each in rule.expressions)
    for table in policy.tables.values():
        yield from (cell.node for row in table.rows for cell in (*row.when, *row.then))


def _arguments(node: n.Node, policy: Policy) -> Iterator[tuple[str, str, n.Node]]:
    match node:
        case n.Call(n.Name(name), arguments, names) if name in policy.tables:
            columns = names or tuple(each.name for each in policy.tables[name].inputs)
            for column, argument in zip(columns, arguments, strict=False):
                yield name, column, argument


def may_be_null(node: n.Node, policy: Policy, asked: frozenset[str] = frozenset()) -> bool:
    """Tell whether an expression is null somewhere, and means it.

    ``asked`` are the facts and tables in question already, where they go in a circle.
    """
    match node:
        case n.Literal(None):
            return True
        case n.Conditional(_, consequence, alternative):
            return any(may_be_null(each, policy, asked) for each in (consequence, alternative))
        case n.Call(n.Name("get or else"), (_, otherwise)):
            return may_be_null(otherwise, policy, asked)
        case n.Call(n.Name(name)) if name in policy.tables and name not in asked:
            return _answers_null(policy.tables[name], "", policy, asked | {name})
        case n.Path(n.Call(n.Name(name)), output) if name in policy.tables and name not in asked:
            return _answers_null(policy.tables[name], output, policy, asked | {name})
        case n.Name(fact) if fact not in asked:
            effects = (each for rule in policy.rules for each in rule.derivations)
            values = (each.value.node for each in effects if each.fact == fact)
            return any(may_be_null(each, policy, asked | {fact}) for each in values)
        case _:
            return False


def _answers_null(table: Table, output: str, policy: Policy, asked: frozenset[str]) -> bool:
    if table.hit_policy in AGGREGATING | LISTING or (not output and len(table.outputs) > 1):
        return False  # what it gives is made of answers, and not one
    places = [i for i, each in enumerate(table.outputs) if output in {"", each.name}]
    cells = [row.then[place] for row in table.rows for place in places]
    cells += [cell for place in places if (cell := table.outputs[place].default) is not None]
    return any(may_be_null(cell.node, policy, asked) for cell in cells)
