"""What the suites of a policy have to reach: its own rules, and the tables and ladders they use."""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING

from pmo_engine.feel.functions import ADDING_UP
from pmo_engine.feel.nodes import Call, Conjunction, Name, Node
from pmo_engine.feel.walk import children, walk
from pmo_engine.policy.fact_paths import OF_THE_MOMENT, path_of
from pmo_engine.policy.tolerances import kept_by

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pmo_engine.model.fact_paths import FactPath
    from pmo_engine.policy import Expression, Ladder, Policy, Rule, Table

OUTCOMES = ("true", "false", "unknown")


def own_rules(policy: Policy) -> tuple[Rule, ...]:
    """Give the rules that the policy's own suites have to test.

    Rules of packs in use are tested in their packs, except those that a suite here is about; those
    by which the engine holds what is measured against tolerances are its own.
    """
    named = {rule for suite in policy.suites for rule in suite.about}
    return tuple(
        rule
        for rule in policy.rules
        if (rule.pack is None or rule.pack == policy.name or rule.id in named)
        and kept_by(rule.id, policy.tolerances.values()) is None
    )


def own_tables(policy: Policy, rules: Iterable[Rule]) -> tuple[Table, ...]:
    """Give the tables that some rules call, and those that these call in turn."""
    waiting = [_called(policy, rule.expressions) for rule in rules]
    found: set[str] = set()
    while waiting:
        new = waiting.pop() - found
        found |= new
        for name in new:
            rows = policy.tables[name].rows
            waiting += [_called(policy, (*row.when, *row.then)) for row in rows]
    return tuple(table for name, table in policy.tables.items() if name in found)


def _called(policy: Policy, expressions: Iterable[Expression]) -> set[str]:
    named = {
        node.name for each in expressions for node in walk(each.node) if isinstance(node, Name)
    }
    return named & policy.tables.keys()


def own_ladders(policy: Policy, rules: Iterable[Rule]) -> tuple[Ladder, ...]:
    """Give the ladders by which some rules remind and escalate; those of packs are the packs'."""
    rules = tuple(rules)
    named = {getattr(effect, "ladder", None) for rule in rules for effect in rule.then}
    folders = {PurePath(rule.mark.file).parent for rule in rules}
    return tuple(
        ladder
        for name, ladder in policy.ladders.items()
        if name in named and PurePath(ladder.mark.file).parent in folders
    )


def outcomes_of(rule: Rule) -> tuple[str, ...]:
    """Give the outcomes that a rule can have: without a condition it is always true.

    One that looks at a fact only where it has asked whether it is known is never unknown.
    """
    if rule.when is None:
        return OUTCOMES[:1]
    return OUTCOMES if _may_be_unknown(rule.when.node, frozenset()) else OUTCOMES[:2]


def _may_be_unknown(node: Node, known: frozenset[FactPath]) -> bool:
    path = path_of(node)
    if path is not None:
        return path not in known and path not in OF_THE_MOMENT
    match node:
        case Call(Name("is_known"), (one,)):
            return path_of(one) is None and _may_be_unknown(one, known)
        case Call(Name(name)) if name in ADDING_UP:
            return True
        case Call(Name(), arguments):
            return any(_may_be_unknown(each, known) for each in arguments)
        case Conjunction(operands):
            known |= {path for each in operands if (path := _asked(each)) is not None}
    return any(_may_be_unknown(each, known) for each in children(node))


def _asked(node: Node) -> FactPath | None:
    """Give the path of which a condition asks whether it is known."""
    match node:
        case Call(Name("is_known"), (one,)):
            return path_of(one)
        case _:
            return None
