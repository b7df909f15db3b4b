"""Checks of packs in use: their parameters, and what is departed from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_engine.compiler.checks.check import check
from pmo_engine.policy import InForce
from pmo_engine.source import codes
from pmo_engine.source.diagnostics import Diagnostic, at

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pmo_engine.policy import Policy


@check(codes.PARAMETER_UNDESCRIBED)
def parameter_described(policy: Policy) -> Iterator[Diagnostic]:
    """Find parameters of a pack that a policy's author could only guess at."""
    for pack in policy.parameters.values():
        for parameter in pack.values():
            if not parameter.about:
                message = f"parameter '{parameter.name}' does not say what it is about"
                yield at(
                    parameter.mark,
                    codes.PARAMETER_UNDESCRIBED,
                    message,
                    "add 'about:' in a few words",
                )


@check(codes.NO_SOURCE)
def departure_has_source(policy: Policy) -> Iterator[Diagnostic]:
    """Warn of binding rules that are switched off without naming who said so."""
    for item in policy.departures:
        if item.binding == "shall" and item.how == "switched_off" and not item.source:
            message = f"'{item.rule}' holds in pack '{item.pack}', and nobody is named who lifts it"
            hint = "add 'source:', the decision that switches it off"
            yield at(item.mark, codes.NO_SOURCE, message, hint)


@check(codes.NEITHER_HOLDS)
def replacement_holds(policy: Policy) -> Iterator[Diagnostic]:
    """Warn of departures for whose whole time the rule in place of the pack's does not hold."""
    for item in policy.departures:
        if item.replaced_by is None:
            continue
        spans = [rule.in_force for rule in policy.rules if rule.id == item.replaced_by]
        for gap in (item.in_force & InForce(policy.in_force_from)).without(spans):
            message = f"neither '{item.rule}' nor '{item.replaced_by}' holds {gap}"
            hint = "let the departure begin and end with the rule that replaces it"
            yield at(item.mark, codes.NEITHER_HOLDS, message, hint)
