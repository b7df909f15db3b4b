"""Seats of bodies: who has none, though they hold a role that has them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_engine.authority.titles import role_in_words
from pmo_engine.work.approvals.bodies import first_appointed, has_ballot, seated, seats
from pmo_engine.work.errors import Refusal
from pmo_engine.work.people.held import holders

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from pmo_engine.model.people import RoleHolding
    from pmo_engine.policy import TermsOfReference
    from pmo_engine.work.command import Command
    from pmo_engine.work.governance import Context
    from pmo_engine.work.people.posts import Post


def require_free_seat(c: Command, post: Post) -> None:
    """Refuse a day that is over where all seats are taken: they are of who has them longest."""
    for terms, count in _counted(c, post.role):
        held = holders(c, post.role, post.project)
        if len(held) >= count:
            sit = [each for each in seated(c, terms, post.project) if each in held]
            body = role_in_words(terms.role, c.policy)
            raise Refusal(
                f"{_names(c, sit)} have the {count} seats of {body}, and a day that is over"
                f" would give {c.uow.people.name_of(c.on.row.id)} one of theirs: give {c.today} or"
                " a later day"
            )


def short_of_seats(c: Context, new: RoleHolding) -> Iterator[str]:
    """Say who has no seat from which day on, where a role is given to one more."""
    if new.unit is not None:
        return
    for terms, count in _counted(c, new.role):
        for day in (new.since, *_later(c, new)):
            held = [e for e in holders(c, new.role, new.project, day) if e != new.person]
            if len(held) < count:
                continue
            order = first_appointed(c, held, new.role, new.project, day)
            if day == new.since:
                yield _without(c, new.person, day, terms, order[:count])
                break
            # Who begins later comes after who is given the role now.
            yield _without(c, order[count - 1], day, terms, [*order[: count - 1], new.person])


def no_seat(c: Context, person: str, role: str, project: str | None) -> str:
    """Say in which bodies somebody who holds a role has no seat; empty where there is none."""
    said = []
    for terms, _ in _counted(c, role):
        sit = seated(c, terms, project)
        if person not in sit:
            said.append(_without(c, person, None, terms, sit))
    return "; ".join(said)


def _counted(c: Context, role: str) -> Iterator[tuple[TermsOfReference, int]]:
    """Give the bodies that vote in which a role has so many seats, with how many in all."""
    for terms in c.policy.terms.values():
        counts = [count for each, count in seats(terms) if each == role and count]
        if counts and has_ballot(c.policy, terms.role):
            yield terms, sum(counts)


def _later(c: Context, new: RoleHolding) -> list[date]:
    """Give the days after the first one on which somebody else begins to hold the role."""
    rows = c.uow.people.held_from(new.since)
    begin = {first for _, role, _, first, *_ in rows if role == new.role and first > new.since}
    return sorted(day for day in begin if new.until is None or day <= new.until)


def _without(
    c: Context, person: str, day: date | None, terms: TermsOfReference, sit: Iterable[str]
) -> str:
    since = "" if day is None or day <= c.today else f" from {day} on"
    who = c.uow.people.name_of(person)
    body = role_in_words(terms.role, c.policy)
    return f"{who} has no seat with a vote in {body}{since}: they are of {_names(c, sit)}"


def _names(c: Context, people: Iterable[str]) -> str:
    some = list(people)
    called = c.uow.people.names_of(some)
    return ", ".join(called[each] for each in some)
