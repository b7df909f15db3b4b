"""What goes up: an approval that those who are asked can decide no more, or not in time."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pmo_engine.work.approvals.asking import able, come_free, get_stuck, have_heard
from pmo_engine.work.approvals.bodies import bodies_of, has_ballot, keep, of_body, put_up
from pmo_engine.work.approvals.counting import count
from pmo_engine.work.approvals.eligible import case_of
from pmo_engine.work.approvals.windows import OF_THE_APPROVAL
from pmo_engine.work.notices import wording as notices

if TYPE_CHECKING:
    from pmo_engine.model.ballots import Result
    from pmo_engine.store.tables import Obligation
    from pmo_engine.work.approvals.eligible import Case
    from pmo_engine.work.command import Command


def begin(c: Command, row: Obligation) -> None:
    """See how the votes stand before there are any: what can never be decided goes up at once."""
    result = counted(c, row)
    if result.state == "lapsed":
        go_up(c, row, in_words(row) or result.why)


def counted(c: Command, row: Obligation) -> Result:
    """Count the votes, and keep with the approval how those of its bodies stand."""
    votes = c.uow.votes.current(row.id)
    for role, body in bodies_of(row).items():
        result = of_body(c, row, role, [each for each in votes if each.role in {"", role}])
        if (result.tally, result.why) != (body.tally, body.why):
            keep(c, row, replace(body, tally=result.tally, why=result.why))
    return count(c, row)


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
    return any(able(case.standings([role])) for role in above)


def in_words(row: Obligation) -> str:
    """Say how the votes of an approval's bodies stand, and what they come to."""
    return "; ".join(f"{each.why}: {each.tally}" for each in bodies_of(row).values())


def go_up(c: Command, row: Obligation, why: str) -> None:
    """Put an approval that its role can no longer decide to the next above who may; once each."""
    case = case_of(c, row)
    if _went_up(case):
        come_free(c, row)
        return
    asked = {each.role for each in case.waits if not each.informed}
    above = (each for each in case.above(row.details["role"]) if each not in asked)
    role = next((each for each in above if able(case.standings([each]))), None)
    if role is None:
        get_stuck(c, row, [why])
        return
    come_free(c, row)
    c.uow.addressees.add(row.id, role=role, project=row.project, by_rung=OF_THE_APPROVAL)
    if has_ballot(c.policy, role):
        keep(c, row, put_up(c, role, row.project))
    title, people = row.details["title"], able(case.standings([role]))
    said = (f"{title} needs your decision", f"It goes up to you: {why}.")
    have_heard(c, row, people)
    key = f"{row.id}/up/{role}"
    notices.send(c, [notices.notice(c, key, each, *said, row.project) for each in people])
    body = {"obligation": row.id, "subject": title, "role": role, "why": why, "told": people}
    c.journal("went_up", body, row.chain, row.subject_id)
