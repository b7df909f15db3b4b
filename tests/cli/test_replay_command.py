"""Recorded histories and the standard's cases from the command line."""

from pathlib import Path
from typing import Any

import pytest

from pmo_engine.resources import policies_dir

Pmo = Any
TRAVEL = policies_dir() / "travel-approvals"


@pytest.fixture
def log(shared: Path) -> Path:
    return shared / "data" / "travel-declarations" / "DomesticDeclarations.xes.gz"


def test_the_real_log_by_the_rules_in_force(pmo: Pmo, log: Path) -> None:
    report = pmo("replay", log, "--policy", TRAVEL, "--json").json
    assert list(report) == ["cases", "events", "findings", "examples", "unmapped", "policy"]
    assert (report["cases"], report["events"]) == (10357, 55628)
    assert list(report["findings"].values()) == [2, 0, 62, 0]
    paid = report["examples"]["no-payment-without-final-approval"]
    assert paid == ["declaration95149", "declaration90815"]


def test_the_real_log_by_the_rules_of_one_day(pmo: Pmo, log: Path) -> None:
    shown = pmo("replay", log, "--policy", TRAVEL, "--on", "2018-06-01").out
    assert "10,357 cases, 55,628 events" in shown
    assert "  2,152  administration-before-final-approval (" in shown
    assert "  2,149  administration-by-the-end (" in shown


def test_a_small_log_with_everything_in_it(pmo: Pmo, tmp_path: Path) -> None:
    log = tmp_path / "log.csv"
    rows = [
        "case,activity,timestamp",
        "d-1,Payment Handled,2018-03-01T10:00:00+00:00",
        "d-1,Tea,2018-03-01T09:00:00+00:00",
    ]
    log.write_text("\n".join(rows), encoding="utf-8")
    policy = tmp_path / "policy"
    policy.mkdir()
    for file in TRAVEL.glob("*.yaml"):
        text = file.read_text(encoding="utf-8")
        columns = "case: case\nactivity: activity\ntimestamp: timestamp\n"
        text = text.replace("kind: event_log\n", f"kind: event_log\n{columns}")
        (policy / file.name).write_text(text, encoding="utf-8")
    result = pmo("replay", log, "--policy", policy)
    assert result.status == 0, result.err
    assert "1 cases, 2 events" in result.out
    assert "not mapped: Tea" in result.out
    assert "1  cases whose events had to be put in order of time" in result.out


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("log.xes", b"<log><trace>", "log.xes:1:"),
        ("log.xes.gz", b"not gzip", "log.xes.gz:1:1"),
        ("log.txt", b"", ".xes, .xes.gz, .csv"),
        ("log.csv", b"case,activity,timestamp\nd-1,Payment Handled,tomorrow\n", "log.csv:2:"),
    ],
)
def test_a_wrong_log_is_one_clear_line(
    pmo: Pmo, tmp_path: Path, name: str, content: bytes, said: str
) -> None:
    (tmp_path / name).write_bytes(content)
    result = pmo("replay", name, "--policy", TRAVEL)
    assert (result.status, result.err.count("\n")) == (2, 1)
    assert said in result.err


def test_the_standards_cases_end_with_a_count(pmo: Pmo, shared: Path) -> None:
    result = pmo("feel", "--cases", shared / "data" / "feel" / "feel.jsonl")
    lines = result.out.splitlines()
    assert lines[-1] == "1590 passed, 0 failed, 13 skipped"
    assert lines[-2] == "skipped for a name with spaces: 13"
    assert pmo("feel", "--cases", "nowhere").status == 2
