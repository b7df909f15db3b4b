"""Checks of suites: whether they say anything of the rules that they are about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_engine.compiler.checks.check import check
from pmo_engine.policy import (
    AutoApprove,
    Block,
    Derive,
    Effect,
    Notify,
    RaiseException,
    RequireApproval,
    RequireAssessment,
    RequireEvidence,
    RequireInformation,
)
from pmo_engine.policy.expectations import BY_ROLE, BY_TARGET, OF_TIME
from pmo_engine.policy.selection import triggers
from pmo_engine.source import codes
from pmo_engine.source.diagnostics import Diagnostic, at

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from pmo_engine.policy import Case, Policy, Rule

_SPEAKS_OF: Mapping[type[Effect], Collection[str]] = {
    RequireApproval: {"approvals", "information", *OF_TIME},
    RequireAssessment: {"assessments", *OF_TIME},
    RequireInformation: {"information", *OF_TIME},
    RequireEvidence: {"evidence"},
    RaiseException: {"exceptions", *OF_TIME},
    Notify: {"notices"},
    Block: {"blocked"},
    Derive: {"facts"},
    AutoApprove: (),
}
"""What a case may expect on account of an effect."""
_OF_EFFECTS = frozenset({*BY_ROLE, *BY_TARGET, *OF_TIME, "facts"}) - {"information"}


@check(codes.SUITE_TESTS_NOTHING)
def suites_test_their_rules(policy: Policy) -> Iterator[Diagnostic]:
    """Warn of suites without a case that could tell whether a rule does what it says."""
    rules: dict[str, list[Rule]] = {}
    for rule in policy.rules:
        rules.setdefault(rule.id, []).append(rule)
    for suite in policy.suites:
        for name in suite.about:
            reason = _says_nothing(suite.cases, rules.get(name, []))
            if reason:
                message = f"suite '{suite.id}' tests nothing of rule '{name}': {reason}"
                hint = "add a case of its event that expects what the rule brings about"
                yield at(suite.mark, codes.SUITE_TESTS_NOTHING, message, hint)


def _says_nothing(cases: Collection[Case], rules: Collection[Rule]) -> str:
    """Say why cases say nothing of a rule; nothing where one does."""
    if not rules or not cases:
        return ""
    events = {event for rule in rules for event in rule.on}
    judged = [case for case in cases if not events.isdisjoint(triggers(case.event))]
    if not judged:
        return f"no case has its event {' or '.join(sorted(events))}"
    kinds = {type(effect) for rule in rules for effect in rule.then}
    spoken = {key for kind in kinds for key in _SPEAKS_OF.get(kind, _OF_EFFECTS)}
    keys = {key for case in judged for key in case.expect}
    if keys and not keys & spoken and keys <= _OF_EFFECTS:
        return f"its cases expect {', '.join(sorted(keys))}, which it never brings about"
    return ""
