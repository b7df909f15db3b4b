"""Who may decide by a role that somebody with an interest gave them: others are told of it."""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from types import NoneType
from typing import TYPE_CHECKING

from pmo_engine.policy.selection import superior
from pmo_engine.store.errors import StoreError
from pmo_engine.work.acts import LOOK_AGAIN
from pmo_engine.work.approvals.asking import able
from pmo_engine.work.approvals.looking_again import near
from pmo_engine.work.command import Command, Order, carry_out
from pmo_engine.work.governance import SYSTEM
from pmo_engine.work.notices import wording as notices
from pmo_engine.work.people.held import holders
from pmo_engine.work.people.places import heads_of
from pmo_engine.work.subjects import OfSubject

if TYPE_CHECKING:
    from pmo_engine.work.approvals.eligible import Case
    from pmo_engine.work.approvals.looking_again import Post
    from pmo_engine.work.governance import Governance


def tell_of_appointment(governance: Governance, person: str, by: str, post: Post) -> None:
    """Tell the head of the office, and whoever is above the role, of what its new holder decides.

    That is where whoever gave them the role asked for the matter, or has an interest in it.
    """
    with suppress(StoreError):
        with governance.reading() as c:
            cases = [each for each in near(c, [person], [post]) if each.is_decision]
            subjects = {each.row.subject_id for each in cases if _is_for(each, person, by)}
        for subject in sorted(subjects):
            order = Order(SYSTEM, LOOK_AGAIN, OfSubject(subject), NoneType)
            carry_out(governance, order, partial(_tell, person=person, by=by, post=post))


def _is_for(case: Case, person: str, by: str) -> bool:
    """Tell whether somebody may decide what another has an interest in."""
    concerned = {case.people.one(each.person) for each in case.about.interests}
    return case.people.one(by) in concerned and person in able(case.standings())


def _tell(c: Command, *, person: str, by: str, post: Post) -> None:
    subject = c.uow.subjects.get(c.on.row.id)
    role, project = post
    above = superior(c.policy, role)
    roles = [*heads_of(c, project), *([] if above is None else [above])]
    held = {who for each in roles for who in holders(c, each, project)}
    people = sorted(held - {person, by})
    said = f"{person} may decide {subject.title} by a role that {by} gave them"
    why = f"{by} has an interest in it, and made {person} {role} after it was asked for."
    key = f"{subject.id}/appointed/{person}/{role}"
    notices.send(c, [notices.notice(c, key, each, said, why, project) for each in people])
    body = {"subject": subject.title, "person": person, "by": by, "role": role, "told": people}
    c.journal("decider.appointed", body)
