"""The sweep: reminders and escalations that are due, subject after subject, each rung once."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from pmo_engine.model.shape import Shape
from pmo_engine.work.acts import SWEEP
from pmo_engine.work.approvals import limits
from pmo_engine.work.approvals.looking_again import look_again
from pmo_engine.work.approvals.moved import finish_moves
from pmo_engine.work.approvals.stuck import how_many
from pmo_engine.work.command import Command, Order, carry_out, carry_out_all
from pmo_engine.work.gates.advising import look_at_advice
from pmo_engine.work.gates.reviews import assess_what_is_left
from pmo_engine.work.governance import SYSTEM
from pmo_engine.work.imports.importing import finish_all
from pmo_engine.work.notices.rungs import fire
from pmo_engine.work.people.left_behind import hand_over_of_leavers
from pmo_engine.work.people.office_ends import tell_ended
from pmo_engine.work.records import waited
from pmo_engine.work.subjects import Office, OfSubject
from pmo_engine.work.timed.passing import let_time_pass

if TYPE_CHECKING:
    from datetime import datetime

    from pmo_engine.store.tables import RungAction
    from pmo_engine.work.governance import Governance
    from pmo_engine.work.timed.passing import Progress

BATCH = 1000
CLOSING: frozenset[RungAction] = frozenset({"close"})


class Swept(Shape):
    """How many rungs were due, by what they did.

    ``asked``: how many people were asked who could not be before; ``stuck``: on how much that is
    open nobody may act.
    """

    reminded: int
    escalated: int
    asked: int = 0
    stuck: int = 0
    closed: int = 0  # votes, and approvals whose time was up
    looked: int = 0  # records that rules on time looked at
    said: int = 0  # of which they said something new

    def __add__(self, other: Swept) -> Swept:
        return Swept(
            reminded=self.reminded + other.reminded,
            escalated=self.escalated + other.escalated,
            asked=self.asked + other.asked,
            stuck=self.stuck + other.stuck,
            closed=self.closed + other.closed,
            looked=self.looked + other.looked,
            said=self.said + other.said,
        )


def sweep(
    governance: Governance,
    *,
    by: str = SYSTEM,
    actions: frozenset[RungAction] | None = None,
    request: str | None = None,
    progress: Progress | None = None,
) -> Swept:
    """Let time pass and fire every rung that is due; another sweep meanwhile does nothing twice.

    Each subject is a command of its own, so that a vote waits for no other subject's rungs. What a
    stopped import left is finished first, and where people have changed, whoever may act by now is
    asked.
    """
    order = Order(by, SWEEP, Office(), Swept, request, asked=" ".join(sorted(actions or ())))
    return carry_out_all(governance, order, partial(_sweep, governance, by, actions, progress))


def _sweep(
    governance: Governance,
    by: str,
    actions: frozenset[RungAction] | None,
    progress: Progress | None,
) -> Swept:
    finish_all(governance)
    waited.look_at_due(governance)
    assess_what_is_left(governance)
    look_at_advice(governance, by)
    finish_moves(governance)
    tell_ended(governance, by)
    hand_over_of_leavers(governance)
    done = Swept(reminded=0, escalated=0, asked=look_again(governance, by))
    if actions is None:
        ended = partial(_end_what_was_over, governance, by)
        passed = let_time_pass(governance, by=by, progress=progress, before=ended)
        done += Swept(reminded=0, escalated=0, looked=passed.looked, said=passed.said)
    done += _fire_what_is_due(governance, by, actions)
    with governance.reading() as c:
        return done + Swept(reminded=0, escalated=0, stuck=how_many(c))


def _fire_what_is_due(
    governance: Governance,
    by: str,
    actions: frozenset[RungAction] | None,
    until: datetime | None = None,
) -> Swept:
    """Fire what is due about each subject, by now or ``until`` then, and what follows from it."""
    done, swept = Swept(reminded=0, escalated=0), set[str]()
    while due := _due(governance, actions, until) - swept:
        for subject in sorted(due):
            done += _sweep_one(governance, by, subject, actions, until)
        swept |= due
    return done


def _end_what_was_over(governance: Governance, by: str, moment: datetime) -> None:
    """End the votes, and approvals, whose time was up by a moment that time has yet to judge."""
    _fire_what_is_due(governance, by, CLOSING, moment)


def _sweep_one(
    governance: Governance,
    by: str,
    subject: str,
    actions: frozenset[RungAction] | None,
    until: datetime | None = None,
) -> Swept:
    """Fire what is due about a subject; those whose limits its end bears on are looked at again."""
    touched: list[str] = []

    def fired(c: Command) -> Swept:
        swept = _fire_all(c, actions=actions, until=until)
        if swept.closed:
            touched[:] = limits.touched_by_end(c)
        return swept

    swept = carry_out(governance, Order(by, SWEEP, OfSubject(subject), Swept), fired)
    limits.look_again(governance, touched)
    return swept


def end_what_is_over(governance: Governance, subject: str) -> None:
    """Let the votes on a subject end whose time is up, and what follows, before anything else."""
    _sweep_one(governance, SYSTEM, subject, CLOSING)


def _due(
    governance: Governance, actions: frozenset[RungAction] | None, until: datetime | None
) -> set[str]:
    with governance.reading() as c:
        return set(c.uow.rungs.due_subjects(until or c.now, BATCH, actions))


def _fire_all(
    c: Command, *, actions: frozenset[RungAction] | None, until: datetime | None
) -> Swept:
    subject: str = c.on.row.id
    fired = c.uow.rungs.claim_due_of(subject, c.now, actions, until)
    for rung in fired:
        fire(c, rung)
    return Swept(
        reminded=sum(rung.action == "remind" for rung in fired),
        escalated=sum(rung.action == "escalate" for rung in fired),
        closed=sum(rung.action == "close" for rung in fired),
    )
