"""The states of a project: proposed, started, held, closed, stopped; by hand or by its gate.

A project that is held takes no new records, and the time allowed for what waits stands still, but
for its gates: these say whether it goes on. One that is closed takes no new records nor gates; what
waits is decided. One that is stopped takes neither, and nothing waits in it any more; what nobody
had decided is decided again when it is started again.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from pmo_engine.authority.titles import role_in_words
from pmo_engine.model.life_cycle import words
from pmo_engine.model.vocabulary import (
    A_GATE,
    ACTIVE,
    CLOSED,
    MOTION,
    ON_HOLD,
    STOPPED,
)
from pmo_engine.queries.obligations import tally_of
from pmo_engine.store import tables
from pmo_engine.work import acts
from pmo_engine.work.approvals.bodies import bodies_of, keep
from pmo_engine.work.command import Command, Order, carry_out
from pmo_engine.work.errors import CommandError, Refusal
from pmo_engine.work.notices import wording as notices
from pmo_engine.work.people import motions, stopping
from pmo_engine.work.people.held import holders
from pmo_engine.work.people.people import told
from pmo_engine.work.people.places import calendar_for
from pmo_engine.work.people.projects import ProjectNow, now_as
from pmo_engine.work.permissions import by_founder
from pmo_engine.work.rounds.ending import excuse
from pmo_engine.work.subjects import OfProjectAndWork

if TYPE_CHECKING:
    from pmo_engine.model.acts import Act
    from pmo_engine.work.governance import Governance
    from pmo_engine.work.subjects import Ballot

STATES: dict[Act, str] = {
    acts.START_PROJECT: ACTIVE,
    acts.HOLD_PROJECT: ON_HOLD,
    acts.CLOSE_PROJECT: CLOSED,
    acts.STOP_PROJECT: STOPPED,
}
"""The state in which each act puts a project."""
EVENTS = {ACTIVE: "started", ON_HOLD: "held", CLOSED: "closed", STOPPED: "stopped"}


def set_state(
    governance: Governance,
    *,
    act: Act,
    project: str,
    by: str,
    reason: str = "",
    request: str | None = None,
) -> ProjectNow:
    """Start, hold, close or stop a project; said again it changes nothing.

    Raises Refusal for a state that does not follow the one it is in; CommandError where it is held
    or stopped without a reason.
    """
    order = Order(by, act, OfProjectAndWork(project), ProjectNow, request)
    return carry_out(governance, order, partial(_set, to=STATES[act], reason=reason))


def _set(c: Command, *, to: str, reason: str) -> ProjectNow:
    row: tables.Project = c.on.row
    if row.status == to:
        return now_as(row, (), None)
    if to in {ON_HOLD, STOPPED} and not reason.strip():
        raise CommandError(f"a project is {EVENTS[to]} for a reason; give it with --reason")
    following = tables.Project.life_cycle.steps.get(row.status, ())
    if to not in following:
        then = " or ".join(words(each) for each in following) or "nothing"
        raise Refusal(f"{row.id} is {words(row.status)}, and cannot become {words(to)}; {then} can")
    if (body := motions.body_of(c)) is not None:
        return _put(c, row, body, to, reason)
    exception = by_founder(c)
    come_into(c, row, to, reason, exception)
    return now_as(row, ("status",), exception)


def _put(c: Command, row: tables.Project, body: str, to: str, reason: str) -> ProjectNow:
    """Put it to the vote of the body whose it is to do so: one member does not do it alone."""
    motion = motions.put(c, row, body, to, reason)
    changed = ("status",) if row.status == to else ()
    voted = {"put_to": role_in_words(body, c.policy), "tally": tally_of(motion.details)}
    return now_as(row, changed, None).model_copy(update=voted)


def on_ballot(c: Command, row: tables.Project, ballot: Ballot) -> str:
    """Bring a project into the state that a body voted for."""
    if ballot.choice != "approve":
        motions.on_refusal(c, ballot)
        return row.status
    said, body = ballot.approval.details[MOTION], ballot.approval.target
    here: tables.Project = OfProjectAndWork(row.id).lock(c.uow).row
    why = f"{role_in_words(body, c.policy)} voted for it"
    come_into(c, here, said["to"], ": ".join(filter(None, (why, said["reason"]))))
    return here.status


def come_into(
    c: Command, row: tables.Project, to: str, reason: str, exception: str | None = None
) -> None:
    """Bring a project, which is locked with what waits in it, into a state; tell its managers."""
    before, since = row.status, row.held_at
    motions.take_back_all(c, row.id, f"{row.id} is {EVENTS[to]} by now.")
    c.uow.projects.change(row, status=to, held_at=c.now if to == ON_HOLD else None)
    why = {"reason": reason} if reason else {}
    body = {"from": before, "to": to, **why, **told(exception)}
    c.journal(f"project.{EVENTS[to]}", body, row.id)
    if to != ACTIVE:
        excuse(c, row.id, f"{row.id} is {EVENTS[to]}{f': {reason}' if reason else '.'}")
    if to == STOPPED:
        stopping.end_all(c, row, reason)
    if before == ON_HOLD and since is not None and to != STOPPED:
        _go_on(c, row, since)
    if before == STOPPED:
        stopping.begin_again(c, row)
    _tell(c, row, to, reason)


def _tell(c: Command, row: tables.Project, to: str, reason: str) -> None:
    people = [each for each in holders(c, "project_manager", row.id) if each != c.actor]
    subject = f"{row.id} {row.name} is {EVENTS[to]}"
    body = f"By {c.actor_name}{f': {reason}' if reason else '.'}"
    key = f"{row.id}/{row.version}/{to}"
    notices.send(c, [notices.notice(c, key, each, subject, body, row.id) for each in people])


def _go_on(c: Command, row: tables.Project, since: datetime) -> None:
    """Give what waits the working time again that it had left when the project was held."""
    calendar = calendar_for(c, row.id)

    def later(moment: datetime, opened: datetime) -> datetime:
        left = calendar.working_time_between(max(since, opened), moment)
        return calendar.add_working_time(c.now, left)

    for obligation in c.uow.obligations.open_in(row.id):
        if c.uow.subjects.get(obligation.subject_id).kind == A_GATE:
            continue
        opened, due = obligation.opened_at, obligation.due_at
        if due is not None and due > since:
            c.uow.obligations.change(obligation, due_at=later(due, opened))
        for rung in c.uow.rungs.of_obligation(obligation.id):
            if rung.state == "waiting" and rung.due_at > since:
                c.uow.rungs.set_again(rung, later(rung.due_at, opened))
        for body in bodies_of(obligation).values():
            if body.closes_at is not None and body.closes_at > since:
                closes = later(body.closes_at, opened).isoformat()
                keep(c, obligation, replace(body, closes=closes))


def after_gate(c: Command, project: tables.Project, outcome: str, reason: str) -> None:
    """Do to a project what the outcome of its gate says: go on, hold or stop."""
    to = {"go": ACTIVE, "conditional_go": ACTIVE, "hold": ON_HOLD, "stop": STOPPED}.get(outcome)
    if to is not None and to in tables.Project.life_cycle.steps.get(project.status, ()):
        come_into(c, project, to, reason)
