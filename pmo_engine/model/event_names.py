"""What happened, as rules, registers and the journal name it: ``change_request.submitted``."""

from __future__ import annotations

SUBMITTED = "submitted"
UPDATED = "updated"


class EventName(str):
    """A noun and what happened to it; equal to, ordered and hashed as the text it is written as.

    A text, and no pair, since every decision finds its rules by it.
    """

    __slots__ = ()

    @classmethod
    def of(cls, noun: str, what: str) -> EventName:
        """Name what happened to a noun: ``change_request`` and ``submitted``."""
        return cls(f"{noun}.{what}")

    @property
    def noun(self) -> str:
        """Say to what it happened."""
        return self.partition(".")[0]

    @property
    def what(self) -> str:
        """Say what happened; nothing where the name has one word alone."""
        return self.partition(".")[2]

    @property
    def judged_as(self) -> frozenset[EventName]:
        """Name the events whose rules judge this one.

        What holds for a record when it is submitted holds for it as it stands, so an update is
        judged by the rules of the submission too.
        """
        if self.what != UPDATED:
            return frozenset({self})
        return frozenset({self, EventName.of(self.noun, SUBMITTED)})
