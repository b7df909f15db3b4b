"""Places in a text as marks count them, and as an editor does."""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import TYPE_CHECKING, NamedTuple

from pmo_engine.source.yaml_source import LINE_BREAK

if TYPE_CHECKING:
    from collections.abc import Callable

_CLIENT_BREAK = re.compile(r"\r\n|\n|\r")


class Position(NamedTuple):
    """A line and a column, both from 0; columns count characters, or the client's units."""

    line: int
    column: int


def utf16(text: str) -> int:
    """Count the units that an editor counts unless it says otherwise."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


class Lines:
    """A text whose lines can be counted both ways: YAML knows more line breaks than an editor."""

    def __init__(self, text: str, units: Callable[[str], int] = utf16) -> None:
        self.text = text
        self._units = units
        self._own = [0, *(found.end() for found in LINE_BREAK.finditer(text))]
        self._client = [0, *(found.end() for found in _CLIENT_BREAK.finditer(text))]

    def line(self, number: int) -> str:
        """Give a line, counted from 0, without its break; nothing beyond the end."""
        if not 0 <= number < len(self._own):
            return ""
        end = self._own[number + 1] if number + 1 < len(self._own) else len(self.text)
        return self.text[self._own[number] : end].rstrip("\r\n\x85\u2028\u2029")

    def all(self) -> list[str]:
        """Give all lines."""
        return [self.line(number) for number in range(len(self._own))]

    def to_client(self, place: Position) -> Position:
        """Give a place as the editor counts it."""
        line = min(max(place.line, 0), len(self._own) - 1)
        offset = min(self._own[line] + max(place.column, 0), len(self.text))
        number = bisect_right(self._client, offset) - 1
        return Position(number, self._units(self.text[self._client[number] : offset]))

    def from_client(self, place: Position) -> Position:
        """Give the place that the editor means; one beyond a line is its end."""
        number = min(max(place.line, 0), len(self._client) - 1)
        start = self._client[number]
        after = self._client[number + 1] if number + 1 < len(self._client) else len(self.text)
        line = self.text[start:after].rstrip("\r\n")
        offset, left = start, place.column
        for character in line:
            if left <= 0:
                break
            left -= self._units(character)
            offset += 1
        own = bisect_right(self._own, offset) - 1
        return Position(own, offset - self._own[own])
