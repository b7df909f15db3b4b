"""An approval that was given is open again, for votes on it were found not to count."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pmo_engine.work.approvals import windows
from pmo_engine.work.approvals.asking import put_to
from pmo_engine.work.approvals.bodies import bodies_of, keep, of_body
from pmo_engine.work.approvals.counting import signatures_of, votes_for
from pmo_engine.work.approvals.eligible import case_of
from pmo_engine.work.approvals.signing import counted
from pmo_engine.work.notices.asking import tell_to
from pmo_engine.work.obligations import start_timers
from pmo_engine.work.people.places import calendar_for

if TYPE_CHECKING:
    from pmo_engine.store.tables import Obligation
    from pmo_engine.work.command import Command


def reopen(c: Command, row: Obligation, key: str, *said: str) -> None:
    """Ask an approval again of whoever is still needed; they are told what is ``said``."""
    within = windows.time_for(c, row)
    due = None if within is None else calendar_for(c, row.project).deadline(c.now, within)
    c.uow.obligations.change(row, status="open", closed_at=None, due_at=due)
    _let_bodies_vote(c, row)
    roles, tally = counted(c, row)
    of_several = {"asked": list(roles), "tally": tally} if "signatures" in row.details else {}
    c.uow.addressees.turn_again(row.id, roles)
    put = put_to(case_of(c, row), roles)
    c.uow.obligations.change(row, details={**row.details, **of_several, "told": put.people})
    start_timers(c, row, roles, since=c.now)
    tell_to(c, row, put.people, key, *said)
    body = {"obligation": row.id, "subject": row.details["title"], "roles": list(roles)}
    c.journal("obligation.reopened", {**body, "told": put.people}, row.chain, row.subject_id)


def _let_bodies_vote(c: Command, row: Obligation) -> None:
    """Let the votes of bodies begin anew, each in the time that its terms give.

    Of several who sign, a body that has passed it stays with that.
    """
    votes, alone = c.uow.votes.current(row.id), len(signatures_of(row).of) == 1
    for role, each in bodies_of(row).items():
        if alone or of_body(c, row, role, votes_for(c, row, role, votes)).state != "passed":
            anew = replace(each, closed=False, consented=False, quorate=False, extended=False)
            keep(c, row, anew)
            windows.start(c, row, [role])
