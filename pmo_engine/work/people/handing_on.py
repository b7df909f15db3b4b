"""What may be handed on: acts that there are, that their owner may do and their terms let go."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from pmo_engine.authority.delegable import handed_on, kept, no_delegate
from pmo_engine.authority.delegation import Behalf, Wanted, may_for
from pmo_engine.authority.functions import authority_on
from pmo_engine.authority.titles import held_in_words
from pmo_engine.model.acts import Act
from pmo_engine.model.money import Money
from pmo_engine.policy.acts import APPROVE, VERBS, verb_of
from pmo_engine.policy.selection import holders_of
from pmo_engine.source.diagnostics import nearest
from pmo_engine.work.errors import CommandError, Refusal
from pmo_engine.work.permissions import acts_that_let, who_may

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from pmo_engine.authority.people import Delegation, People
    from pmo_engine.policy import Policy
    from pmo_engine.work.command import Command


def require_acts(policy: Policy, acts: Iterable[str]) -> None:
    """Raise CommandError for an act that there is not, with the nearest that there is."""
    declared = {each.act for terms in policy.terms.values() for each in terms.authority}
    known = {f"{APPROVE} {each.noun}" for each in policy.registers.values()} | declared
    for act in acts:
        free = verb_of(act) in VERBS and (verb_of(act) != APPROVE or act == APPROVE)
        if act not in known and not free:
            hint = nearest(act, known) or f"there are {', '.join(sorted(known))}"
            raise CommandError(f"nothing here is '{act}' ({hint})")


def require_handed_on(c: Command, people: People, asked: Delegation) -> None:
    """Refuse what the owner may not do, or not hand on, or not so far, in any of the projects."""
    for act in asked.acts or ("",):
        for project in asked.projects or (None,):
            _require(c, people, asked, act, project)


def _require(c: Command, people: People, asked: Delegation, act: str, project: str | None) -> None:
    day = asked.since
    roles = _roles(people, asked.owner, project, day)
    able = [role for role in roles if not act or role in roles_that_may(c.policy, act, day)]
    if not able and not _came_to(c, people, asked, act, project):
        what = f"{act} " if act else "decide anything "
        _require_as_far(c, people, asked, act, project)
        held = held_in_words(roles, c.policy)
        where = "" if project is None else f"in {project} "
        who = c.uow.people.name_of(asked.owner)
        raise Refusal(f"{who} may not {what}{where}themself, and they hold {held}")
    for why in _reasons(c, people, asked, act, project, able):
        raise Refusal(
            f"{c.uow.people.name_of(asked.owner)} may not delegate {act or 'this'}: {why}"
        )
    _require_within(c, asked, act, able)


def _require_as_far(
    c: Command, people: People, asked: Delegation, act: str, project: str | None
) -> None:
    """Refuse what is further than what was delegated to the owner, who may hand on less of it."""
    if asked.up_to is None:
        return
    lent = _came_to(c, people, replace(asked, up_to=None), act, project)
    bounds = [min(each.up_to for each in one.by if each.up_to is not None) for one in lent]
    if bounds:
        who = c.uow.people.name_of(asked.owner)
        raise Refusal(
            f"{asked.up_to} is beyond {max(bounds)}, up to which {who} may"
            f" {act or 'decide'} for others"
        )


def _roles(people: People, person: str, project: str | None, day: date) -> list[str]:
    """Name the roles that somebody holds for a project, or where none is named, anywhere."""
    if project is not None:
        return list(people.roles_of(person, project, day))
    return sorted({each.role for each in people.holdings if each.person == person})


def roles_that_may(policy: Policy, act: str, on: date) -> set[str]:
    """Name the roles that the terms let do an act, and for an approval those that may be asked."""
    if verb_of(act) in VERBS and verb_of(act) != APPROVE:
        return set(who_may(policy, acts_that_let(Act.parse(act)), on))
    if act == APPROVE:
        return set(policy.roles)
    return {role for role, _ in holders_of(policy, act, on)} | asked_by_name(policy)


def asked_by_name(policy: Policy) -> set[str]:
    """Name the roles that rules and gates ask for a decision by their names."""
    named = {gate.decided_by for gate in policy.gates.values()}
    for rule in policy.rules:
        named |= {str(getattr(effect, "role", "")) for effect in rule.then}
    return named & set(policy.roles)


def _reasons(
    c: Command, people: People, asked: Delegation, act: str, project: str | None, able: list[str]
) -> Iterator[str]:
    """Give why none of the roles lets go of an act, or takes this delegate; the first of each."""
    held = _roles(people, asked.delegate, project, asked.since)
    whys = [kept(c.policy, role, act) or no_delegate(c.policy, role, held) for role in able]
    if whys and all(whys):
        yield whys[0]


def _came_to(
    c: Command, people: People, asked: Delegation, act: str, project: str | None
) -> tuple[Behalf, ...]:
    """Find for whom the owner does an act that may be handed on, by delegation."""
    able = roles_that_may(c.policy, act, asked.since) if act else set(c.policy.roles)

    def own(person: str) -> bool:
        held = set(people.roles_of(person, project, asked.since)) & able
        return any(handed_on(c.policy, role) and not kept(c.policy, role, act) for role in held)

    amount = asked.up_to or Money(Decimal(0), c.policy.currency)
    wanted = Wanted(act, project, amount)
    return may_for(people, asked.owner, wanted, asked.since, own=own, chains=own)


def _require_within(c: Command, asked: Delegation, act: str, able: Iterable[str]) -> None:
    """Refuse a bound beyond the limit of the owner's own roles, where all of them have one."""
    if asked.up_to is None:
        return
    limits = [_limit(c.policy, role, act, asked.since) for role in able]
    known = [each for each in limits if each is not None]
    if known and len(known) == len(limits) and asked.up_to > max(known):
        who = c.uow.people.name_of(asked.owner)
        raise Refusal(
            f"{asked.up_to} is beyond {max(known)}, up to which {who} may "
            f"{act or 'decide'} themself"
        )


def _limit(policy: Policy, role: str, act: str, on: date) -> Money | None:
    """Give the limit of a role for an act, or the highest of all its acts of a verb, or of all."""
    if act and act != verb_of(act):
        return authority_on(policy, role, act, on)
    terms = policy.terms.get(role)
    acts = {each.act for each in (terms.authority if terms else ()) if _is_of(each.act, act)}
    limits = [authority_on(policy, role, each, on) for each in sorted(acts)]
    found = [each for each in limits if each is not None]
    return max(found) if found and len(found) == len(limits) else None


def _is_of(each: str, act: str) -> bool:
    """Tell whether an act is of a verb; of none, whether it is one about amounts."""
    verb = verb_of(each)
    return verb == act if act else verb == APPROVE or verb not in VERBS
