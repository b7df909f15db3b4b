"""Who sets a field that is one role's to set: whoever is asked for it, and nobody else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_engine.authority.delegable import handed_on, kept
from pmo_engine.authority.eligibility import Decider, Matter, who_may_decide
from pmo_engine.authority.titles import held_in_words, role_in_words
from pmo_engine.policy.acts import APPROVE
from pmo_engine.work.approvals.asking import able
from pmo_engine.work.approvals.eligible import standings
from pmo_engine.work.approvals.reach import Reach, line_above
from pmo_engine.work.errors import Refusal
from pmo_engine.work.people.gathered import people
from pmo_engine.work.people.held import roles_of
from pmo_engine.work.without_rate import RATE

if TYPE_CHECKING:
    from collections.abc import Collection

    from pmo_engine.authority.eligibility import Standing
    from pmo_engine.policy import Register
    from pmo_engine.store import tables
    from pmo_engine.work.command import Command
    from pmo_engine.work.governance import Context


def require_setters(c: Command, register: Register, project: str, names: Collection[str]) -> None:
    """Refuse a field that its register lets nobody set but a role, to whoever does not set it."""
    for name in sorted(names):
        if why := why_not_set(c, register, project, name, c.actor):
            raise Refusal(why)


def why_not_set(c: Context, register: Register, project: str, name: str, person: str) -> str:
    """Say why a field is not somebody's to set in a project; empty where they may."""
    declared = register.fields.get(name)
    if declared is None or declared.set_by is None:
        return ""
    role, found = _setting(c, register, declared.set_by, project)
    if person in able(found):
        return ""
    field = f"{register.root}.{name} is set by {role_in_words(role, c.policy)}"
    return f"{field}, and {c.uow.people.name_of(person)} {_why_not(c, found, project, person)}"


def facts_asked(c: Command, entry: tables.Entry) -> list[str]:
    """Name the facts that somebody is asked for about a record, whether or not they have a role."""
    rows = (row for row in c.uow.obligations.open_for(entry.id) if row.kind == "information")
    rows = (row for row in rows if RATE not in row.details)  # which no fact of the record gives
    return sorted({row.target for row in rows if c.actor in able(standings(c, row))})


def _setting(
    c: Context, register: Register, role: str, project: str
) -> tuple[str, tuple[Standing, ...]]:
    """Say of which role it is to be set, and who may: of the next above, where nobody may."""
    act = f"{APPROVE} {register.noun}"
    above = line_above(c, Reach(c, act, None), role, project)
    judged = ((each, _standings(c, act, each, project)) for each in (role, *above))
    first = next(judged)
    return first if able(first[1]) else next((each for each in judged if able(each[1])), first)


def _standings(c: Context, act: str, role: str, project: str) -> tuple[Standing, ...]:
    terms = c.policy.terms.get(role)
    given = None if terms is None else terms.delegation
    decider = Decider(
        role,
        deputies=() if terms is None else terms.deputies,
        chains=handed_on(c.policy, role),
        kept=kept(c.policy, role, act),
        delegates=() if given is None else given.to,
    )
    matter = Matter(
        act,
        project,
        c.today,
        (decider,),
        called=c.uow.people.name_of,
        titled=lambda each: role_in_words(each, c.policy),
    )
    return who_may_decide(matter, people(c), c.today)


def _why_not(c: Context, found: Collection[Standing], project: str, person: str) -> str:
    near = next((each.why_not for each in found if each.person == person), None)
    return near or f"holds {held_in_words(roles_of(c, person, project), c.policy)} in {project}"
