"""How wide the columns of a table are, by what they hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pmo_engine.documents.model import Words

_CHARACTER, _LONGEST, _MOST = 105, 24, 110  # a character's width, and what counts of a column
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
        max((len(word) for text in texts for word in text.split()), default=1) for texts in held
    ]
    needed = [_CHARACTER * (min(longest, _LONGEST) + 2) for longest in words]
    wanted = [_wanted(texts) + 1 for texts in held]
    left = max(whole - sum(needed), 0)
    shares = [
        least + left * want // sum(wanted) for least, want in zip(needed, wanted, strict=True)
    ]
    return [share * whole // sum(shares) for share in shares]


def _wanted(texts: list[str]) -> int:
    _, *rows = texts
    return min(max(map(len, texts)), _MOST) if any(rows) else _OPEN


def _plain(words: Words) -> str:
    return "".join(run.text for run in words)
