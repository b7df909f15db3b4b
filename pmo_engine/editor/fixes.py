"""The edits that put a finding right at once."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pmo_engine.source import codes
from pmo_engine.source.diagnostics import Edit, Mark

if TYPE_CHECKING:
    from pmo_engine.source.diagnostics import Diagnostic

_MEANT = re.compile(r"did you mean '([^']+)'\?")
_NAMED = re.compile(r"'([^']+)'")
_SHOWN = 80
NOT_THE_WORD = frozenset({codes.NOT_YAML, codes.NOT_AN_EXPRESSION})
"""Codes whose place is where something was noticed, not the word that is wrong."""


def fixes_of(found: Diagnostic, line: str) -> tuple[Edit, ...]:
    """Give a finding's fixes: its own, or the name that it suggests for the one that is quoted."""
    if found.fixes or found.code in NOT_THE_WORD:
        return found.fixes
    meant, stands = _MEANT.search(found.hint or found.message), _standing(found, line)
    if meant is None or stands is None:
        return ()
    start, end = (Mark(found.file, found.line, column + 1) for column in stands)
    return (Edit(start, end, meant[1]),)


def title_of(fix: Edit) -> str:
    """Say in a line what a fix writes."""
    text = " ".join(fix.text.split())
    return f"Write {text[:_SHOWN]}{'...' * (len(text) > _SHOWN)}" if text else "Take it away"


def _standing(found: Diagnostic, line: str) -> tuple[int, int] | None:
    """Find where the value stands that the message quotes; in quotes, inside of them."""
    start = found.column - 1
    start += line[start : start + 1] in {'"', "'"}
    names = [each for each in _NAMED.findall(found.message) if line.startswith(each, start)]
    longest = max(names, key=len, default=None)
    return (start, start + len(longest)) if longest is not None else None
