"""Findings that can be put right by one replacement on their line."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pmo_engine.source import codes

if TYPE_CHECKING:
    from pmo_engine.source.diagnostics import Diagnostic

_MEANT = re.compile(r"did you mean '([^']+)'\?")
_WRITE = re.compile(r"(?:^|: )write ([^()]+)$")
_NAMED = re.compile(r"'([^']+)'")
_QUOTE = re.compile(r"quote it: ([\w -]+): ('.*')$")
NOT_THE_WORD = frozenset({codes.NOT_YAML, codes.NOT_AN_EXPRESSION})
"""Codes whose place is where something was noticed, not the word that is wrong."""


@dataclass(frozen=True, slots=True)
class Fix:
    """What to replace on the finding's line (columns from 0), with what, and how to call it."""

    title: str
    start: int
    end: int
    text: str


def fix_of(found: Diagnostic, line: str) -> Fix | None:
    """Give the fix that a finding names, if it names one."""
    said = f"{found.message} {found.hint}"
    if quote := _QUOTE.search(said):
        return _quoted(line, quote[1], quote[2])
    if found.code in NOT_THE_WORD:
        return None
    stands = _standing(found, line)
    if stands is None:
        return None
    meant = [_MEANT.search(said), *(_WRITE.search(text) for text in (found.message, found.hint))]
    text = next((each[1] for each in meant if each is not None and "..." not in each[1]), None)
    return Fix(f"Write {text}", *stands, text) if text is not None else None


def _standing(found: Diagnostic, line: str) -> tuple[int, int] | None:
    """Find where the value stands that the message quotes; in quotes, inside of them."""
    start = found.column - 1
    start += line[start : start + 1] in {'"', "'"}
    names = [each for each in _NAMED.findall(found.message) if line.startswith(each, start)]
    longest = max(names, key=len, default=None)
    return (start, start + len(longest)) if longest is not None else None


def _quoted(line: str, key: str, quoted: str) -> Fix | None:
    start = line.find(f"{key}: ")
    if start < 0:
        return None
    start += len(key) + 2
    plain = quoted[1:-1].replace("''", "'")
    end = start + len(plain)
    return Fix(f"Quote it: {quoted}", start, end, quoted) if line[start:end] == plain else None
