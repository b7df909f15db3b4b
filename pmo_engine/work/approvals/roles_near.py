"""For which roles somebody may act by any way: their own, those of others, and where they sit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_engine.authority.delegation import delegators_of, holding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pmo_engine.authority.people import People
    from pmo_engine.model.people import RoleHolding
    from pmo_engine.work.governance import Context


def roles_near(c: Context, people: People, person: str) -> tuple[dict[str, set[str]], set[str]]:
    """Name the roles for which somebody may act by any way, by project and at the office."""
    by_project: dict[str, set[str]] = {}
    office: set[str] = set()
    for held in _held_for(c, people, person):
        roles = {held.role, *_stood_for(c, held.role)} if held.person == person else {held.role}
        if held.project is None:  # of a unit, among more than these: each case tells
            office |= roles
        else:
            by_project.setdefault(held.project, set()).update(roles)
    return by_project, office


def _held_for(c: Context, people: People, person: str) -> Iterator[RoleHolding]:
    """Give the roles of somebody, of those for whom they decide, and for whom they stand in."""
    others = {*delegators_of(people, person, holding(c.today))}
    others |= {
        each.person for each in people.absences if each.deputy == person and each.holds(c.today)
    }
    for held in people.holdings:
        if held.holds(c.today) and (held.person == person or held.person in others):
            yield held


def _stood_for(c: Context, role: str) -> set[str]:
    """Name the roles for which those of one stand in, and the bodies in which they have a seat."""
    terms = c.policy.terms.values()
    seated = {each.role for each in terms if any(seat.role == role for seat in each.membership)}
    return seated | {each.role for each in terms if role in each.deputies}
