"""Posts a notice by mail: a message for each mailbox, all attempts under one Message-ID."""

from __future__ import annotations

import smtplib
import ssl
from contextlib import contextmanager
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import formataddr, formatdate
from typing import TYPE_CHECKING, Any

from pmo_engine.model.lines import LONGEST_REASON, one_line
from pmo_engine.notify.errors import DeliveryError, NotDeliverable, together

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pmo_engine.notify.papers import Paper

SILENCE = 15.0  # seconds to wait for a connection and for each answer
_PERMANENT = 5  # the first digit of a refusal for good (RFC 5321, 4.2.1)


def post(
    service: Any, subject: str, body: str, id: str, papers: Sequence[Paper] = ()
) -> Iterator[str]:
    """Send a mail to each mailbox of Apprise's mail service; gives those that took it, in turn.

    Raises:
        NotDeliverable: the server refused for good what it did not take.
        DeliveryError: another attempt may help for one that did not take it.
    """
    mailboxes = [mailbox for _, mailbox in service.targets]
    if not mailboxes:
        raise NotDeliverable("the address names no mailbox")
    refusals: list[DeliveryError] = []
    with _connected(service) as server:
        for mailbox in mailboxes:
            message = _message(service, mailbox, subject, body, id)
            _enclose(message, papers)
            try:
                server.sendmail(service.from_addr[1], [mailbox], bytes(message))
            except smtplib.SMTPException as error:
                refusals.append(_refusal(error, mailbox))
            else:
                yield mailbox
    if refusals:
        raise together(refusals)


def _message(service: Any, mailbox: str, subject: str, body: str, id: str) -> EmailMessage:
    name, sender = service.from_addr
    message = EmailMessage(policy=SMTP)
    message["From"] = formataddr((name or "", sender))
    message["To"] = mailbox
    if service.reply_to:
        message["Reply-To"] = ", ".join(sorted(service.reply_to))
    message["Subject"] = subject
    message["Date"] = formatdate()
    message["Message-ID"] = f"<{id}@{sender.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(body)
    return message


def _enclose(message: EmailMessage, papers: Sequence[Paper]) -> None:
    for each in papers:
        main, _, kind = each.type.partition("/")
        message.add_attachment(each.write(), maintype=main, subtype=kind, filename=each.name)


@contextmanager
def _connected(service: Any) -> Iterator[smtplib.SMTP]:
    """Connect and log in as the address says; raises NotDeliverable or DeliveryError."""
    try:
        with _server(service) as server:
            if service.secure_mode == "starttls":
                server.starttls(context=ssl.create_default_context())
            if service.user and service.password:
                server.login(service.user, service.password)
            yield server
    except (smtplib.SMTPException, OSError) as error:
        raise _refusal(error, service.smtp_host) from None


def _server(service: Any) -> smtplib.SMTP:
    if service.secure_mode == "ssl":
        context = ssl.create_default_context()
        return smtplib.SMTP_SSL(service.smtp_host, service.port, timeout=SILENCE, context=context)
    return smtplib.SMTP(service.smtp_host, service.port, timeout=SILENCE)


def _refusal(error: Exception, who: str) -> DeliveryError:
    """Say who refused and in which words, and whether that is for good."""
    code, said = _answer(error)
    permanent = code // 100 == _PERMANENT or isinstance(error, smtplib.SMTPNotSupportedError)
    text = one_line(f"{who}: {code or ''} {said}")[:LONGEST_REASON]
    return (NotDeliverable if permanent else DeliveryError)(f"not delivered: {text}")


def _answer(error: Exception) -> tuple[int, str]:
    """Give the server's code (0 where it gave none) and its words."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, words = next(iter(error.recipients.values()))
        return code, _text(words)
    if isinstance(error, smtplib.SMTPResponseException):
        return error.smtp_code, _text(error.smtp_error)
    return 0, str(error) or type(error).__name__


def _text(words: bytes | str) -> str:
    return words.decode(errors="replace") if isinstance(words, bytes) else words
