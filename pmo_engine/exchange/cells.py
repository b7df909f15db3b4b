"""Cells of a workbook that would be read as empty and are not: merged ones, and formulas."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import IO, TYPE_CHECKING
from zipfile import ZipFile

from defusedxml.ElementTree import ParseError, iterparse

from pmo_engine.exchange.errors import Fault

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_LINKS = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_RANGE = re.compile(r"[A-Z]{1,3}([0-9]{1,7}):[A-Z]{1,3}([0-9]{1,7})")
MOST_ROWS = 10_000
"""Rows of one merged range that are noted; a longer one is told at its beginning anyhow."""


def oddities(path: Path, tab: str | None = None) -> dict[int, Fault]:
    """Find the rows of a workbook's sheet that have such cells, and what to do about it.

    ``tab`` names the sheet; it is the first one otherwise.
    """
    found: dict[int, Fault] = {}
    with ZipFile(path) as book:
        name = part_of(book, tab)
        if name is None:
            return found
        with book.open(name) as sheet:
            for row, fault in _odd(sheet):
                found.setdefault(row, fault)
    return found


def part_of(book: ZipFile, tab: str | None = None) -> str | None:
    """Give the part that holds a sheet, the first one if none is named, as the workbook says."""
    try:
        with book.open("xl/workbook.xml") as part:
            sheets = [e for _, e in iterparse(part) if e.tag == f"{_MAIN}sheet"]
            sheets = [e for e in sheets if tab in {None, e.get("name")}]
        with book.open("xl/_rels/workbook.xml.rels") as part:
            targets = {e.get("Id"): e.get("Target", "") for _, e in iterparse(part)}
    except (KeyError, ParseError):
        return None
    target = targets.get(sheets[0].get(f"{_LINKS}id")) if sheets else None
    if not target:
        return None
    name = target.removeprefix("/") if target.startswith("/") else f"xl/{target}"
    return name if name in book.namelist() else None


def _odd(sheet: IO[bytes]) -> Iterator[tuple[int, Fault]]:
    for _, element in iterparse(sheet):
        if element.tag == f"{_MAIN}row":
            yield from _formulas(element)
            element.clear()
        elif element.tag == f"{_MAIN}mergeCell":
            yield from _merged(element.get("ref", ""))


def _formulas(row: Element) -> Iterator[tuple[int, Fault]]:
    """Find formulas whose result the workbook does not hold."""
    for cell in row:
        if cell.find(f"{_MAIN}f") is not None and not _has_value(cell):
            place = cell.get("r", "")
            said = f"the formula in {place} has no result in the file"
            fault = Fault(said, "open the workbook, save it, and import it again")
            yield int(re.sub(r"[A-Z]+", "", place) or row.get("r") or 0), fault


def _has_value(cell: Element) -> bool:
    value = cell.find(f"{_MAIN}v")
    return (value is not None and bool(value.text)) or cell.find(f"{_MAIN}is") is not None


def _merged(ref: str) -> Iterator[tuple[int, Fault]]:
    found = _RANGE.fullmatch(ref)
    if found is not None:
        first, last = int(found[1]), int(found[2])
        fault = Fault(f"the cells {ref} are merged", "unmerge them, and write into each what it is")
        yield from ((row, fault) for row in range(first, min(last, first + MOST_ROWS) + 1))
