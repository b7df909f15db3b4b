"""How people are told: in which words, and when they are left in peace."""

from __future__ import annotations

from dataclasses import field
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from pmo_engine.model.frozen import dataclass
from pmo_engine.model.moments import first_moment

if TYPE_CHECKING:
    from collections.abc import Mapping
    from zoneinfo import ZoneInfo

    from pmo_engine.source.diagnostics import Mark


@dataclass(frozen=True, slots=True)
class QuietHours:
    """Hours of every day, by the clock of the office, in which no notice is sent."""

    start: time
    end: time  # on the next day, if it is no later than the start

    def over(self, moment: datetime, zone: ZoneInfo) -> datetime:
        """Give when a notice of ``moment`` (UTC) may be sent: then, or when the hours end."""
        local = moment.astimezone(zone)
        clock = local.time().replace(tzinfo=None)
        over_night = self.end <= self.start
        late, early = clock >= self.start, clock < self.end
        if not (late or early if over_night else late and early):
            return moment
        day = local.date() + timedelta(days=1 if over_night and late else 0)
        return max(moment, first_moment(datetime.combine(day, self.end), zone))


@dataclass(frozen=True, slots=True)
class Words:
    """A text with placeholders: pieces of text, each before the name of a value, or before none."""

    pieces: tuple[tuple[str, str | None], ...]

    def filled(self, values: Mapping[str, str]) -> str:
        """Put values in the place of their names."""
        return "".join(f"{text}{values[name] if name else ''}" for text, name in self.pieces)


@dataclass(frozen=True, slots=True)
class Wording:
    """The words of notices on one occasion; ``of`` no kinds is of all."""

    on: str
    of: frozenset[str]
    subject: Words | None
    body: Words | None
    mark: Mark = field(compare=False)

    def fits(self, occasion: str, kind: str) -> bool:
        """Tell whether these are the words of a notice."""
        return self.on == occasion and (not self.of or kind in self.of)


@dataclass(frozen=True, slots=True)
class Notices:
    """All that a policy says of notices."""

    quiet: QuietHours | None = None
    wording: tuple[Wording, ...] = ()
