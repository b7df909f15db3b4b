"""Tables to import: CSV and a sheet of an XLSX workbook, as text."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile

from pmo_engine.exchange.cells import oddities
from pmo_engine.exchange.delimited import CALLED, encoding_of, read_any
from pmo_engine.exchange.errors import Fault, HistoryError, quoted
from pmo_engine.exchange.files import opened
from pmo_engine.exchange.headings import Needed, Rows, below, find_heading

SUFFIXES = (".csv", ".csv.gz", ".xlsx")
MAX_WORKBOOK_BYTES = 1 << 29
DELIMITERS = (",", ";", "\t", "|")
LOOKED_AT = 100
"""Rows at the top of a sheet that is not read, by which it is told whether there is anything."""
MAX_ROWS = 1 << 20  # a spreadsheet's own limit; a file can claim a row far beyond it

_CURRENCY = r"[£€$¥₹₽₺₩₪]|kr|zł|[A-Z]{3}"
_SIGN = re.compile(rf'\[\$({_CURRENCY})(?:-[^\]]*)?\]|" ?({_CURRENCY}) ?"|\\?([£€$¥₹₽₺₩₪])')


class CellDay(str):
    """A cell that is a day or a moment, in ISO 8601, whatever form is usual in texts beside it."""

    __slots__ = ()

    @property
    def day(self) -> date:
        """Give its day, without the time."""
        return date.fromisoformat(self[:10])


class CellAmount(str):
    """A number whose cell shows it as an amount, with the sign or code of a currency."""

    __slots__ = ("sign",)
    sign: str

    @classmethod
    def of(cls, number: str, sign: str) -> CellAmount:
        """Give a number with the sign that its cell shows."""
        made = cls(number)
        made.sign = sign
        return made

    @property
    def shown(self) -> str:
        """Give it as its cell shows it."""
        return f"{self.sign}{self}"


def read_table(
    path: Path | str,
    needed: Needed = (),
    remarks: list[str] | None = None,
    *,
    whole: bool = False,
    tab: str | None = None,
) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield each record below the header: the line (in a workbook the row) and its fields by name.

    ``needed`` are the columns by which the heading is known, for each way to read the table; it
    may then stand below a title, and beside columns that nobody needs but where it counts as a
    ``whole``. Values are text: a
    workbook's dates in ISO 8601 (`CellDay`), its numbers plain with the 15 digits that a
    spreadsheet keeps, whole ones with the zeros before them that their cells show, an empty cell
    as "". ``tab`` names the sheet of a workbook, of which the first is read otherwise.
    ``remarks`` take up what was read otherwise than a table should be written. Raises
    `HistoryError`.
    """
    path = Path(path)
    name = path.name.lower()
    if name.endswith((".csv", ".csv.gz")):
        rows, nothing = _csv_rows(path, needed, [] if remarks is None else remarks), "file"
        if tab is not None:
            raise Fault(f"no workbook, and has no sheet '{tab}'", "leave the sheet out").at(path)
    elif name.endswith(".xlsx"):
        rows, nothing = _sheet_rows(path, tab, [] if remarks is None else remarks), "first sheet"
        nothing = nothing if tab is None else f"sheet '{tab}'"
    else:
        raise Fault("not the name of a table", f"a table's name ends in {', '.join(SUFFIXES)}").at(
            path
        )
    begun, ragged = _begun(path, rows, nothing), nothing != "file"
    found = below(path, begun, needed, ragged=ragged, whole=whole)
    return found if nothing == "file" else _sound(path, found, tab)


def _sound(
    path: Path, rows: Iterator[tuple[int, dict[str, str]]], tab: str | None
) -> Iterator[tuple[int, dict[str, str]]]:
    """Give the rows of a sheet, up to one of which a cell would be read as empty that is not."""
    odd: dict[int, Fault] | None = None
    for line, fields in rows:
        odd = oddities(path, tab) if odd is None else odd
        if line in odd:
            raise odd[line].at(path, line)
        yield line, fields


def _csv_rows(path: Path, needed: Needed, remarks: list[str]) -> Rows:
    encoding = encoding_of(path)
    if encoding != "utf-8":
        remarks.append(f"it is not UTF-8, and was read as {CALLED[encoding]}")
    return read_any(path, _delimiter(path, needed, encoding), encoding)


def _delimiter(path: Path, needed: Needed, encoding: str) -> str:
    """Find what stands between the fields: with it there is a heading, or the most columns."""
    for each in DELIMITERS if needed else ():
        try:
            found = find_heading(read_any(path, each, encoding), needed)
        except HistoryError:  # what this one makes of quotes; the right one says it again
            continue
        if found is not None:
            return each
    return max(DELIMITERS, key=lambda each: _width(path, each, encoding))


def _width(path: Path, delimiter: str, encoding: str) -> int:
    try:
        return max((len(fields) for _, fields in islice(read_any(path, delimiter, encoding), 1)))
    except (HistoryError, ValueError):
        return 0


def _begun(path: Path, rows: Rows, what: str) -> Rows:
    """Give the rows again, once there is a first one."""
    first = next(rows, None)
    if first is None:
        raise Fault(f"the {what} is empty").at(path)
    yield first
    yield from rows


def _sheet_rows(path: Path, tab: str | None, remarks: list[str]) -> Iterator[tuple[int, list[str]]]:
    _check_workbook(path)
    try:
        for line, row in enumerate(_rows_of(path, tab, remarks), 1):
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


def _rows_of(path: Path, tab: str | None, remarks: list[str]) -> Iterable[tuple[Any, ...]]:
    # Imported here: it takes longer to load than most commands take to run.
    from openpyxl import load_workbook

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        book = load_workbook(path, read_only=True, data_only=True)
    try:
        sheet = _sheet(path, book.worksheets, tab, remarks)
        sheet.reset_dimensions()
        yield from sheet.iter_rows()
    finally:
        book.close()


def _sheet(path: Path, sheets: Sequence[Any], tab: str | None, remarks: list[str]) -> Any:
    """Give the sheet that is meant; where nobody says which, tell which ones are not read."""
    names = {each.title: each for each in sheets}
    if tab is not None and tab not in names:
        raise Fault(f"no sheet '{tab}'", f"it has {', '.join(names)}").at(path)
    if tab is not None:
        return names[tab]
    others = [each.title for each in sheets[1:] if _holds_something(each)]
    if others:
        listed = ", ".join(f"'{each}'" for each in others)
        remarks.append(f"the first sheet, '{sheets[0].title}', is read, and not {listed}")
    return sheets[0]


def _holds_something(sheet: Any) -> bool:
    """Tell whether somebody sees a cell with something in it at the top of a sheet."""
    if sheet.sheet_state != "visible":
        return False
    top = sheet.iter_rows(max_row=LOOKED_AT, values_only=True)
    return any(value is not None for row in top for value in row)


def _text(cell: Any, path: Path, row: int) -> str:
    text = _plain_text(cell, path, row)
    if cell.data_type != "n" or not text or isinstance(text, CellDay):
        return text
    sign = _sign_of(cell.number_format)
    return CellAmount.of(text, sign) if sign else text


def _sign_of(form: str) -> str:
    """Give the currency that a cell shows; of the forms that each country has its own way, none."""
    from openpyxl.styles.numbers import BUILTIN_FORMATS

    if form in BUILTIN_FORMATS.values():
        return ""
    found = _SIGN.search(form)
    return next(filter(None, found.groups()), "").strip() if found else ""


def _plain_text(cell: Any, path: Path, row: int) -> str:
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
        case float(value) | int(value) if "%" in cell.number_format:
            return f"{Decimal(f'{value:.15g}').scaleb(2).normalize():f}%"
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
