"""When the rungs of a ladder are due, and to whom each goes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_engine.model.frozen import dataclass
from pmo_engine.policy.rules import RequireApproval
from pmo_engine.policy.selection import head_of, seniority_depth, superior

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Set as AbstractSet
    from datetime import datetime

    from pmo_engine.model.working_time.calendar import WorkingCalendar
    from pmo_engine.policy import Ladder, Policy, Rung


A_PERSON = ""
"""In place of a role, where a person is asked, such as whoever asked for something."""


@dataclass(frozen=True, slots=True)
class Due:
    """A rung of a ladder for one obligation: its number from 1, its moment (UTC), its role."""

    number: int
    rung: Rung
    moment: datetime
    role: str


def timetable(
    policy: Policy,
    ladder: Ladder,
    role: str,
    opened: datetime,
    due: datetime,
    calendar: WorkingCalendar | None = None,
) -> Iterator[Due]:
    """Give the rungs of an obligation that a role has, in the order of the ladder.

    In the working time of a ``calendar``, or of the policy's. A rung that would lead nowhere is
    left out: an escalation goes up, never level or down.
    """
    for number, rung in enumerate(ladder.rungs, 1):
        if leads_on(policy, rung, role):
            moment = moment_of(calendar or policy.calendar, rung, opened, due)
            yield Due(number, rung, moment, addressee_of(policy, rung, role))


def leads_on(policy: Policy, rung: Rung, role: str) -> bool:
    """Say whether a rung is of use: an escalation goes up, never level or down."""
    if rung.action == "remind":
        return True
    to, begins = addressee_of(policy, rung, role), seniority_depth(policy, role)
    if role not in policy.roles:  # a functional role or a person: below whom it goes up to
        above = _above(policy, role)
        begins = 1 + (len(policy.roles) if above is None else seniority_depth(policy, above))
    return to != role and seniority_depth(policy, to) < begins


def asked_by(policy: Policy, ladder: str) -> frozenset[str]:
    """Name of whom things are asked with a ladder, as far as the policy says it; else everybody.

    ``A_PERSON`` among them where that is no role.
    """
    everybody = frozenset({A_PERSON, *policy.roles, *policy.functional})
    found: set[str] = set()
    for name, roles in _uses(policy, everybody):
        if name == ladder:
            found |= roles
    return frozenset(found) if found and ladder != policy.default_ladder else everybody


def _uses(
    policy: Policy, everybody: AbstractSet[str]
) -> Iterator[tuple[str | None, AbstractSet[str]]]:
    """Go through what names a ladder, with those of whom it is asked."""
    for effect in (effect for rule in policy.rules for effect in rule.then):
        if isinstance(effect, RequireApproval):
            chosen = effect.seeks or effect.choices
            yield effect.ladder, everybody if chosen else frozenset(effect.named)
        else:
            role = getattr(effect, "role", None) or A_PERSON
            yield getattr(effect, "ladder", None), frozenset({role})
    for gate in policy.gates.values():
        tasks = not {"conditional_go", "hold"}.isdisjoint(gate.outcomes)
        yield gate.ladder, everybody if tasks else frozenset({gate.decided_by})
        asked = [(each.role, each.ladder) for each in gate.assessing]
        asked += [(item.role, item.ladder) for item in gate.evidence]
        asked += [(one.judge, None) for one in gate.criteria if not one.by_expression]
        for role, own in asked:
            yield own or gate.ladder, frozenset({role}) if role else everybody
    for each in policy.rounds.values():
        yield each.ladder, frozenset(item.role for item in each.collects)


def moment_of(calendar: WorkingCalendar, rung: Rung, opened: datetime, due: datetime) -> datetime:
    """Give the moment of a rung, in working time."""
    if rung.at is not None:
        return calendar.moment_at_share(opened, due, rung.at)
    assert rung.after is not None  # the schema asks for one of them
    return calendar.deadline(due, rung.after)


def _above(policy: Policy, role: str) -> str | None:
    return superior(policy, role) if role else head_of(policy)


def addressee_of(policy: Policy, rung: Rung, role: str) -> str:
    """Say which role a rung goes to; without a deputy, the deputy's goes to the senior.

    What is asked of a person goes to the head of the office.
    """
    match rung.to:
        case "addressee":
            return role
        case "deputy":
            terms = policy.terms.get(role)
            return (terms.deputy if terms else None) or _above(policy, role) or role
        case "senior":
            return _above(policy, role) or role
        case other:
            return other
