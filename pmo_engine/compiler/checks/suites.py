"""Checks of suites: whether they say anything of the rules that they are about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_engine.compiler.checks.check import check
from pmo_engine.policy.suites.asserting import says_of
from pmo_engine.source import codes
from pmo_engine.source.diagnostics import Diagnostic, at

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from pmo_engine.policy import Case, Policy, Rule


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
    judged = [case for case in cases if not events.isdisjoint(case.event.judged_as)]
    if not judged:
        return f"no case has its event {' or '.join(sorted(events))}"
    keys = {key for case in judged for key in case.expect}
    if keys and not any(says_of(keys, rule) for rule in rules):
        return f"its cases expect {', '.join(sorted(keys))}, which it never brings about"
    return ""
