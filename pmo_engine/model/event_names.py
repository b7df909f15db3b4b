"""What happened, as rules, registers and the journal name it: ``change_request.submitted``."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pmo_engine.model.vocabulary import Rhythm

SUBMITTED = "submitted"
UPDATED = "updated"
RHYTHMS: Mapping[Rhythm, str] = MappingProxyType(
    {"day": "daily", "week": "weekly", "month": "monthly", "stage": "stage_begun"}
)
"""What the clock's events are called, by how often it raises them: ``risk.daily``."""
_RHYTHM_OF: Mapping[str, Rhythm] = MappingProxyType({what: each for each, what in RHYTHMS.items()})


class EventName(str):
    """A noun and what happened to it; equal to, ordered and hashed as the text it is written as.

    A text, and no pair, since every decision finds its rules by it.
    """

    __slots__ = ()

    @classmethod
    def of(cls, noun: str, what: str) -> EventName:
        """Name what happened to a noun: ``change_request`` and ``submitted``."""
        return cls(f"{noun}.{what}")

    @classmethod
    def timed(cls, noun: str, rhythm: Rhythm) -> EventName:
        """Name what the clock raises for a record: ``risk.daily``."""
        return cls.of(noun, RHYTHMS[rhythm])

    @property
    def rhythm(self) -> Rhythm | None:
        """Say how often the clock raises it; None where it does not."""
        return _RHYTHM_OF.get(self.what)

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
