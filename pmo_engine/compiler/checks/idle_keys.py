"""Checks of keys that say nothing, as what stands beside them leaves them nothing to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_engine.compiler.checks.check import check
from pmo_engine.policy import CHOSEN, RequireApproval
from pmo_engine.source import codes
from pmo_engine.source.diagnostics import Diagnostic, at

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pmo_engine.policy import Policy


@check(codes.SAYS_NOTHING)
def keys_do_something(policy: Policy) -> Iterator[Diagnostic]:
    """Warn of sums for a limit that there is not, and of an order in which one signs alone."""
    yield from _sums_without_limit(policy)
    yield from _orders_of_one(policy)


def _sums_without_limit(policy: Policy) -> Iterator[Diagnostic]:
    for terms in policy.terms.values():
        for item in terms.authority:
            if item.cumulative is not None and not any(each.value for each in item.limits):
                message = f"'cumulative' of '{item.id}': what is unlimited adds up to no limit"
                hint = "write the limit under 'up_to', or leave 'cumulative' out"
                yield at(item.mark, codes.SAYS_NOTHING, message, hint)


def _orders_of_one(policy: Policy) -> Iterator[Diagnostic]:
    for rule in policy.rules:
        for effect in rule.then:
            if not isinstance(effect, RequireApproval) or not effect.in_sequence:
                continue
            if len(effect.of) == 1 and effect.of[0].role != CHOSEN:
                said = f"'in: sequence' of rule '{rule.id}' says nothing: {effect.of[0].role} alone"
                hint = "name those who sign in their order, as in 'from: [pmo_head, board]'"
                yield at(rule.mark, codes.SAYS_NOTHING, f"{said} is asked", hint)
