"""Records of a register as a table to fill in, or to take along: what an import reads back.

Columns are called as the fields are. In a workbook those of enumerations have lists to choose from,
those with a range or a day refuse what lies beyond, and headings are protected and say what they
want. Lists are written with semicolons, amounts with their currency.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pmo_engine.exchange.errors import Fault, quoted
from pmo_engine.feel import types as t
from pmo_engine.feel.bounds import bounds_of
from pmo_engine.feel.wire import WireError, from_wire
from pmo_engine.model.frozen import dataclass
from pmo_engine.policy.registers import IMPLICIT, STATUS

if TYPE_CHECKING:
    from openpyxl.cell import Cell
    from openpyxl.worksheet.worksheet import Worksheet

    from pmo_engine.policy import Register

KEPT_DIGITS = 15  # of a number in a spreadsheet
LAST_ROW = 1 << 20
LONGEST_CELL = 32_767  # characters
OWN = {
    "key": "What tells the record from others, as R-1; has to be given.",
    STATUS: "",
    "owner": "The id of whoever sees to it.",
    "due": "",
}
"""What every record has that a table may say, and what is said of it beside its type."""
_WIDTHS: Mapping[t.Type, int] = {t.STRING: 32, t.DATE: 12, t.NUMBER: 12}


@dataclass(frozen=True, slots=True)
class Column:
    """A column: the field that it holds, its type, and what is said of it."""

    name: str
    type: t.Type
    note: str


def columns_of(register: Register) -> tuple[Column, ...]:
    """Give the columns of a register: what a table may say of every record, and its fields."""
    kinds = {**dict(IMPLICIT), STATUS: t.EnumType(register.life.states)}
    own = [Column(name, kinds[name], OWN[name] or t.describe(kinds[name])) for name in OWN]
    return (*own, *_fields(register))


def _fields(register: Register) -> Iterator[Column]:
    for each in register.given.values():
        must = [f"must be {item.words}" for item in register.relations if item.name == each.name]
        required = ["has to be given"] if each.required else []
        told = "; ".join([t.describe(each.type), *required, *must])
        yield Column(each.name, each.type, f"{told}. {each.about}" if each.about else told)


def as_csv(register: Register, rows: Iterable[Mapping[str, Any]]) -> bytes:
    """Write records, given as JSON by field, as CSV in UTF-8 with a mark that spreadsheets know."""
    columns = columns_of(register)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([each.name for each in columns])
    for row in rows:
        writer.writerow([as_text(row.get(each.name)) for each in columns])
    return out.getvalue().encode("utf-8-sig")


def as_text(value: Any) -> str:
    """Give a value, as JSON has it, as a cell shows it; a list with semicolons."""
    match value:
        case None:
            return ""
        case bool():
            return str(value).lower()
        case list():
            return "; ".join(map(as_text, value))
        case _:
            return str(value)


def as_workbook(register: Register, rows: Sequence[Mapping[str, Any]] = ()) -> bytes:
    """Write records as a workbook; without any it is a template to fill in. Raises HistoryError."""
    # Imported here: it takes longer to load than most commands take to run.
    from openpyxl import Workbook
    from openpyxl.cell import MergedCell

    columns = columns_of(register)
    book = Workbook()
    sheet = book.active
    assert sheet is not None  # a new workbook has one
    sheet.title = register.id[:31]
    lists = book.create_sheet("Lists")
    lists.sheet_state = "hidden"
    for number, column in enumerate(columns, 1):
        _head(sheet, number, column)
        _allow(sheet, lists, number, column)
    for line, row in enumerate(rows, 2):
        for number, column in enumerate(columns, 1):
            cell = sheet.cell(line, number)
            assert not isinstance(cell, MergedCell)  # nothing is merged here
            _fill(cell, column, row.get(column.name))
    sheet.freeze_panes = "A2"
    _protect(sheet)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _head(sheet: Worksheet, number: int, column: Column) -> None:
    from openpyxl.comments import Comment
    from openpyxl.styles import Font, Protection
    from openpyxl.utils import get_column_letter

    cell = sheet.cell(1, number, column.name)
    cell.font = Font(bold=True)
    cell.protection = Protection(locked=True)
    cell.comment = Comment(column.note, "pmo")
    below = sheet.column_dimensions[get_column_letter(number)]
    below.width = max(_WIDTHS.get(column.type, 18), len(column.name) + 2)
    below.protection = Protection(locked=False)
    if column.type == t.DATE:
        below.number_format = "yyyy-mm-dd"


def _allow(sheet: Worksheet, lists: Worksheet, number: int, column: Column) -> None:
    """Let a column take what its type does; the lists of words stand on a sheet of their own."""
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    rule = _rule(lists, number, column.type)
    if rule is None:
        return
    check = DataValidation(allow_blank=True, showErrorMessage=True, **rule)
    check.errorTitle, check.error = column.name[:32], f"This is {t.describe(column.type)}."[:255]
    letter = get_column_letter(number)
    check.add(f"{letter}2:{letter}{LAST_ROW}")
    sheet.add_data_validation(check)


def _rule(lists: Worksheet, number: int, kind: t.Type) -> dict[str, Any] | None:
    from openpyxl.utils import get_column_letter

    if isinstance(kind, t.EnumType) or kind == t.BOOLEAN:
        words = kind.values if isinstance(kind, t.EnumType) else ("true", "false")
        for line, word in enumerate(words, 1):
            lists.cell(line, number, word)
        letter = get_column_letter(number)
        return {"type": "list", "formula1": f"Lists!${letter}$1:${letter}${len(words)}"}
    bounds = bounds_of(kind)
    if kind == t.NUMBER and bounds is not None and not bounds.among:
        return _between("whole" if bounds.whole else "decimal", bounds.low, bounds.high)
    if kind == t.DATE:
        low, high = (None, None) if bounds is None else (bounds.low, bounds.high)
        return _between("date", _serial(low or date(1900, 3, 1)), _serial(high))
    return None


def _between(kind: str, low: Any, high: Any) -> dict[str, Any] | None:
    if low is None and high is None:
        return {"type": kind, "operator": "greaterThan", "formula1": str(-(10**KEPT_DIGITS))}
    if low is None or high is None:
        operator = "greaterThanOrEqual" if high is None else "lessThanOrEqual"
        return {"type": kind, "operator": operator, "formula1": str(high if low is None else low)}
    return {"type": kind, "operator": "between", "formula1": str(low), "formula2": str(high)}


def _serial(day: date | None) -> int | None:
    """Give a day as spreadsheets count it."""
    return None if day is None else (day - date(1899, 12, 30)).days


def _fill(cell: Cell, column: Column, value: Any) -> None:
    """Write a value so that it is read back as it is: what begins with ``=`` is no formula."""
    from openpyxl.styles import Protection
    from openpyxl.utils.exceptions import IllegalCharacterError

    cell.protection = Protection(locked=False)
    typed = _typed(column, value)
    if isinstance(typed, str) and len(typed) > LONGEST_CELL:
        fault = Fault(f"'{column.name}' is too long for a cell", "write a .csv file")
        raise fault.at(Path("table"), cell.row)
    try:
        cell.value = typed
    except IllegalCharacterError:
        said = f"no cell can hold {quoted(str(typed))}"
        raise Fault(said, "write a .csv file").at(Path("table"), cell.row) from None
    if isinstance(typed, str):
        cell.data_type = "s"
    elif isinstance(typed, date):
        cell.number_format = "yyyy-mm-dd"


def _typed(column: Column, value: Any) -> Any:
    """Give a value as a spreadsheet has it: a day, a number that it keeps exactly, else text."""
    if value is None or isinstance(value, list | bool):
        return as_text(value) or None
    if column.type not in (t.DATE, t.NUMBER):
        return as_text(value)
    try:
        typed = from_wire(t.NUMBER if column.type == t.NUMBER else t.DATE, value, column.name)
    except WireError:  # written under another version of the register
        return as_text(value)
    if isinstance(typed, Decimal):
        return typed if len(typed.normalize().as_tuple().digits) <= KEPT_DIGITS else as_text(value)
    return typed if typed >= date(1900, 3, 1) else as_text(value)


def _protect(sheet: Worksheet) -> None:
    """Keep headings as they are; rows can be added, sorted and taken out."""
    sheet.protection.sheet = True
    for each in ("formatColumns", "formatRows", "insertRows", "deleteRows", "sort", "autoFilter"):
        setattr(sheet.protection, each, False)


def list_as_csv(columns: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> bytes:
    """Write rows as CSV in UTF-8 with a mark that spreadsheets know.

    What a spreadsheet would take for a formula has a ``'`` before it.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([_harmless(as_text(row.get(name))) for name in columns] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def _harmless(text: str) -> str:
    is_amount = text[:1] == "-" and text[1:2].isdigit()
    return f"'{text}" if text[:1] in {"=", "@", "+", "-"} and not is_amount else text


def list_as_workbook(columns: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> bytes:
    """Write rows as a workbook; every value is a text, so that no text is a formula."""
    # Imported here: it takes longer to load than most commands take to run.
    from openpyxl import Workbook
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
    from openpyxl.styles import Font

    book = Workbook()
    sheet = book.active
    assert sheet is not None  # a new workbook has one
    for number, name in enumerate(columns, 1):
        sheet.cell(1, number, name).font = Font(bold=True)
    for line, row in enumerate(rows, 2):
        for number, name in enumerate(columns, 1):
            cell = sheet.cell(line, number)
            text = ILLEGAL_CHARACTERS_RE.sub(" ", as_text(row.get(name)))
            cell.value, cell.data_type = text[:LONGEST_CELL] or None, "s" if text else "n"
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = sheet.dimensions
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
