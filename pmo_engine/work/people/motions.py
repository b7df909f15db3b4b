"""What a body does to a project: a member puts it to the vote, and does not do it alone."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pmo_engine.authority.titles import role_in_words
from pmo_engine.model.signatures import Signatory, Signatures
from pmo_engine.model.vocabulary import MOTION
from pmo_engine.policy.decision import Obligation
from pmo_engine.work.approvals.bodies import has_ballot
from pmo_engine.work.approvals.eligible import standing_of
from pmo_engine.work.approvals.hopeless import why_hopeless
from pmo_engine.work.approvals.taking_back import take_back
from pmo_engine.work.approvals.votes import vote_for
from pmo_engine.work.errors import Refusal
from pmo_engine.work.kept_asking import keep_asking
from pmo_engine.work.notices import wording as notices
from pmo_engine.work.obligations import Asked, open_obligation
from pmo_engine.work.people.acting import acts_for_another
from pmo_engine.work.people.held import roles_at
from pmo_engine.work.people.subject import called
from pmo_engine.work.permissions import acts_that_let, by_founder, who_may
from pmo_engine.work.timed.things import Place

if TYPE_CHECKING:
    from pmo_engine.store import tables
    from pmo_engine.work.command import Command
    from pmo_engine.work.governance import Context
    from pmo_engine.work.subjects import Ballot


def body_of(c: Command) -> str | None:
    """Give the body by whose vote alone the actor could do a command; None where they may alone."""
    wanted = acts_that_let(c.act)
    roles = who_may(c.policy, wanted, c.today)
    alone = [role for role in roles if not has_ballot(c.policy, role)]
    mine = set(roles_at(c, c.actor, c.on))
    if by_founder(c) or mine & set(alone) or acts_for_another(c, alone, wanted):
        return None
    bodies = [role for role in roles if role not in alone]
    return next((role for role in bodies if role in mine), bodies[0] if bodies else None)


def put(c: Command, project: tables.Project, body: str, to: str, reason: str) -> tables.Obligation:
    """Put to a body's vote what becomes of a project; whoever puts it is for it, if they may vote.

    Raises Refusal where such is put already, or nobody could decide it.
    """
    for row in _open(c, project.id):
        said = f"whether to {row.act} {project.id} is put to the vote of"
        vote = f"vote with 'pmo approve {row.id[:8]}' or 'pmo reject {row.id[:8]}'"
        raise Refusal(f"{said} {role_in_words(row.target, c.policy)} already; {vote}")
    item = Obligation(
        "approval",
        MOTION,
        body,
        "shall",
        role=body,
        act=str(c.act),
        signatures=Signatures((Signatory(body, None),), 1, distinct=False),
    )
    c.uow.subjects.add_place(project.id, called(project))
    subject = replace(Place(project).subject(c), asker=str(c.actor))
    why = (f"{c.actor_name} moves to {c.act.verb} it{f': {reason}' if reason else '.'}",)
    kept = {"to": to, "reason": reason, "by": str(c.actor)}
    decision = keep_asking(c, subject, f"project.{MOTION}", [(item, why)], {MOTION: kept})
    made = open_obligation(
        c, subject, Asked(item, why, decision.id), beside=True, more={MOTION: kept}
    )
    if hopeless := why_hopeless(c, made):
        raise Refusal(f"{made.details['title']}: {hopeless}")
    standing = standing_of(c, made, str(c.actor))
    if standing.may:
        vote_for(c, made, standing, reason)
    return made


def take_back_all(c: Command, project: str, why: str) -> None:
    """Withdraw what is put about what becomes of a project that has become something by now."""
    take_back(c, _open(c, project), why, ())


def _open(c: Context, project: str) -> list[tables.Obligation]:
    return [row for row in c.uow.obligations.open_for(project) if MOTION in row.details]


def on_refusal(c: Command, ballot: Ballot) -> None:
    """Tell whoever put it that the body is against it."""
    row = ballot.approval
    why = f": {ballot.reason}" if ballot.reason else "."
    subject = f"{row.details['title']}: what you put is refused"
    who = role_in_words(row.target, c.policy)
    body = f"{who[:1].upper()}{who[1:]} voted against it{why}"
    mover = row.details[MOTION]["by"]
    notices.send(c, [notices.notice(c, f"{row.id}/refused", mover, subject, body, row.project)])
