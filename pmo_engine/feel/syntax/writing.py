"""Values as people write them, read for the place in which an expression stands."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import NamedTuple

from pmo_engine.model.hints.times import day_meant
from pmo_engine.model.hints.values import Readings, number_meant, span_meant
from pmo_engine.model.money import amounts_meant

_LONG = frozenset({"number", "boolean", "string", "any"})
_ISO: dict[str, Callable[[int], str]] = {
    "minute": "PT{}M".format,
    "hour": "PT{}H".format,
    "day": "P{}D".format,
    "week": lambda weeks: f"P{7 * weeks}D",
    "month": "P{}M".format,
    "year": "P{}Y".format,
}


class Writing(NamedTuple):
    """Where an expression stands: in which policy's ``currency``, in a cell of which ``kind``.

    In a cell of money, days and the like a value stands without ``@"..."``; ``tests`` tells that
    the cell holds tests and no answer. ``zone`` is the office's; ``labels`` says for what people
    call a fact, in small letters, under which paths it may be found.
    """

    currency: str = ""
    kind: str = ""
    tests: bool = False
    zone: str = ""
    labels: Mapping[str, Readings] = MappingProxyType({})

    def literals(self, values: Readings) -> Readings:
        """Write money, days or durations."""
        short = self.kind and self.kind not in _LONG
        return values if short else tuple(f'@"{each}"' for each in values)

    def end(self, text: str) -> str:
        """Read one end of a range in a cell, if it can be only one value."""
        text = text.strip()
        if self.kind == "money":
            read = amounts_meant(text, self.currency)
        elif self.kind == "date":
            read = day_meant(text)
        else:
            read = number_meant(text)
        return read[0] if len(read) == 1 else ""


IN_AN_EXPRESSION = Writing()


def duration_meant(text: str) -> Readings:
    """Give ``P3D`` for ``3 days``; nothing for working days, which are no length of time."""
    return () if text.isdecimal() else tuple(_durations(span_meant(text)))


def _durations(spans: Readings) -> Iterator[str]:
    for each in spans:
        number, unit = each.split(" ", 1)
        if write := _ISO.get(unit.removesuffix("s")):
            yield write(int(number))


def literal_of(text: str, writing: Writing) -> str:
    """Write a day or an amount as an expression has it; a fact as it is."""
    if text[:1] == "@" or re.fullmatch(r"[^\W\d][\w.]*", text):
        return text
    read = day_meant(text) or amounts_meant(text, writing.currency)
    return writing.literals(read)[0] if len(read) == 1 else text
