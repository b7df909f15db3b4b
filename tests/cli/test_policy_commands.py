"""Check, test, schema, decide and feel from the command line."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from pmo_engine.policy.schema import Kinds

Pmo = Any
CITY = Path(__file__).parents[1] / "stories" / "city.yaml"
EVENT = {
    "event": "change_request.submitted",
    "at": "2026-03-02T09:00:00Z",
    "facts": {"change": {"cost": "50000.01 GBP"}},
}


@pytest.fixture
def event(tmp_path: Path) -> Path:
    path = tmp_path / "event.json"
    path.write_text(json.dumps(EVENT), encoding="utf-8")
    return path


def test_check_is_quiet_about_a_good_policy(pmo: Pmo) -> None:
    result = pmo("policy", "check", CITY)
    assert (result.status, result.out) == (0, "0 errors, 0 warnings, 2 rules\n")
    assert pmo("policy", "check", CITY, "--json").json == []


def test_check_names_place_code_and_way_out(pmo: Pmo, tmp_path: Path) -> None:
    bad = tmp_path / "bad.yaml"
    bad.write_text(CITY.read_text().replace("from: pmo_head,", "from: pmo_haed,"))
    result = pmo("policy", "check", bad, "--json")
    assert result.status == 1
    [found] = result.json
    assert set(found) == {"file", "line", "column", "code", "severity", "message", "hint"}
    assert (found["code"], found["hint"]) == ("PMO014", "did you mean 'pmo_head'?")
    line = bad.read_text().splitlines()[found["line"] - 1]
    assert line[found["column"] - 1 :].startswith("pmo_haed")
    text = pmo("policy", "check", bad).out
    assert f"{bad}:{found['line']}:{found['column']}: PMO014 unknown role 'pmo_haed'" in text


@pytest.mark.parametrize("engine", ["compiled", "durable", "tracing"])
def test_suites_run_in_every_engine(pmo: Pmo, engine: str) -> None:
    result = pmo("policy", "test", CITY, "--engine", engine)
    assert (result.status, result.out) == (0, "4 passed, 0 failed\n")


def test_a_failing_suite_says_what_was_expected(pmo: Pmo, tmp_path: Path) -> None:
    bad = tmp_path / "bad.yaml"
    bad.write_text(CITY.read_text().replace("value: 50000 GBP", "value: 40000 GBP"))
    junit = tmp_path / "junit.xml"
    result = pmo("policy", "test", bad, "--junit", junit)
    assert result.status == 1
    assert "approvals: expected project_manager, got pmo_head" in result.out
    assert result.out.endswith("3 passed, 1 failed\n")
    [suite] = ET.parse(junit).getroot()
    assert (suite.get("tests"), suite.get("failures")) == ("4", "1")


def test_schemas_are_printed_for_editors(pmo: Pmo) -> None:
    assert pmo("policy", "schema").json["properties"]["kind"]["enum"] == list(Kinds.models)
    assert pmo("policy", "schema", "rules").json["properties"]["kind"]["const"] == "rules"
    assert pmo("policy", "schema", "rulez").status == 2


def test_schemas_are_written_for_editors(pmo: Pmo, tmp_path: Path) -> None:
    written = pmo("policy", "schema", "--output", "schemas").out.splitlines()
    assert len(written) == len(Kinds.models) + 1
    document = json.loads((tmp_path / "schemas/document.schema.json").read_text())
    assert document == pmo("policy", "schema").json
    assert pmo("policy", "schema", "suite", "-o", "one").out == "written: one/suite.schema.json\n"


@pytest.mark.parametrize("engine", ["compiled", "durable"])
def test_decide_prints_the_published_shape(pmo: Pmo, event: Path, engine: str) -> None:
    arguments = ("decide", "--policy", CITY, "--event", event, "--engine", engine)
    decision = pmo(*arguments, "--json").json
    assert list(decision) == [
        "status",
        "obligations",
        "fired",
        "not_fired",
        "unknown",
        "faults",
        "derived",
        "policy",
    ]
    [approval] = decision["obligations"]
    assert approval["kind"] == "approval"
    assert approval["from"] == "pmo_head"
    assert approval["within"] == "3 working days"
    assert len(approval["reasons"]) == 2
    assert decision["policy"]["on"] == "2026-03-02"
    assert "approval by pmo_head within 3 working days" in pmo(*arguments).out


def test_on_pins_the_dated_values(pmo: Pmo, event: Path) -> None:
    decision = pmo(
        "decide", "--policy", CITY, "--event", event, "--on", "2025-06-01", "--json"
    ).json
    assert decision["policy"]["on"] == "2025-06-01"
    asked = {item["from"] for item in decision["obligations"]}
    assert asked == {"pmo_head", "portfolio_board"}  # the limits of the others had not begun


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("{", "event.json:1:2: not JSON"),
        ("[]", "an event is an object"),
        ('{"event": "x.submitted", "at": "2026-03-02T09:00:00Z"}', "the event 'x.submitted'"),
        ('{"event": "change_request.submitted", "at": "2026-03-02"}', "a time with its zone"),
        ('{"event": "change_request.submitted", "event": 1}', "'event' is given twice"),
    ],
)
def test_a_wrong_event_is_one_clear_line(pmo: Pmo, tmp_path: Path, content: str, said: str) -> None:
    path = tmp_path / "event.json"
    path.write_text(content, encoding="utf-8")
    result = pmo("decide", "--policy", CITY, "--event", path)
    assert result.status == 2
    assert said in result.err
    assert result.err.count("\n") == 1


def test_a_policy_that_cannot_be_read_is_a_no(pmo: Pmo, event: Path, tmp_path: Path) -> None:
    bad = tmp_path / "bad.yaml"
    bad.write_text("kind: policy\n\tname: x\n")
    result = pmo("decide", "--policy", bad, "--event", event)
    assert result.status == 1
    assert f"{bad}:2:1: PMO002" in result.err


def test_feel_evaluates_with_a_context(pmo: Pmo, tmp_path: Path) -> None:
    context = tmp_path / "context.json"
    context.write_text('{"risks": [{"score": 12}, {"score": 20.5}]}', encoding="utf-8")
    assert pmo("feel", "1 + 2 * 3").out == "7\n"
    assert pmo("feel", "max(risks.score)", "--context", context).out == "20.5\n"
    assert pmo("feel", "1 / 0", "--json").out == "null\n"
    missing = pmo("feel", "cost > 1")
    assert (missing.status, missing.err) == (1, "not known without cost\n")
    wrong = pmo("feel", "1 +")
    assert (wrong.status, wrong.err.count("\n")) == (2, 1)


def test_help_of_every_command_has_an_example() -> None:
    from pmo_engine.cli.main import COMMANDS, load

    for name in COMMANDS:
        command = load(name)
        for one in getattr(command, "commands", {"": command}).values():
            assert "Example" in (one.help or ""), f"{name} {one.name}"


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys; from pmo_engine.cli.main import run; run(['--help']);"
        "print([m for m in ('prefect', 'fastapi', 'sqlalchemy', 'psycopg', 'pydantic', 'durable',"
        " 'apprise', 'lark', 'yaml', 'holidays') if m in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr == "[]\n"


def test_coverage_names_outcomes_that_no_case_reached(pmo: Pmo, tmp_path: Path) -> None:
    gaps = pmo("policy", "test", CITY, "--coverage", "--json").json["not_reached"]
    assert gaps == {"by-authority": ["false"]}
    assert "not reached: by-authority false" in pmo("policy", "test", CITY, "--coverage").out
    more = tmp_path / "city.yaml"
    free = "  - {name: free, facts: {change: {cost: 0 GBP}}, expect: {approvals: []}}\n"
    more.write_text(CITY.read_text() + free)
    whole = pmo("policy", "test", more, "--coverage")
    assert "every outcome of every rule is reached" in whole.out


def test_boundaries_say_which_cases_no_suite_has(pmo: Pmo) -> None:
    said = pmo("policy", "boundaries", CITY)
    assert said.status == 0
    assert (
        f"{CITY}:88:11: head-sees-large-changes\n"
        "  the change's cost is above 50,000 GBP\n"
        "    below  49,999.99 GBP  no case\n"
        "    at     50,000 GBP     by-authority: the limit itself is the project manager's\n"
    ) in said.out
    rule = "head-sees-large-changes"
    [found] = pmo("policy", "boundaries", CITY, "--rule", rule, "--json").json
    assert (found["rules"], found["limit"]) == ([rule], "50000 GBP")
    assert [case["value"] for case in found["cases"]] == [
        "49999.99 GBP",
        "50000 GBP",
        "50000.01 GBP",
    ]
    wrong = pmo("policy", "boundaries", CITY, "--rule", "head-sees-changes")
    assert (wrong.status, f"did you mean '{rule}'?" in wrong.err) == (2, True)


def test_missing_cases_are_printed_as_suites_to_fill_in(pmo: Pmo) -> None:
    written = pmo("policy", "boundaries", CITY, "--cases").out
    assert written.startswith("kind: suite\nabout: [")
    assert "expect: {}  # like " in written


def test_explain_says_why_and_what_would_alter_it(pmo: Pmo, event: Path) -> None:
    said = pmo("policy", "explain", CITY, "--event", event)
    assert said.status == 0
    assert said.out.startswith("waiting\n  The PMO head must approve the change request within")
    assert (
        "With a cost of 50,000 GBP or less no approval by the PMO head would be needed" in said.out
    )
    assert "\x1b" not in said.out
    found = pmo("policy", "explain", CITY, "--event", event, "--json").json
    assert [rule["outcome"] for rule in found["rules"]] == ["fired", "fired"]
    [approval] = found["obligations"]
    assert [item["to"] for item in approval["what_if"]] == ["50000 GBP"]
    assert found["policy"]["on"] == "2026-03-02"


def test_explain_keeps_to_one_rule_and_to_a_day(pmo: Pmo, event: Path) -> None:
    rule = "head-sees-large-changes"
    found = pmo(
        *("policy", "explain", CITY, "--event", event, "--rule", rule),
        *("--on", "2025-06-01", "--json"),
    ).json
    assert [each["rule"] for each in found["rules"]] == [rule]
    assert found["policy"]["on"] == "2025-06-01"


@pytest.mark.parametrize(
    ("rule", "content", "said"),
    [
        ("head-sees", None, "no rule is called 'head-sees'"),
        (
            None,
            '{"event": "change_reqest.submitted", "at": "2026-03-02T09:00:00Z"}',
            "did you mean",
        ),
        (None, "[]", "an event is an object"),
    ],
)
def test_explain_says_what_is_wrong_in_one_line(
    pmo: Pmo, event: Path, rule: str | None, content: str | None, said: str
) -> None:
    if content is not None:
        event.write_text(content, encoding="utf-8")
    options = () if rule is None else ("--rule", rule)
    result = pmo("policy", "explain", CITY, "--event", event, *options)
    assert (result.status, result.err.count("\n")) == (2, 1)
    assert said in result.err
