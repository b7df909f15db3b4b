"""Collection rounds as typed and as answered."""

import json
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.cli.conftest import CITY, Pmo

ROUNDS = """
---
kind: registers
registers:
  - {register: risks, noun: risk, root: risk, plural: risks, fields: {title: {type: text}}}
---
kind: rounds
rounds:
  - id: weekly
    title: Weekly status
    every: week
    collect:
      - {register: change_requests, from: project_manager}
      - {register: risks, from: project_manager}
    within: 3 working days
    closed_by: pmo_head
"""


@pytest.fixture
def town(office: Pmo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Pmo:
    policy = tmp_path / "town.yaml"
    policy.write_text(CITY.read_text(encoding="utf-8") + ROUNDS, encoding="utf-8")
    monkeypatch.setenv("PMO_POLICY", str(policy))
    return office


def weeks_later(weeks: int) -> None:
    """Set the clock of the store."""
    moment = json.dumps((datetime.now(UTC) + timedelta(weeks=weeks)).isoformat())
    with closing(sqlite3.connect("pmo.db")) as connection, connection:
        connection.execute("DELETE FROM settings WHERE key = 'clock'")
        connection.execute("INSERT INTO settings (key, value) VALUES ('clock', ?)", (moment,))


def test_a_round_is_listed_shown_answered_and_closed(town: Pmo) -> None:
    assert town("round", "list").out == "no round was opened yet (weekly)\n"
    weeks_later(3)
    assert town("sweep").status == 0
    [shown] = town("round", "list", "--open", "--json").json
    period = shown["period"]
    assert (shown["round"], shown["asked"], shown["waiting"]) == ("weekly", 2, 2)
    line = f"Weekly status {period} (weekly): 0 of 2 answered; open\n"
    assert town("round", "list").out == line
    answered = town("round", "answer", "weekly", "P-1", "--register", "risks", "--by", "ana")
    assert answered.out == f"Weekly status {period} of P-1: risks confirmed, 1 more to give\n"
    story = town("round", "show", "weekly", "--period", period)
    first, head, *rows = [line.strip() for line in story.out.splitlines() if line.strip(" ─")]
    assert first == f"Weekly status {period} (weekly): 1 of 2 answered; open"
    assert head.split() == ["Project", "Register", "From", "State", "Due", "By"]
    assert rows[-1].split()[:4] == ["P-1", "risks", "project_manager", "answered"]
    assert rows[-1].endswith("Ana Sousa, confirmed: nothing changed")
    closed = town("round", "close", "weekly", "--reason", "the board meets", "--by", "petra")
    assert closed.out == f"weekly {period} is closed, 1 missing: the board meets\n"
    assert town("round", "list", "--open").out == "no round is open (weekly)\n"
    told = town("round", "show", "weekly", "--json").json
    assert told["shown"]["reason"] == "the board meets"
    assert [each["state"] for each in told["answers"]] == ["missing", "answered"]
    assert "the round Weekly status" in town("timeline", "office", "--limit", "50").out


def test_what_goes_wrong_is_one_clear_line(town: Pmo) -> None:
    def error(*arguments: str) -> str:
        result = town("round", *arguments)
        assert (result.status, result.out) == (2, ""), result
        return result.err.splitlines()[-1]

    assert error("show", "weekly") == (
        "no round of 'weekly' was opened yet; the sweep does when it is time"
    )
    weeks_later(3)
    town("sweep")
    assert error("show", "weakly") == "no round is called 'weakly' (did you mean 'weekly'?)"
    assert "'weekly' has no round for '2020-W01'" in error("show", "weekly", "--period", "2020-W01")
    assert error("answer", "weekly", "P-9", "--by", "ana") == "no project 'P-9'"
    close = ("close", "weekly", "--reason")
    assert "that is for the PMO head" in error(*close, "enough", "--by", "ana")
    assert "give it with --reason" in error(*close, "", "--by", "petra")


def test_weeks_that_were_missed_are_said(town: Pmo) -> None:
    weeks_later(2)
    town("sweep")
    weeks_later(5)
    town("sweep")
    earlier, later = town("round", "list", "--round", "weekly").out.splitlines()
    assert ", 2 missing; closed: that for " in earlier
    assert "; open; none for " in later


def test_a_policy_without_rounds_says_so(office: Pmo) -> None:
    said = "no round was opened yet (the policy declares none, under 'kind: rounds')\n"
    assert office("round", "list").out == said
    assert office("round", "list", "--json").json == []
    assert "there are none" in office("round", "show", "status").err
