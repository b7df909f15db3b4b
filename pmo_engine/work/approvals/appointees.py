"""Who may decide because somebody with an interest made it so: others are told of it."""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from types import NoneType
from typing import TYPE_CHECKING

from pmo_engine.store.errors import StoreError
from pmo_engine.work.acts import LOOK_AGAIN
from pmo_engine.work.approvals.asking import able, concerned, overseers
from pmo_engine.work.approvals.eligible import case_of
from pmo_engine.work.approvals.looking_again import near
from pmo_engine.work.command import Command, Order, carry_out
from pmo_engine.work.governance import SYSTEM
from pmo_engine.work.notices import wording as notices
from pmo_engine.work.subjects import OfSubject

if TYPE_CHECKING:
    from pmo_engine.work.approvals.eligible import Case
    from pmo_engine.work.governance import Governance


def tell_of_way(governance: Governance, person: str, by: str, way: str) -> None:
    """Tell the head of the office, and whoever is above, of what somebody may decide by now.

    That is where ``by``, who made it so, asked for the matter, or has an interest in it. ``way``
    says how, after "may decide this": "by a role that ana gave them".
    """
    with suppress(StoreError):
        with governance.reading() as c:
            cases = [each for each in near(c, [person], ()) if each.is_decision]
            found = {
                each.row.subject_id: each.row.id for each in cases if _is_for(each, person, by)
            }
        for subject, row in sorted(found.items()):
            order = Order(SYSTEM, LOOK_AGAIN, OfSubject(subject), NoneType)
            carry_out(governance, order, partial(_tell, row=row, person=person, by=by, way=way))


def _is_for(case: Case, person: str, by: str) -> bool:
    """Tell whether somebody may decide what another has an interest in."""
    return case.people.one(by) in concerned(case) and person in able(case.standings())


def _tell(c: Command, *, row: str, person: str, by: str, way: str) -> None:
    case = case_of(c, c.uow.obligations.get(row))
    here = next((each for each in case.standings() if each.person == person and each.may), None)
    if here is None:
        return
    people = overseers(c, case, here.role, {person, by})
    title, project = case.row.details["title"], case.row.project
    said = f"{person} may decide {title} {way}"
    why = f"{by} has an interest in it, and made it so after it was asked for."
    key = f"{case.row.subject_id}/appointed/{person}/{here.role}"
    notices.send(c, [notices.notice(c, key, each, said, why, project) for each in people])
    body = {"subject": title, "person": person, "by": by, "role": here.role, "told": people}
    c.journal("decider.appointed", body)
