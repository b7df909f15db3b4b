"""The heading of a table as offices keep them: where it stands, and what its columns are called."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import chain, islice
from pathlib import Path

from pmo_engine.exchange.delimited import check_header, check_width
from pmo_engine.exchange.errors import Fault, quoted

ABOVE = 20
"""Rows above a heading: a title, who exported it and when."""

Rows = Iterator[tuple[int, list[str]]]
Needed = Sequence[frozenset[str]]
"""For each way to read a table the columns that it needs, as ``alike`` has them."""


def alike(name: str) -> str:
    """Give what names of columns have in common that people take for one: case and blanks apart."""
    return " ".join(name.split()).casefold()


def find_heading(rows: Rows, needed: Needed) -> tuple[int, list[str], Rows] | None:
    """Give the first row that has all the columns of one way, its line, and the rows below it."""
    first = list(islice(rows, ABOVE))
    for number, (line, fields) in enumerate(first):
        names = set(map(alike, fields))
        if any(wanted <= names for wanted in needed):
            return line, fields, chain(first[number + 1 :], rows)
    return None


def below(
    path: Path, rows: Rows, needed: Needed, *, ragged: bool, whole: bool = False
) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield each row below the heading by the names of its columns; rows of blanks are none.

    Where nothing is ``needed``, or nowhere to be found, the first row is the heading. ``ragged``:
    blanks at the end of a row are left out. ``whole``: each column of the heading counts, wherever
    it stands. Raises `HistoryError`.
    """
    first = list(islice(rows, ABOVE))
    if not any(map(str.strip, chain.from_iterable(fields for _, fields in first))):
        raise Fault("there is nothing in its first rows").at(path)
    found = find_heading(iter(first), needed)
    line, header, rest = found or (*first[0], iter(first[1:]))
    written = header
    if whole or not needed:
        header = _whole(path, line, header)
    elif found:
        _check_used(path, line, header, frozenset().union(*needed))
    named: dict[str, int] = {}
    for number, name in enumerate(header):
        named.setdefault(name.strip(), number)
    named.pop("", None)
    empty = True
    for place, fields in chain(rest, rows):
        if any(map(str.strip, fields)):
            empty = False
            if whole or not needed:
                _check_unnamed(path, place, fields, width=len(header), written=len(written))
            fitting = _fitting(fields, len(header), ragged=ragged)
            check_width(path, place, fitting, header)
            yield place, {name: fitting[number] for name, number in named.items()}
    if empty and needed and not found:
        said = "no row is the heading of a table that can be imported"
        raise Fault(said, "name the columns as the import does").at(path, line)


def _whole(path: Path, line: int, header: list[str]) -> list[str]:
    """Give a heading of which each column counts, but for blanks at its end."""
    named = len(header)
    while named > 1 and not header[named - 1].strip():
        named -= 1
    check_header(path, line, header[:named])
    return header[:named]


def _check_unnamed(path: Path, line: int, fields: list[str], *, width: int, written: int) -> None:
    """Refuse a value that stands in a column which the heading has, and gives no name."""
    for number, value in enumerate(fields[width:written], width + 1):
        if value.strip():
            said = f"column {number} has no name, and {quoted(value.strip())} in it"
            raise Fault(said, "name the column, or take it out").at(path, line)


def _check_used(path: Path, line: int, header: list[str], used: frozenset[str]) -> None:
    """Refuse a heading of which two columns have a name that is used."""
    for name, times in Counter(map(alike, header)).items():
        if times > 1 and name in used:
            written = next(each for each in header if alike(each) == name)
            fault = Fault(f"two columns are named {quoted(written.strip())}", "rename one of them")
            raise fault.at(path, line)


def _fitting(fields: list[str], width: int, *, ragged: bool) -> list[str]:
    """Give a row as wide as its heading, as far as blanks at its end make the difference."""
    extra = fields[width:]
    if not any(map(str.strip, extra)):
        fields = fields[:width]
    return fields + [""] * (width - len(fields)) if ragged else fields
