"""Why a message did not get through, in one line that names the person and never a password."""

from __future__ import annotations

from collections.abc import Sequence


class DeliveryError(Exception):
    """A message could not be handed over this time."""


class NotDeliverable(DeliveryError):
    """A message that no further attempt would bring over."""


class TimedOut(DeliveryError):
    """The time for an attempt was over before the service had taken the message."""


class PutOff(DeliveryError):
    """Nothing was tried: the server let another attempt of this run wait for too long."""


class InboxUnavailable(Exception):
    """The local mail server cannot be started."""


def together(errors: Sequence[DeliveryError]) -> DeliveryError:
    """Make one error of several; a later attempt helps if it would help for one of them."""
    text = "; ".join(dict.fromkeys(str(error) for error in errors))
    open_ = [error for error in errors if not isinstance(error, NotDeliverable)]
    if not open_:
        return NotDeliverable(text)
    untried = all(isinstance(error, PutOff) for error in open_)
    return PutOff(text) if untried else DeliveryError(text)
