"""A mail server on this machine that keeps what it receives, for the demo and the tests."""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import Future
from email import message_from_bytes, policy
from functools import partial
from typing import TYPE_CHECKING, Self

from pmo_engine.model.frozen import dataclass
from pmo_engine.notify.errors import InboxUnavailable

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from email.message import EmailMessage

    from aiosmtpd.smtp import SMTP, Envelope, Session


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail as it was received: the envelope's sender and recipients, and the message."""

    sender: str
    recipients: tuple[str, ...]
    message: EmailMessage

    @property
    def subject(self) -> str:
        return str(self.message["Subject"])

    @property
    def body(self) -> str:
        part = self.message.get_body(("plain",))
        return "" if part is None else str(part.get_content())


class InboxServer:
    """An SMTP server, without TLS, that listens from ``start`` to ``stop`` or in a ``with``.

    Port 0 takes a free port; ``port`` tells which. Mail to a mailbox in ``unknown`` is refused
    with a 550, to one in ``busy`` with a 450.
    """

    def __init__(
        self,
        host: str = "127.0.0.1",
        port: int = 0,
        *,
        unknown: Collection[str] = (),
        busy: Collection[str] = (),
    ) -> None:
        self.host = host
        self.port = port
        self._unknown = frozenset(unknown)
        self._busy = frozenset(busy)
        self._mails: list[Mail] = []
        self._running: tuple[threading.Thread, Callable[[], object]] | None = None

    def start(self) -> None:
        """Listen, in a thread of its own; raises InboxUnavailable."""
        started: Future[Callable[[], object]] = Future()
        thread = threading.Thread(
            target=asyncio.run, args=(self._serve(started),), name="inbox", daemon=True
        )
        thread.start()
        try:
            self._running = thread, started.result()
        except OSError as error:
            raise InboxUnavailable(f"no mail server at {self.host}:{self.port}: {error}") from None

    def stop(self) -> None:
        """Stop listening and hang up on whoever is connected; what was received stays."""
        if self._running is not None:
            thread, hang_up = self._running
            self._running = None
            hang_up()
            thread.join()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def address(self, mailbox: str, sender: str = "pmo@office.example") -> str:
        """Give the Apprise URL under which ``mailbox`` gets its mail from this server."""
        return f"mailto://{self.host}:{self.port}/{mailbox}?from={sender}"

    def messages(self, recipient: str | None = None) -> list[Mail]:
        """List the mails to one mailbox, or all, in the order in which they came."""
        received = self._mails.copy()
        return [mail for mail in received if recipient is None or recipient in mail.recipients]

    async def _serve(self, started: Future[Callable[[], object]]) -> None:
        """Serve until what it puts into ``started`` is called."""
        loop = asyncio.get_running_loop()
        stopped = asyncio.Event()
        try:
            server = await loop.create_server(_protocol(self), self.host, self.port)
        except (OSError, InboxUnavailable) as error:
            started.set_exception(error)
            return
        self.port = server.sockets[0].getsockname()[1]
        started.set_result(partial(loop.call_soon_threadsafe, stopped.set))
        await stopped.wait()
        server.close()

    # aiosmtpd calls its handler's methods by these names.

    async def handle_RCPT(  # noqa: N802
        self,
        server: SMTP,
        session: Session,
        envelope: Envelope,
        address: str,
        rcpt_options: list[str],
    ) -> str:
        """Take a recipient, or refuse it."""
        del server, session
        if address in self._unknown:
            return "550 5.1.1 no such mailbox"
        if address in self._busy:
            return "450 4.2.1 try again later"
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(rcpt_options)
        return "250 OK"

    async def handle_DATA(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        """Keep a mail."""
        del server, session
        message = message_from_bytes(envelope.original_content or b"", policy=policy.default)
        self._mails.append(Mail(envelope.mail_from or "", tuple(envelope.rcpt_tos), message))
        return "250 OK"


def _protocol(inbox: InboxServer) -> Callable[[], SMTP]:
    try:
        from aiosmtpd.smtp import SMTP  # noqa: PLC0415 - an extra, for the demo
    except ModuleNotFoundError:
        raise InboxUnavailable(
            "the local mail server needs aiosmtpd: pip install 'pmo-engine[demo]'"
        ) from None
    return partial(SMTP, inbox, hostname=inbox.host)
