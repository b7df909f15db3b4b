"""Check, test, schema, decide and feel from the command line."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from pmo_engine.compiler.kinds import MODELS
from tests.compile.test_compile_cases import lay_out

Pmo = Any
CITY = Path(__file__).parents[1] / "stories" / "city.yaml"
EVENT = {
    "event": "change_request.submitted",
    "at": "2026-03-02T09:00:00Z",
    "facts": {"change": {"cost": "50000.01 GBP"}, "changes": []},
}


@pytest.fixture
def event(tmp_path: Path) -> Path:
    path = tmp_path / "event.json"
    path.write_text(json.dumps(EVENT), encoding="utf-8")
    return path


def test_check_is_quiet_about_a_good_policy(pmo: Pmo, tmp_path: Path) -> None:
    good = tmp_path / "good.yaml"  # which asks about changes that cost nothing, too
    text = CITY.read_text().replace('    when: change.cost > @"0 GBP"\n', "")
    good.write_text(text.replace("voting: A show of hands.", "members: 5"))
    result = pmo("policy", "check", good)
    assert (result.status, result.out) == (0, "0 errors, 0 warnings, 2 rules\n")
    assert pmo("policy", "check", good, "--json").json == []


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


def test_a_failing_suite_says_what_was_expected_and_why(pmo: Pmo, tmp_path: Path) -> None:
    bad = tmp_path / "bad.yaml"
    bad.write_text(CITY.read_text().replace("value: 50000 GBP", "value: 40000 GBP"))
    junit = tmp_path / "junit.xml"
    result = pmo("policy", "test", bad, "--junit", junit)
    assert result.status == 1
    assert result.out == (
        f"{bad}:96:5: by-authority: the limit itself is the project manager's\n"
        "    approvals: expected project_manager, got none\n"
        "      by-authority fired: the change's cost (50,000 GBP) is above 0 GBP\n"
        "      by-authority cannot tell who is asked: not known: the changes\n"
        "      head-sees-large-changes did not fire: "
        "the change's cost (50,000 GBP) is not above 50,000 GBP\n"
        "3 passed, 1 failed\n"
    )
    [failed] = [one for one in pmo("policy", "test", bad, "--json").json if not one["passed"]]
    assert (failed["line"], failed["column"], len(failed["why"])) == (96, 5, 3)


def test_junit_tells_each_case_with_its_place_and_its_time(pmo: Pmo, tmp_path: Path) -> None:
    bad = tmp_path / "bad.yaml"
    text = CITY.read_text().replace("value: 50000 GBP", "value: 40000 GBP")
    bad.write_text(text.replace("one penny more is not", 'one <penny> "more" \u00e9'))
    junit = tmp_path / "junit.xml"
    pmo("policy", "test", bad, "--junit", junit)
    root = ET.parse(junit).getroot()
    [suite] = root
    for element in (root, suite):
        figures = [element.get(name) for name in ("tests", "failures", "errors", "skipped")]
        assert figures == ["4", "1", "0", "0"]
        assert float(element.get("time", "-1")) >= 0
    assert [case.get("line") for case in suite] == ["96", "99", "102", "105"]
    assert {case.get("file") for case in suite} == {str(bad)}
    assert suite[1].get("name") == 'one <penny> "more" \u00e9'
    [failure] = suite[0]
    assert failure.get("message") == "approvals: expected project_manager, got none"
    assert failure.text == f"{bad}:96:5\n{failure.get('message')}"


def test_only_some_cases_are_run(pmo: Pmo) -> None:
    assert pmo("policy", "test", CITY, "-k", "penny").out == "1 passed, 0 failed\n"
    none = pmo("policy", "test", CITY, "-k", "pence")
    assert (none.status, "no case is called like 'pence'" in none.err) == (2, True)


def test_schemas_are_printed_for_editors(pmo: Pmo) -> None:
    assert pmo("policy", "schema").json["properties"]["kind"]["enum"] == list(MODELS)
    assert pmo("policy", "schema", "rules").json["properties"]["kind"]["const"] == "rules"
    assert pmo("policy", "schema", "rulez").status == 2


def test_schemas_are_written_for_editors(pmo: Pmo, tmp_path: Path) -> None:
    written = pmo("policy", "schema", "--output", "schemas").out.splitlines()
    assert len(written) == len(MODELS) + 1
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
    assert "approval by the PMO head within 3 working days" in pmo(*arguments).out


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


@pytest.mark.parametrize("called", ["quick", "", "Compiled"])
def test_an_engine_that_there_is_not_is_refused(pmo: Pmo, event: Path, called: str) -> None:
    for command in (
        ("policy", "test", CITY),
        ("decide", "--policy", CITY, "--event", event),
        ("replay", event, "--policy", CITY),
    ):
        result = pmo(*command, "--engine", called)
        assert result.status == 2
        assert f"no engine is called '{called}'; there are compiled, durable, tracing" in result.err


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
    assert (wrong.status, wrong.err.count("\n")) == (2, 3)


def test_feel_points_at_what_is_no_expression(pmo: Pmo) -> None:
    wrong = pmo("feel", "change.cost >\n  1 && 3")
    first, line, pointer = wrong.err.splitlines()
    assert first == "expression:2:5: PMO020 unexpected '&' after '1'"
    assert line.endswith("|   1 && 3")
    assert pointer.index("^") == line.index("&")
    assert pointer.endswith("write 'and'")
    assert (wrong.status, wrong.out) == (2, "")


def test_feel_says_why_it_comes_to_null(pmo: Pmo) -> None:
    found = pmo("feel", "2 + 1 / (3 - 3)")
    assert (found.status, found.out, found.err) == (
        0,
        "null\n",
        "division by zero in '1 / (3 - 3)'\n",
    )
    assert pmo("feel", "null").err == ""
    assert pmo("feel", "if 1 = 2 then 3 else null").err == ""
    assert pmo("feel", '1 < "a"').err == "'<' has no result for number and text in '1 < \"a\"'\n"


def test_feel_reads_money_and_dates_in_a_context(pmo: Pmo, tmp_path: Path) -> None:
    context = tmp_path / "context.json"
    context.write_text(
        '{"change": {"cost": "50000.50 GBP", "due": "@\\"2026-03-02\\"", "note": "10 day"}}',
        encoding="utf-8",
    )
    assert pmo("feel", "change.cost * 2", "--context", context).out == "100001 GBP\n"
    assert pmo("feel", "change.due.month", "--context", context).out == "3\n"
    assert pmo("feel", "string length(change.note)", "--context", context).out == "6\n"
    missing = pmo("feel", "change.weeks > 1", "--context", context)
    assert (missing.status, missing.err) == (1, "not known without change.weeks\n")


def test_feel_ends_at_its_bounds(pmo: Pmo) -> None:
    found = pmo("feel", "for i in 1..1e9 return i")
    assert (found.status, found.err) == (2, "a result has more than 100,000 items\n")


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


def test_coverage_says_how_much_is_reached_and_what_is_not(pmo: Pmo, tmp_path: Path) -> None:
    found = pmo("policy", "test", CITY, "--coverage", "--json").json
    assert found["not_reached"] == {"by-authority": ["false"]}
    assert found["coverage"]["rules"] == {"reached": 2, "total": 2, "percent": 100.0, "missed": []}
    out = pmo("policy", "test", CITY, "--coverage").out
    assert "outcomes              5 of 6      83 %\n" in out
    assert f"not reached: {CITY}:74:5: by-authority false\n" in out
    more = tmp_path / "city.yaml"
    free = "  - {name: free, facts: {change: {cost: 0 GBP}}, expect: {approvals: []}}\n"
    more.write_text(CITY.read_text() + free)
    assert (
        "outcomes              6 of 6     100 %\n" in pmo("policy", "test", more, "--coverage").out
    )


def test_too_little_coverage_is_a_no(pmo: Pmo) -> None:
    short = pmo("policy", "test", CITY, "--fail-under", "50")
    assert short.status == 1
    assert "cases at limits: 33 %, less than 50 %\n" in short.err
    assert pmo("policy", "test", CITY, "--fail-under", "0").status == 0


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


def test_a_record_that_nobody_decides_is_clear_and_left_alone(pmo: Pmo, tmp_path: Path) -> None:
    rules = (
        "kind: rules\nrules:\n"
        "  - {id: dear, title: a, on: change.submitted, binding: shall,"
        " when: 'change.cost > @~5 GBP~',"
        " then: [{require_approval: {from: board}}]}\n"
        "  - {id: free, title: a, on: change.submitted, binding: shall,"
        " when: 'change.cost = @~0 GBP~',"
        " then: [{auto_approve: {source: me}}]}\n"
    ).replace("~", '"')
    folder = lay_out(tmp_path / "policies", {"more.yaml": rules})
    said = {}
    for cost in (0, 1, 6):
        facts = {"change": {"cost": f"{cost} GBP"}}
        event = {"event": "change.submitted", "at": "2026-03-02T09:00:00Z", "facts": facts}
        file = tmp_path / "event.json"
        file.write_text(json.dumps(event))
        lines = pmo("decide", "--policy", folder, "--event", file).out.splitlines()
        said[cost] = (lines[0], any("nobody is asked to decide it" in line for line in lines))
    assert said == {0: ("clear", False), 1: ("clear", True), 6: ("waiting", False)}
