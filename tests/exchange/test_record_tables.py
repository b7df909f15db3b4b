"""Tables to fill in and to take along."""

import io
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from pmo_engine.compiler.loading import load_policy
from pmo_engine.exchange.errors import HistoryError
from pmo_engine.exchange.record_rows import columns_of as needed
from pmo_engine.exchange.record_rows import prepare
from pmo_engine.exchange.record_tables import as_csv, as_workbook, columns_of
from pmo_engine.exchange.sheets import read_table
from pmo_engine.feel.wire import to_json
from pmo_engine.policy import Register
from pmo_engine.resources import rules_dir
from pmo_engine.testing import policy_from

POLICY = policy_from("""
kind: policy
name: works
version: "1"
currency: GBP
---
kind: registers
registers:
  - register: works
    noun: work
    root: work
    plural: works
    fields:
      title: {type: text, required: true, about: what is built}
      cost: {type: money}
      level: {type: whole number, from: 1, to: 5}
      share: {type: percent}
      begun: {type: date, from: 2020-01-01}
      ended: {type: date}
      sort: {type: [new, repair]}
      safe: {type: boolean}
      crew: {type: list<text>}
      size: {type: number}
    must_be: {ended: not before begun}
    imports:
      - {id: office, key: No, columns: {title: What}}
""")
WORKS = POLICY.registers["works"]
FULL = {
    "key": "W-1",
    "status": "submitted",
    "owner": "ana",
    "due": "2026-03-31",
    "title": '=SUM(A1), "quoted"; and\nmore',
    "cost": "-850000.5 GBP",
    "level": "5",
    "share": "33.3",
    "begun": "2020-01-01",
    "ended": "2026-02-28",
    "sort": "repair",
    "safe": False,
    "crew": ["ana", "omar"],
    "size": "12345678901234567890.5",
}


def opened(data: bytes) -> Workbook:
    return load_workbook(io.BytesIO(data))


def read_back(register: Register, data: bytes, path: Path) -> list[dict[str, Any]]:
    path.write_bytes(data)
    found = prepare(register, read_table(path, needed(register)))
    assert found.problems == ()
    return [
        {"key": each.key} | {n: to_json(v) for n, v in each.fields.items() if v is not None}
        for each in found.records
    ]


def written(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if value is not None}


@pytest.mark.parametrize("name", ["works.csv", "works.xlsx"])
def test_what_is_written_is_read_back_as_it_is(tmp_path: Path, name: str) -> None:
    rows = [FULL, {"key": "W-2", "status": "closed", "title": "Wall", "due": None}]
    make = as_csv if name.endswith("csv") else as_workbook
    found = read_back(WORKS, make(WORKS, rows), tmp_path / name)
    amounts = {**FULL, "cost": "-850000.50 GBP"}
    assert found == [written(amounts), written(rows[1])]


text = st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1).filter(
    lambda each: each.strip() == each and each.lower() != "null"
)
numbers = st.decimals(-(10**20), 10**20, places=3).map(to_json)


@given(text, numbers, st.dates().map(str), st.sampled_from(["xlsx", "csv"]))
def test_texts_numbers_and_days_come_back(
    tmp_path_factory: pytest.TempPathFactory, title: str, size: str, day: str, form: str
) -> None:
    row = {"key": "W-1", "status": "submitted", "title": title, "size": size, "ended": day}
    make = as_csv if form == "csv" else as_workbook
    path = tmp_path_factory.mktemp("tables") / f"works.{form}"
    (found,) = read_back(WORKS, make(WORKS, [row]), path)
    assert (found["title"], found["ended"]) == (title, day)
    assert float(found["size"]) == float(size)


def test_a_template_offers_what_its_types_take_and_protects_its_headings() -> None:
    book = opened(as_workbook(WORKS))
    sheet = book.worksheets[0]
    names = [cell.value for cell in sheet[1]]
    assert names == [each.name for each in columns_of(WORKS)]
    assert sheet.max_row == 1
    assert sheet.protection.sheet
    assert all(cell.protection.locked for cell in sheet[1])
    assert not sheet.column_dimensions["A"].protection.locked
    notes = dict(zip(names, (cell.comment.text for cell in sheet[1]), strict=True))
    assert notes["title"] == "text; has to be given. what is built"
    assert notes["ended"] == "a date; must be not before begun"
    assert notes["level"] == "a whole number from 1 to 5"
    rules = {}
    for each in sheet.data_validations.dataValidation:
        column = names[next(iter(each.sqref.ranges)).min_col - 1]
        rules[column] = (each.type, each.operator, each.formula1, each.formula2)
    assert rules["level"] == ("whole", "between", "1", "5")
    assert rules["share"] == ("decimal", "between", "0", "100")
    assert rules["begun"] == ("date", "greaterThanOrEqual", "43831", None)
    assert rules["sort"][0] == rules["safe"][0] == rules["status"][0] == "list"
    assert "size" not in rules
    lists = book["Lists"]
    column = names.index("sort") + 1
    assert [lists.cell(line, column).value for line in (1, 2)] == ["new", "repair"]
    assert lists.sheet_state == "hidden"


def test_what_no_cell_can_hold_is_told() -> None:
    for title, why in (("a\x00b", "no cell can hold"), ("a" * 40_000, "too long for a cell")):
        with pytest.raises(HistoryError, match=why):
            as_workbook(WORKS, [{**FULL, "title": title}])


def test_every_register_of_the_packs_has_a_template() -> None:
    for pack in sorted(path for path in rules_dir().iterdir() if path.is_dir()):
        for register in load_policy(pack).registers.values():
            assert opened(as_workbook(register)).worksheets[0].max_row == 1
            assert as_csv(register, ()).startswith(b"\xef\xbb\xbfkey,status,owner,due,")
