"""Checks of a bound policy: one function, one code each."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, TypeAlias

from pmo_engine.authority.seniority import exceeding, open_ended, overruled
from pmo_engine.compiler.binding.expressions import names_in
from pmo_engine.compiler.pack_folders import known_packs
from pmo_engine.compiler.schema import LEVELS
from pmo_engine.compiler.table_findings import findings
from pmo_engine.policy import LEAST_SENIOR, InForce, RequireApproval, RequireAssessment
from pmo_engine.policy.events import OWN_EVENTS, event_hint
from pmo_engine.policy.selection import holders_of
from pmo_engine.source import codes
from pmo_engine.source.diagnostics import Diagnostic, at, nearest

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

    from pmo_engine.policy import Policy, Rule, Tolerance
    from pmo_engine.source.codes import Code, Severity
    from pmo_engine.source.diagnostics import Mark

    Check: TypeAlias = Callable[[Policy], Iterator[Diagnostic]]

CHECKS: dict[Code, Check] = {}


def check(code: Code) -> Callable[[Check], Check]:
    """Register a check under its code."""

    def register(function: Check) -> Check:
        CHECKS[code] = function
        return function

    return register


def run_checks(policy: Policy, files: Collection[str]) -> list[Diagnostic]:
    """Run all checks; findings in files of others (packs in use) are theirs."""
    found = [item for function in CHECKS.values() for item in function(policy)]
    return [item for item in found if item.file in files]


@check(codes.NO_SUITE)
def rule_has_suite(policy: Policy) -> Iterator[Diagnostic]:
    """Warn of a rule that no suite is about; in a pack it is an error."""
    whole = any(not suite.about for suite in policy.suites)
    covered = {rule for suite in policy.suites for rule in suite.about}
    for rule in policy.rules:
        if not whole and rule.id not in covered:
            severity: Severity = "error" if rule.pack else "warning"
            hint = "add a 'kind: suite' with this rule under 'about'"
            message = f"no suite tests rule '{rule.id}'"
            yield at(rule.mark, codes.NO_SUITE, message, hint, severity)


@check(codes.NOBODY_ACCOUNTABLE)
def ladder_leads_somewhere(policy: Policy) -> Iterator[Diagnostic]:
    """Warn of a ladder whose last rung goes to the one who did not answer."""
    for ladder in policy.ladders.values():
        last = ladder.rungs[-1]
        role = policy.roles.get(last.to)
        if last.to == "addressee" or (role is not None and not role.accountable):
            message = f"ladder '{ladder.id}' ends with nobody accountable"
            hint = "end it with 'escalate: senior' or an accountable role"
            yield at(ladder.mark, codes.NOBODY_ACCOUNTABLE, message, hint)


@check(codes.NOBODY_WITH_AUTHORITY)
def authority_exists(policy: Policy) -> Iterator[Diagnostic]:
    """Find rules that ask the least senior role with authority where nobody has any."""
    for rule in policy.rules:
        for effect in rule.then:
            if not isinstance(effect, RequireApproval) or effect.role != LEAST_SENIOR:
                continue
            for event in rule.on:
                yield from _authority_for(policy, rule.mark, event)


def _authority_for(policy: Policy, mark: Mark, event: str) -> Iterator[Diagnostic]:
    noun = event.partition(".")[0]
    if not holders_of(policy, f"approve {noun}", date.max):
        message = f"no terms of reference give authority to 'approve {noun}'"
        yield at(
            mark, codes.NOBODY_WITH_AUTHORITY, message, "add 'authority' to the terms of a role"
        )


@check(codes.UNKNOWN_FUNCTIONAL_ROLE)
def functional_role_exists(policy: Policy) -> Iterator[Diagnostic]:
    """Find assessments asked of a functional role that nothing provides."""
    asked = [(gate.mark, role) for gate in policy.gates.values() for role in gate.assessments]
    for rule in policy.rules:
        asked += [(rule.mark, e.role) for e in rule.then if isinstance(e, RequireAssessment)]
    known = known_packs() if asked else []
    for mark, role in asked:
        if role not in known:
            hint = nearest(role, known)
            yield at(mark, codes.UNKNOWN_FUNCTIONAL_ROLE, f"unknown functional role '{role}'", hint)


@check(codes.UNFILLED_FUNCTIONAL_ROLE)
def functional_role_filled(policy: Policy) -> Iterator[Diagnostic]:
    """Warn of functional roles that a gate needs and nobody performs."""
    known = set(known_packs()) if policy.gates else set()
    for gate in policy.gates.values():
        for role in gate.assessments:
            if role in known and role not in policy.functional:
                message = f"nobody performs the functional role '{role}' that {gate.id} needs"
                hint = f"add {{role: {role}, performed_by: specialist}} under 'functional'"
                yield at(gate.mark, codes.UNFILLED_FUNCTIONAL_ROLE, message, hint)


@check(codes.EVENT_NEVER_HAPPENS)
def event_can_happen(policy: Policy) -> Iterator[Diagnostic]:
    """Warn of rules on events that no register, gate or recorded history brings about."""
    known = {event for register in policy.registers.values() for event in register.events}
    mapped = {m.event for log in policy.event_logs for m in log.activities.values()}
    closed = {log.closed for log in policy.event_logs if log.closed}
    known |= mapped | closed | set(OWN_EVENTS)
    for rule in policy.rules:
        for event in rule.on:
            if event not in known:
                message = f"nothing brings about the event '{event}'"
                yield at(rule.mark, codes.EVENT_NEVER_HAPPENS, message, event_hint(event, known))


@check(codes.TABLE_GAP)
def table_is_complete(policy: Policy) -> Iterator[Diagnostic]:
    """Warn of what no row of a table matches, where there is no default."""
    for table in policy.tables.values():
        yield from findings.gaps(table, policy.in_force_from)


@check(codes.TABLE_OVERLAP)
def rows_do_not_overlap(policy: Policy) -> Iterator[Diagnostic]:
    """Find rows that match the same though the hit policy forbids it."""
    for table in policy.tables.values():
        yield from findings.overlaps(table, policy.in_force_from)


@check(codes.UNREACHABLE_ROW)
def rows_can_be_reached(policy: Policy) -> Iterator[Diagnostic]:
    """Warn of rows that never match, or that others always go before."""
    for table in policy.tables.values():
        yield from findings.unreachable(table, policy.in_force_from)


@check(codes.OUTPUTS_AND_HIT_POLICY)
def outputs_fit_hit_policy(policy: Policy) -> Iterator[Diagnostic]:
    """Find outputs that cannot be ordered or added up, and answers that are not allowed."""
    for table in policy.tables.values():
        yield from findings.hit_policy(table)


@check(codes.JUNIOR_MAY_MORE)
def seniors_may_more(policy: Policy) -> Iterator[Diagnostic]:
    """Warn of a limit that is above that of somebody senior for the same act."""
    for junior, senior, day in exceeding(policy):
        since = f" from {day}" if day is not None else ""
        message = f"'{junior.id}' lets {junior.role} do more than '{senior.id}' lets {senior.role}"
        hint = f"{senior.role} is senior: raise its limit, or lower this one"
        yield at(junior.mark, codes.JUNIOR_MAY_MORE, message + since, hint)


@check(codes.NOBODY_ABOVE)
def authority_goes_on(policy: Policy) -> Iterator[Diagnostic]:
    """Warn of acts whose highest authority ends somewhere, with nobody above it."""
    for item in open_ended(policy):
        message = f"nobody may {item.act} beyond what '{item.id}' lets {item.role}"
        asking = next((r.id for r in policy.rules if _asks_least_senior(r, item.act)), None)
        asked = f", and rule '{asking}' asks for it" if asking else ""
        hint = f"give a role authority 'up_to: unlimited', or {item.role} an 'escalates_to'"
        yield at(item.mark, codes.NOBODY_ABOVE, message + asked, hint)


def _asks_least_senior(rule: Rule, act: str) -> bool:
    acts = {f"approve {event.partition('.')[0]}" for event in rule.on}
    asks = any(isinstance(e, RequireApproval) and e.role == LEAST_SENIOR for e in rule.then)
    return asks and act in acts


@check(codes.RESERVED_TO_ANOTHER)
def reserved_acts_are_left_alone(policy: Policy) -> Iterator[Diagnostic]:
    """Warn of authority that counts for nothing, as the act is reserved to another."""
    for item, role in overruled(policy):
        message = f"'{item.act}' is reserved to {role}, so that '{item.id}' counts for nothing"
        hint = f"take it from the terms of {item.role}, or from what {role} reserves"
        yield at(item.mark, codes.RESERVED_TO_ANOTHER, message, hint)


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
        looked_at = {name for text in rule.expressions for name in names_in(text)}
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
        looked_at = {name for text in rule.expressions for name in names_in(text)}
        for fact, trial in tried if rule.binding != "trial" else ():
            if fact in looked_at and rule.in_force & trial.in_force:
                message = f"rule '{rule.id}' binds, and '{fact}' comes from '{trial.id}' on trial"
                hint = "put both on trial, or neither"
                yield at(rule.mark, codes.BOUND_BY_TRIAL, message, hint)


@check(codes.TOLERANCE_MISFIT)
def tolerance_fits(policy: Policy) -> Iterator[Diagnostic]:
    """Find levels that may exceed more than the next level above that has such a tolerance."""
    for below in policy.tolerances.values():
        higher = LEVELS[: LEVELS.index(below.level)]
        above = next(
            (
                found
                for level in reversed(higher)
                if (found := policy.tolerances.get((level, below.of))) and found.values
            ),
            None,
        )
        if above is not None:
            yield from _misfits(below, above)


def _misfits(below: Tolerance, above: Tolerance) -> Iterator[Diagnostic]:
    """Compare two tolerances on each day on which one of them changes; each pair is told once."""
    days = {value.start or date.min for each in (below, above) for value in each.values}
    told: set[tuple[str, str]] = set()
    for day in sorted(days):
        inner, outer = below.on(day), above.on(day)
        if inner is None or outer is None or (inner.written, outer.written) in told:
            continue
        told.add((inner.written, outer.written))
        both = f"the {below.level}'s tolerance of {below.of} ({inner.written})"
        since = f" from {day}" if day > date.min else ""
        if inner.measure != outer.measure:
            message = f"{both} is not measured like the {above.level}'s ({outer.written})"
            hint = "measured alike, it could be checked that one fits in the other"
            yield at(inner.mark, codes.TOLERANCE_MISFIT, message, hint, "warning")
        elif inner.value > outer.value:  # type: ignore[operator] # of one measure
            message = f"{both} is more than the {above.level}'s ({outer.written}){since}"
            yield at(
                inner.mark,
                codes.TOLERANCE_MISFIT,
                message,
                "what one level may do, the next one may too",
            )


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


@check(codes.LIMIT_UNMEASURED)
def limits_are_measured(policy: Policy) -> Iterator[Diagnostic]:
    """Find limits on approving records of which nobody says what they amount to."""
    for terms in policy.terms.values():
        for item in terms.authority:
            verb, _, noun = item.act.partition(" ")
            register = policy.register_of(noun) if verb == "approve" else None
            limited = any(limit.value is not None for limit in item.limits)
            if register is None or register.value is not None or not limited:
                continue
            message = f"nothing says what a {noun} amounts to, so that '{item.id}' limits nothing"
            hint = f"add 'value:' to register '{register.id}', with its field of money that counts"
            yield at(item.mark, codes.LIMIT_UNMEASURED, message, hint)
