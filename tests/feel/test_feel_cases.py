import json
from pathlib import Path

import pytest

from pmo_engine.suites.feel_cases import run_cases
from pmo_engine.suites.feel_written import CaseError


@pytest.fixture(scope="module")
def lines(shared: Path) -> list[str]:
    return (shared / "data/feel/feel.jsonl").read_text(encoding="utf-8").splitlines()


def test_the_standards_own_cases(lines: list[str]) -> None:
    report = run_cases(lines)
    assert [failure.expression for failure in report.failures] == []
    assert (report.passed, report.passed_null) == (1590, 708)
    assert len(report.skipped) == 13
    assert set(report.skipped.values()) == {"a name with spaces"}


def _case(**more: object) -> str:
    case = {
        "id": "1",
        "expression": "1 + 1",
        "context": {},
        "let": [],
        "expected": {"t": "number", "v": "2"},
        "names_with_spaces": False,
    }
    return json.dumps(case | more)


def test_what_comes_out_otherwise_is_a_failure() -> None:
    report = run_cases([_case(), _case(expression="1 + 2"), _case(expression="1 +")])
    assert (report.passed, report.failed) == (1, 2)
    assert [(f.expected, f.found) for f in report.failures] == [("2", "3"), ("2", "null")]


def test_a_limit_is_a_failure_too() -> None:
    report = run_cases([_case(expression="for i in 1..1e9 return i", expected=None)])
    assert (report.failed, report.failed_null) == (1, 1)
    assert "100,000 items" in report.failures[0].found


def test_results_are_converted_to_their_declared_type() -> None:
    types = {"tText": {"typeRef": "string"}, "tTexts": {"typeRef": "tText", "isCollection": True}}
    text = {"t": "string", "v": "a"}
    report = run_cases(
        [
            _case(expression='["a"]', typeRef="tText", types=types, expected=text),
            _case(expression="[1]", typeRef="tTexts", types=types, expected=None),
            _case(
                expression='"a" instance of tText',
                types=types,
                expected={"t": "boolean", "v": True},
            ),
        ]
    )
    assert report.failures == ()


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("{", "not JSON"),
        ("[" * 100_000, "not JSON"),
        ("[]", "the line: "),
        ('"x"', "the line: "),
        ("{}", "id: field required"),
        (_case(id=1), "id: input should be a valid string"),
        (_case(let=[["a"]]), r"let\.0\.1: field required"),
        (_case(expected={"t": "number"}), "a value is written"),
        (_case(expected={"t": "number", "v": "many"}), "'many' is no number"),
        (_case(expected={"t": "number", "v": 2}), "the value of a number is no str"),
        (_case(context={"a": {"t": "list", "v": [3]}}), "a value is written"),
        (_case(context={"a": {"t": "context", "v": []}}), "the value of a context is no dict"),
    ],
)
def test_a_line_that_is_no_case_is_told_by_its_number(line: str, why: str) -> None:
    with pytest.raises(CaseError, match=rf"line 3: .*{why}"):
        run_cases([_case(), "\n", line])
