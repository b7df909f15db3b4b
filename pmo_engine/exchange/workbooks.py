"""Tables as a workbook: a sheet for each, numbers as numbers, no text a formula."""

from __future__ import annotations

import io
import re
from decimal import Decimal
from typing import TYPE_CHECKING

from pmo_engine.model.frozen import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

LONGEST_CELL, LONGEST_TITLE = 32_767, 31  # what a workbook takes
_NOT_IN_TITLES = re.compile(r"[\\\[\]:*?/\x00-\x1f]")
_FORMS = {"share": "0.0###%", "ratio": "0.00##", "count": "#,##0", "days": "#,##0.##"}


@dataclass(frozen=True, slots=True)
class Value:
    """What stands in a cell, and where it is a number, this with its unit."""

    text: str
    number: Decimal | None = None
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table with its title and a heading for each column."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Value, ...], ...]


def workbook(sheets: Sequence[Sheet]) -> bytes:
    """Write tables as a workbook; without any it has one sheet that is empty."""
    from openpyxl import Workbook  # noqa: PLC0415 - slow to load
    from openpyxl.styles import Font  # noqa: PLC0415 - the same

    book = Workbook()
    first = book.active
    assert first is not None  # a new workbook has one
    titles = _titles(each.title for each in sheets)
    for title, each in zip(titles, sheets, strict=True):
        sheet = first if each is sheets[0] else book.create_sheet()
        sheet.title = title
        for number, name in enumerate(each.columns, 1):
            cell = sheet.cell(1, number)
            _fill(cell, Value(name))
            cell.font = Font(bold=True)
        for line, row in enumerate(each.rows, 2):
            for number, value in enumerate(row, 1):
                _fill(sheet.cell(line, number), value)
        sheet.freeze_panes = "A2"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _titles(titles: Iterable[str]) -> list[str]:
    """Give titles that a workbook takes, each once, whatever their case."""
    found: list[str] = []
    for title in titles:
        plain = _NOT_IN_TITLES.sub(" ", title).strip(" '") or "Table"
        taken, made, number = {each.lower() for each in found}, plain[:LONGEST_TITLE], 2
        while made.lower() in taken:
            made = f"{plain[: LONGEST_TITLE - 4]} {number}"
            number += 1
        found.append(made)
    return found


def _fill(cell: object, value: Value) -> None:
    """Write a number as one in the form of its unit; any other text stays a text."""
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell  # noqa: PLC0415 - slow to load

    assert isinstance(cell, Cell)  # a sheet that is written has no merged ones
    if value.number is not None:
        cell.value = value.number
        money = f'#,##0.00 "{value.unit}"' if value.unit.isupper() else ""
        cell.number_format = money or _FORMS.get(value.unit, "General")
        return
    text = ILLEGAL_CHARACTERS_RE.sub(" ", value.text)
    cell.value, cell.data_type = text[:LONGEST_CELL] or None, "s" if text else "n"
