"""What fields that are worked out may ask of the office: a body's quorum, somebody's last day."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any

from pmo_engine.feel.values import Function, Missing
from pmo_engine.policy.registers import LAST_DAY, QUORUM
from pmo_engine.work.approvals.bodies import has_ballot, seats_on
from pmo_engine.work.people.gathered import people

if TYPE_CHECKING:
    from pmo_engine.work.governance import Context


def office_functions(c: Context, place: str) -> dict[str, Function]:
    """Give the functions by their names, as asked for a record of a project or office."""
    return {
        QUORUM: Function(("body", "on"), partial(quorum, c, place)),
        LAST_DAY: Function(("person",), partial(last_day, c)),
    }


def quorum(c: Context, place: str, body: Any, on: Any) -> Any:
    """Say how many of a body's members make a quorum on a day, by its terms."""
    if isinstance(body, Missing) or not isinstance(on, date):
        return Missing.of(body, on)
    if not has_ballot(c.policy, body):
        return Missing((f"how {body} votes",))
    seats = seats_on(c, body, place, on)
    if not seats:
        return Missing((f"the members of {body} on {on}",))
    return c.policy.terms[body].rules().meet.of(seats)


def last_day(c: Context, person: Any) -> date | Missing | None:
    """Say on which day the last of somebody's appointments ends, by all of their accounts.

    None: one has no end. Who never had any has no day that is known.
    """
    if not isinstance(person, str):
        return Missing.of(person)
    accounts = people(c).accounts(person)
    ends = [held.to_date for each in accounts for held in c.uow.people.all_holdings(each)]
    if not ends:
        return Missing((f"the appointments of {person}",))
    days = [day for day in ends if day is not None]
    return max(days) if len(days) == len(ends) else None
