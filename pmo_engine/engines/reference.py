"""The back-end that defines the meaning of rules: the tracing walk, stratum by stratum."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pmo_engine.engines.backend import Tally, scope_of
from pmo_engine.engines.traces import Trace, explain_null
from pmo_engine.engines.tracing import EvaluationLimit, evaluate_in_rule
from pmo_engine.feel.values import Missing, faults_in, missing_in
from pmo_engine.policy import NOBODY, RequireApproval

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pmo_engine.policy import Expression, Rule
    from pmo_engine.policy.decision import Outcomes
    from pmo_engine.policy.selection import Selection


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
    record(rule, True if rule.when is None else _value(rule.when, scope), scope, tally)


def record(rule: Rule, value: Any, scope: Mapping[str, Any], tally: Tally) -> None:
    """Record what the value of a rule's condition means, and what follows.

    What goes wrong in one effect is a fault of the rule, and leaves its other effects.
    """
    if value is False:
        return
    if value is True:
        derive(rule, scope, tally)
        choose(rule, scope, tally)
        tally.fired(rule)
        return
    open_ = value if isinstance(value, Missing) else _neither(rule.when, value, scope)
    if open_.faults:
        tally.fault(rule, open_.faults)
    else:
        tally.unknown(rule, open_.paths)
    for effect in rule.derivations:
        tally.derive(effect.fact, open_)


def derive(rule: Rule, scope: Mapping[str, Any], tally: Tally) -> None:
    """Work out the facts that a rule derives; what goes wrong is a fault of it and its readers."""
    for effect in rule.derivations:
        value = _value(effect.value, scope)
        if faults := faults_in(value):
            tally.fault(rule, [f"{each}, so '{effect.fact}' is not known" for each in faults])
        tally.derive(effect.fact, value)


def choose(rule: Rule, scope: Mapping[str, Any], tally: Tally) -> None:
    """Work out who must approve by the rule's expressions."""
    approvals = (each for each in rule.then if isinstance(each, RequireApproval))
    approvers = tuple(found for effect in approvals for found in _approvers(effect, scope))
    for each in approvers:
        if isinstance(each, Missing) and each.faults:
            tally.fault(rule, [f"{fault}, so nobody is to approve" for fault in each.faults])
    if approvers:
        tally.choose(rule, approvers)


def _approvers(
    effect: RequireApproval, scope: Mapping[str, Any]
) -> Iterator[tuple[str, ...] | Missing]:
    """Give the roles that each expression of an approval comes to; too few of them are a fault."""
    found = [_roles(expression, scope) for expression in effect.choices]
    roles = {role for each in found if isinstance(each, tuple) for role in each}
    number = len({*effect.named, *roles - {NOBODY}}) + effect.seeks
    known = not any(isinstance(each, Missing) for each in found)
    if found and known and isinstance(effect.needs, int) and 0 < number < effect.needs > 1:
        text = f"{effect.choices[0].mark}: of {number} who may sign, {effect.needs} have to"
        found = [Missing.fault(text)] * len(found)
    yield from found


def _roles(expression: Expression, scope: Mapping[str, Any]) -> tuple[str, ...] | Missing:
    found = _value(expression, scope)
    match found:
        case str():
            return (found,)
        case Missing():
            return found
        case [*_] if missing := missing_in(found):
            return Missing.of(*missing)
        case [_, *_] if all(isinstance(role, str) for role in found):
            return tuple(found)
        case []:
            said = f'the list of who signs is empty; nobody is written "{NOBODY}"'
            return Missing.fault(f"{expression.mark}: {said}")
        case _:
            return _neither(expression, found, scope)


def _value(expression: Expression, scope: Mapping[str, Any]) -> Any:
    """Work out an expression of a rule; a fault says where in the files it is."""
    try:
        value = evaluate_in_rule(expression.node, scope, str(expression.text))
    except EvaluationLimit as limit:
        return Missing.fault(f"{expression.mark}: {limit}")
    return placed(expression, value)


def placed(expression: Expression, value: Any) -> Any:
    """Say of faults that a value is, where in the files they are."""
    if not isinstance(value, Missing) or not value.faults:
        return value
    return Missing(value.paths, tuple(f"{expression.mark}: {fault}" for fault in value.faults))


def _neither(expression: Expression | None, value: Any, scope: Mapping[str, Any]) -> Missing:
    """Say that a value is not of the kind that is asked for, as a fault with its place."""
    if expression is None:
        return Missing.fault("the rule has no condition")
    if value is not None:
        said = f"the condition came to {value!r}, neither true nor false"
        return Missing.fault(f"{expression.mark}: {said}")
    text = str(expression.text)
    trace = Trace(text)
    evaluate_in_rule(expression.node, scope, text, trace)
    why = explain_null(expression.node, trace) or "the condition is null as it is written"
    return Missing.fault(f"{expression.mark}: {why}")
