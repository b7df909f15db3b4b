"""Whether a record passes by itself, or nobody at all decides about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_engine.model.event_names import SUBMITTED, UPDATED
from pmo_engine.policy import AutoApprove, RequireApproval

if TYPE_CHECKING:
    from pmo_engine.decisions.decision import Decision
    from pmo_engine.policy import Policy


def lets_pass(policy: Policy, decision: Decision) -> bool:
    """Tell whether a rule that fired lets the record pass, and nothing stands in the way."""
    return bool(why_it_passes(policy, decision))


def why_it_passes(policy: Policy, decision: Decision) -> str:
    """Name the rules that let a record pass, each with its source; none where none does."""
    if decision.status != "clear":
        return ""
    fired = set(decision.fired)
    return "; ".join(
        f"rule '{rule.id}' lets it pass ({effect.source})"
        for rule in policy.rules
        if rule.id in fired and rule.binding != "trial"
        for effect in rule.then
        if isinstance(effect, AutoApprove)
    )


def is_left_alone(policy: Policy, decision: Decision) -> bool:
    """Tell whether a record of a kind that is decided about is clear, and yet nobody decides."""
    name = decision.event.name
    if decision.status != "clear" or name.what not in {SUBMITTED, UPDATED}:
        return False
    asked = any(item.kind == "approval" for item in decision.obligations)
    return _are_decided(policy, name.noun) and not asked and not lets_pass(policy, decision)


def _are_decided(policy: Policy, noun: str) -> bool:
    register = policy.register_of(noun)
    if register is not None and register.stands_unasked:
        return False
    return any(
        isinstance(effect, RequireApproval | AutoApprove)
        for rule in policy.rules
        if any(event.partition(".")[0] == noun for event in rule.on)
        for effect in rule.then
    )
