"""The posts of a project, or of an office, that nobody holds, and since when."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from pmo_engine.feel.values import Record
from pmo_engine.model.people import unit_of
from pmo_engine.policy.selection import head_of
from pmo_engine.work.people.held import holders

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from pmo_engine.store.tables import Project
    from pmo_engine.work.governance import Context

VACANCIES = "vacancies"
"""The fact that lists them: ``role``, and ``since``, the first day without anybody in it."""
A_DAY = timedelta(days=1)


def vacancies(c: Context, place: Project) -> list[Record]:
    """List the roles that nobody holds for a place today; bodies and what is above it apart.

    A post that nobody ever held is vacant since the place began, or came to be looked at.
    """
    return [
        Record(f"{VACANCIES}[{role}]", {"role": role, "since": _since(c, role, place)})
        for role in _posts(c, place)
        if not holders(c, role, place.id)
    ]


def _posts(c: Context, place: Project) -> Iterator[str]:
    """Name the roles that a place has: those of the office that is meant, or all of the policy."""
    policy = c.policy
    if not place.is_office:
        yield from (role.id for role in policy.roles.values() if not role.body)
        return
    office = policy.offices.get(place.office)
    head = head_of(policy) if office is None else office.head
    posts = [head, *(() if office is None else office.roles)]
    yield from dict.fromkeys(each for each in posts if each is not None)


def _since(c: Context, role: str, place: Project) -> date:
    last = c.uow.people.last_day(role, place.id, unit_of(office=place.office), c.today)
    if last is not None:
        return last + A_DAY
    return place.starts_on or c.rules.day_of(c.uow.subjects.get(place.id).created_at)
