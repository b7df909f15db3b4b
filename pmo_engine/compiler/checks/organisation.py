"""Checks of who is asked: ladders and functional roles."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from pmo_engine.compiler.binding.context import PACK
from pmo_engine.compiler.checks.check import check
from pmo_engine.compiler.pack_folders import known_packs
from pmo_engine.model.working_time.calendar import ALWAYS
from pmo_engine.policy import RequireAssessment
from pmo_engine.policy.ladders import A_PERSON, asked_by, leads_on
from pmo_engine.source import codes
from pmo_engine.source.diagnostics import Diagnostic, at, nearest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pmo_engine.model.durations import Span
    from pmo_engine.policy import Policy, Rung
    from pmo_engine.source.diagnostics import Mark


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


@check(codes.RUNG_NOT_CLIMBED)
def every_rung_is_climbed(policy: Policy) -> Iterator[Diagnostic]:
    """Warn of a rung that escalates to a role above nobody who is asked: it goes up, never down."""
    everybody = frozenset({A_PERSON, *policy.roles, *policy.functional})
    for ladder in policy.ladders.values():
        asked = everybody if policy.version == PACK else asked_by(policy, ladder.id)
        named = " or ".join(sorted(f"'{each}'" if each else "whoever asked" for each in asked))
        whom = f" of whom things are asked with it: {named}" if asked < everybody else ""
        for number, rung in enumerate(ladder.rungs, 1):
            climbed = any(leads_on(policy, rung, role) for role in asked)
            if rung.to in policy.roles and not climbed:
                goes = f"rung {number} of ladder '{ladder.id}' goes to '{rung.to}'"
                message = f"{goes}, and up for nobody{whom}"
                hint = "escalate to 'senior', or to a role that is above others"
                yield at(ladder.mark, codes.RUNG_NOT_CLIMBED, message, hint)
            beside = sorted(_with_deputy_beside(policy, rung, asked))
            if beside:
                whose = " or ".join(f"'{role}'" for role in beside)
                goes = f"rung {number} of ladder '{ladder.id}' escalates to the deputy of {whose}"
                message = f"{goes}, who is not above: it is left out"
                hint = "write 'remind: deputy', and escalate to 'senior'"
                yield at(ladder.mark, codes.RUNG_NOT_CLIMBED, message, hint)


def _with_deputy_beside(policy: Policy, rung: Rung, asked: Iterable[str]) -> Iterator[str]:
    """Give roles from which a rung would go up to their deputy, who is beside or below them."""
    if rung.to == "deputy":
        for role in asked:
            terms = policy.terms.get(role)
            if terms is not None and terms.deputy and not leads_on(policy, rung, role):
                yield role


@check(codes.UNKNOWN_FUNCTIONAL_ROLE)
def functional_role_exists(policy: Policy) -> Iterator[Diagnostic]:
    """Find assessments asked of a functional role that nothing provides."""
    asked = [(gate.mark, role) for gate in policy.gates.values() for role in gate.assessments]
    judged = (each for gate in policy.gates.values() for each in gate.criteria)
    asked += [(each.mark, each.judge) for each in judged if each.judge not in {"", *policy.roles}]
    for rule in policy.rules:
        asked += [(rule.mark, e.role) for e in rule.then if isinstance(e, RequireAssessment)]
    known = known_packs() if asked else []
    for mark, role in asked:
        if role not in known:
            hint = nearest(role, known)
            yield at(mark, codes.UNKNOWN_FUNCTIONAL_ROLE, f"unknown functional role '{role}'", hint)


@check(codes.UNFILLED_FUNCTIONAL_ROLE)
def functional_role_filled(policy: Policy) -> Iterator[Diagnostic]:
    """Warn of functional roles that nobody performs, and that a gate needs or a field is set by."""
    wanted = [
        (gate.mark, role, f"{gate.id} needs")
        for gate in policy.gates.values()
        for role in gate.assessments
    ]
    wanted += _setting(policy)
    known = set(known_packs()) - policy.roles.keys() - policy.functional.keys() if wanted else set()
    for mark, role, what in wanted:
        if role in known:
            message = f"nobody performs the functional role '{role}' that {what}"
            hint = f"add {{role: {role}, performed_by: specialist}} under 'functional'"
            yield at(mark, codes.UNFILLED_FUNCTIONAL_ROLE, message, hint)


def _setting(policy: Policy) -> Iterator[tuple[Mark, str, str]]:
    """Give the roles that alone set a field; who performs those of a pack, says who uses it."""
    for register in policy.registers.values() if policy.version != PACK else ():
        for field in register.fields.values():
            if field.set_by is not None:
                yield (
                    field.mark or register.mark,
                    field.set_by,
                    f"sets {register.root}.{field.name}",
                )


@check(codes.RUNGS_OUT_OF_ORDER)
def rungs_are_in_order(policy: Policy) -> Iterator[Diagnostic]:
    """Find ladders with a rung that comes before the one above it."""
    for ladder in policy.ladders.values():
        for number, (one, other) in enumerate(pairwise(ladder.rungs), 2):
            if _comes_before(other, one):
                message = f"rung {number} of ladder '{ladder.id}' comes before rung {number - 1}"
                hint = "write rungs in the order of their moments"
                yield at(ladder.mark, codes.RUNGS_OUT_OF_ORDER, message, hint)


def _comes_before(one: Rung, other: Rung) -> bool:
    """Tell whether a rung surely comes before another; times of two units are not compared."""
    if one.at is not None and other.at is not None:
        return one.at.fraction < other.at.fraction
    if one.after is None or other.after is None:
        return one.at is not None
    return one.after.unit == other.after.unit and one.after.amount < other.after.amount


@check(codes.NO_CALENDAR)
def working_days_have_a_calendar(policy: Policy) -> Iterator[Diagnostic]:
    """Warn of working days and hours that are counted where no calendar says which they are."""
    if policy.calendar is not ALWAYS or policy.version == PACK:
        return
    span = next((each for each in _spans(policy) if each.unit.startswith("working")), None)
    if span is not None:
        message = f"'{span}' is counted, and no calendar says what working time is"
        hint = "add a 'kind: calendar'; without one every hour of every day is worked"
        yield at(policy.mark, codes.NO_CALENDAR, message, hint)


def _spans(policy: Policy) -> Iterator[Span]:
    """Go through the times allowed of gates and of the policy's own rules, and their rungs'."""
    effects = (effect for rule in policy.rules if rule.pack is None for effect in rule.then)
    timed = [*effects, *policy.gates.values()]
    found = [getattr(each, "within", None) for each in timed]
    asked = {str(getattr(each, "ladder", None)) for each in timed} & policy.ladders.keys()
    found += [rung.after for name in sorted(asked) for rung in policy.ladders[name].rungs]
    return (each for each in found if each is not None)
