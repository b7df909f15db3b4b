"""Checks of rules."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_engine.compiler.checks.check import check
from pmo_engine.compiler.rule_findings import findings
from pmo_engine.policy import InForce
from pmo_engine.policy.events import OWN_EVENTS, event_hint, timed_events
from pmo_engine.policy.tolerances import kept_by
from pmo_engine.source import codes
from pmo_engine.source.diagnostics import Diagnostic, at

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pmo_engine.policy import Policy
    from pmo_engine.source.codes import Severity


@check(codes.NO_SUITE)
def rule_has_suite(policy: Policy) -> Iterator[Diagnostic]:
    """Warn of a rule that no suite is about; in a pack it is an error."""
    whole = any(not suite.about for suite in policy.suites)
    covered = {rule for suite in policy.suites for rule in suite.about}
    for rule in policy.rules:
        if kept_by(rule.id, policy.tolerances.values()) is not None:
            continue  # the engine's own, made of what a tolerance measures
        if not whole and rule.id not in covered:
            severity: Severity = "error" if rule.pack else "warning"
            hint = "add a 'kind: suite' with this rule under 'about'"
            message = f"no suite tests rule '{rule.id}'"
            yield at(rule.mark, codes.NO_SUITE, message, hint, severity)


@check(codes.EVENT_NEVER_HAPPENS)
def event_can_happen(policy: Policy) -> Iterator[Diagnostic]:
    """Warn of rules on events that no command, gate, clock or recorded history brings about."""
    known = {event for register in policy.registers.values() for event in register.events}
    mapped = {m.event for log in policy.event_logs for m in log.activities.values()}
    closed = {log.closed for log in policy.event_logs if log.closed}
    known |= mapped | closed | set(OWN_EVENTS)
    by_clock = timed_events(policy)
    for rule in policy.rules:
        for event in rule.on:
            if event not in known | by_clock:
                message = f"nothing brings about the event '{event}'"
                yield at(rule.mark, codes.EVENT_NEVER_HAPPENS, message, event_hint(event, known))


@check(codes.FACT_NOT_DERIVED)
def fact_is_derived(policy: Policy) -> Iterator[Diagnostic]:
    """Find rules that look at a derived fact at a time when no rule derives it."""
    departed = {fact: item for item in policy.departures for fact in item.derives}
    spans: dict[str, list[InForce]] = {fact: [] for fact in departed}
    for rule in policy.rules:
        for effect in rule.derivations:
            spans.setdefault(effect.fact, []).append(rule.in_force)
    governed = InForce(policy.in_force_from)
    for rule in policy.rules if spans else ():
        looked_at = {name for text in rule.expressions for name in text.names}
        for fact in sorted(looked_at & spans.keys()):
            if gaps := (rule.in_force & governed).without(spans[fact]):
                message = f"nobody derives '{fact}', which rule '{rule.id}' looks at"
                when = "" if str(gaps[0]) == "always" else f" {gaps[0]}"
                hint = "switch that rule off too, or let another derive the fact"
                place = departed[fact].mark if fact in departed else rule.mark
                yield at(place, codes.FACT_NOT_DERIVED, message + when, hint)


@check(codes.BOUND_BY_TRIAL)
def trial_binds_nobody(policy: Policy) -> Iterator[Diagnostic]:
    """Find rules that bind and look at a fact that a rule on trial derives."""
    tried = [
        (effect.fact, rule)
        for rule in policy.rules
        if rule.binding == "trial"
        for effect in rule.derivations
    ]
    for rule in policy.rules if tried else ():
        looked_at = {name for text in rule.expressions for name in text.names}
        for fact, trial in tried if rule.binding != "trial" else ():
            if fact in looked_at and rule.in_force & trial.in_force:
                message = f"rule '{rule.id}' binds, and '{fact}' comes from '{trial.id}' on trial"
                hint = "put both on trial, or neither"
                yield at(rule.mark, codes.BOUND_BY_TRIAL, message, hint)


@check(codes.NOTHING_ASKS)
def everything_is_asked_about(policy: Policy) -> Iterator[Diagnostic]:
    """Warn of records that stay as they are for ever."""
    return findings.told_once(policy, findings.nothing_asks(policy))


@check(codes.NOT_FOLLOWED)
def what_is_asked_about_is_known(policy: Policy) -> Iterator[Diagnostic]:
    """Tell where the check cannot know whether records stay as they are for ever."""
    return findings.told_once(policy, findings.not_followed(policy))


@check(codes.ALWAYS_BLOCKED)
def approvals_can_count(policy: Policy) -> Iterator[Diagnostic]:
    """Warn of approvals of what is blocked whenever they are asked for."""
    return findings.told_once(policy, findings.always_blocked(policy))


@check(codes.TWO_ROLES)
def one_role_is_asked(policy: Policy) -> Iterator[Diagnostic]:
    """Warn of two rules that ask two roles about one case."""
    return findings.told_once(policy, findings.two_roles(policy))


@check(codes.PASSES_AND_ASKED)
def what_passes_is_not_asked_about(policy: Policy) -> Iterator[Diagnostic]:
    """Warn of what is let pass and waits all the same."""
    return findings.told_once(policy, findings.always_asked(policy))


@check(codes.NEVER)
def rules_can_fire(policy: Policy) -> Iterator[Diagnostic]:
    """Warn of rules that what they look at never lets fire."""
    return findings.never_fires(policy)
