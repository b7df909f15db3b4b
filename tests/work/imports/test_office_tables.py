"""Tables as offices keep them, from the file to the records."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from pmo_engine.compiler.loading import check_policy
from pmo_engine.exchange.errors import HistoryError, MappingError
from pmo_engine.exchange.record_rows import Prepared, columns_of, prepare
from pmo_engine.exchange.sheets import read_table
from pmo_engine.policy import Register

POLICY = """kind: policy
name: risks
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
      open: {type: boolean}
      exposure: {type: money}
      raised: {type: date}
    imports:
      - id: log
        key: ID
        columns: {title: Title, open: Open, exposure: Exposure}
        amounts: {sign: "£", thousands: ","}
      - {id: days, key: No, columns: {title: Title, raised: Raised}}
"""
HEADING = "ID,Title,Open,Exposure\n"


@pytest.fixture
def register(tmp_path: Path) -> Register:
    path = tmp_path / "policy.yaml"
    path.write_text(POLICY, "utf-8")
    policy = check_policy(path).policy
    assert policy is not None
    return policy.registers["risks"]


def prepared(register: Register, path: Path, text: str | bytes) -> tuple[Prepared, list[str]]:
    remarks: list[str] = []
    path = path / "table.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return prepare(register, read_table(path, columns_of(register), remarks)), remarks


def fields(register: Register, path: Path, text: str | bytes) -> dict[str, Any]:
    (record,) = prepared(register, path, text)[0].records
    return {"key": record.key, **record.fields}


@pytest.mark.parametrize(
    "text",
    [
        HEADING + "1,Damp,true,£5\n",
        "ID;Title;Open;Exposure\n1;Damp;true;£5\n",
        "ID\tTitle\tOpen\tExposure\n1\tDamp\ttrue\t£5\n",
        "ID|Title|Open|Exposure\n1|Damp|true|£5\n",
        'ID;Title;Open;Exposure\n1;"Damp";true;£5\n',
        HEADING + "1,Damp,YES,£5\n",
        HEADING + "1,Damp,y,£5\n",
        HEADING + "1,Damp,true,£5\n,,,\n  ,,,\n\n",
        "Risk log,,,\n\nExported by ana, 3 March,,\n" + HEADING + "1,Damp,true,£5\n",
        "Risk log\n" + HEADING + "1,Damp,true,£5\n",
        "sep=;\nID;Title;Open;Exposure\n1;Damp;true;£5\n",
        "ID,Title,Open,Exposure,\n1,Damp,true,£5,\n",
        ",ID,Title,Open,Exposure\n,1,Damp,true,£5\n",
        "ID,Title,Open,Exposure,RAG,RAG\n1,Damp,true,£5,red,\n",
        "ID , Title,OPEN,exposure\n1,Damp,true,£5\n",
        "ID,Title,Open,Exposure\n1,Damp,true,£5,,\n",
    ],
)
def test_one_detail_refuses_no_table(register: Register, tmp_path: Path, text: str) -> None:
    found, remarks = prepared(register, tmp_path, text)
    assert (found.problems, found.remarks, remarks) == ((), (), [])
    (record,) = found.records
    assert record.key == "1"
    assert record.fields["title"] == "Damp"
    assert record.fields["open"] is True
    assert record.fields["exposure"].amount == Decimal(5)


@pytest.mark.parametrize(
    ("written", "amount"),
    [
        ("(£5.00)", -5),
        ("£(5)", -5),
        ("£ (5)", -5),
        ("( £5 )", -5),
        ("£5.00-", -5),
        ('"(£1,234.50)"', "-1234.50"),
    ],
)
def test_accounts_write_what_is_below_zero_otherwise(
    register: Register, tmp_path: Path, written: str, amount: str
) -> None:
    found = fields(register, tmp_path, f"{HEADING}1,Damp,true,{written}\n")
    assert found["exposure"].amount == Decimal(amount)


@pytest.mark.parametrize("written", ["(-£5)", "-(£5)", "(£5", "£5)", "()", "-", "-£5-"])
def test_what_is_below_zero_twice_or_half_is_no_amount(
    register: Register, tmp_path: Path, written: str
) -> None:
    found, _ = prepared(register, tmp_path, f"{HEADING}1,Damp,true,{written}\n")
    assert [each.column for each in found.problems] == ["Exposure"]


def test_what_is_not_known_is_said_and_is_no_value(register: Register, tmp_path: Path) -> None:
    rows = "1,TBC,n/a,TBC\n2,Damp,no,tbc\n3,Leak,no,TBC\n"
    found, _ = prepared(register, tmp_path, HEADING + rows)
    assert found.problems == ()
    first = found.records[0].fields
    assert (first["title"], first["open"], first["exposure"]) == ("TBC", None, None)
    assert found.remarks == (
        "Open: 'n/a' is taken as not known (1 row)",
        "Exposure: 'TBC' is taken as not known (2 rows)",
        "Exposure: 'tbc' is taken as not known (1 row)",
    )


def test_what_windows_writes_is_read_and_said(register: Register, tmp_path: Path) -> None:
    text = f"{HEADING}1,Br\u00fccke \u2013 S\u00fcd,true,\u00a35\n".encode("cp1252")
    found, remarks = prepared(register, tmp_path, text)
    assert found.records[0].fields["title"] == "Br\u00fccke \u2013 S\u00fcd"
    assert remarks == ["it is not UTF-8, and was read as Windows-1252"]


def test_utf_8_beyond_the_first_part_stays_utf_8(
    register: Register, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pmo_engine.exchange.delimited.PART", 3)
    found, remarks = prepared(register, tmp_path, f"{HEADING}1,Br\u00fccke,true,\u00a35\n")
    assert (found.records[0].fields["title"], remarks) == ("Br\u00fccke", [])
    _, remarks = prepared(register, tmp_path, HEADING.encode() + b"1,Damp,true,\xc2")
    assert remarks == ["it is not UTF-8, and was read as Windows-1252"]


def test_what_is_no_text_in_either_is_refused(register: Register, tmp_path: Path) -> None:
    with pytest.raises(HistoryError, match=r"2:3: the byte 0x81 is no text"):
        prepared(register, tmp_path, HEADING.encode() + b"1,\x81,true,\n")


def test_a_column_that_is_used_stands_there_once(register: Register, tmp_path: Path) -> None:
    with pytest.raises(HistoryError, match=r"2:1: two columns are named 'title'"):
        prepared(register, tmp_path, "Log\nID,title,Open,Exposure,Title\n1,Damp,true,,\n")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("ID,Title,Open\n1,Damp,true\n", "'log' needs 'Exposure'; 'days' needs 'No', 'Raised'"),
        ("ID,Title,Open\n", "no row is the heading of a table that can be imported"),
        ("a\n" * 20 + HEADING + "1,Damp,true,\n", "'log' needs 'ID', 'Title', 'Open', 'Exposure'"),
        (HEADING + "1,Damp\n", "2 fields where the header has 4"),
        (HEADING + "1,Damp,true,,red\n", "5 fields where the header has 4"),
    ],
)
def test_what_is_no_such_table_is_refused(
    register: Register, tmp_path: Path, text: str, said: str
) -> None:
    with pytest.raises((MappingError, HistoryError), match=said):
        prepared(register, tmp_path, text)


def test_the_layout_is_that_of_the_heading(register: Register, tmp_path: Path) -> None:
    found = fields(register, tmp_path, "Log;;\nNo;Raised;Title\n4;2026-03-02;Damp\n")
    assert found == {"key": "4", "title": "Damp", "raised": date(2026, 3, 2)}


def test_a_workbook_has_a_title_too(register: Register, tmp_path: Path) -> None:
    book, path = Workbook(), tmp_path / "table.xlsx"
    for row in (["Risk log"], [], ["ID ", "Title", None, "Open", "Exposure"], [1, "Damp"], [" "]):
        book.active.append(row)
    book.save(path)
    found = prepare(register, read_table(path, columns_of(register)))
    (record,) = found.records
    assert (record.line, record.key, record.fields["title"]) == (4, "1", "Damp")


def test_where_each_column_counts_blanks_at_the_end_do_not(tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text("person;name;\nana;Ana;\n;;\n", "utf-8")
    assert list(read_table(path)) == [(2, {"person": "ana", "name": "Ana"})]
    path.write_text("person;;name\nana;;Ana\n", "utf-8")
    with pytest.raises(HistoryError, match="column 2 has no name"):
        list(read_table(path))
