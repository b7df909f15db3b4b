"""The one module that knows Apprise. Loading it is slow: see channel.py."""

from __future__ import annotations

import logging
import warnings
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

from apprise import Apprise, AppriseAsset, NotifyFormat
from apprise.plugins import N_MGR, url_to_dict

from pmo_engine.notify.errors import DeliveryError, NotDeliverable
from pmo_engine.notify.redaction import redact

if TYPE_CHECKING:
    from collections.abc import Iterator

LONGEST_REASON = 400
# Seconds to wait for a connection and for each answer: what Apprise gives a mail server. Its 4
# seconds for web hooks are short. A redirected POST becomes a GET, which looks delivered and is
# lost.
DEFAULTS = {"cto": "15", "rto": "15", "format": "text", "redirect": False}
# The first ones read files of this machine, the last calls a failure a success.
REFUSED = frozenset({"pgpkey", "pgpprv", "pgppub", "template", "optional"})

_CAUSE = "Socket Exception: "
_ASSET = AppriseAsset(app_id="pmo-engine", async_mode=False)
_records: ContextVar[list[logging.LogRecord] | None] = ContextVar("_records", default=None)


def send(url: str, subject: str, body: str) -> None:
    """Send plain text to one Apprise URL.

    Raises:
        NotDeliverable: Apprise cannot read the URL, or an option of it is refused.
        DeliveryError: the service did not take the message; with the reason Apprise logged.
    """
    with _captured() as records:
        service = _service(url)
        if service is None:
            raise NotDeliverable(f"the address cannot be read{_reason(records, url)}")
        hub = Apprise(asset=_ASSET)
        hub.add(service)
        if not hub.notify(body=body, title=subject, body_format=NotifyFormat.TEXT):
            raise DeliveryError(f"not delivered{_reason(records, url)}")


def _service(url: str) -> Any:
    options: dict[str, Any] | None = url_to_dict(url)  # type: ignore[no-untyped-call]  # untyped
    if options is None:
        return None
    refused = sorted(REFUSED & options["qsd"].keys())
    if refused:
        raise NotDeliverable(f"the option '{refused[0]}' is not allowed in an address")
    return Apprise.instantiate({**DEFAULTS, **options}, asset=_ASSET)


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


def _reason(records: list[logging.LogRecord], url: str) -> str:
    """Say what Apprise complained of, without the URL's secrets; empty if it said nothing."""
    text = ": ".join(said for record in records if (said := _complaint(record)))
    return f": {' '.join(redact(text, url).split())[:LONGEST_REASON]}" if text else ""


def _complaint(record: logging.LogRecord) -> str:
    """Take warnings, and the causes that Apprise logs below them; not the URL said again."""
    message = record.getMessage()
    if record.exc_info:
        return str(record.exc_info[1])
    if record.levelno < logging.WARNING and not message.startswith(_CAUSE):
        return ""
    return "" if "://" in message else message.removeprefix(_CAUSE).rstrip(" .:")


def _load() -> None:
    """Load all services now: some import what Python has deprecated."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        N_MGR.load_modules()  # type: ignore[no-untyped-call]  # untyped
    logger = logging.getLogger("apprise")
    logger.setLevel(logging.DEBUG)
    logger.addFilter(_keep)


_load()
