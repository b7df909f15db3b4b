"""Drains the outbox: notices go to people, flow requests to Prefect; every attempt is recorded."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Protocol

from pmo_engine.notify.errors import DeliveryError, NotDeliverable, PutOff
from pmo_engine.notify.lines import LONGEST_REASON, one_line
from pmo_engine.notify.redaction import redact
from pmo_engine.store.errors import NotFound
from pmo_engine.work.rulebook import SYSTEM

if TYPE_CHECKING:
    from datetime import datetime

    from pmo_engine.store import tables
    from pmo_engine.store.unit_of_work import UnitOfWork
    from pmo_engine.work.rulebook import Desk

BATCH = 10  # so few that even time-outs of all of them end within the lease
LEASE = timedelta(minutes=10)
MOST_ATTEMPTS = 12
FIRST_DELAY = timedelta(minutes=1)
LONGEST_DELAY = timedelta(hours=4)


class Channel(Protocol):
    """Hands a message over; whatever it raises is one failed attempt."""

    def __call__(self, message: tables.Message, address: str) -> str | None:
        """Deliver ``message``; ``address`` is the recipient's (empty for a flow request).

        Gives what went wrong where only a part of the address took it.
        """


@dataclass(frozen=True, slots=True)
class Delivered:
    """What became of the messages that were due."""

    sent: int
    retried: int
    failed: int

    def as_dict(self) -> dict[str, int]:
        """Give the shape that the command line prints."""
        return {"sent": self.sent, "retried": self.retried, "failed": self.failed}


@dataclass(frozen=True, slots=True)
class Tried:
    """What came of an attempt: the error, or a remark where only a part of the address took it."""

    error: Exception | None = None
    remark: str | None = None


def deliver(
    desk: Desk, channel: Channel, *, kind: tables.MessageKind = "notice", by: str = SYSTEM
) -> Delivered:
    """Hand over all messages of a kind that are due.

    Each is claimed first and its outcome recorded after, so that one that fails holds up no
    other, and nothing is sent inside a transaction. What was claimed and not tried, as on
    Ctrl-C, is given back at once.
    """
    sent = retried = failed = 0
    while True:
        claimed = _claim(desk, kind, by)
        waiting = deque(claimed)
        try:
            while waiting:
                message, address = waiting[0]
                outcome = _record(desk, message, _hand_over(channel, message, address), by)
                waiting.popleft()
                sent += outcome == "sent"
                retried += outcome == "waiting"
                failed += outcome == "failed"
        finally:
            _give_back(desk, [message for message, _ in waiting], by)
        if len(claimed) < BATCH:
            return Delivered(sent, retried, failed)


def _claim(desk: Desk, kind: tables.MessageKind, by: str) -> list[tuple[tables.Message, str]]:
    with desk.transaction(by) as uow:
        messages = uow.outbox.claim_due(desk.clock.now(), BATCH, LEASE, kind)
        return [(message, _address(uow, message.recipient)) for message in messages]


def _address(uow: UnitOfWork, person: str | None) -> str:
    try:
        return "" if person is None else uow.people.get(person).address
    except NotFound:
        return ""


def _give_back(desk: Desk, messages: list[tables.Message], by: str) -> None:
    if messages:
        with desk.transaction(by) as uow:
            for message in messages:
                uow.outbox.put_off(message)


def _hand_over(channel: Channel, message: tables.Message, address: str) -> Tried:
    if message.recipient is not None and not address:
        return Tried(NotDeliverable(f"{message.recipient} has no address"))
    try:
        return Tried(remark=channel(message, address))
    except DeliveryError as error:
        return Tried(error)
    except Exception as error:  # noqa: BLE001 - a channel's fault must not hold up other messages
        text = f"{type(error).__name__}: {redact(str(error), address)}"
        return Tried(DeliveryError(one_line(text)[:LONGEST_REASON]))


def _record(desk: Desk, message: tables.Message, tried: Tried, by: str) -> tables.MessageState:
    with desk.transaction(by) as uow:
        if tried.error is None:
            uow.outbox.succeeded(message, tried.remark)
            return "sent"
        now = desk.clock.now()
        if isinstance(tried.error, PutOff):
            uow.outbox.put_off(message, now + FIRST_DELAY)
            return "waiting"
        retry_at = _retry_at(now, message.attempts + 1, tried.error)
        uow.outbox.failed(message, str(tried.error), retry_at)
        return "waiting" if retry_at is not None else "failed"


def _retry_at(now: datetime, attempts: int, error: Exception) -> datetime | None:
    """Wait twice as long after each attempt, at most LONGEST_DELAY; then give up."""
    if isinstance(error, NotDeliverable) or attempts >= MOST_ATTEMPTS:
        return None
    delay: timedelta = min(FIRST_DELAY * 2 ** (attempts - 1), LONGEST_DELAY)
    return now + delay
