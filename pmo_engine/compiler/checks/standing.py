"""Checks of who stands above, behind or beside whom."""

from __future__ import annotations

from datetime import date
from itertools import combinations
from typing import TYPE_CHECKING, TypeAlias

from pmo_engine.authority.bounds import same
from pmo_engine.authority.seniority import above
from pmo_engine.compiler.binding.context import PACK
from pmo_engine.compiler.checks.acts import sought_acts
from pmo_engine.compiler.checks.appointments import needed
from pmo_engine.compiler.checks.check import check
from pmo_engine.model.graphs import circles
from pmo_engine.model.money import Money
from pmo_engine.policy import Extreme
from pmo_engine.policy.selection import holders_of, may_be_head
from pmo_engine.prose.values import value_in_words
from pmo_engine.source import codes
from pmo_engine.source.diagnostics import Diagnostic, at

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pmo_engine.policy import Authority, Bound, Limit, Policy, TermsOfReference
    from pmo_engine.policy.selection import Holders

    Held: TypeAlias = tuple[tuple[Authority, Limit], ...]

_WAYS = {"reports_to": "report to", "escalates_to": "escalate to"}


@check(codes.ABOVE_ITSELF)
def nobody_is_above_themselves(policy: Policy) -> Iterator[Diagnostic]:
    """Find circles of reporting, of escalation, of standing in, and of the way up as a whole."""
    told: set[frozenset[str]] = set()
    for way, edges in _graphs(policy):
        apart = {role: {o for o in others if o != role} for role, others in edges.items()}
        for circle in circles(apart):
            if frozenset(circle) not in told:
                told.add(frozenset(circle))
                first = next(role for role in circle if role in policy.terms)
                message = f"these {way} one another: {' -> '.join(circle)}"
                hint = "somebody has to come last: take one step out"
                yield at(policy.terms[first].mark, codes.ABOVE_ITSELF, message, hint)


def _graphs(policy: Policy) -> Iterator[tuple[str, dict[str, set[str]]]]:
    for key, way in _WAYS.items():
        named = ((role, getattr(terms, key)) for role, terms in policy.terms.items())
        yield way, {role: {to} for role, to in named if to is not None}
    yield "stand in for", {role: set(terms.deputies) for role, terms in policy.terms.items()}
    upward = ((role, each.escalates_to or each.reports_to) for role, each in policy.terms.items())
    yield "would have matters go up to", {role: {to} for role, to in upward if to is not None}


@check(codes.NO_HEAD)
def somebody_heads_the_office(policy: Policy) -> Iterator[Diagnostic]:
    """Warn where it is not said to whom everything goes on which nobody may act."""
    found = may_be_head(policy)
    if len(found) == 1 or policy.version == PACK or not needed(policy):
        return
    hint = "name the role with 'head:'"
    if not found:
        message = "no role heads the office, so that nobody hears of what is stuck"
    else:
        heads = " or ".join(f"'{each}'" for each in found)
        message = f"the office is headed by {heads}, and nothing says by which"
    yield at(policy.mark, codes.NO_HEAD, message, hint)


@check(codes.ESCALATES_DOWN)
def matters_go_up(policy: Policy) -> Iterator[Diagnostic]:
    """Find terms that send matters, or reports, to somebody junior."""
    for role, terms in policy.terms.items():
        for key, to in (("escalates_to", terms.escalates_to), ("reports_to", terms.reports_to)):
            if to is not None and role in above(policy, to):
                way = _WAYS[key].replace(" ", "s ", 1)
                message = f"'{role}' {way} '{to}', to whom it is senior"
                hint = f"name somebody above {role}, or put the 'senior' of the roles right"
                yield at(terms.mark, codes.ESCALATES_DOWN, message, hint)


@check(codes.AMBIGUOUS_AUTHORITY)
def one_role_takes_a_case(policy: Policy) -> Iterator[Diagnostic]:
    """Warn of roles that may both be the least senior for a case, with neither above the other."""
    since = policy.in_force_from or date.min
    for act in sorted(sought_acts(policy)):
        told: set[tuple[str, str]] = set()
        for day in sorted({since, *(d for d in _days(policy, act) if d > since)}):
            for one, other, amount in _rivals(policy, holders_of(policy, act, day)):
                pair = (one.role, other.role)
                if pair not in told:
                    told.add(pair)
                    message = f"'{one.role}' and '{other.role}' may both {act}{amount}"
                    hint = "name one senior to the other, or tell their cases apart with 'of:'"
                    whole = f"{message}, and neither is above the other"
                    yield at(other.mark, codes.AMBIGUOUS_AUTHORITY, whole, hint)


def _days(policy: Policy, act: str) -> set[date]:
    items = (item for terms in policy.terms.values() for item in terms.authority)
    starts = {limit.start for item in items if item.act == act for limit in item.limits}
    return {start for start in starts if start is not None}


def _rivals(policy: Policy, holders: Holders) -> Iterator[tuple[Authority, Authority, str]]:
    """Give pairs for which there is an amount that both cover, and nobody below either does."""
    caps = [
        (limits[0][0], _cap([limit.value for _, limit in limits]))
        for _, limits in holders
        if limits
    ]
    held = dict(holders)
    for one, other in combinations(caps, 2):
        (first, most), (second, more) = one, other
        if first.role in _over(policy, second.role) or second.role in _over(policy, first.role):
            continue
        if _apart(held[first.role], held[second.role]):
            continue
        least = min((cap for cap in (most, more) if cap is not None), default=None)
        below = [cap for item, cap in caps if _is_below(policy, item.role, first.role, second.role)]
        if any(cap is None or (least is not None and cap >= least) for cap in below):
            continue
        amount = "" if least is None else f" up to {value_in_words(least)}"
        ordered = sorted((first, second), key=lambda item: item.role)
        yield ordered[0], ordered[1], amount


def _is_below(policy: Policy, role: str, *others: str) -> bool:
    """Tell whether a role is asked before both of two others."""
    return role not in others and all(other in _over(policy, role) for other in others)


def _cap(values: list[Bound | None]) -> Money | None:
    """Give the amount up to which limits certainly go; None where they have no end of their own."""
    return min((cap for cap in map(_certain, values) if cap is not None), default=None)


def _certain(value: Bound | None) -> Money | None:
    if isinstance(value, Extreme):
        parts = [part for part in value.of if isinstance(part, Money)]
        return max(parts, default=None) if value.greater else None
    return value if isinstance(value, Money) else None


def _apart(one: Held, other: Held) -> bool:
    """Tell whether the terms tell the cases of two roles apart."""
    return all(_differ(first, second) for first, _ in one for second, _ in other)


def _differ(one: Authority, other: Authority) -> bool:
    if one.in_absence_of or one.while_vacant or other.in_absence_of or other.while_vacant:
        return True
    if one.requesters and other.requesters and set(one.requesters).isdisjoint(other.requesters):
        return True
    theirs = {each.field: each.values for each in other.of}
    return any(
        not any(same(mine, its) for mine in each.values for its in theirs[each.field])
        for each in one.of
        if each.field in theirs
    )


def _over(policy: Policy, role: str) -> set[str]:
    """Name everybody above a role, by seniority or as its terms send matters up."""
    found: set[str] = set()
    waiting = [role]
    while waiting:
        name = waiting.pop()
        terms, known = policy.terms.get(name), policy.roles.get(name)
        ways = [known.senior if known else None, *_upward(terms)]
        fresh = {each for each in ways if each is not None} - found
        found |= fresh
        waiting += fresh
    return found


def _upward(terms: TermsOfReference | None) -> tuple[str | None, ...]:
    return (terms.escalates_to, terms.reports_to) if terms else ()
