"""Rows of tables, made here, into records of a register."""

from datetime import date
from decimal import Decimal

import pytest

from pmo_engine.compiler.loading import check_policy
from pmo_engine.exchange.errors import MappingError
from pmo_engine.exchange.record_rows import ImportedRecord, prepare
from pmo_engine.exchange.sheets import CellDay
from pmo_engine.model.money import Money

PLAIN = """kind: policy
name: risks
version: "1"
currency: CAD
---
kind: registers
registers:
  - register: risks
    noun: risk
    root: risk
    plural: risks
    fields:
      title: {type: text, required: true}
      exposure: {type: money}
      chance: {type: number}
      critical: {type: boolean}
      review: {type: date}
"""
LAID_OUT = (
    PLAIN
    + """    imports:
      - id: workshop
        key: No
        project: Project
        project_name: Called
        amounts: {sign: $, thousands: ","}
        dates: "%d.%m.%Y"
        columns: {title: What, exposure: Cost, chance: Points, review: Until}
        first: {critical: Critical}
      - id: short
        columns: {title: What}
"""
)
WORKSHOP = {
    "No": "7",
    "Project": "P-1",
    "Called": "Bridge",
    "What": "Flood",
    "Cost": "$1,234,567.80",
    "Points": "1,000",
    "Until": "02.03.2026",
    "Critical": "true",
    "Other": "left out",
}


@pytest.fixture
def register_of(tmp_path):
    def load(text: str):
        path = tmp_path / "policy.yaml"
        path.write_text(text, encoding="utf-8")
        checked = check_policy(path)
        assert checked.diagnostics == ()
        return checked.policy.registers["risks"]

    return load


@pytest.fixture
def plain(register_of):
    return register_of(PLAIN)


@pytest.fixture
def laid_out(register_of):
    return register_of(LAID_OUT)


def test_columns_called_as_the_fields_are_taken_as_they_are(plain):
    row = {"key": "R-1", "project": "P-1", "title": " Flood ", "exposure": "5 CAD", "owner": "ana"}
    prepared = prepare(plain, [(2, row | {"review": "2026-03-02", "chance": "0.25"})])
    fields = {
        "title": "Flood",
        "exposure": Money(Decimal(5), "CAD"),
        "owner": "ana",
        "review": date(2026, 3, 2),
        "chance": Decimal("0.25"),
    }
    assert prepared.records == (ImportedRecord(2, "R-1", "P-1", None, fields, {}),)
    assert prepared.problems == ()


def test_a_layout_says_which_column_is_which_and_how_it_is_written(laid_out):
    prepared = prepare(laid_out, [(2, WORKSHOP)])
    fields = {
        "title": "Flood",
        "exposure": Money(Decimal("1234567.80"), "CAD"),
        "chance": Decimal(1000),
        "review": date(2026, 3, 2),
    }
    assert prepared.layout == "workshop"
    assert prepared.problems == ()
    assert prepared.records == (
        ImportedRecord(2, "7", "P-1", "Bridge", fields, {"critical": True}),
    )


@pytest.mark.parametrize("cell", ["2026-03-31", "2026-03-31T13:45:00"])
def test_a_cell_that_is_a_day_is_read_as_one_and_a_text_as_the_layout_says(laid_out, cell):
    (record,) = prepare(laid_out, [(2, WORKSHOP | {"Until": CellDay(cell)})]).records
    assert record.fields["review"] == date(2026, 3, 31)
    assert prepare(laid_out, [(2, WORKSHOP | {"Until": cell})]).problems


def test_what_is_first_is_for_new_records_and_an_empty_cell_takes_a_field_away(laid_out):
    (record,) = prepare(laid_out, [(2, WORKSHOP | {"Cost": "", "Until": " "})]).records
    assert record.submission() == {"title": "Flood", "chance": Decimal(1000), "critical": True}
    assert record.changes() == {
        "title": "Flood",
        "exposure": None,
        "chance": Decimal(1000),
        "review": None,
    }


def test_the_layout_is_the_first_whose_columns_are_there_or_the_one_named(laid_out):
    assert prepare(laid_out, [(2, {"What": "Flood"})]).layout == "short"
    assert prepare(laid_out, [(2, WORKSHOP)], "short").layout == "short"
    assert prepare(laid_out, []).records == ()


def test_every_row_that_is_wrong_is_reported_with_line_and_column(laid_out):
    rows = [
        (2, WORKSHOP),
        (3, WORKSHOP | {"No": "8", "Cost": "$1,23"}),
        (4, WORKSHOP | {"No": "9", "Until": "31.02.2026", "Points": "many"}),
        (5, WORKSHOP | {"No": "7"}),
        (6, WORKSHOP | {"No": "", "What": ""}),
        (7, WORKSHOP | {"No": "10", "Cost": "$1.005"}),
        (8, WORKSHOP | {"No": "7", "Project": "P-2"}),
    ]
    assert [str(problem) for problem in prepare(laid_out, rows).problems] == [
        "line 3: Cost: exposure: '$1,23' is not written as in $1,234.50",
        "line 4: Points: chance: 'many' is not written as in $1,234.50",
        "line 4: Until: review: '31.02.2026' is not written as in 02.03.2026",
        "line 5: No: '7' is on line 2 already",
        "line 6: No: is empty",
        "line 6: What: 'title' has to be given",
        "line 7: Cost: exposure: '1.005 CAD' has 3 decimal places, CAD has 2",
    ]


@pytest.mark.parametrize(
    ("columns", "mapping", "message"),
    [
        (["Cost"], None, "fits no import of register 'risks': 'workshop' needs 'No', 'Project'"),
        (["Cost"], "short", "fits no import of register 'risks': 'short' needs 'What'"),
        (["What"], "shrot", "register 'risks' has no import 'shrot'; it has workshop, short"),
    ],
)
def test_a_table_that_fits_no_layout_is_refused_as_a_whole(laid_out, columns, mapping, message):
    with pytest.raises(MappingError, match=message):
        prepare(laid_out, [(2, dict.fromkeys(columns, "x"))], mapping)


def test_a_column_that_is_no_field_is_refused_and_not_dropped(plain):
    with pytest.raises(MappingError, match="no field for the column 'exposur' .*'exposure'"):
        prepare(plain, [(2, {"title": "Flood", "exposur": "5 CAD"})])


@pytest.mark.parametrize(
    ("right", "wrong", "expected"),
    [
        ("review: Until", "reviewed: Until", "PMO018 unknown field 'reviewed'"),
        ("{critical: Critical}", "{title: Other}", "PMO016 'title' is under 'columns' too"),
        ("%d.%m.%Y", "%d.%m.", "PMO013 '%d.%m.' does not tell day, month and year"),
        ("%d.%m.%Y", "%d.%Q.%Y", "PMO013 '%d.%Q.%Y' does not tell day, month and year"),
    ],
)
def test_what_is_wrong_with_a_layout_is_found_when_the_policy_is_read(
    tmp_path, right, wrong, expected
):
    path = tmp_path / "policy.yaml"
    path.write_text(LAID_OUT.replace(right, wrong), encoding="utf-8")
    (finding,) = check_policy(path).diagnostics
    assert expected in str(finding)


@pytest.mark.parametrize(
    ("amounts", "written", "amount"),
    [
        ('{thousands: "."}', "1.234.567,80", "1234567.80"),
        ('{thousands: "."}', "1.234", "1234"),
        ('{thousands: "."}', "-0,5", "-0.5"),
        ('{thousands: ".", sign: €}', "1.234,50 €", "1234.50"),
        ('{thousands: ".", sign: €}', "€ 1.234,50", "1234.50"),
        ('{thousands: " ", decimal: ","}', "1\u202f234\u00a0567,8", "1234567.8"),
        ('{decimal: ","}', "1234,5", "1234.5"),
        ('{thousands: ",", sign: $}', "$-5.5", "-5.5"),
        ('{thousands: "."}', "1.50", None),
        ('{thousands: "."}', "1,234.50", None),
        ('{decimal: ","}', "1.5", None),
        ('{thousands: ","}', "--5", None),
    ],
)
def test_amounts_are_read_as_the_layout_says_they_are_written(
    register_of, amounts, written, amount
):
    register = register_of(LAID_OUT.replace('{sign: $, thousands: ","}', amounts))
    prepared = prepare(register, [(2, WORKSHOP | {"Cost": written, "Points": ""})])
    if amount is None:
        assert "is not written as in" in str(prepared.problems[0])
    else:
        assert prepared.records[0].fields["exposure"] == Money(Decimal(amount), "CAD")


@pytest.mark.parametrize(
    ("written", "truth"),
    [("TRUE", True), ("False", False), ("true", True), ("Yes", True), ("n", False)],
)
def test_truth_may_be_written_as_spreadsheets_do(plain, written, truth):
    (record,) = prepare(plain, [(2, {"title": "Flood", "critical": written})]).records
    assert record.fields["critical"] is truth
    assert prepare(plain, [(2, {"title": "Flood", "critical": "perhaps"})]).problems


OFFICES = PLAIN.replace(
    "      review: {type: date}\n",
    """      review: {type: date}
      kind: {type: [threat, opportunity, not_sure, unknown]}
      done: {type: percent}
      who: {type: list<text>}
""",
)


def offices_row(register, cells):
    found = prepare(register, [(2, {"title": "Flood", **cells})])
    made = {n: v for n, v in found.records[0].fields.items() if n != "title"}
    return made, found.remarks, [each.message for each in found.problems]


@pytest.mark.parametrize(
    ("cells", "value", "said"),
    [
        ({"kind": "Threat"}, "threat", "kind: 'Threat' is taken as 'threat' (1 row)"),
        ({"kind": "Not sure"}, "not_sure", "kind: 'Not sure' is taken as 'not_sure' (1 row)"),
        ({"kind": "unknown"}, "unknown", ""),
        ({"kind": "n/a"}, None, "kind: 'n/a' is taken as not known (1 row)"),
        ({"done": "40%"}, Decimal(40), "done: '40%' is taken as '40' (1 row)"),
        ({"chance": "40 %"}, Decimal("0.40"), "chance: '40 %' is taken as '0.40' (1 row)"),
        ({"chance": "-2.5%"}, Decimal("-0.025"), "chance: '-2.5%' is taken as '-0.025' (1 row)"),
        ({"exposure": "5 CAD"}, Money(Decimal(5), "CAD"), ""),
        (
            {"exposure": "850,000 CAD"},
            Money(Decimal(850000), "CAD"),
            "exposure: '850,000 CAD' is taken as '850000 CAD' (1 row)",
        ),
        (
            {"exposure": "850000"},
            Money(Decimal(850000), "CAD"),
            "exposure: a number alone is taken in CAD (1 row)",
        ),
        (
            {"review": "31/12/2026"},
            date(2026, 12, 31),
            "review: '31/12/2026' is taken as '2026-12-31' (1 row)",
        ),
        ({"who": "ana; omar"}, ["ana", "omar"], ""),
        (
            {"status": "Submitted"},
            "submitted",
            "status: 'Submitted' is taken as 'submitted' (1 row)",
        ),
    ],
)
def test_cells_are_read_as_people_write_them(register_of, cells, value, said):
    found, remarks, problems = offices_row(register_of(OFFICES), cells)
    assert problems == []
    assert list(found.values()) == [value]
    assert remarks == ((said,) if said else ())


def test_numbers_alone_are_told_once_for_a_column(register_of):
    rows = [(line, {"title": "Flood", "exposure": str(line * 1000)}) for line in (2, 3, 4)]
    remarks = prepare(register_of(OFFICES), rows).remarks
    assert remarks == ("exposure: a number alone is taken in CAD (3 rows)",)


@pytest.mark.parametrize(
    ("cells", "why"),
    [
        ({"kind": "thread"}, "did you mean 'threat'?"),
        ({"done": "140%"}, "is not a percentage from 0 to 100"),
        ({"chance": "1,005"}, "is not a number"),
        ({"review": "03/04/2026"}, "is not a date"),
        ({"status": "open"}, "is none of submitted"),
    ],
)
def test_what_may_mean_two_things_or_none_is_refused(register_of, cells, why):
    _, remarks, problems = offices_row(register_of(OFFICES), cells)
    assert len(problems) == 1
    assert why in problems[0]
    assert remarks == ()
