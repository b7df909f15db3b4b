"""Checks of approvals: whether those asked are as many as have to sign, and by when."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_engine.compiler.checks.check import check
from pmo_engine.policy import RequireApproval
from pmo_engine.policy.acts import does
from pmo_engine.source import codes
from pmo_engine.source.diagnostics import Diagnostic, at

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pmo_engine.policy import Asked, Policy, Rule


@check(codes.TOO_FEW_TO_SIGN)
def enough_may_sign(policy: Policy) -> Iterator[Diagnostic]:
    """Find approvals by more of a body than it has members, or by a part of nobody knows what."""
    for rule, effect in _approvals(policy):
        for each in effect.of:
            if each.count is not None and (said := _why_too_few(each, policy)):
                yield at(rule.mark, codes.TOO_FEW_TO_SIGN, f"rule '{rule.id}': {said[0]}", said[1])


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
