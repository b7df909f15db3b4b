"""Models in the way in which tools write them: read, checked, decided by, and given back the same.

The files of ``models/`` are our own, each with the habits of one tool: its namespaces and version,
its extensions, where it keeps types and words, how it leaves cells empty.
"""

from pathlib import Path
from typing import Any

import pytest

from pmo_engine.engines.engine import Engine
from pmo_engine.exchange.dmn import export_tables, import_tables
from pmo_engine.exchange.dmn.yaml_text import tables_in_yaml
from pmo_engine.policy import Policy
from tests.small_policy import check_text

MODELS = Path(__file__).parent / "models"
NOTES = {
    "camunda_8": [
        "'Who signs' is called 'Who_signs'",
        "input 'change.category' is called 'Category'",
    ],
    "camunda_7": [
        "'Invoice Classification' is called 'Invoice_Classification'",
        "input '' is called 'Is_urgent'",
    ],
    "kie": [
        "'Should the driver be suspended?' is called 'Should_the_driver_be_suspended'",
        "'Service' is left out: it is a decision service",
        "input 'Violation.Type' is called 'Violation_Type'",
        (
            "input 'Violation.Actual Speed - Violation.Speed Limit' is called"
            " 'Violation_Actual_Speed_Violation_Speed_Limit'"
        ),
        "'Should the driver be suspended?' is left out: it is a context",
    ],
    "trisotech": [
        "'Rate Table' is called 'Rate_Table'",
        "'Applicant\u00a0Age' is called 'Applicant_Age'",
    ],
    "signavio": ["'Member status' is called 'Member_status'"],
}
COLUMNS: dict[str, dict[str, list[Any]]] = {
    "camunda_8": {"Who_signs": [["scope", "time"], "number", "date", "text", "number"]},
    "camunda_7": {
        "Invoice_Classification": [
            *("number", "text", "boolean", "date", "number"),
            ["day-to-day expense", "budget", "exceptional"],
        ]
    },
    "kie": {
        "Fine": [["speed", "parking", "driving under the influence"], "number", "number", "number"]
    },
    "trisotech": {
        "Rate_Table": ["number", ["Low", "Medium", "High"], "number"],
        "Eligibility": ["number", "list<text>", ["INELIGIBLE", "ELIGIBLE"]],
    },
    "signavio": {"Discount": [["gold", "silver", "bronze"], "number", "number"]},
}
ANSWERS = [
    ("camunda_8", 'Who_signs("time", 6000, null).days', "6"),
    ("camunda_8", 'Who_signs("scope", 5000, @"2026-01-02").role', "head"),
    ("camunda_7", 'Invoice_Classification(1000, "Travel", null, null, null)', "budget"),
    ("kie", 'Fine("speed", 30).Points', "7"),
    ("kie", 'Fine("speed", 29.9).Points', "3"),
    ("trisotech", 'Rate_Table(18, "High")', "1.5"),
    ("trisotech", 'Eligibility(17, ["bad"])', "INELIGIBLE"),
    ("trisotech", 'Eligibility(18, ["bad"])', "ELIGIBLE"),
    ("signavio", 'Discount("gold", 199.9)', "0.1"),
]
RULE = """---
kind: rules
rules:
  - id: r
    title: a
    on: change.submitted
    binding: may
    then: [{derive: {fact: out, value: '%s'}}]
"""
EVENT = {"event": "change.submitted", "at": "2026-03-02T09:00:00Z", "facts": {"change": {}}}


def data_of(tool: str) -> bytes:
    return (MODELS / f"{tool}.dmn").read_bytes()


def bound(data: bytes, more: str = "") -> Policy:
    checked = check_text(tables_in_yaml(import_tables(data).tables) + more)
    assert checked.policy is not None, checked.diagnostics
    return checked.policy


@pytest.mark.parametrize("tool", NOTES)
def test_what_is_called_otherwise_or_left_out_is_said(tool: str) -> None:
    assert import_tables(data_of(tool)).notes == NOTES[tool]


@pytest.mark.parametrize("tool", COLUMNS)
def test_types_and_words_are_found_where_the_tool_keeps_them(tool: str) -> None:
    found = {
        table["id"]: [column["type"] for column in (*table["inputs"], *table["outputs"])]
        for table in import_tables(data_of(tool)).tables
    }
    assert found == COLUMNS[tool]


@pytest.mark.parametrize("engine", ["tracing", "compiled", "durable"])
@pytest.mark.parametrize(("tool", "asked", "answer"), ANSWERS)
def test_they_decide_as_they_did_there(tool: str, asked: str, answer: str, engine: str) -> None:
    decision = Engine(bound(data_of(tool), RULE % asked), engine).decide(EVENT)
    assert (dict(decision.faults), str(decision.derived["out"])) == ({}, answer)


@pytest.mark.parametrize("tool", NOTES)
@pytest.mark.parametrize("version", ["1.3", "1.5"])
def test_what_was_taken_over_goes_out_and_comes_back_the_same(tool: str, version: str) -> None:
    policy = bound(data_of(tool))
    first = export_tables([*policy.tables.values()], policy.tables, "x", version)
    again = bound(first)
    assert export_tables([*again.tables.values()], again.tables, "x", version) == first


def test_a_cell_in_the_language_of_a_tool_leaves_its_table_out() -> None:
    data = data_of("camunda_7").replace(
        b'<inputEntry id="i7"><text>"Travel"',
        b'<inputEntry id="i7" expressionLanguage="juel"><text>${category == "Travel"}',
    )
    with pytest.raises(ValueError, match="JUEL"):
        import_tables(data)


OF_MOMENTS = b"""<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="m">
  <decision id="season" name="Season"><decisionTable id="t">
    <input id="i">
      <inputExpression id="e" typeRef="date"><text>asked</text></inputExpression>
    </input>
    <output id="o" name="season" typeRef="string"/>
    <rule id="r1">
      <inputEntry id="c1"><text>&lt; date and time("2026-04-01T00:00:00Z")</text></inputEntry>
      <outputEntry id="o1"><text>"winter"</text></outputEntry>
    </rule>
    <rule id="r2">
      <inputEntry id="c2"><text>>= date and time("2026-04-01T00:00:00Z")</text></inputEntry>
      <outputEntry id="o2"><text>"summer"</text></outputEntry>
    </rule>
  </decisionTable></decision>
</definitions>"""


def test_a_column_of_dates_whose_cells_are_moments_is_of_moments() -> None:
    imported = import_tables(OF_MOMENTS)
    assert imported.tables[0]["inputs"] == [{"name": "asked", "type": "date and time"}]
    assert imported.notes == ["input 'asked' is of moments, as its cells are"]
    decision = Engine(bound(OF_MOMENTS, RULE % "Season(now)"), "compiled").decide(EVENT)
    assert decision.derived["out"] == "winter"


def test_what_has_to_be_mended_is_said_once() -> None:
    notes = import_tables(OF_MOMENTS.replace(b"00Z", b"00")).notes
    assert len(notes) == 2
    assert "a date and time with a zone is neither before nor after one without" in notes[1]
