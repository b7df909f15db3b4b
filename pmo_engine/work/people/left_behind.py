"""What was asked of somebody themself who has left: who leads its project is asked, or above."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import TYPE_CHECKING

from pmo_engine.model.vocabulary import MANAGER
from pmo_engine.work.acts import SWEEP
from pmo_engine.work.approvals.asking import get_stuck
from pmo_engine.work.approvals.looking_again import Looked, is_put_to_roles
from pmo_engine.work.command import Command, Order, carry_out
from pmo_engine.work.governance import SYSTEM
from pmo_engine.work.notices.asking import tell_to
from pmo_engine.work.people.held import holders
from pmo_engine.work.people.places import heads_of
from pmo_engine.work.subjects import OfPerson, OfSubject

if TYPE_CHECKING:
    from pmo_engine.store.tables import Obligation
    from pmo_engine.work.governance import Governance


LEAVING = "leaving/"
"""Settings that say of people who are to leave later on which day they do, as their last one."""


def note_leaving(c: Command, person: str, last: date | None) -> None:
    """Keep somebody's last day until it is over; None: they are gone already."""
    if last is None:
        c.uow.settings.take_away(f"{LEAVING}{person}")
    else:
        c.uow.settings.put(f"{LEAVING}{person}", last.isoformat())


def hand_over_of_leavers(governance: Governance) -> None:
    """Ask others for what waits for those whose last day is over, unless they are back."""
    with governance.reading() as c:
        days = c.uow.settings.beginning_with(LEAVING)
        gone = [each for each, last in days.items() if date.fromisoformat(last) < c.today]
        away = {each for each in gone if not c.uow.people.holdings(each, c.today)}
    for person in sorted(gone):
        if person in away:
            hand_over(governance, person)
        order = Order(SYSTEM, SWEEP, OfPerson(person), Looked)
        carry_out(governance, order, _forget_leaving)


def _forget_leaving(c: Command) -> Looked:
    note_leaving(c, c.on.row.id, None)
    return Looked(asked=0)


def hand_over(governance: Governance, person: str) -> None:
    """Ask others for what waits for somebody who has left, and was asked of no role of theirs."""
    with governance.reading() as c:
        rows = c.uow.obligations.waiting_for({}, set(), person)
        due = {row.subject_id for row in rows if not is_put_to_roles(row)}
    for subject in sorted(due):
        order = Order(SYSTEM, SWEEP, OfSubject(subject), Looked)
        carry_out(governance, order, partial(_hand_over, person=person))


def _hand_over(c: Command, *, person: str) -> Looked:
    asked = 0
    for row in c.uow.obligations.open_for(c.on.row.id):
        waits = (each for each in c.uow.addressees.of(row.id) if each.until is None)
        if any(each.person == person for each in waits):
            asked += _ask_instead(c, row, person)
    return Looked(asked=asked)


def _ask_instead(c: Command, row: Obligation, person: str) -> int:
    """Ask whoever leads the project, or the next above; where there is nobody, it is stuck."""
    name = c.uow.people.name_of(person)
    roles = [each for each in (MANAGER, *heads_of(c, row.project)) if each in c.policy.roles]
    if not roles:
        get_stuck(c, row, [f"{name}, of whom it was asked, has left"])
        return 0
    held = ((each, holders(c, each, row.project)) for each in roles)
    role, people = next(((each, some) for each, some in held if some), (roles[-1], []))
    c.uow.addressees.turn_over_person(row.id, person)
    c.uow.addressees.add(row.id, role=role, project=row.project)
    c.uow.obligations.change(row, details={**row.details, "role": role})
    tell_to(c, row, people, f"{row.id}/left/{person}", f"{name}, of whom it was asked, has left.")
    body = {"obligation": row.id, "subject": row.details["title"], "told": people}
    c.journal("obligation.asked", body, row.chain, row.subject_id)
    if not people:
        get_stuck(c, row, [f"{name}, of whom it was asked, has left, and nobody is above"])
    return len(people)
