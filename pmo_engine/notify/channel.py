"""Hands notices over to people at the addresses they gave."""

from __future__ import annotations

import logging
import re
from typing import Protocol

from pmo_engine.notify.errors import DeliveryError, NotDeliverable

# Services that carry text to a person or a web hook. None writes a file, starts a program or
# shows something on this machine's own screen.
ALLOWED = frozenset(
    {"gotify", "gotifys", "json", "jsons", "mailto", "mailtos", "matrix", "matrixs"}
    | {"ntfy", "ntfys", "slack", "workflow", "workflows"}
)

_URL = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)
_BETWEEN_URLS = re.compile(rf"[\s,]+(?={_URL.pattern})", re.IGNORECASE)
_LOG = logging.getLogger(__name__)


class Notice(Protocol):
    """What the channel looks at in a message."""

    @property
    def recipient(self) -> str | None: ...
    @property
    def subject(self) -> str: ...
    @property
    def body(self) -> str: ...


class AppriseChannel:
    """Delivers plain text to Apprise URLs whose scheme is ``allowed``.

    An address may hold several URLs, with spaces or commas between them. All are tried, and one
    that succeeds is enough. A URL that stands for several mailboxes succeeds when all of them took
    the message; if one did not, another attempt writes to all of them again.
    """

    def __init__(self, allowed: frozenset[str] = ALLOWED) -> None:
        self._allowed = allowed

    def __call__(self, message: Notice, address: str) -> None:
        """Deliver ``message``.

        Raises:
            NotDeliverable: no URL of the address can ever be used.
            DeliveryError: none took the message this time.
        """
        urls = [url for url in _BETWEEN_URLS.split(address.strip(" \t\r\n,")) if url]
        if not urls:
            raise NotDeliverable(f"{message.recipient} has no address")
        errors = [error for url in urls if (error := self._try(message, url))]
        if len(errors) == len(urls):
            raise _together(errors)
        for error in errors:
            _LOG.info("%s (another address took the message)", error)

    def _try(self, message: Notice, url: str) -> DeliveryError | None:
        try:
            self._send(message, url)
        except DeliveryError as error:
            return error
        return None

    def _send(self, message: Notice, url: str) -> None:
        scheme = url.partition("://")[0] if _URL.match(url) else ""
        if not scheme:
            raise NotDeliverable(
                f"{message.recipient}: the address is no URL; a mailbox is written "
                "mailto://server/name@office.example?from=pmo@office.example"
            )
        if scheme.lower() not in self._allowed:
            raise NotDeliverable(
                f"{message.recipient}: an address may not begin with {scheme}://; "
                f"allowed are {', '.join(sorted(self._allowed))}"
            )
        # Apprise takes a third of a second to load, and most commands send nothing.
        from pmo_engine.notify.sending import send  # noqa: PLC0415

        try:
            send(url, one_line(message.subject), message.body or message.subject)
        except DeliveryError as error:
            raise type(error)(f"{message.recipient}: {scheme}: {error}") from None


def one_line(text: str) -> str:
    """Make one line of printable characters, so that no text can add a header or hide its end."""
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())


def _together(errors: list[DeliveryError]) -> DeliveryError:
    """Make one error of several; a later attempt helps if it would help for one of them."""
    hopeless = all(isinstance(error, NotDeliverable) for error in errors)
    kind = NotDeliverable if hopeless else DeliveryError
    return kind("; ".join(str(error) for error in errors))
