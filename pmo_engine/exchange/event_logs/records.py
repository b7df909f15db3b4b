"""What the readers give: cases with their events, in the order of time."""

from __future__ import annotations

from datetime import datetime
from itertools import pairwise
from operator import attrgetter
from typing import NamedTuple

MAX_CASE_EVENTS = 1_000_000


# Named tuples and not dataclasses: a log has many more events than anything else, and a frozen
# dataclass takes three times as long to make.
class RecordedEvent(NamedTuple):
    """One event: `at` is in UTC, `attributes` are the ones asked for, `line` is where it begins."""

    activity: str
    at: datetime
    attributes: dict[str, str]
    line: int


class RecordedCase(NamedTuple):
    """One case (a trace in XES) with its own attributes and its events by time."""

    id: str
    attributes: dict[str, str]
    events: list[RecordedEvent]


class Columns(NamedTuple):
    """The columns of a CSV log that hold what every event needs."""

    case: str = "case"
    activity: str = "activity"
    timestamp: str = "timestamp"


def sort_by_time(events: list[RecordedEvent]) -> bool:
    """Sort a case's events by time in place, equal times as recorded; say if any had to move."""
    if all(earlier.at <= later.at for earlier, later in pairwise(events)):
        return False
    events.sort(key=attrgetter("at"))
    return True
