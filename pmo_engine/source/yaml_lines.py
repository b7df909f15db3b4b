"""Finding a value in a line that YAML cannot read, by brackets and quotes as a person sees them."""

from __future__ import annotations

import re
from typing import NamedTuple

_KEY = re.compile(r"\s*([\w ().-]+?):\s+")
_DASHES = re.compile(r"\s*(?:- +)*")
_RANGE = re.compile(r"[\[(\]][^\[\](){},'\"]*\.\.[^\[\](){},'\"]*[\])\[]")
_CLOSES = {"{": "}", "[": "]", "(": ")"}


class Held(NamedTuple):
    """A value of a line: its key, if it has one, and where it begins and ends (from 0)."""

    key: str
    start: int
    end: int


def value_at(line: str, place: int) -> Held | None:
    """Find the innermost value that holds a place."""
    line = _without_ranges(line)
    start = _DASHES.match(line)
    assert start is not None
    found = _entry(line, start.end(), len(line.rstrip()))
    while found is not None and is_collection(line, found):
        inner = _inside(line, found, place)
        if inner is None:
            return found
        found = inner
    return found


def is_collection(line: str, held: Held) -> bool:
    """Tell whether a value is a list or mapping of brackets, up to its end or beyond the line."""
    if line[held.start : held.start + 1] not in {"{", "["}:
        return False
    line = _without_ranges(line)
    depth = 0
    for at in range(held.start, held.end):
        depth += (line[at] in "[{") - (line[at] in "]}")
        if not depth:
            return at + 1 == held.end
    return True


def _without_ranges(line: str) -> str:
    """Cover what stands as a range, as in ``(5..10]``: its brackets open and close nothing."""
    return _RANGE.sub(lambda found: "." * len(found[0]), line)


def _entry(line: str, start: int, end: int) -> Held | None:
    key = _KEY.match(line, start, end)
    if key is None and line[start : start + 1] not in {"{", "["}:
        return None
    return Held(key[1], key.end(), end) if key else Held("", start, end)


def _inside(line: str, around: Held, place: int) -> Held | None:
    """Find the entry of a list or mapping of brackets that holds a place."""
    start = around.start + 1
    while start < around.end:
        end = _end_of(line, start, around.end)
        if place <= end:
            first = start + len(line[start:end]) - len(line[start:end].lstrip())
            last = start + len(line[start:end].rstrip())
            return _entry(line, first, last) or Held("", first, last)
        start = end + 1
    return None


def _end_of(line: str, start: int, limit: int) -> int:
    """Find the comma or bracket that ends an entry: one that stands in no brackets or quotes."""
    awaited: list[str] = []
    quoted = ""
    for at in range(start, limit):
        character = line[at]
        if quoted:
            quoted = "" if character == quoted else quoted
        elif character == '"' or (character == "'" and not line[start:at].strip()):
            quoted = character
        elif character in _CLOSES:
            awaited.append(_CLOSES[character])
        elif awaited and character == awaited[-1]:
            awaited.pop()
        elif not awaited and character in ",}]":
            return at
    return limit
