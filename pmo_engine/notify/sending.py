"""The one module that knows Apprise. It runs in the postman's process: see postman.py."""

from __future__ import annotations

import logging
import re
import warnings
from contextlib import contextmanager
from contextvars import ContextVar
from importlib import import_module
from typing import TYPE_CHECKING, Any

from pmo_engine.model.lines import LONGEST_REASON, one_line
from pmo_engine.notify import mail
from pmo_engine.notify.addresses import refuse_options
from pmo_engine.notify.errors import DeliveryError, NotDeliverable
from pmo_engine.notify.redaction import redact

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)
    from apprise import AppriseAsset, AppriseAttachment, NotifyFormat
    from apprise.attachment.memory import AttachMemory

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pmo_engine.notify.papers import Paper

# A redirected POST becomes a GET, which looks delivered and is lost. Seconds are for a connection
# and for each answer; the whole attempt has its own time.
DEFAULTS: dict[str, Any] = {"cto": "15", "rto": "15", "format": "text", "redirect": False}
_CLASSES = {
    "gotify": "gotify:NotifyGotify",
    "json": "custom_json:NotifyJSON",
    "mailto": "email.base:NotifyEmail",
    "matrix": "matrix:NotifyMatrix",
    "ntfy": "ntfy:NotifyNtfy",
    "slack": "slack:NotifySlack",
    "workflow": "workflows:NotifyWorkflows",
}
SERVICES: dict[str, Any] = {}
"""Apprise's class for each scheme, without the ``s`` for a safe connection."""
# Answers of a web service that no further attempt would change; 408, 425 and 429 ask for one.
_FOR_GOOD = re.compile(r"error=(?!408|425|429)[34][0-9]{2}\b")
_CAUSE = "Socket Exception: "
_ASSET = AppriseAsset(app_id="pmo-engine", async_mode=False)
_records: ContextVar[list[logging.LogRecord] | None] = ContextVar("_records", default=None)


def send(url: str, subject: str, body: str, id: str, papers: Sequence[Paper] = ()) -> Iterator[str]:
    """Send plain text to one Apprise URL; gives each mailbox or service that took it, in turn.

    The ``papers`` go with it where the service takes any.

    Raises:
        NotDeliverable: Apprise cannot read the URL, or the service refused for good.
        DeliveryError: the service did not take the message; with the reason.
    """
    with _captured() as records:
        service = read(url)
        if url.lower().startswith("mailto"):
            yield from mail.post(service, subject, body, id, papers)
            return
        text = {"body": body, "title": subject, "body_format": NotifyFormat.TEXT}
        if not service.notify(**text, attach=_attached(service, papers)):
            reason = _reason(records, url)
            kind = NotDeliverable if _FOR_GOOD.search(reason) else DeliveryError
            raise kind(f"not delivered{reason}")
        yield url.partition("://")[0]


def _attached(service: Any, papers: Sequence[Paper]) -> Any:
    """Give papers as Apprise takes them; None where there are none, or the service takes none."""
    if not papers or not service.attachment_support:
        return None
    made: Any = AttachMemory
    return AppriseAttachment([made(each.write(), each.name, each.type) for each in papers])


def read(url: str) -> Any:
    """Make the service that a URL stands for; raises NotDeliverable where it stands for none."""
    scheme = url.partition("://")[0].lower()
    with _captured() as records:
        try:
            service = _service(scheme, url)
        except NotDeliverable:
            raise
        except Exception as error:  # noqa: BLE001 - whatever the service's own code raises
            records.append(_record(str(error)))
            service = None
    if service is None:
        raise NotDeliverable(f"the address cannot be read{_reason(records, url)}")
    if not scheme.startswith("mailto") and len(service) > 1:
        raise NotDeliverable("the address stands for several places; write one for each")
    return service


def _service(scheme: str, url: str) -> Any:
    service = SERVICES[scheme if scheme in SERVICES else scheme.removesuffix("s")]
    options: dict[str, Any] | None = service.parse_url(url)
    if not options:
        return None
    refuse_options(scheme, list(options["qsd"]))
    return service(**{**DEFAULTS, **options}, asset=_ASSET)


@contextmanager
def _captured() -> Iterator[list[logging.LogRecord]]:
    """Keep what Apprise logs in this thread instead of printing it."""
    records: list[logging.LogRecord] = []
    token = _records.set(records)
    try:
        yield records
    finally:
        _records.reset(token)


def _keep(record: logging.LogRecord) -> bool:
    """Take a record that belongs to a delivery; pass on others at the usual level."""
    records = _records.get()
    if records is None:
        return record.levelno >= logging.WARNING
    records.append(record)
    return False


def _record(message: str) -> logging.LogRecord:
    return logging.LogRecord("apprise", logging.WARNING, "", 0, message, None, None)


def _reason(records: list[logging.LogRecord], url: str) -> str:
    """Say what Apprise complained of, without the URL's secrets; empty if it said nothing."""
    text = ": ".join(dict.fromkeys(said for record in records if (said := _complaint(record))))
    return f": {one_line(redact(text, url))[:LONGEST_REASON]}" if text else ""


def _complaint(record: logging.LogRecord) -> str:
    """Take warnings, and the causes that Apprise logs below them; not the URL said again."""
    message = record.getMessage()
    if record.exc_info:
        return str(record.exc_info[1])
    if record.levelno < logging.WARNING and not message.startswith(_CAUSE):
        return ""
    return "" if "://" in message else message.removeprefix(_CAUSE).rstrip(" .:")


def _load() -> None:
    """Load the services now, before any errand's time begins: some import what is deprecated."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        for scheme, place in _CLASSES.items():
            module, _, called = place.partition(":")
            SERVICES[scheme] = getattr(import_module(f"apprise.plugins.{module}"), called)


_load()
_LOGGER = logging.getLogger("apprise")
_LOGGER.setLevel(logging.DEBUG)
_LOGGER.addFilter(_keep)
