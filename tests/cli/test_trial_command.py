"""What rules on trial would have asked for, from the command line."""

from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import CITY

Pmo = Any
TRIAL = """
---
kind: rules
rules:
  - id: board-sees-scope
    title: The board approves changes of scope
    on: change_request.submitted
    binding: trial
    when: change.category = "scope"
    then: [{require_approval: {from: portfolio_board}}]
"""
ASKED = "The portfolio board would have to approve the change request."


@pytest.fixture
def tried(office: Pmo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Pmo:
    path = tmp_path / "tried.yaml"
    path.write_text(CITY.read_text() + TRIAL)
    monkeypatch.setenv("PMO_POLICY", str(path))
    return office


def submit(pmo: Pmo, category: str) -> Any:
    fields = ("cost=20000 GBP", f"category={category}")
    return pmo("submit", "P-1", "change_requests", *fields, "--by", "sam")


def test_a_trial_is_shown_with_the_decision_and_counted(tried: Pmo) -> None:
    assert f"  on trial: board-sees-scope\n    {ASKED}\n" in submit(tried, "scope").out
    assert "on trial" not in submit(tried, "time").out
    assert ASKED in tried("show", "P-1", "change_requests", "CR-1").out
    assert tried("inbox", "bo").out == "nothing waits for Bo Chen\n"
    [counted] = tried("policy", "trial", "--json").json
    assert counted["asked"] == {ASKED: 1}
    assert (counted["rule"], counted["judged"], counted["fired"]) == ("board-sees-scope", 2, 1)
    text = tried("policy", "trial").out
    assert "judged 2 times, fired 1 times" in text
    assert f"1 x {ASKED}" in text


def test_without_rules_on_trial_there_is_nothing_to_count(office: Pmo) -> None:
    submit(office, "scope")
    assert office("policy", "trial").out == "no rule is on trial\n"
    assert office("policy", "trial", "--json").json == []
