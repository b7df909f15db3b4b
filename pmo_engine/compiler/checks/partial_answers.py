"""Checks of what rules rely on and may not get: derived facts, and approvers that a table names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_engine.compiler.checks.check import check
from pmo_engine.compiler.table_findings.nulls import may_be_null
from pmo_engine.feel import nodes as n
from pmo_engine.feel.walk import walk
from pmo_engine.policy import NOBODY
from pmo_engine.policy.selection import only_true
from pmo_engine.source import codes
from pmo_engine.source.diagnostics import Diagnostic, at

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pmo_engine.policy import Expression, Policy, Rule, Table, TableRow

_WAYS_OUT = frozenset({"get or else", "is defined"})
_NULL = n.Literal(None)


@check(codes.FACT_SOMETIMES_DERIVED)
def fact_is_always_derived(policy: Policy) -> Iterator[Diagnostic]:
    """Warn of rules that look at a fact which is null where the rules that derive it do not fire.

    A fact that rules only ever set to true is false there, and needs no way out.
    """
    deriving: dict[str, list[Rule]] = {}
    for rule in policy.rules:
        for effect in rule.derivations:
            deriving.setdefault(effect.fact, []).append(rule)
    unsure = deriving.keys() - only_true(policy)
    null = {fact for fact in unsure if may_be_null(n.Name(fact), policy)}
    for rule in policy.rules if unsure else ():
        for fact in sorted(_relied_on(rule) & unsure):
            if why := _why_not(rule, deriving[fact]) or ("may be null" if fact in null else ""):
                message = f"'{fact}' {why}, and rule '{rule.id}' does not say what holds then"
                hint = f"write get or else({fact}, ...), or ask is defined({fact}) first"
                yield at(rule.mark, codes.FACT_SOMETIMES_DERIVED, message, hint)


@check(codes.NOBODY_IN_ROW)
def row_names_somebody(policy: Policy) -> Iterator[Diagnostic]:
    """Find rows that give null where a rule asks a table who must approve."""
    for rule in policy.rules:
        for expression in rule.choices:
            for table, row in _rows_of_nobody(expression, policy.tables):
                message = f"row {row.number} of table '{table.id}' names nobody to approve"
                hint = f"name a role, or write {NOBODY}, with {NOBODY} in the column's type"
                yield at(row.mark, codes.NOBODY_IN_ROW, message, hint)


def _relied_on(rule: Rule) -> frozenset[str]:
    """Name what a rule looks at without saying what holds where there is none."""
    names: set[str] = set()
    for expression in rule.expressions:
        nodes = list(walk(expression.node))
        asked = {name for each in nodes for name in _asked_about(each)}
        names |= {each.name for each in nodes if isinstance(each, n.Name)} - asked
    return frozenset(names)


def _asked_about(node: n.Node) -> Iterator[str]:
    """Name the facts of which a part asks whether there is a value."""
    match node:
        case n.Call(n.Name(name), (value, *_)) if name in _WAYS_OUT:
            yield from (each.name for each in walk(value) if isinstance(each, n.Name))
        case n.Comparison("=" | "!=", n.Name(name), right) if right == _NULL:
            yield name


def _why_not(reader: Rule, deriving: list[Rule]) -> str:
    """Say why a fact may not be derived where a rule looks at it; empty where it always is."""
    for event in reader.on:
        there = [rule for rule in deriving if not event.judged_as.isdisjoint(rule.on)]
        if not there:
            return f"is not derived on {event}"
        always = [rule.in_force for rule in there if rule.when is None]
        unsure = reader.in_force.without(always)
        sometimes = any(span & rule.in_force for span in unsure for rule in there)
        if sometimes:
            return "is derived only where a condition holds"
    return ""


def _rows_of_nobody(
    expression: Expression, tables: Mapping[str, Table]
) -> Iterator[tuple[Table, TableRow]]:
    asked = [each.name for each in walk(expression.node) if isinstance(each, n.Name)]
    for table in (tables[name] for name in asked if name in tables):
        rows = (row for row in table.rows if any(cell.node == _NULL for cell in row.then))
        yield from ((table, row) for row in rows)
