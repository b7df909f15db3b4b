"""Checks of a policy against who holds what on a day: what nobody may hold, or nobody holds."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from pmo_engine.authority.incompatible import apart, clashes
from pmo_engine.compiler.checks.life_cycles import granted_by_terms
from pmo_engine.model.people import unit_of
from pmo_engine.policy import RequireAssessment
from pmo_engine.policy.organisation import in_charge
from pmo_engine.policy.registers import OWNER, REQUESTER
from pmo_engine.policy.selection import superior
from pmo_engine.source import codes
from pmo_engine.source.diagnostics import Diagnostic, Mark, at, nearest

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator
    from datetime import date

    from pmo_engine.authority.people import People
    from pmo_engine.model.people import RoleHolding
    from pmo_engine.policy import Policy, TermsOfReference


def appointments(
    policy: Policy, people: People, projects: Collection[str], on: date
) -> list[Diagnostic]:
    """Find what the appointments of a day break, leave open or have too much.

    ``projects`` are those that are active: a role that is held in some has to be held in each.
    """
    held = [each for each in people.holdings if each.holds(on)]
    found = [*_clashing(policy, people, held), *_unknown(policy, held), *_unmade(policy, held)]
    found += [*_posts_of_offices(policy, held, on), *_past_their_end(policy, people, on)]
    found += [*_past_their_review(policy, on), *_of_another_rank(policy, people, held)]
    found += _without_seats(policy, people, projects, on)
    return sorted({*found, *_vacant(policy, people, projects, on)})


def _clashing(policy: Policy, people: People, held: Iterable[RoleHolding]) -> Iterator[Diagnostic]:
    by_person: dict[str, list[RoleHolding]] = defaultdict(list)
    for each in held:
        by_person[people.one(each.person)].append(each)
    for mine in by_person.values():
        for clash in clashes(policy, mine, people.units):
            mark = _parting(policy, frozenset({clash.one.role, clash.other.role}))
            hint = "end one of them with 'pmo person end'"
            yield at(mark, codes.HELD_THOUGH_APART, str(clash), hint)


def _of_another_rank(
    policy: Policy, people: People, held: Collection[RoleHolding]
) -> Iterator[Diagnostic]:
    """Warn of who performs a functional role and holds no role of its rank, nor one above it."""
    mine: dict[str, set[str]] = defaultdict(set)
    for each in held:
        mine[people.one(each.person)].add(each.role)
    for performed in policy.functional.values():
        rank = performed.performed_by
        ranked = [role.id for role in policy.roles.values() if role.rank == rank]
        enough = {above for role in ranked for above in (role, *_above(policy, role))}
        doing = {people.one(each.person) for each in held if each.role == performed.role}
        for person in sorted(doing if ranked else ()):
            if enough.isdisjoint(mine[person]):
                message = (
                    f"{person} performs '{performed.role}' and is no {rank}, nor above one: that is"
                    f" who holds {' or '.join(ranked)}"
                )
                hint = f"appoint them with 'pmo person hold {person} {ranked[0]}'"
                yield at(performed.mark, codes.OF_ANOTHER_RANK, message, hint)


def _above(policy: Policy, role: str) -> Iterator[str]:
    seen = {role}
    while (above := superior(policy, role)) is not None and above not in seen:
        seen.add(above)
        yield above
        role = above


def _parting(policy: Policy, pair: frozenset[str]) -> Mark:
    """Find where it is written that two roles are not held together."""
    assert pair in apart(policy)  # else they would not clash
    for entry in policy.incompatible:
        if pair <= set(entry.roles):
            return entry.mark
    roles = (policy.roles[name] for name in sorted(pair & policy.roles.keys()))
    return next(role.mark for role in roles if pair & set(role.not_with))


def _unknown(policy: Policy, held: Iterable[RoleHolding]) -> Iterator[Diagnostic]:
    known = {*policy.roles, *policy.functional}
    for each in held:
        if each.role not in known:
            message = f"{each.person} holds '{each.role}', which the policy does not have"
            hint = nearest(each.role, known) or "end it with 'pmo person end', or add the role"
            yield at(policy.mark, codes.HELD_AND_UNKNOWN, message, hint)


def _vacant(
    policy: Policy, people: People, projects: Collection[str], on: date
) -> Iterator[Diagnostic]:
    held = {each.role for each in people.holdings if each.holds(on)}
    for role, mark in needed(policy).items():
        missing = sorted(each for each in projects if not people.holders(role, each, on))
        if role not in held or missing:
            where = f" in {', '.join(missing)}" if role in held else ""
            message = f"nobody holds '{role}'{where}, whom the policy needs"
            hint = f"appoint somebody with 'pmo person hold PERSON {role}'"
            yield at(mark, codes.VACANT, message, hint)


def _without_seats(
    policy: Policy, people: People, projects: Iterable[str], on: date
) -> Iterator[Diagnostic]:
    """Warn of a body that votes and has fewer seats than people hold the role that they are of."""
    for terms in policy.terms.values():
        for role, count in _seats(policy, terms).items():
            told = set(map(people.one, people.holders(role, None, on)))
            places = [("", told)]
            for project in sorted(projects):
                here = {people.one(each) for each in people.holders(role, project, on)}
                places += [(f" in {project}", here)] if here != told else []
            for where, held in places:
                if len(held) > count:
                    message = (
                        f"{', '.join(sorted(held))} hold '{role}'{where}, and it has {count} seats"
                        f" with a vote in '{terms.role}': {len(held) - count} of them without"
                    )
                    hint = f"'pmo authority show --role {role}' says who has none"
                    yield at(terms.mark, codes.MORE_THAN_SEATS, message, hint)


def _seats(policy: Policy, terms: TermsOfReference) -> dict[str, int]:
    """Say of the roles whose holders have a vote in a body how many seats each has in all."""
    known = policy.roles.get(terms.role)
    if known is None or not known.body or not terms.has_ballots:
        return {}
    found: dict[str, int] = defaultdict(int)
    for seat in terms.membership:
        if seat.votes:
            found[seat.role or terms.role] += seat.count
    if not terms.membership and terms.members is not None:
        found[terms.role] = terms.members
    return found


def _posts_of_offices(
    policy: Policy, held: Collection[RoleHolding], on: date
) -> Iterator[Diagnostic]:
    """Warn of a role of an office that nobody holds for it, and say to whom it goes up."""
    everywhere = {each.role for each in held if each.project is None and each.unit is None}
    for office in policy.offices.values():
        mine = {each.role for each in held if each.unit == unit_of(office=office.id)} | everywhere
        posts = dict.fromkeys((*([office.head] if office.head else []), *office.roles))
        for role in (each for each in posts if office.is_open(on) and each not in mine):
            _, *above = in_charge(policy.offices, office.id, on)
            up = f"it goes up to the office '{above[0].id}'" if above else "nobody is above it"
            message = f"nobody holds '{role}' for the office '{office.id}': {up}"
            hint = f"appoint somebody with 'pmo person hold PERSON {role} --office {office.id}'"
            yield at(office.mark, codes.VACANT, message, hint)


def _past_their_end(policy: Policy, people: People, on: date) -> Iterator[Diagnostic]:
    """Warn of an office past its last day that projects or people still name."""
    for office in policy.offices.values():
        if office.until is None or office.until >= on:
            continue
        unit = unit_of(office=office.id)
        projects = sorted(p for p, at in people.units.projects.items() if at.office == office.id)
        persons = sorted({e.person for e in people.holdings if e.unit == unit and e.holds(on)})
        left = ", ".join((*projects, *persons))
        if left:
            message = f"the office '{office.id}' ended on {office.until}, and {left} still name it"
            hint = "give the projects another office with 'pmo project change --office'"
            yield at(office.mark, codes.OFFICE_PAST_ITS_END, message, hint)


def _past_their_review(policy: Policy, on: date) -> Iterator[Diagnostic]:
    """Warn of terms that were to be reviewed by a day that is over."""
    for role, terms in policy.terms.items():
        if terms.review_on is not None and terms.review_on < on:
            message = f"the terms of '{role}' were to be reviewed on {terms.review_on}"
            hint = "review them, and write the next day under 'review_on'"
            yield at(terms.mark, codes.REVIEW_PASSED, message, hint)


def _unmade(policy: Policy, held: Iterable[RoleHolding]) -> Iterator[Diagnostic]:
    """Find moves of records that are for roles alone, none of which anybody holds."""
    roles = {each.role for each in held}
    for register in policy.registers.values():
        for move in register.life.moves:
            if not move.by or not {*roles, OWNER, REQUESTER}.isdisjoint(move.by):
                continue
            if not granted_by_terms(policy, register):
                message = f"nobody makes this move: nobody holds {' or '.join(move.by)}"
                hint = f"appoint somebody with 'pmo person hold PERSON {move.by[0]}'"
                yield at(move.mark, codes.MOVE_NEVER_MADE, message, hint)


def needed(policy: Policy) -> dict[str, Mark]:
    """Name the roles that the policy asks for something, functional ones too, and where they stand.

    Those are the approvers and whoever is asked otherwise, who decides at gates, who has authority,
    and every functional role that somebody performs, assesses at a gate or is asked by a rule.
    """
    asked = {gate.decided_by for gate in policy.gates.values()}
    asked |= {role for role, terms in policy.terms.items() if terms.authority}
    lives = (register.life for register in policy.registers.values())
    asked |= {move.approval for life in lives for move in life.moves if move.approval}
    effects = [effect for rule in policy.rules for effect in rule.then]
    asked |= {str(getattr(effect, "role", "")) for effect in effects}
    found = {name: role.mark for name, role in policy.roles.items() if name in asked}
    functional = {name: each.mark for name, each in policy.functional.items()}
    for gate in policy.gates.values():
        functional = {**dict.fromkeys(gate.assessments, gate.mark), **functional}
    for rule in policy.rules:
        roles = (effect.role for effect in rule.then if isinstance(effect, RequireAssessment))
        functional = {**dict.fromkeys(roles, rule.mark), **functional}
    return {**found, **functional}
