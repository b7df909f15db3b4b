"""Rules, alone or as a pack."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pmo_engine.compiler import schema as s
from pmo_engine.compiler.binding.approvals import ApprovalBinder
from pmo_engine.compiler.binding.context import Context
from pmo_engine.compiler.binding.norms import Norms
from pmo_engine.compiler.binding.rules import RuleBinder, strata
from pmo_engine.compiler.checks import approvals, expressions, in_vain, partial_answers, time_up
from pmo_engine.compiler.checks import rules as checks
from pmo_engine.compiler.kinds.kind import Kind, part
from pmo_engine.compiler.names import Entry, Index, declared_field

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


def _rules(context: Context, *needs: Any) -> tuple[Any, Any]:
    binder = RuleBinder(context, *needs)
    return binder.bind(), binder.facts


def _approvals(context: Context, *needs: Any) -> ApprovalBinder:
    return ApprovalBinder(context.findings, *needs)


def _norms(_: Context, *needs: Any) -> Norms:
    return Norms(*needs)


def _declare(documents: Iterable[s.Rules], index: Index) -> None:
    for document in documents:
        if document.pack is not None:
            pack = str(document.pack)
            index.named["pack"][pack] = Entry(pack, "pack", mark=document.mark)
            fields = {name: declared_field(name, e) for name, e in document.parameters.items()}
            index.parameters[pack].update(fields)
        for rule in document.rules:
            index.add("rule", Entry(str(rule.id), rule.binding, str(rule.title), rule.mark))
            for derive in _derived(rule):
                about = f"Derived by rule `{rule.id}`: `{derive.value}`"
                index.add("fact", Entry(str(derive.fact), "derived fact", about, derive.fact.mark))


def _derived(rule: s.RuleEntry) -> Iterator[s.DeriveEffect]:
    return (effect.derive for effect in rule.then if effect.derive is not None)


KIND = Kind(
    s.Rules,
    parts=(
        part("norms", _norms, "parameters departures tolerances in_force_from"),
        part("approvals", _approvals, "roles acts"),
        part(
            "rules facts", _rules, "roles registers fact_types functions norms defaults approvals"
        ),
        part("strata", strata, "rules"),
    ),
    checks=(
        checks.rule_has_suite,
        checks.event_can_happen,
        checks.fact_is_derived,
        checks.trial_binds_nobody,
        partial_answers.fact_is_always_derived,
        partial_answers.row_names_somebody,
        checks.everything_is_asked_about,
        checks.what_is_asked_about_is_known,
        checks.approvals_can_count,
        checks.one_role_is_asked,
        checks.what_passes_is_not_asked_about,
        checks.rules_can_fire,
        time_up.there_is_a_time_to_be_up,
        time_up.a_vote_has_one_time,
        in_vain.something_comes_of_what_is_asked,
        approvals.enough_may_sign,
        approvals.approvals_have_a_time,
        expressions.limits_can_be_compared,
        expressions.sums_are_of_what_counts,
        expressions.values_are_there,
    ),
    declare=_declare,
    printed=frozenset({"rules.title", "rules.clause", "rules.source", "parameters.about"}),
    bare=frozenset({"rules"}),
)
