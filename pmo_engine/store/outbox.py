"""The outbox: what a transaction wants sent, and what became of it."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from sqlalchemy import Index, String, UniqueConstraint, and_, func, or_, select, update
from sqlmodel import Field, col

from pmo_engine.model.vocabulary import MessageKind, MessageState
from pmo_engine.store.base import Identified, Table, always, one_of, partial, refers_to
from pmo_engine.store.columns import Moment, Shaped
from pmo_engine.store.repository import Repository

_PLACES = count()


class Message(Identified, table=True):
    """Something to send or to start once the transaction is done; `key` makes twice impossible.

    `place`: where it stands among those that a process wrote at one moment; they go in this order.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        UniqueConstraint("key"),
        one_of("kind", MessageKind),
        one_of("state", MessageState),
        always("claimed_until", "(state = 'claimed') = (claimed_until IS NOT NULL)"),
        Index("ix_outbox_state_due_at", "state", "due_at"),
        partial("ix_outbox_unsent", "created_at", "id", where="last_error IS NOT NULL"),
    )

    key: str
    kind: MessageKind = Field(sa_type=String)
    recipient: str | None = None
    subject: str = ""
    body: str = ""
    payload: dict[str, Any] = Field(default_factory=dict, sa_type=Shaped("message"))
    created_at: datetime = Field(default=None, sa_type=Moment, nullable=False)
    place: int = 0
    due_at: datetime = Field(sa_type=Moment)
    state: MessageState = Field(default="waiting", sa_type=String)
    attempts: int = 0
    claimed_until: datetime | None = Field(default=None, sa_type=Moment)
    last_error: str | None = None


_IN_ORDER = tuple(col(getattr(Message, name)) for name in ("due_at", "created_at", "place", "id"))


class DeliveryAttempt(Table, table=True):
    """One try to deliver a message."""

    __tablename__ = "delivery_attempts"
    __table_args__ = (always("error", "ok = (error IS NULL)"),)

    outbox_id: str = refers_to("outbox.id", primary_key=True)
    number: int = Field(primary_key=True)
    at: datetime = Field(sa_type=Moment)
    ok: bool
    error: str | None = None


class Outbox(Repository[Message]):
    """Messages; one per key, whoever asks how often."""

    model = Message
    noun = "message"

    def add(self, message: Message) -> bool:
        """False if there is one with this key already; then nothing is added."""
        return bool(self.add_all([message]))

    def add_new(self, messages: Iterable[Message]) -> None:
        """Messages whose keys nobody has used; one that was used raises `Duplicate`."""
        for message in messages:
            self._stamp(message)
            self._session.put(message)

    def add_all(self, messages: Sequence[Message]) -> frozenset[str]:
        """The keys of the messages that were added, which are those that were new."""
        if not messages:
            return frozenset()
        for message in messages:
            self._stamp(message)
        return self._transaction.insert_unless_there(messages, "key")

    def _stamp(self, message: Message) -> None:
        message.id = message.id or self._transaction.ids()
        message.created_at, message.place = self._transaction.stamp.at, next(_PLACES)

    def by_key(self, key: str) -> Message | None:
        """The message with this key, if there is one."""
        return next(iter(self._all(select(Message).where(col(Message.key) == key))), None)

    def claim_due(
        self,
        now: datetime,
        limit: int,
        lease: timedelta,
        kind: MessageKind | None = None,
        *,
        by_machine: bool = False,
    ) -> list[Message]:
        """Messages to deliver, the earliest first; nobody else gets them until the lease is over.

        A message whose holder vanished is given out again after its lease: a claim is no attempt.
        Where `now` is by the clock of one machine of several, leases go by the store's own clock.
        """
        since = self._transaction.common_now(now) if by_machine else now
        waiting = and_(col(Message.state) == "waiting", col(Message.due_at) <= now)
        lapsed = and_(col(Message.state) == "claimed", col(Message.claimed_until) <= since)
        due = (
            select(col(Message.id))
            .where(or_(waiting, lapsed), *([] if kind is None else [col(Message.kind) == kind]))
            .order_by(*_IN_ORDER)
            .limit(limit)
            .with_for_update(skip_locked=True)
            .cte("due")
        )
        claim = (
            update(Message)
            .where(col(Message.id) == due.c.id)
            .values(state="claimed", claimed_until=since + lease)
            .returning(Message)
        )
        claimed = self._transaction.rows(claim, fresh=True)
        return sorted(claimed, key=lambda each: (each.due_at, each.created_at, each.place, each.id))

    def succeeded(self, message: Message, remark: str | None = None) -> None:
        """It was delivered, which stands even if the lease was over; `remark`: but not to all."""
        self._tried(message, None)
        sent = {"state": "sent", "claimed_until": None, "last_error": remark}
        self._transaction.update(
            update(Message)
            .where(col(Message.id) == message.id)
            .values(attempts=col(Message.attempts) + 1, **sent)
        )

    def failed(self, message: Message, error: str, retry_at: datetime | None = None) -> None:
        """It was not delivered: tried again at that time, or never. A newer claim is left alone."""
        self._tried(message, error)
        after = {"state": "waiting", "due_at": retry_at} if retry_at else {"state": "failed"}
        self._give_back(message, attempts=col(Message.attempts) + 1, last_error=error, **after)

    def put_off(self, message: Message, until: datetime | None = None) -> None:
        """It was not tried, which is no attempt: due again then, or when it was due before."""
        self._give_back(message, state="waiting", due_at=until or message.due_at)

    def send_again(self, message: Message, at: datetime) -> bool:
        """A message that failed, or reached only a part of its address, begins anew.

        False if somebody else let it be sent again meanwhile.
        """
        anew = {"state": "waiting", "due_at": at, "attempts": 0, "last_error": None}
        return bool(
            self._transaction.update(
                update(Message)
                .where(col(Message.id) == message.id, col(Message.state) == message.state)
                .values(**anew)
            )
        )

    def with_state(self, *states: MessageState) -> list[Message]:
        """In the order in which they are due."""
        chosen = select(Message).where(col(Message.state).in_(states))
        return self._all(chosen.order_by(*_IN_ORDER))

    def tries(self, message_id: str) -> list[DeliveryAttempt]:
        """The attempts to deliver a message, in order."""
        mine = select(DeliveryAttempt).where(col(DeliveryAttempt.outbox_id) == message_id)
        return self._transaction.rows(mine.order_by(col(DeliveryAttempt.number)))

    def unsent(self, kind: MessageKind | None = None) -> list[Message]:
        """Those that failed, and those that only a part of their address took; the earliest first.

        The latter are in state `sent`.
        """
        partly = and_(col(Message.state) == "sent", col(Message.last_error).is_not(None))
        chosen = select(Message).where(or_(col(Message.state) == "failed", partly))
        if kind is not None:
            chosen = chosen.where(col(Message.kind) == kind)
        return self._all(chosen.order_by(*_IN_ORDER))

    def _give_back(self, message: Message, **values: Any) -> None:
        """Ends a claim, unless another was made since."""
        self._transaction.update(
            update(Message)
            .where(
                col(Message.id) == message.id,
                col(Message.state) == "claimed",
                col(Message.claimed_until) == message.claimed_until,
            )
            .values(claimed_until=None, **values)
        )

    def _tried(self, message: Message, error: str | None) -> None:
        lock = select(col(Message.id)).where(col(Message.id) == message.id).with_for_update()
        self._session.execute(lock)
        mine = col(DeliveryAttempt.outbox_id) == message.id
        last = self._session.scalar(select(func.max(col(DeliveryAttempt.number))).where(mine))
        self._session.enter(
            DeliveryAttempt(
                outbox_id=message.id,
                number=(last or 0) + 1,
                at=self._transaction.stamp.at,
                ok=error is None,
                error=error,
            )
        )
