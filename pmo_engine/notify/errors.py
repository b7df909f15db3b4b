"""Why a message did not get through, in one line that names the person and never a password."""

from __future__ import annotations


class DeliveryError(Exception):
    """A message could not be handed over this time."""


class NotDeliverable(DeliveryError):
    """A message that no further attempt would bring over."""


class InboxUnavailable(Exception):
    """The local mail server cannot be started."""
