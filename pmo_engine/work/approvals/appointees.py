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
    from pmo_engine.store.tables import Obligation
    from pmo_engine.work.approvals.eligible import Case
    from pmo_engine.work.governance import Governance


def tell_of_way(governance: Governance, person: str, by: str, way: str, whose: str = "") -> None:
    """Tell the head of the office, and whoever is above, of what somebody may decide by now.

    That is where ``by``, who made it so, asked for the matter, or has an interest in it. ``way``
    says how, after "may decide this": "by a role that {by} gave them", or of ``{whose}``.
    """
    with suppress(StoreError):
        with governance.reading() as c:
            cases = [each for each in near(c, [person], ()) if each.is_decision]
            found = {each.row.subject_id: each.row for each in cases if _wanted(each, person, by)}
        for _, row in sorted(found.items()):
            tell_of_case(governance, row, person, by, way, whose)


def tell_of_case(
    governance: Governance, row: Obligation, person: str, by: str, way: str, whose: str = ""
) -> None:
    """Tell it of one matter, where ``by`` has an interest in it or is the one who may decide it."""
    order = Order(SYSTEM, LOOK_AGAIN, OfSubject(row.subject_id), NoneType)
    carry_out(
        governance, order, partial(_tell, row=row.id, person=person, by=by, way=way, whose=whose)
    )


def _wanted(case: Case, person: str, by: str) -> bool:
    """Tell whether somebody may decide what another has an interest in."""
    return case.people.one(by) in concerned(case) and person in able(case.standings())


def _tell(c: Command, *, row: str, person: str, by: str, way: str, whose: str) -> None:
    case = case_of(c, c.uow.obligations.get(row))
    here = next((each for each in case.standings() if each.person == person and each.may), None)
    of_theirs = case.people.are_one(person, by)
    if here is None or not (of_theirs or case.people.one(by) in concerned(case)):
        return
    people = overseers(c, case, here.role, {person, by})
    title, project = case.row.details["title"], case.row.project
    named = c.uow.people.name_of
    how = way.replace("{by}", named(by)).replace("{whose}", named(whose))  # ids may have braces
    said = f"{named(person)} may decide {title} {how}"
    who = named(by) if of_theirs else f"{named(by)} has an interest in it, and"
    why = f"{who} made it so after it was asked for."
    key = f"{case.row.subject_id}/appointed/{person}/{here.role}"
    notices.send(c, [notices.notice(c, key, each, said, why, project) for each in people])
    body = {"subject": title, "person": person, "by": by, "role": here.role, "told": people}
    c.journal("decider.appointed", body)
