"""Cells of a workbook that a reader would take for empty, and are not."""

from pathlib import Path
from zipfile import ZipFile

import pytest
from openpyxl import Workbook

from pmo_engine.exchange.cells import oddities
from pmo_engine.exchange.errors import HistoryError
from pmo_engine.exchange.sheets import read_table

HEADING = frozenset({"key", "title", "cost"})


def book(path: Path) -> Workbook:
    made = Workbook()
    made.active.append(["Register of works, exported today"])
    made.active.append(["Key", "Title", "Cost"])
    made.active.append(["W-1", "Roof", 5])
    made.active.append(["W-2", "Wall", 6])
    return made


def read(path: Path) -> list[dict[str, str]]:
    return [fields for _, fields in read_table(path, [HEADING])]


def test_a_title_over_merged_cells_is_no_row(tmp_path: Path) -> None:
    path = tmp_path / "works.xlsx"
    made = book(path)
    made.active.merge_cells("A1:C1")
    made.save(path)
    assert [each["Title"] for each in read(path)] == ["Roof", "Wall"]


@pytest.mark.parametrize(("cells", "line"), [("B3:B4", 3), ("B4:C4", 4)])
def test_merged_cells_in_a_row_are_told(tmp_path: Path, cells: str, line: int) -> None:
    path = tmp_path / "works.xlsx"
    made = book(path)
    made.active.merge_cells(cells)
    made.save(path)
    with pytest.raises(HistoryError, match=f":{line}:1: the cells {cells} are merged"):
        read(path)


def test_a_formula_without_a_result_is_told_and_not_dropped(tmp_path: Path) -> None:
    path = tmp_path / "works.xlsx"
    made = book(path)
    made.active["C4"] = "=C3+1"
    made.save(path)
    with pytest.raises(HistoryError, match=":4:1: the formula in C4 has no result in the file"):
        read(path)
    assert set(oddities(path)) == {4}


def test_a_formula_with_its_result_is_what_it_comes_to(tmp_path: Path) -> None:
    path, whole = tmp_path / "works.xlsx", tmp_path / "saved.xlsx"
    made = book(path)
    made.active["C4"] = "=C3+1"
    made.save(path)
    with ZipFile(path) as before, ZipFile(whole, "w") as after:
        for name in before.namelist():
            data = before.read(name)
            if name.endswith("sheet1.xml"):
                assert b"<v/>" in data or b"<v />" in data or b"<v></v>" in data
                for empty in (b"<v/>", b"<v />", b"<v></v>"):
                    data = data.replace(empty, b"<v>6</v>")
            after.writestr(name, data)
    assert [each["Cost"] for each in read(whole)] == ["5", "6"]


def test_only_the_first_sheet_counts(tmp_path: Path) -> None:
    path = tmp_path / "works.xlsx"
    made = book(path)
    other = made.create_sheet("Notes")
    other["A3"] = "=1+1"
    other.merge_cells("B3:B4")
    made.save(path)
    assert oddities(path) == {}
    made.move_sheet("Notes", -1)
    made.save(path)
    assert set(oddities(path)) == {3, 4}


def test_a_percentage_is_read_as_its_cell_shows_it(tmp_path: Path) -> None:
    path = tmp_path / "works.xlsx"
    made = book(path)
    for place, value, form in (("C3", 0.4, "0%"), ("C4", 1, "0.00%")):
        made.active[place] = value
        made.active[place].number_format = form
    made.save(path)
    assert [each["Cost"] for each in read(path)] == ["40%", "100%"]
