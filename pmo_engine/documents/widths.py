"""How wide the columns of a table are, by what they hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pmo_engine.documents.model import Words

_CHARACTER, _SHORTEST, _LONGEST, _MOST = 105, 5, 18, 110  # a letter's width, and what counts
_OPEN = 30  # what a column counts that is left open, to be written in by hand
WIDTH = 9600  # of a page between its margins, in twentieths of a point
ACROSS = 14400  # of a page on its side


def widths(
    columns: tuple[str, ...], rows: Sequence[tuple[Words, ...]], whole: int = WIDTH
) -> list[int]:
    """Share the width of a page: each column gets its longest word, the rest goes by the text."""
    held = [
        [column, *(_plain(cells[place]) for cells in rows)] for place, column in enumerate(columns)
    ]
    words = [
        max(_longest(column), *(_word(cells[place]) for cells in rows), _SHORTEST)
        for place, column in enumerate(columns)
    ]
    needed = [_CHARACTER * (min(longest, _LONGEST) + 2) for longest in words]
    wanted = [_wanted(texts) + 1 for texts in held]
    left = max(whole - sum(needed), 0)
    shares = [
        least + left * want // sum(wanted) for least, want in zip(needed, wanted, strict=True)
    ]
    return [share * whole // sum(shares) for share in shares]


def _longest(text: str) -> int:
    return max((len(word) for word in text.split()), default=0)


def _word(words: Words) -> int:
    """Count the longest word of a cell; code breaks at its signs."""
    return max((_longest(run.text) for run in words if run.style != "code"), default=0)


def _wanted(texts: list[str]) -> int:
    """Count what a column holds, but for the few rows that hold much more than the others."""
    heading, *rows = texts
    if not any(rows):
        return _OPEN
    lengths = sorted(map(len, rows))
    return min(max(len(heading), lengths[len(lengths) * 4 // 5]), _MOST)


def _plain(words: Words) -> str:
    return "".join(run.text for run in words)
