"""Messages that nothing more is tried for: listed with the reason, and sent again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from pydantic import BaseModel, ConfigDict

from pmo_engine.store import tables
from pmo_engine.work.errors import the_one

if TYPE_CHECKING:
    from collections.abc import Collection

    from pmo_engine.work.rulebook import Desk


class Unsent(BaseModel):
    """A message that failed, or that only a part of its address took."""

    model_config = ConfigDict(frozen=True)

    id: str
    kind: tables.MessageKind
    recipient: str | None
    subject: str
    state: Literal["failed", "sent in part"]
    attempts: int
    error: str


def failed(desk: Desk) -> list[Unsent]:
    """List the messages that could not be handed over, or only to a part of their address."""
    with desk.reading() as uow:
        return [
            Unsent(
                id=message.id,
                kind=message.kind,
                recipient=message.recipient,
                subject=message.subject,
                state="sent in part" if message.state == "sent" else "failed",
                attempts=message.attempts,
                error=message.last_error or "",
            )
            for message in uow.outbox.unsent()
        ]


def resend(desk: Desk, ids: Collection[str], *, by: str) -> int:
    """Let messages be sent again: those whose ids begin so, or all that failed; gives how many.

    They are due at once and have all their attempts again.

    Raises:
        CommandError: no message that failed has such an id, or several have.
    """
    with desk.transaction(by) as uow:
        unsent = {message.id: message for message in uow.outbox.unsent()}
        named = dict.fromkeys(
            the_one([id for id in unsent if id.startswith(each)], each, "failed notice")
            for each in ids
        )
        again = [unsent[id] for id in named]
        if not named:
            again = [message for message in unsent.values() if message.state == "failed"]
        for message in again:
            uow.outbox.send_again(message, desk.clock.now())
        if again:
            uow.journal.add(tables.OFFICE, "notices.resent", {"ids": [m.id for m in again]})
        return len(again)
