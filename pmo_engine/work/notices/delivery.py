"""Drains the outbox: notices go to people, flow requests to Prefect; every attempt is recorded."""

from __future__ import annotations

from collections import deque
from datetime import timedelta
from functools import partial
from types import NoneType
from typing import TYPE_CHECKING, Protocol

from pmo_engine.model.clock import SystemClock
from pmo_engine.model.frozen import dataclass
from pmo_engine.model.lines import LONGEST_REASON, one_line
from pmo_engine.model.shape import Shape
from pmo_engine.notify.errors import DeliveryError, NotDeliverable, PutOff
from pmo_engine.notify.redaction import redact
from pmo_engine.store.errors import NotFound
from pmo_engine.work.acts import DELIVER
from pmo_engine.work.command import Command, Order, carry_out, carry_out_all
from pmo_engine.work.governance import SYSTEM
from pmo_engine.work.notices.papers import papers_in, writer
from pmo_engine.work.subjects import Office

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from pmo_engine.model.vocabulary import MessageKind, MessageState
    from pmo_engine.notify.papers import Paper
    from pmo_engine.store import tables
    from pmo_engine.store.unit_of_work import UnitOfWork
    from pmo_engine.work.governance import Governance

BATCH = 10  # so few that even time-outs of all of them end within the lease
LEASE = timedelta(minutes=10)
MOST_ATTEMPTS = 12
FIRST_DELAY = timedelta(minutes=1)
LONGEST_DELAY = timedelta(hours=4)


class Channel(Protocol):
    """Hands a message over; whatever it raises is one failed attempt."""

    def __call__(self, message: tables.Message, address: str, *papers: Paper) -> str | None:
        """Deliver ``message``; ``address`` is the recipient's (empty for a flow request).

        The ``papers`` go with it. Gives what went wrong where only a part of the address took it.
        """


class Delivered(Shape):
    """What became of the messages that were due."""

    sent: int
    retried: int
    failed: int


@dataclass(frozen=True, slots=True)
class Tried:
    """What came of an attempt: the error, or a remark where only a part of the address took it."""

    error: Exception | None = None
    remark: str | None = None


def deliver(
    governance: Governance,
    channel: Channel,
    *,
    kind: MessageKind = "notice",
    by: str = SYSTEM,
    request: str | None = None,
) -> Delivered:
    """Hand over all messages of a kind that are due.

    Each is claimed first and its outcome recorded after, so that one that fails holds up no
    other, and nothing is sent inside a transaction. What was claimed and not tried, as on
    Ctrl-C, is given back at once.
    """
    order = Order(by, DELIVER, Office(), Delivered, request, asked=kind)
    return carry_out_all(governance, order, partial(_deliver, governance, channel, kind, by))


def _deliver(governance: Governance, channel: Channel, kind: MessageKind, by: str) -> Delivered:
    sent = retried = failed = 0
    write = writer(governance)
    while True:
        claimed = _claim(governance, kind, by)
        waiting = deque(claimed)
        try:
            while waiting:
                message, address = waiting[0]
                tried = _hand_over(channel, message, address, write)
                outcome = _record(governance, message, tried, by)
                waiting.popleft()
                sent += outcome == "sent"
                retried += outcome == "waiting"
                failed += outcome == "failed"
        finally:
            _give_back(governance, [message for message, _ in waiting], by)
        if len(claimed) < BATCH:
            return Delivered(sent=sent, retried=retried, failed=failed)


def _claim(governance: Governance, kind: MessageKind, by: str) -> list[tuple[tables.Message, str]]:
    def claim(c: Command) -> list[tuple[tables.Message, str]]:
        own = isinstance(governance.clock, SystemClock)
        messages = c.uow.outbox.claim_due(c.now, BATCH, LEASE, kind, by_machine=own)
        return [(message, _address(c.uow, message.recipient)) for message in messages]

    return carry_out(governance, Order(by, DELIVER, Office(), list), claim)


def _address(uow: UnitOfWork, person: str | None) -> str:
    try:
        return "" if person is None else uow.people.get(person).address
    except NotFound:
        return ""


def _give_back(governance: Governance, messages: list[tables.Message], by: str) -> None:
    def give_back(c: Command) -> None:
        for message in messages:
            c.uow.outbox.put_off(message)

    if messages:
        carry_out(governance, Order(by, DELIVER, Office(), NoneType), give_back)


def _hand_over(
    channel: Channel, message: tables.Message, address: str, write: Callable[[str], Paper]
) -> Tried:
    if message.recipient is not None and not address:
        return Tried(NotDeliverable(f"{message.recipient} has no address"))
    try:
        papers = map(write, papers_in(message.payload))
        return Tried(remark=channel(message, address, *papers))
    except DeliveryError as error:
        return Tried(error)
    except Exception as error:  # noqa: BLE001 - a channel's fault must not hold up other messages
        text = f"{type(error).__name__}: {redact(str(error), address)}"
        return Tried(DeliveryError(one_line(text)[:LONGEST_REASON]))


def _record(governance: Governance, message: tables.Message, tried: Tried, by: str) -> MessageState:
    def record(c: Command) -> MessageState:
        if tried.error is None:
            c.uow.outbox.succeeded(message, tried.remark)
            return "sent"
        if isinstance(tried.error, PutOff):
            c.uow.outbox.put_off(message, c.now + FIRST_DELAY)
            return "waiting"
        retry_at = _retry_at(c.now, message.attempts + 1, tried.error)
        c.uow.outbox.failed(message, str(tried.error), retry_at)
        return "waiting" if retry_at is not None else "failed"

    return carry_out(governance, Order(by, DELIVER, Office(), str), record)  # type: ignore[arg-type]


def _retry_at(now: datetime, attempts: int, error: Exception) -> datetime | None:
    """Wait twice as long after each attempt, at most LONGEST_DELAY; then give up."""
    if isinstance(error, NotDeliverable) or attempts >= MOST_ATTEMPTS:
        return None
    delay: timedelta = min(FIRST_DELAY * 2 ** (attempts - 1), LONGEST_DELAY)
    return now + delay
