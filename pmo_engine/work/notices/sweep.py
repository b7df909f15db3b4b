"""The sweep: reminders and escalations that are due, subject after subject, each rung once."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from pmo_engine.model.shape import Shape
from pmo_engine.prose.names import titled
from pmo_engine.work.acts import SWEEP
from pmo_engine.work.approvals.signing import is_moot
from pmo_engine.work.command import Command, Order, carry_out, carry_out_all
from pmo_engine.work.governance import SYSTEM
from pmo_engine.work.imports.importing import finish_all
from pmo_engine.work.notices import wording as notices
from pmo_engine.work.permissions import deciding_roles
from pmo_engine.work.subjects import Office, OfSubject

if TYPE_CHECKING:
    from pmo_engine.store import tables
    from pmo_engine.store.tables import RungAction
    from pmo_engine.work.governance import Context, Governance

BATCH = 1000


class Swept(Shape):
    """How many rungs were due, by what they did."""

    reminded: int
    escalated: int

    def __add__(self, other: Swept) -> Swept:
        return Swept(
            reminded=self.reminded + other.reminded, escalated=self.escalated + other.escalated
        )


def sweep(
    governance: Governance,
    *,
    by: str = SYSTEM,
    actions: frozenset[RungAction] | None = None,
    request: str | None = None,
) -> Swept:
    """Fire every rung that is due; another sweep at the same time does nothing twice.

    Each subject is a command of its own, so that a vote waits for no other subject's rungs. What a
    stopped import left is finished first.
    """
    order = Order(by, SWEEP, Office(), Swept, request)
    return carry_out_all(governance, order, partial(_sweep, governance, by, actions))


def _sweep(governance: Governance, by: str, actions: frozenset[RungAction] | None) -> Swept:
    finish_all(governance)
    done, swept = Swept(reminded=0, escalated=0), set[str]()
    while due := _due(governance, actions) - swept:
        for subject in sorted(due):
            order = Order(by, SWEEP, OfSubject(subject), Swept)
            done += carry_out(governance, order, partial(_fire_all, actions=actions))
        swept |= due
    return done


def _due(governance: Governance, actions: frozenset[RungAction] | None) -> set[str]:
    with governance.reading() as c:
        return set(c.uow.rungs.due_subjects(c.now, BATCH, actions))


def _fire_all(c: Command, *, actions: frozenset[RungAction] | None) -> Swept:
    subject: str = c.on.row.id
    fired = c.uow.rungs.claim_due_of(subject, c.now, actions)
    for rung in fired:
        _fire(c, rung)
    return Swept(
        reminded=sum(rung.action == "remind" for rung in fired),
        escalated=sum(rung.action == "escalate" for rung in fired),
    )


def _fire(c: Command, rung: tables.Rung) -> None:
    obligation = c.uow.obligations.get(rung.obligation_id)
    if is_moot(c.policy, obligation, rung.role):
        return
    asked = deciding_roles(c.uow, obligation)
    if rung.action == "escalate":
        c.uow.addressees.add(
            obligation.id, role=rung.role, project=obligation.project, by_rung=rung.rung
        )
    occasion = "reminded" if rung.action == "remind" else "escalated"
    told = _told(c, obligation, rung, occasion, asked)
    notices.send(c, told)
    body = {
        "obligation": obligation.id,
        "subject": obligation.details["title"],
        "rung": rung.rung,
        "role": rung.role,
        "told": [message.recipient for message in told],
    }
    c.journal(occasion, body, obligation.chain, obligation.subject_id)


def _told(
    c: Context, obligation: tables.Obligation, rung: tables.Rung, occasion: str, asked: list[str]
) -> list[tables.Message]:
    """Word the notice to the rung's role; who was asked is told too that it went up.

    Where nobody holds the role that is reminded, whoever may act is.
    """
    key = f"{obligation.id}/{rung.rung}"
    values = {**notices.values_of(c, obligation), "to": titled(rung.role, c.policy)}
    said = notices.worded(c, occasion, values, *_words(c, obligation, rung))
    people = notices.holders(c, rung.role, obligation.project)
    if rung.action == "escalate" or not people:
        people += [each for role in asked for each in notices.holders(c, role, obligation.project)]
    return [
        notices.notice(c, key, person, *said, obligation.project)
        for person in dict.fromkeys(people)
    ]


def _words(c: Context, obligation: tables.Obligation, rung: tables.Rung) -> tuple[str, str]:
    title = obligation.details["title"]
    asked = notices.asked_in_words(obligation, c.policy)
    asked = asked if obligation.kind == "information" else f"the {asked}"
    due = notices.shown(c, obligation.due_at) or "now"
    reasons = "\n".join(obligation.reasons)
    if rung.action == "remind":
        return f"Reminder: {title} waits for {asked}", f"Due {due}.\n{reasons}"
    return (
        f"{title} still waits for {asked}",
        f"It was due {due} and is escalated to the {titled(rung.role, c.policy)}.\n{reasons}",
    )
