"""In which capacity somebody acts who has not the role themself, and what is one person's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_engine.authority.delegable import handed_on, kept, no_delegate
from pmo_engine.authority.delegation import Wanted, may_for
from pmo_engine.authority.incompatible import apart, clashes
from pmo_engine.authority.titles import role_in_words, titled
from pmo_engine.model.people import RoleHolding
from pmo_engine.store import tables
from pmo_engine.work.approvals.asking import tell_head
from pmo_engine.work.errors import Refusal
from pmo_engine.work.people.gathered import people, with_units
from pmo_engine.work.people.held import pure

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pmo_engine.authority.people import People
    from pmo_engine.model.acts import Act
    from pmo_engine.work.command import Command
    from pmo_engine.work.governance import Context


def are_one(c: Context, account: str, other: str) -> bool:
    """Tell whether two accounts are one person's."""
    return account == other or people(c).are_one(account, other)


def acts_for_another(c: Command, roles: Iterable[str], wanted: Iterable[Act]) -> bool:
    """Tell whether the actor does one of the acts for a holder of one of the roles.

    As a delegate, or standing in for somebody who is away; for whom is noted with the command.
    """
    there, named = people(c), list(roles)
    for act in wanted:
        owners = (*_delegators(c, there, named, str(act)), *_stood_in_for(c, there, named))
        if owners:
            c.behalf.append(owners[0])
            return True
    return False


def _delegators(c: Command, there: People, roles: list[str], act: str) -> Iterator[str]:
    place, mine = c.on.place, there.roles_of(c.actor, c.on.place, c.today)

    def letting(owner: str) -> list[str]:
        held = set(there.roles_of(owner, place, c.today)) & set(roles)
        return [
            role
            for role in sorted(held)
            if not kept(c.policy, role, act) and not no_delegate(c.policy, role, mine)
        ]

    ways = may_for(
        there,
        c.actor,
        Wanted(act, place),
        c.today,
        own=lambda owner: bool(letting(owner)),
        chains=lambda owner: any(handed_on(c.policy, role) for role in letting(owner)),
    )
    return (each.owner for each in ways)


def _stood_in_for(c: Command, there: People, roles: list[str]) -> Iterator[str]:
    """Name whom the actor stands in for: those who named them, else the role's, all being away."""
    mine = there.roles_of(c.actor, c.on.place, c.today)
    for role in roles:
        away = {each: there.absence(each, c.today) for each in _holders(c, there, role)}
        for holder, absence in away.items():
            if absence is not None and absence.deputy == c.actor:
                yield holder
        terms = c.policy.terms.get(role)
        deputies = terms.deputies if terms is not None else ()
        gone = away and all(each is not None and not each.upward for each in away.values())
        if gone and not set(deputies).isdisjoint(mine):
            yield next(iter(away))


def _holders(c: Command, there: People, role: str) -> tuple[str, ...]:
    return there.holders(role, c.on.place, c.today)


def require_no_stand_in(c: Command, roles: Iterable[str], what: str) -> None:
    """Refuse to the actor to leave roles without anybody for which they would then stand in.

    As deputies by the terms, or by an authority that is there in the absence of who holds it.
    """
    there = people(c)
    accounts = there.accounts(c.actor)
    mine = {each.role for each in there.holdings if each.person in accounts}
    for role in dict.fromkeys(roles):
        terms = c.policy.terms.get(role)
        standing_in = set(() if terms is None else terms.deputies)
        for other, theirs in c.policy.terms.items():
            if any(role in {each.in_absence_of, each.while_vacant} for each in theirs.authority):
                standing_in.add(other)
        if own := sorted(standing_in & mine):
            raise Refusal(
                f"{c.actor_name} stands in for {role_in_words(role, c.policy)} as"
                f" {titled(own[0], c.policy)}: somebody else has to {what}"
            )


def require_compatible(c: Command, asked: RoleHolding) -> None:
    """Refuse a role that the policy keeps apart from one that the person holds at the same time.

    Every account of theirs counts, and none of them is given another role meanwhile.
    """
    if not _is_parted(c, asked.role):
        return
    accounts = people(c).accounts(asked.person)
    for account in accounts:
        if account != asked.person:
            c.uow.people.lock(account)
    c.uow.people.lock_changes()
    rows = [row for account in accounts for row in c.uow.people.lock_holdings(account)]
    units = with_units(c, people(c), [asked, *map(pure, rows)])
    for each in rows:
        for clash in clashes(c.policy, (asked, pure(each)), units):
            said = clash.in_words(c.uow.people.name_of)
            raise Refusal(f"{said}: end the one, or give days that it leaves free")


def _is_parted(c: Context, role: str) -> bool:
    return any(role in pair for pair in apart(c.policy))


def clashing(c: Context) -> frozenset[str]:
    """Say of everybody which roles they hold together, today or later, though they are kept apart.

    Nobody is given a role, and nothing else is moved, until the command ends.
    """
    parted = frozenset().union(*apart(c.policy))
    if not parted:
        return frozenset()
    c.uow.people.lock_changes()
    held = [each for each in _yet_held(c) if each.role in parted]
    if all(each.unit is None for each in held):
        return frozenset()
    there = people(c)
    units = with_units(c, there, held)
    mine: dict[str, list[RoleHolding]] = {}
    for each in held:
        mine.setdefault(there.one(each.person), []).append(each)
    found = (clash for theirs in mine.values() for clash in clashes(c.policy, theirs, units))
    return frozenset(each.in_words(c.uow.people.name_of) for each in found)


def tell_clashes(c: Command, person: str) -> tuple[str, ...]:
    """Say what somebody holds together through accounts that are one by now, though kept apart.

    The head of the office hears of it: that they are one person stands, and a role has to end.
    """
    c.uow.write()
    there = people(c)
    mine = [each for each in _yet_held(c) if there.are_one(person, each.person)]
    called = c.uow.people.name_of
    both = clashes(c.policy, mine, with_units(c, there, mine))
    found = sorted(each.in_words(called) for each in both)
    if found:
        key = f"{there.one(person)}/together/{c.now.isoformat()}"
        why = [*found, "End the one with 'pmo person end', or say with whom it goes on"]
        what = f"{' and '.join(map(called, there.accounts(person)))} are one person"
        tell_head(c, key, what, why, None, ", who holds roles that are kept apart")
        body = {"accounts": [*there.accounts(person)], "held": found}
        c.journal("accounts.clash", body, tables.OFFICE)
    return tuple(found)


def _yet_held(c: Context) -> list[RoleHolding]:
    """Give what is held today or later; in order, in which clashes are said."""
    held = (RoleHolding(*each) for each in c.uow.people.held_from(c.today))
    return sorted(held, key=lambda each: (each.person, each.role, each.place, each.since))


def require_as_compatible(c: Command, before: frozenset[str], what: str) -> None:
    """Refuse to move something where somebody would hold together by it what is kept apart."""
    for clash in sorted(clashing(c) - before):
        raise Refusal(f"where {what} is moved there, {clash}: end the one first")
