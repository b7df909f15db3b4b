"""The back-end that defines the meaning of rules: the tracing walk, stratum by stratum."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pmo_engine.engines.backend import Tally, scope_of
from pmo_engine.engines.tracing import EvaluationLimit, Trace, evaluate, explain_null
from pmo_engine.feel.values import Missing
from pmo_engine.source.diagnostics import NOWHERE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pmo_engine.policy import Expression, Rule
    from pmo_engine.policy.decision import Outcomes
    from pmo_engine.policy.selection import Selection
    from pmo_engine.source.diagnostics import Mark


class Tracing:
    """Walk each condition; short, obvious, and what the other back-ends must agree with."""

    def outcomes(self, selection: Selection, facts: Mapping[str, Any]) -> Outcomes:
        """Judge every rule of ``selection``."""
        tally = Tally(selection)
        scope = scope_of(selection, facts)
        for stratum in selection.strata:
            for rule in stratum:
                judge(rule, scope, tally)
            scope.update(tally.derived)
        return tally.outcomes()

    def close(self) -> None:
        """Hold nothing, so give nothing back."""


def judge(rule: Rule, scope: Mapping[str, Any], tally: Tally) -> None:
    """Evaluate one rule's condition and record what came of it."""
    try:
        value = True if rule.when is None else evaluate(rule.when.node, scope)
        record(rule, value, scope, tally)
    except EvaluationLimit as limit:
        tally.fault(rule, f"{rule.mark}: {limit}")


def record(rule: Rule, value: Any, scope: Mapping[str, Any], tally: Tally) -> None:
    """Record what the value of a rule's condition means, and derive what follows."""
    if value is True:
        for effect in rule.derivations:
            tally.derive(effect.fact, evaluate(effect.value.node, scope))
        choose(rule, scope, tally)
    elif isinstance(value, Missing):
        if value.faults:
            tally.fault(rule, f"{_mark(rule.when)}: {'; '.join(value.faults)}")
        else:
            tally.unknown(rule, value.paths)
        for effect in rule.derivations:
            tally.derive(effect.fact, value)
    elif value is not False:
        tally.fault(rule, fault_text(rule.when, value, scope))


def choose(rule: Rule, scope: Mapping[str, Any], tally: Tally) -> None:
    """Work out who must approve by the rule's expressions; the rule fires if somebody is found."""
    approvers = []
    for expression in rule.choices:
        found = evaluate(expression.node, scope)
        if not isinstance(found, str | Missing):
            tally.fault(rule, f"{fault_text(expression, None, scope)}, so nobody is to approve")
            return
        if isinstance(found, Missing) and found.faults:
            tally.fault(rule, f"{expression.mark}: {'; '.join(found.faults)}")
            return
        approvers.append(found)
    if approvers:
        tally.choose(rule, tuple(approvers))
    tally.fired(rule)


def _mark(expression: Expression | None) -> Mark:
    return NOWHERE if expression is None else expression.mark


def fault_text(condition: Expression | None, value: Any, scope: Mapping[str, Any]) -> str:
    """Say why a condition came to neither true nor false, with its place in the file."""
    if condition is None:
        return "the rule has no condition"
    if value is not None:
        return f"{condition.mark}: the condition came to {value!r}, neither true nor false"
    trace = Trace(condition.text)
    evaluate(condition.node, scope, trace)
    why = explain_null(condition.node, trace) or "the condition is null as it is written"
    return f"{condition.mark}: {why}"
