"""Checks of approvals: whether those asked are as many as have to sign, and by when."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_engine.compiler.checks.acts import acts_of
from pmo_engine.compiler.checks.check import check
from pmo_engine.policy import RequireApproval
from pmo_engine.policy.acts import does
from pmo_engine.source import codes
from pmo_engine.source.diagnostics import Diagnostic, at

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pmo_engine.policy import Asked, Policy, Rule


@check(codes.TOO_FEW_TO_SIGN)
def enough_may_sign(policy: Policy) -> Iterator[Diagnostic]:
    """Find approvals by more of a body than it has members, or by a part of nobody knows what."""
    for rule, effect in _approvals(policy):
        for each in effect.of:
            if each.count is not None and (said := _why_too_few(each, policy)):
                yield at(rule.mark, codes.TOO_FEW_TO_SIGN, f"rule '{rule.id}': {said[0]}", said[1])
    yield from _too_few_together(policy)


def _too_few_together(policy: Policy) -> Iterator[Diagnostic]:
    """Find rules that together ask more of a body than it has members: each signs once."""
    always = [rule for rule in policy.rules if rule.when is None and rule.binding == "shall"]
    told: set[tuple[str, ...]] = set()
    for rule in policy.rules:
        beside = [each for each in always if each is not rule and _meet(rule, each)]
        for role, terms in policy.terms.items():
            wanted = _signers([rule, *beside], role, policy)
            asking = tuple(sorted({each for _, _, each in wanted}))
            total = sum(_most(wanted).values())
            alone = len(wanted) < 2  # noqa: PLR2004 - of two approvals there is a sum
            if terms.members is None or total <= terms.members or alone or asking in told:
                continue
            if any(count > terms.members for _, count, _ in wanted):
                continue  # which is told of that one
            told.add(asking)
            acts = " and ".join(f"'{act}'" for act in _most(wanted))
            by = "rule" if len(asking) == 1 else "rules"
            message = (
                f"{by} {' and '.join(map(repr, asking))}: {total} different members of '{role}'"
                f" would have to sign for {acts}, and it has {terms.members}"
            )
            hint = "ask for fewer, or of one of them 'distinct: false'"
            yield at(rule.mark, codes.TOO_FEW_TO_SIGN, message, hint)


def _meet(one: Rule, other: Rule) -> bool:
    """Tell whether both may fire on one event."""
    return not set(one.on).isdisjoint(other.on) and bool(one.in_force & other.in_force)


def _signers(rules: Iterable[Rule], role: str, policy: Policy) -> list[tuple[str, int, str]]:
    """Give how many holders of a role sign for which act, by which rule: those who sign once."""
    return [
        (acts[0], each.count, rule.id)
        for rule in rules
        for effect in rule.then
        if isinstance(effect, RequireApproval) and effect.distinct and effect.needs is None
        for acts in [acts_of(effect, rule)]
        if does(policy.acts, effect.act or "") in {"decides", "signs"}
        for each in effect.of
        if each.role == role and isinstance(each.count, int)
    ]


def _most(wanted: Iterable[tuple[str, int, str]]) -> dict[str, int]:
    """Give by acts the most that are asked for: of one act, what several rules ask is one."""
    found: dict[str, int] = {}
    for act, count, _ in wanted:
        found[act] = max(count, found.get(act, 0))
    return found


def _why_too_few(asked: Asked, policy: Policy) -> tuple[str, str] | None:
    terms = policy.terms.get(asked.role)
    members = None if terms is None else terms.members
    if not isinstance(asked.count, int):
        if members is not None:
            return None
        message = f"nobody says of how many members of '{asked.role}' {asked.count} have to sign"
        return message, f"say it in the terms of '{asked.role}', as in 'members: 5'"
    if members is None or asked.count is None or asked.count <= members:
        return None
    return f"{asked.count} of {members} members can never sign", f"ask for at most {members}"


@check(codes.NO_TIME)
def approvals_have_a_time(policy: Policy) -> Iterator[Diagnostic]:
    """Warn of approvals that nothing reminds anybody of."""
    for rule, effect in _approvals(policy):
        if effect.within is None and does(policy.acts, effect.act or "") != "is told":
            has = f"the ladder '{effect.ladder}' and no time" if effect.ladder else "no time"
            message = f"an approval of rule '{rule.id}' has {has}, so that nobody is reminded of it"
            hint = "say 'within: 5 working days', or 'default_within' in the policy's header"
            yield at(rule.mark, codes.NO_TIME, message, hint)


def _approvals(policy: Policy) -> Iterator[tuple[Rule, RequireApproval]]:
    for rule in policy.rules:
        for effect in rule.then:
            if isinstance(effect, RequireApproval):
                yield rule, effect
