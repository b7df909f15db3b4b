"""Checks of who is asked: ladders and functional roles."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_engine.compiler.checks.check import check
from pmo_engine.compiler.pack_folders import known_packs
from pmo_engine.policy import RequireAssessment
from pmo_engine.source import codes
from pmo_engine.source.diagnostics import Diagnostic, at, nearest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pmo_engine.policy import Policy


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
