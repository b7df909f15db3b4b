"""What goes up: an approval that those who are asked can decide no more, or not in time."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pmo_engine.model.ballots import NO_QUORUM, Result
from pmo_engine.work.approvals import windows
from pmo_engine.work.approvals.asking import able, come_free, get_stuck, have_heard, may_decide
from pmo_engine.work.approvals.bodies import bodies_of, keep, of_body, risen_to
from pmo_engine.work.approvals.counting import count, signatures_of, votes_for
from pmo_engine.work.approvals.eligible import case_of
from pmo_engine.work.approvals.windows import OF_THE_APPROVAL
from pmo_engine.work.notices import wording as notices
from pmo_engine.work.notices.asking import closing

if TYPE_CHECKING:
    from pmo_engine.store.tables import Obligation, Vote
    from pmo_engine.work.approvals.bodies import Body
    from pmo_engine.work.approvals.eligible import Case
    from pmo_engine.work.command import Command
    from pmo_engine.work.governance import Context

DECIDED = frozenset({"passed", "refused"})


def begin(c: Command, row: Obligation) -> None:
    """See how the votes stand before there are any: what can never be decided goes up at once."""
    result = counted(c, row)
    if result.state == "lapsed":
        go_up(c, row, in_words(row) or result.why)


def counted(c: Command, row: Obligation) -> Result:
    """Count the votes, and keep with the approval how those of its bodies stand."""
    _put_to_bodies_above(c, row)
    votes = c.uow.votes.current(row.id)
    for role, body in bodies_of(row).items():
        result = _so_far(c, row, role, votes)
        if (result.tally, result.why) != (body.tally, body.why):
            keep(c, row, replace(body, tally=result.tally, why=result.why))
    return count(c, row)


def _put_to_bodies_above(c: Command, row: Obligation) -> None:
    """Put it to the vote of each body to which it went up: nobody decides alone for one."""
    if not any(terms.has_ballots for terms in c.policy.terms.values()):
        return
    waits = (each for each in c.uow.addressees.of(row.id) if not each.informed)
    roles = [each.role for each in waits if each.role is not None]
    new = risen_to(c, row, roles, {each.role for each in signatures_of(row).of})
    for body in new.values():
        keep(c, row, body)
    windows.start(c, row, new)


def _so_far(c: Context, row: Obligation, role: str, votes: list[Vote]) -> Result:
    """Say how the ballot of a body stands; nothing of it where it is decided above.

    Who decides there says so, unless it is a body that has a ballot of its own.
    """
    own = [each for each in votes if each.role in {"", role}]
    every = votes_for(c, row, role, votes)
    if len(every) > len(own):
        decided = of_body(c, row, role, every)
        if decided.state in DECIDED:
            return Result(decided.state, "" if decided.tally else decided.why)
    return of_body(c, row, role, own)


def beyond_reach(case: Case) -> str:
    """Say why the votes that may still come decide it no more; empty where somebody can decide.

    That is also somebody to whom it went up.
    """
    row = case.row
    if row.kind != "approval" or not (bodies_of(row) or "signatures" in row.details):
        return ""
    result = count(case.c, row)
    if result.state != "lapsed" or _went_up(case):
        return ""
    return in_words(row) or result.why


def _went_up(case: Case) -> bool:
    """Tell whether it waits for somebody above, who may decide it."""
    above = (role for role in case.deciding if role not in case.asked)
    return any(may_decide(case, role) for role in above)


def in_words(row: Obligation) -> str:
    """Say how the votes of an approval's bodies stand, and what they come to."""
    return "; ".join(filter(None, map(_stands, bodies_of(row).values())))


def _stands(body: Body) -> str:
    """Say what a body's votes come to, and how they stand: who is there is said once."""
    tally = body.tally.rpartition("; ")[0] if body.why.startswith(NO_QUORUM) else body.tally
    return ": ".join(filter(None, (body.why, tally)))


def go_up(c: Command, row: Obligation, why: str) -> None:
    """Put an approval that its role can no longer decide to the next above who may; once each."""
    case = case_of(c, row)
    if _went_up(case):
        come_free(c, row)
        return
    asked = {each.role for each in case.waits if not each.informed}
    above = (each for each in case.above(row.details["role"]) if each not in asked)
    role = next((each for each in above if may_decide(case, each)), None)
    if role is None:
        _stays(c, case, why)
        return
    come_free(c, row)
    c.uow.addressees.add(row.id, role=role, project=row.project, by_rung=OF_THE_APPROVAL)
    counted(c, row)
    title, people = row.details["title"], able(case.standings([role]))
    to_come = row.due_at is not None and c.now < row.due_at
    due = [f"Due {notices.shown(c, row.due_at)}."] if to_come else []
    body = "\n".join([f"It goes up to you: {why}.", *row.reasons, *closing(c, row), *due])
    said = (f"{title} needs your decision", body)
    have_heard(c, row, people)
    key = f"{row.id}/up/{role}"
    notices.send(c, [notices.notice(c, key, each, *said, row.project) for each in people])
    told = {"obligation": row.id, "subject": title, "role": role, "why": why, "told": people}
    c.journal("went_up", told, row.chain, row.subject_id)


def _stays(c: Command, case: Case, why: str) -> None:
    """Leave it, where nobody above may decide it, with those who still may; else it is stuck."""
    row = case.row
    people = [] if beyond_reach(case) else able(case.standings())
    if not people:
        get_stuck(c, row, [why])
        return
    come_free(c, row)
    title = row.details["title"]
    body = "\n".join([f"It stays with you: {why}, and nobody above may decide it.", *row.reasons])
    said = (f"{title} still waits for your decision", body)
    key = f"{row.id}/stays/{c.now.isoformat()}"
    notices.send(c, [notices.notice(c, key, each, *said, row.project) for each in people])
    told = {"obligation": row.id, "subject": title, "why": why, "told": people}
    c.journal("stayed", told, row.chain, row.subject_id)
