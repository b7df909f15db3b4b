"""The sweep: reminders and escalations that are due, claimed in batches, each rung once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pmo_engine.prose.names import words
from pmo_engine.work.notices import wording as notices
from pmo_engine.work.rulebook import SYSTEM

if TYPE_CHECKING:
    from pmo_engine.store import tables
    from pmo_engine.store.unit_of_work import UnitOfWork
    from pmo_engine.work.rulebook import Desk

BATCH = 100


@dataclass(frozen=True, slots=True)
class Swept:
    """How many rungs were due, by what they did."""

    reminded: int
    escalated: int

    def as_dict(self) -> dict[str, int]:
        """Give the shape that the command line prints."""
        return {"reminded": self.reminded, "escalated": self.escalated}


def sweep(
    desk: Desk, *, by: str = SYSTEM, actions: frozenset[tables.RungAction] | None = None
) -> Swept:
    """Fire every rung that is due, batch by batch; another sweep at the same time takes others."""
    reminded = escalated = 0
    while True:
        with desk.transaction(by) as uow:
            due = uow.rungs.claim_due(desk.clock.now(), BATCH, actions)
            for rung in due:
                _fire(desk, uow, rung)
        reminded += sum(rung.action == "remind" for rung in due)
        escalated += sum(rung.action == "escalate" for rung in due)
        if len(due) < BATCH:
            return Swept(reminded, escalated)


def _fire(desk: Desk, uow: UnitOfWork, rung: tables.Rung) -> None:
    obligation = uow.obligations.get(rung.obligation_id)
    if rung.action == "escalate":
        _widen(uow, obligation, rung.role)
    key = f"{obligation.id}/{rung.rung}"
    occasion = "reminded" if rung.action == "remind" else "escalated"
    values = {**notices.values_of(obligation), "to": words(rung.role)}
    said = notices.worded(desk, occasion, values, *_words(obligation, rung))
    messages = notices.to_role(desk, uow, rung.role, obligation.project, key, *said)
    notices.send(uow, messages)
    uow.journal.add(
        obligation.chain,
        occasion,
        {
            "obligation": obligation.id,
            "subject": obligation.details["title"],
            "rung": rung.rung,
            "role": rung.role,
            "told": [message.recipient for message in messages],
        },
    )


def _widen(uow: UnitOfWork, obligation: tables.Obligation, role: str) -> None:
    """Let the role to which an obligation was escalated decide it too."""
    earlier = obligation.details.get("escalated_to", [])
    if role != obligation.target and role not in earlier:
        details = {**obligation.details, "escalated_to": [*earlier, role]}
        uow.obligations.change(obligation, details=details)


def _words(obligation: tables.Obligation, rung: tables.Rung) -> tuple[str, str]:
    title, asked = obligation.details["title"], words(obligation.target)
    due = notices.shown(obligation.due_at) or "now"
    reasons = "\n".join(obligation.reasons)
    if rung.action == "remind":
        return f"Reminder: {title} waits for the {asked}", f"Due {due}.\n{reasons}"
    return (
        f"{title} still waits for the {asked}",
        f"It was due {due} and is escalated to the {words(rung.role)}.\n{reasons}",
    )
