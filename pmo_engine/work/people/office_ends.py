"""Temporary offices that have come to their end: whoever heads what is above them hears of it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from pmo_engine.model.people import unit_of
from pmo_engine.model.shape import Shape
from pmo_engine.policy.organisation import in_charge
from pmo_engine.store.tables import OFFICE
from pmo_engine.work.acts import SWEEP
from pmo_engine.work.command import Command, Order, carry_out
from pmo_engine.work.governance import SYSTEM
from pmo_engine.work.notices import wording as notices
from pmo_engine.work.people.held import held_at, holders
from pmo_engine.work.subjects import Office

if TYPE_CHECKING:
    from pmo_engine.policy import Office as Declared
    from pmo_engine.work.governance import Context, Governance

KEY = "office ended "
"""Begins the settings that keep of which offices, and which ends, somebody was told."""


class Told(Shape):
    """The offices whose end was told now."""

    offices: tuple[str, ...]


def tell_ended(governance: Governance, by: str = SYSTEM) -> Told:
    """Tell of each office that is past its last day, once for each such day."""
    with governance.reading() as c:
        due = [each for each in c.policy.offices.values() if _is_new(c, each)]
    if not due:
        return Told(offices=())
    ids = tuple(each.id for each in due)
    return carry_out(governance, Order(by, SWEEP, Office(), Told), partial(_tell_all, ids=ids))


def _is_new(c: Context, office: Declared) -> bool:
    past = office.until is not None and office.until < c.today
    return past and c.uow.settings.get(f"{KEY}{office.id}") != str(office.until)


def _tell_all(c: Command, *, ids: tuple[str, ...]) -> Told:
    due = [each for id, each in c.policy.offices.items() if id in ids and _is_new(c, each)]
    for office in due:
        c.uow.settings.put(f"{KEY}{office.id}", str(office.until))
        _tell(c, office)
    return Told(offices=tuple(each.id for each in due))


def _tell(c: Command, office: Declared) -> None:
    """Tell those who head the next office above in which somebody is there, else everywhere."""
    above = in_charge(c.policy.offices, office.id, c.today)
    projects = [each.id for each in c.uow.projects.all() if each.office == office.id]
    heads = ((each.head, unit_of(office=each.id)) for each in above)
    found = (_heads(c, head, unit) for head, unit in heads if head is not None)
    people = next(filter(None, found), [])
    subject = f"{office.title} ended on {office.until}"
    left = f": {', '.join(projects)}" if projects else "; no project names it"
    body = f"The work of {office.id} is done by {above[0].id} from then on{left}."
    key = f"{KEY}{office.id}/{office.until}"
    notices.send(c, [notices.notice(c, key, each, subject, body, None) for each in people])
    told = {"office": office.id, "until": str(office.until), "goes_up_to": above[0].id}
    c.journal("office.ended", {**told, "projects": projects, "told": people}, OFFICE)


def _heads(c: Command, head: str, unit: str) -> list[str]:
    return sorted(held_at(c, head, None, unit, c.today)) or holders(c, head, None)
