from contextlib import suppress
from datetime import date, datetime, time
from zipfile import ZipFile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from pmo_engine.exchange import sheets as tables
from pmo_engine.exchange.event_logs import HistoryError
from pmo_engine.exchange.sheets import read_table


@pytest.fixture
def workbook(tmp_path):
    def write(*rows):
        book = Workbook()
        for row in rows:
            book.active.append(row)
        path = tmp_path / "table.xlsx"
        book.save(path)
        return path

    return write


def failure(path):
    with pytest.raises(HistoryError) as caught:
        list(read_table(path))
    assert len(str(caught.value).splitlines()) == 1
    return str(caught.value).removeprefix(str(path))


def test_records_come_with_the_line_that_they_begin_at(tmp_path):
    path = tmp_path / "table.csv"
    path.write_text('id,text\n1,"one\ntwo"\n\n2,three\n')
    assert list(read_table(path)) == [
        (2, {"id": "1", "text": "one\ntwo"}),
        (5, {"id": "2", "text": "three"}),
    ]


def test_lists_of_real_projects_are_read(shared):
    folder = shared / "data" / "canada-it-projects"
    count = {
        part: sum(1 for _ in read_table(folder / f"gc-it-projects-{part}.csv"))
        for part in ("2016", "2019", "2022", "combined")
    }
    assert count == {"2016": 398, "2019": 463, "2022": 495, "combined": 1_126}


def test_a_workbook_is_read_as_text(workbook):
    path = workbook(
        ["id", "cost", "share", "big", "due", "at", "hour", "done", "none", "text"],
        [
            1,
            50000.01,
            0.1 + 0.2,
            1e17,
            date(2026, 3, 2),
            datetime(2026, 3, 2, 9, 30),
            time(9),
            True,
        ],
        [],
        [2, None, None, None, None, None, None, False, None, "last"],
    )
    first, second = read_table(path)
    assert first == (
        2,
        {
            "id": "1",
            "cost": "50000.01",
            "share": "0.3",
            "big": "100000000000000000",
            "due": "2026-03-02",
            "at": "2026-03-02T09:30:00",
            "hour": "09:00:00",
            "done": "true",
            "none": "",
            "text": "",
        },
    )
    assert second[0] == 4
    assert {name for name, value in second[1].items() if value} == {"id", "done", "text"}


def test_headers_and_rows_must_fit(workbook):
    assert failure(workbook(["a", "a"], [1, 2])).startswith(":1:1: two columns are named 'a'")
    assert failure(workbook(["a", None, "b"])).startswith(":1:1: column 2 has no name")
    assert failure(workbook(["a"], [1], [1, 2])).startswith(":3:1: 2 fields where the header has 1")
    assert failure(workbook()) == ":1:1: the first sheet is empty"


def test_an_error_in_a_cell_is_no_value(workbook):
    assert failure(workbook(["a"], ["#DIV/0!"])).startswith(":2:1: a cell holds the error #DIV/0!")


def test_a_text_that_begins_as_errors_do_is_a_text(workbook):
    [(_, row)] = read_table(workbook(["a", "b"], ["#1 question: who pays?", "#hash!"]))
    assert row == {"a": "#1 question: who pays?", "b": "#hash!"}


@pytest.mark.parametrize(
    ("form", "value", "text"),
    [
        ("000", 7, "007"),
        ("000", 1234, "1234"),
        ("0", 7, "7"),
        ("General", 7, "7"),
        ("0.00", 7, "7"),
        ("000", -7, "-7"),
    ],
)
def test_a_number_has_the_zeros_that_its_cell_shows(tmp_path, form, value, text):
    book = Workbook()
    book.active.append(["id"])
    book.active.append([value])
    book.active["A2"].number_format = form
    book.save(tmp_path / "table.xlsx")
    assert list(read_table(tmp_path / "table.xlsx")) == [(2, {"id": text})]


def test_a_day_of_a_workbook_is_one_whatever_form_texts_have(workbook):
    [(_, row)] = read_table(workbook(["a", "b"], [date(2026, 3, 2), datetime(2026, 3, 2, 9, 30)]))
    assert [cell.day for cell in row.values()] == [date(2026, 3, 2)] * 2


def test_ragged_rows_of_a_csv_file_are_refused(tmp_path):
    path = tmp_path / "table.csv"
    path.write_text("a,b\n1,2\n1,2,3\n")
    assert failure(path).startswith(":3:1: 3 fields where the header has 2")


def test_what_is_no_workbook_is_refused(tmp_path):
    path = tmp_path / "table.xlsx"
    assert "no such file" in failure(path)
    path.touch()
    assert "empty" in failure(path)
    path.write_text("a,b\n")
    assert "not an XLSX workbook" in failure(path)
    with ZipFile(path, "w") as archive:
        archive.writestr("hello.txt", "hello")
    assert "not a workbook" in failure(path)


def test_a_workbook_too_large_when_unpacked_is_refused(workbook, monkeypatch):
    monkeypatch.setattr(tables, "MAX_WORKBOOK_BYTES", 100)
    assert "more than 100 bytes" in failure(workbook(["a"]))


def test_the_rows_of_a_sheet_are_bounded(workbook, monkeypatch):
    monkeypatch.setattr(tables, "MAX_ROWS", 2)
    assert len(list(read_table(workbook(["a"], [1])))) == 1
    assert failure(workbook(["a"], [1], [2])).startswith(":3:1: more than 2 rows")


def test_other_suffixes_are_refused_with_those_that_are_read(tmp_path):
    with pytest.raises(HistoryError, match=r"table\.ods:1:1: .* \.csv, \.csv\.gz, \.xlsx"):
        read_table(tmp_path / "table.ods")


@pytest.fixture(scope="module")
def workbook_bytes(scratch):
    book = Workbook()
    for row in (["a", "b"], [1, "x"], [2.5, "y"]):
        book.active.append(row)
    book.save(scratch / "whole.xlsx")
    return (scratch / "whole.xlsx").read_bytes()


@given(data=st.data())
def test_workbooks_with_bytes_changed_give_records_or_an_error(scratch, workbook_bytes, data):
    changed = bytearray(workbook_bytes)
    for _ in range(data.draw(st.integers(1, 8))):
        changed[data.draw(st.integers(0, len(changed) - 1))] = data.draw(st.integers(0, 255))
    path = scratch / "changed.xlsx"
    path.write_bytes(changed)
    with suppress(HistoryError):
        assert len(list(read_table(path))) <= 2
