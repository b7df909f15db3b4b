"""Whether a table has more rows than can be taken, told before any of them is read in earnest."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from zipfile import BadZipFile, ZipFile

from pmo_engine.exchange.cells import part_of
from pmo_engine.exchange.delimited import read_any
from pmo_engine.exchange.errors import HistoryError
from pmo_engine.exchange.files import READ_ERRORS, opened

PART = 1 << 20
SMALLEST_ROW = 2
"""Bytes of a row of a CSV file: a value, and the end of its line."""
_ROW = re.compile(rb"<row\b[^>]*>(.*?)</row>", re.DOTALL)
_VALUE = re.compile(rb"<(?:v|is)\b")


def has_more_rows(path: Path, most: int, tab: str | None = None) -> bool:
    """Tell whether a table has more than ``most`` rows that hold something.

    False where it cannot be read; whoever reads it says why.
    """
    try:
        if path.suffix.lower() == ".xlsx":
            return sum(_in_sheet(path, most, tab)) > most
        return sum(_lines(path, most)) > most and _has_more_records(path, most)
    except (BadZipFile, HistoryError, KeyError, NotImplementedError, ValueError, *READ_ERRORS):
        return False


def _lines(path: Path, most: int) -> Iterator[int]:
    """Count the lines of each part of a file, as far as it is large enough to have so many."""
    if path.suffix.lower() == ".csv" and path.stat().st_size <= most * SMALLEST_ROW:
        return
    with opened(path) as file:
        while part := file.read(PART):
            yield part.count(b"\n")


def _has_more_records(path: Path, most: int) -> bool:
    """Tell it exactly: a record whose cells have several lines is one row."""
    records = read_any(path, ",", "latin-1")
    return next(islice(records, most, None), None) is not None


def _in_sheet(path: Path, most: int, tab: str | None) -> Iterator[int]:
    with ZipFile(path) as book:
        name = part_of(book, tab)
        if name is None or book.getinfo(name).file_size <= most * len(b"<row></row>"):
            return
        with book.open(name) as sheet:
            rest = b""
            while part := sheet.read(PART):
                text, _, rest = (rest + part).rpartition(b"</row>")
                whole = text + b"</row>"
                yield sum(_VALUE.search(each[1]) is not None for each in _ROW.finditer(whole))
