"""Tables as people have them: read where they are clear, told where they are not, never dropped."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook
from openpyxl.styles.numbers import BUILTIN_FORMATS

from pmo_engine.exchange.counting import has_more_rows
from pmo_engine.exchange.errors import HistoryError
from pmo_engine.exchange.record_rows import Prepared, columns_of, prepare
from pmo_engine.exchange.sheets import read_table
from pmo_engine.feel.wire import to_json
from pmo_engine.policy import Register
from pmo_engine.testing import policy_from

POLICY = """kind: policy
name: office
version: "1"
currency: GBP
---
kind: registers
registers:
  - register: risks
    noun: risk
    root: risk
    plural: risks
    fields:
      title: {type: text}
      level: {type: whole number, from: 1, to: 5}
      cost: {type: money}
      seen: {type: date}
"""
HEADING = "key,title,owner,level,cost,seen\n"
ROW = "R-1,Ice,ana,3,5 GBP,2026-03-02\n"
PEOPLE = {"ana": "ana", "Ana Sousa": "ana"}


@pytest.fixture(scope="module")
def register() -> Register:
    return policy_from(POLICY).registers["risks"]


def read(register: Register, path: Path) -> tuple[Prepared, list[str]]:
    remarks: list[str] = []
    table = read_table(path, columns_of(register), remarks, whole=True)
    return prepare(register, table, person=PEOPLE.get), remarks


def from_csv(register: Register, folder: Path, text: str | bytes) -> tuple[Prepared, list[str]]:
    path = folder / "table.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read(register, path)


def test_what_windows_calls_unicode_is_read_and_said(register: Register, tmp_path: Path) -> None:
    text = (HEADING + ROW.replace("Ice", "Glace étendue")).replace(",", "\t")
    found, remarks = from_csv(register, tmp_path, text.encode("utf-16"))
    assert found.records[0].fields["title"] == "Glace étendue"
    assert remarks == ["it is not UTF-8, and was read as UTF-16"]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (b"\xff\xfe" + b"k", "begins as UTF-16, and is not .save the file as CSV in UTF-8"),
        ((HEADING + ROW).replace("\n", "\r").encode(), "end in a carriage return alone"),
        (b"\n ,,\n", "nothing in its first rows"),
        (HEADING.strip().encode() + b",\n" + ROW.strip().encode() + b",red\n", "column 7 has no"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(
    register: Register, tmp_path: Path, text: bytes, why: str
) -> None:
    with pytest.raises(HistoryError, match=why):
        from_csv(register, tmp_path, text)


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ("Total,,,,5 GBP,\n", "key: a row of totals is no record: take it out"),
        (" Grand total: ,,,,5 GBP,\n", "a row of totals"),
        ("r-1,Ice,,,,\n", "'r-1' is 'R-1' of line 2, written otherwise"),
        ("R-1,Ice,,,,\n", "'R-1' is on line 2 already"),
        ("R-2,Ice,,=1+2,,\n", "level: '=1+2' is not a whole number from 1 to 5"),
        ("R-2,Ice,,=1+2,,\n", "a formula as text: write into the cell what it comes to"),
        ("R-2,Ice,,,=SUM(E2:E9),\n", "a formula as text"),
        ("R-2,Ice,,,,46083\n", "spreadsheets count 2026-03-02 so"),
        ("R-2,Ice,,,€5,\n", "line 3: cost: '€5' is not money: that is in EUR, and amounts"),
        ("R-2,Ice,,-1,,\n", "line 3: level: '-1' is not a whole number from 1 to 5"),
        ("R-2,Ice,,,-,\n", "cost: '-'"),
    ],
)
def test_a_row_that_cannot_go_in_says_why(
    register: Register, tmp_path: Path, row: str, why: str
) -> None:
    found, _ = from_csv(register, tmp_path, HEADING + ROW + row)
    (problem,) = found.problems
    assert why in str(problem)


@pytest.mark.parametrize(
    ("row", "field", "value", "said"),
    [
        ("R-1,Ice,Ana Sousa,,,\n", "owner", "ana", "owner: 'Ana Sousa' is taken as 'ana' (1 row)"),
        (
            "R-1,Ice,zoe,,,\n",
            "owner",
            "zoe",
            "owner: 'zoe' is taken as somebody whom nobody here knows (1 row)",
        ),
        (
            "R-1,=A1,,,,\n",
            "title",
            "=A1",
            "title: '=A1' is taken as a text, and not worked out (1 row)",
        ),
        ("R-1,Ice,,,,–\n", "seen", None, "seen: '–' is taken as not known (1 row)"),
        ("R-1,=Ice,,,,\n", "title", "=Ice", ""),
        ("R-1,-,,,,\n", "title", "-", ""),
    ],
)
def test_what_is_taken_otherwise_is_said(
    register: Register, tmp_path: Path, row: str, field: str, value: Any, said: str
) -> None:
    found, _ = from_csv(register, tmp_path, HEADING + row)
    assert found.problems == ()
    assert found.records[0].fields[field] == value
    assert found.remarks == ((said,) if said else ())


@pytest.mark.parametrize(
    ("form", "cost"),
    [
        ('"£"#,##0', "5 GBP"),
        ("[$£-809]#,##0.00", "5 GBP"),
        ("£#,##0", "5 GBP"),
        ("[$GBP] #,##0", "5 GBP"),
        (BUILTIN_FORMATS[44], "5 GBP"),  # each country has its own sign there
        ("[$€-407] #,##0", None),
        ("#,##0 [$USD]", None),
    ],
)
def test_an_amount_is_in_the_currency_that_its_cell_shows(
    register: Register, tmp_path: Path, form: str, cost: str | None
) -> None:
    path, book = tmp_path / "table.xlsx", Workbook()
    for row in (HEADING.strip().split(","), ["R-1", "Ice", None, 3, 5, date(2026, 3, 2)]):
        book.active.append(row)
    book.active["E2"].number_format = form
    book.active["D2"].number_format = form  # of what is no amount the number counts
    book.save(path)
    found, _ = read(register, path)
    assert found.records[0].fields["level"] == Decimal(3)
    if cost is None:
        assert "and amounts are in GBP here" in str(found.problems[0])
    else:
        assert to_json(found.records[0].fields["cost"]) == cost


def workbook(path: Path, rows: int, blank: int = 0) -> Path:
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    for number in range(rows):
        sheet.append([number])
    for _ in range(blank):
        sheet.append([None])
    book.save(path)
    return path


def test_too_many_rows_are_told_before_any_is_read(tmp_path: Path) -> None:
    assert has_more_rows(workbook(tmp_path / "a.xlsx", 11), 10)
    assert not has_more_rows(workbook(tmp_path / "b.xlsx", 10, blank=50), 10)
    plain = tmp_path / "c.csv"
    plain.write_text("a,b\n" * 11, "utf-8")
    assert has_more_rows(plain, 10)
    assert not has_more_rows(plain, 11)
    lines = tmp_path / "d.csv"
    lines.write_text('a,"b\nc"\n' * 10, "utf-8")
    assert not has_more_rows(lines, 10)
    assert not has_more_rows(tmp_path / "none.csv.gz", 10)


def test_which_sheet_of_a_workbook_is_read_is_said(tmp_path: Path) -> None:
    book, path = Workbook(), tmp_path / "book.xlsx"
    for name, key in (("Risks", "R-1"), ("Old risks", "R-9"), ("Lists", "low"), ("Sheet4", None)):
        sheet = book.create_sheet(name)
        for row in (["key", "title"], [key, "Ice"]) if key else ():
            sheet.append(row)
        sheet.sheet_state = "hidden" if name == "Lists" else "visible"
    del book["Sheet"]
    book["Old risks"].append(["R-10", "=A1"])
    book.save(path)
    remarks: list[str] = []
    assert [row["key"] for _, row in read_table(path, remarks=remarks)] == ["R-1"]
    assert remarks == ["the first sheet, 'Risks', is read, and not 'Old risks'"]
    remarks.clear()
    named = read_table(path, remarks=remarks, tab="Old risks")
    assert next(named) == (2, {"key": "R-9", "title": "Ice"})
    with pytest.raises(HistoryError, match=":3:1: the formula in B3"):
        next(named)
    assert not remarks
    with pytest.raises(
        HistoryError, match="no sheet 'Risk'.*it has Risks, Old risks, Lists, Sheet4"
    ):
        list(read_table(path, tab="Risk"))
    with pytest.raises(HistoryError, match="the sheet 'Sheet4' is empty"):
        list(read_table(path, tab="Sheet4"))
    table = tmp_path / "table.csv"
    table.write_text("key\nR-1\n")
    with pytest.raises(HistoryError, match="no workbook, and has no sheet 'Risks'"):
        list(read_table(table, tab="Risks"))
    assert has_more_rows(path, 1, "Old risks")
    assert not has_more_rows(path, 5, "Old risks")
