"""Hands notices over to people at the addresses they gave."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from pmo_engine.model.lines import one_line
from pmo_engine.notify.addresses import ALLOWED, place_of, urls_of
from pmo_engine.notify.errors import DeliveryError, NotDeliverable, PutOff, TimedOut, together
from pmo_engine.notify.papers import as_texts
from pmo_engine.notify.round import Round

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from pmo_engine.notify.papers import Paper

WITHIN = 30.0
"""Seconds that one attempt to deliver a notice may take, whatever happens in it."""


class Notice(Protocol):
    """What the channel looks at in a message."""

    @property
    def id(self) -> str: ...
    @property
    def recipient(self) -> str | None: ...
    @property
    def subject(self) -> str: ...
    @property
    def body(self) -> str: ...


class AppriseChannel:
    """Delivers plain text to Apprise URLs whose scheme is ``allowed``, for one run.

    An address may hold several URLs, and a URL several mailboxes. All are tried, and one that
    takes the notice is enough: it gets no second copy. A server that let an attempt wait until its
    time was over is not asked again in this run.

    Args:
        allowed: the schemes that addresses may begin with.
        hosts: those that notices may go to, besides hosts on the internet and mail servers.
        within: the seconds that an attempt may take altogether.
    """

    def __init__(
        self,
        allowed: frozenset[str] = ALLOWED,
        hosts: Collection[str] = (),
        within: float = WITHIN,
    ) -> None:
        self._allowed = allowed
        self._hosts = hosts
        self._within = within
        self._round = Round()
        self._silent: set[str] = set()

    def __call__(self, message: Notice, address: str, *papers: Paper) -> str | None:
        """Deliver ``message``; gives what went wrong where only a part of the address took it.

        The ``papers`` go with it, to services that take any.

        Raises:
            NotDeliverable: no URL of the address can ever be used.
            PutOff: nothing was tried, since its servers let others wait in this run.
            DeliveryError: none took the message this time.
        """
        whose = message.recipient or "the office"
        urls = urls_of(address, whose)
        enclosed, unwritten = as_texts(papers)
        text = {
            "id": message.id,
            "subject": one_line(message.subject),
            "body": message.body or message.subject,
            "papers": enclosed,
        }
        tried = [self._try(url, whose, text, self._within / len(urls)) for url in urls]
        errors = [error for _, error in tried if error is not None]
        if not any(taken for taken, _ in tried):
            raise together(errors)
        errors += unwritten
        return str(together(errors)) if errors else None

    def _try(
        self, url: str, whose: str, text: Mapping[str, Any], within: float
    ) -> tuple[bool, DeliveryError | None]:
        try:
            place = place_of(url, whose, self._allowed, self._hosts)
        except NotDeliverable as error:
            return False, error
        if place.server in self._silent:
            return False, PutOff(f"{whose}: its server did not answer in time a moment ago")
        taken, failure = self._round.carry(place, within, text)
        if isinstance(failure, TimedOut):
            self._silent.add(place.server)
        return bool(taken), failure and type(failure)(f"{whose}: {place.scheme}: {failure}")


def check(address: str, whose: str, hosts: Collection[str] = ()) -> None:
    """Look at an address as it is given; raises NotDeliverable where nothing could ever be sent.

    A mail address is looked at as it is written; any other is read by its service besides.
    """
    for url in urls_of(address, whose):
        place = place_of(url, whose, hosts=hosts)
        if not place.scheme.startswith("mailto"):
            _, error = Round().carry(place, WITHIN)
            if error is not None:
                raise type(error)(f"{whose}: {place.scheme}: {error}")
