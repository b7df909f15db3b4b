"""Tables to import: CSV and the first sheet of an XLSX workbook, as text."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile

from pmo_engine.exchange.delimited import check_header, check_width, read_records
from pmo_engine.exchange.errors import Fault, HistoryError, quoted
from pmo_engine.exchange.files import opened

SUFFIXES = (".csv", ".csv.gz", ".xlsx")
MAX_WORKBOOK_BYTES = 1 << 29
MAX_ROWS = 1 << 20  # a spreadsheet's own limit; a file can claim a row far beyond it


class CellDay(str):
    """A cell that is a day or a moment, in ISO 8601, whatever form is usual in texts beside it."""

    __slots__ = ()

    @property
    def day(self) -> date:
        """Give its day, without the time."""
        return date.fromisoformat(self[:10])


def read_table(path: Path | str) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield each record below the header: the line (in a workbook the row) and its fields by name.

    Values are text: a workbook's dates in ISO 8601 (`CellDay`), its numbers plain with the 15
    digits that a spreadsheet keeps, whole ones with the zeros before them that their cells show,
    an empty cell as "". Raises `HistoryError`.
    """
    path = Path(path)
    name = path.name.lower()
    if name.endswith((".csv", ".csv.gz")):
        records = read_records(path)
    elif name.endswith(".xlsx"):
        records = _sheet_records(path)
    else:
        raise Fault("not the name of a table", f"a table's name ends in {', '.join(SUFFIXES)}").at(
            path
        )
    return _named(records)


def _named(records: Iterator[tuple[int, list[str]]]) -> Iterator[tuple[int, dict[str, str]]]:
    _, header = next(records)
    for line, fields in records:
        yield line, dict(zip(header, fields, strict=True))


def _sheet_records(path: Path) -> Iterator[tuple[int, list[str]]]:
    rows = _sheet_rows(path)
    line, header = next(rows, (1, []))
    if not header:
        raise Fault("the first sheet is empty").at(path)
    check_header(path, line, header)
    yield line, header
    for line, fields in rows:
        padded = fields + [""] * (len(header) - len(fields))
        check_width(path, line, padded, header)
        yield line, padded


def _sheet_rows(path: Path) -> Iterator[tuple[int, list[str]]]:
    _check_workbook(path)
    try:
        for line, row in enumerate(_first_sheet(path), 1):
            if fields := _fields(row, path, line):
                yield line, fields
    except HistoryError:
        raise
    except Exception as error:  # noqa: BLE001 - openpyxl lets through whatever its parts raise
        raise Fault(f"not a workbook that can be read: {quoted(str(error))}").at(path) from None


def _fields(row: tuple[Any, ...], path: Path, line: int) -> list[str]:
    if line > MAX_ROWS:
        raise Fault(f"more than {MAX_ROWS:,} rows", "split the sheet").at(path, line)
    fields = [_text(cell, path, line) for cell in row]
    while fields and not fields[-1]:
        fields.pop()
    return fields


def _check_workbook(path: Path) -> None:
    with opened(path):
        try:
            with ZipFile(path) as book:
                size = sum(part.file_size for part in book.infolist())
        except (BadZipFile, NotImplementedError, ValueError):
            raise Fault("not an XLSX workbook", "save it as .xlsx or .csv").at(path) from None
    if size > MAX_WORKBOOK_BYTES:
        raise Fault(
            f"a workbook of more than {MAX_WORKBOOK_BYTES:,} bytes unpacked",
            "save the sheet as .csv",
        ).at(path)


def _first_sheet(path: Path) -> Iterable[tuple[Any, ...]]:
    # Imported here: it takes longer to load than most commands take to run.
    from openpyxl import load_workbook  # noqa: PLC0415

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        book = load_workbook(path, read_only=True, data_only=True)
    try:
        sheet = book.worksheets[0]
        sheet.reset_dimensions()
        yield from sheet.iter_rows()
    finally:
        book.close()


def _text(cell: Any, path: Path, row: int) -> str:
    if cell.data_type == "e":
        said = f"a cell holds the error {cell.value}"
        raise Fault(said, "put it right in the spreadsheet").at(path, row)
    match cell.value:
        case None:
            return ""
        case bool(value):
            return str(value).lower()
        case int(value) if value >= 0 and set(cell.number_format) == {"0"}:
            return f"{value:0{len(cell.number_format)}}"
        case float(value):
            return f"{Decimal(f'{value:.15g}'):f}"
        case datetime() as moment if moment.time() == time():
            return CellDay(moment.date().isoformat())
        case datetime() | date() as day:
            return CellDay(day.isoformat())
        case time() as hour:
            return hour.isoformat()
        case value:
            return str(value)
