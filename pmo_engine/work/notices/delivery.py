"""Drains the outbox: notices go to people, flow requests to Prefect; every attempt is recorded."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Protocol

from pmo_engine.notify.errors import DeliveryError, NotDeliverable
from pmo_engine.store.errors import NotFound
from pmo_engine.work.rulebook import SYSTEM

if TYPE_CHECKING:
    from datetime import datetime

    from pmo_engine.store import tables
    from pmo_engine.work.rulebook import Desk

BATCH = 10  # so few that even time-outs of all of them end within the lease
LEASE = timedelta(minutes=10)
MOST_ATTEMPTS = 12
FIRST_DELAY = timedelta(minutes=1)
LONGEST_DELAY = timedelta(hours=4)


class Channel(Protocol):
    """Hands a message over, or raises DeliveryError."""

    def __call__(self, message: tables.Message, address: str) -> None:
        """Deliver ``message``; ``address`` is the recipient's (empty for a flow request)."""


@dataclass(frozen=True, slots=True)
class Delivered:
    """What became of the messages that were due."""

    sent: int
    retried: int
    failed: int

    def as_dict(self) -> dict[str, int]:
        """Give the shape that the command line prints."""
        return {"sent": self.sent, "retried": self.retried, "failed": self.failed}


def deliver(
    desk: Desk, channel: Channel, *, kind: tables.MessageKind = "notice", by: str = SYSTEM
) -> Delivered:
    """Hand over all messages of a kind that are due.

    Each is claimed first and its outcome recorded after, so that one that fails holds up no
    other, and nothing is sent inside a transaction.
    """
    sent = retried = failed = 0
    while True:
        claimed = _claim(desk, kind, by)
        for message, address in claimed:
            error = _hand_over(channel, message, address)
            outcome = _record(desk, message, error, by)
            sent += outcome == "sent"
            retried += outcome == "waiting"
            failed += outcome == "failed"
        if len(claimed) < BATCH:
            return Delivered(sent, retried, failed)


def _claim(desk: Desk, kind: tables.MessageKind, by: str) -> list[tuple[tables.Message, str]]:
    with desk.transaction(by) as uow:
        messages = uow.outbox.claim_due(desk.clock.now(), BATCH, LEASE, kind)
        found = []
        for message in messages:
            address = ""
            if message.recipient is not None:
                try:
                    address = uow.people.get(message.recipient).address
                except NotFound:
                    address = ""
            found.append((message, address))
        return found


def _hand_over(channel: Channel, message: tables.Message, address: str) -> DeliveryError | None:
    if message.recipient is not None and not address:
        return NotDeliverable(f"{message.recipient} has no address")
    try:
        channel(message, address)
    except DeliveryError as error:
        return error
    return None


def _record(
    desk: Desk, message: tables.Message, error: DeliveryError | None, by: str
) -> tables.MessageState:
    with desk.transaction(by) as uow:
        if error is None:
            uow.outbox.succeeded(message)
            return "sent"
        retry_at = _retry_at(desk.clock.now(), message.attempts, error)
        uow.outbox.failed(message, str(error), retry_at)
        return "waiting" if retry_at is not None else "failed"


def _retry_at(now: datetime, attempts: int, error: DeliveryError) -> datetime | None:
    """Wait twice as long after each attempt, at most LONGEST_DELAY; then give up."""
    if isinstance(error, NotDeliverable) or attempts >= MOST_ATTEMPTS:
        return None
    delay: timedelta = min(FIRST_DELAY * 2 ** (attempts - 1), LONGEST_DELAY)
    return now + delay
