"""Numbers for clauses, and short ways to make what a document is made of."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from pmo_engine.documents.model import Clause, Provision, Row, Run, Table

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pmo_engine.documents.model import Content, Words
    from pmo_engine.source.diagnostics import Mark


_UNIT = re.compile(r"(?<=\d) (?=[A-Z]{3}\b|%)")


BLANK = "\u00a0"


class Numbering:
    """Counts the clauses below one number: 4.1, 4.2 and so on."""

    def __init__(self, above: str) -> None:
        self._above = above
        self._count = 0

    def clause(self, id: str, heading: str, text: str, mark: Mark) -> Clause:
        """Make the next clause."""
        self._count += 1
        return Clause(id, f"{self._above}.{self._count}", heading, text, mark)


def plain(text: str) -> Words:
    """Give text without style."""
    return (Run(text),)


def capital(text: str) -> str:
    """Begin with a capital."""
    return f"{text[:1].upper()}{text[1:]}"


def tabled(clause: Clause, *body: Content) -> Provision:
    """Set a clause as tables or pictures that say the same as its text."""
    return Provision(clause, body, shown=False)


def row(clause: Clause) -> Row:
    """Set a clause as a row of number, heading and text."""
    return Row(cells(clause.number, clause.heading, clause.text), clause)


def without_empty(columns: tuple[str, ...], rows: Iterable[Row]) -> Table:
    """Make a table without the columns in which no row says anything."""
    rows = tuple(rows)
    kept = [
        place
        for place in range(len(columns))
        if any(run.text for row in rows for run in row.cells[place])
    ]
    less = (replace(row, cells=tuple(row.cells[place] for place in kept)) for row in rows)
    return Table(tuple(columns[place] for place in kept), tuple(less))


def cells(*texts: str) -> tuple[Words, ...]:
    """Give cells of plain text."""
    return tuple(plain(text) for text in texts)


def unbroken(text: str) -> str:
    """Keep an amount and its unit on one line."""
    return _UNIT.sub(BLANK, text)


def unbroken_words(words: Words) -> Words:
    """Keep each amount and its unit on one line; code is left as it is written."""
    return tuple(
        run if run.style == "code" else replace(run, text=unbroken(run.text)) for run in words
    )


def letters(number: int) -> str:
    """Count in letters from 1: a to z, then aa."""
    text = ""
    while number:
        number, place = divmod(number - 1, 26)
        text = chr(ord("a") + place) + text
    return text
