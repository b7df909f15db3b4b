"""What leaves a tolerance, in the words in which whoever answers reads it."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from pmo_engine.compiler.loading import load_policy
from pmo_engine.model.money import Money
from pmo_engine.prose.rules import rule_in_words
from pmo_engine.prose.tolerances import exceeded_in_words

POLICY = load_policy(Path(__file__).parents[1] / "stories" / "tolerances.yaml")
TODAY = date(2026, 6, 1)


def said(level: str, of: str, *, since_first: bool = False, **facts: Any) -> str:
    tolerance = POLICY.tolerances[level, of]
    return exceeded_in_words(tolerance, facts, POLICY, since_first=since_first)


def line(forecast: str | None, baseline: str, standing: str = "waiting") -> dict[str, Any]:
    known = {"baseline": baseline, "forecast": forecast, "first_baseline": "90000 GBP"}
    amounts = {name: Money.parse(each) for name, each in known.items() if each is not None}
    return {**amounts, "standing": standing}


def test_a_sum_is_that_of_what_counts() -> None:
    lines = [
        line("70000 GBP", "60000 GBP"),
        line("50000 GBP", "40000 GBP"),
        line("1 GBP", "1 GBP", "blocked"),
        line(None, "5000 GBP"),
    ]
    assert said("project", "cost", budget_lines=lines, today=TODAY) == (
        "The project's tolerance of cost is exceeded: the forecast of all budget lines together is"
        " 120,000 GBP, planned 100,000 GBP; the project may leave it by 10 %."
    )
    first = said("stage", "cost", budget_lines=lines, today=TODAY, since_first=True)
    assert "planned 180,000 GBP at first; the stage may leave it by 5 %." in first


@pytest.mark.parametrize(
    ("forecast", "actual", "words"),
    [
        ("2026-07-20", None, "the milestone's forecast is 20 July 2026, planned 1 May 2026;"),
        ("2026-06-01", None, "the milestone's forecast is 1 June 2026, planned 1 May 2026;"),
        ("2026-05-31", None, "forecast is 31 May 2026 and past, planned 1 May 2026;"),
        ("2026-05-31", "2026-05-30", "the milestone's actual is 30 May 2026, planned 1 May 2026;"),
    ],
)
def test_a_day_that_is_past_without_being_met_is_said_to_be(
    forecast: str, actual: str | None, words: str
) -> None:
    days = {"baseline": "2026-05-01", "forecast": forecast, "actual": actual}
    milestone = {name: date.fromisoformat(each) for name, each in days.items() if each is not None}
    assert words in said("project", "time", milestone=milestone, today=TODAY)


def test_a_sum_of_a_stage_is_that_of_the_stage_that_the_project_is_in() -> None:
    tolerance = POLICY.tolerances["stage", "cost"]
    assert tolerance.measured is not None
    tolerance = replace(tolerance, measured=replace(tolerance.measured, of_stage=True))
    lines = [
        {**line("70000 GBP", "60000 GBP"), "stage": "build"},
        {**line("50000 GBP", "40000 GBP"), "stage": "design"},
    ]
    facts = {"budget_lines": lines, "project": {"stage": "build"}, "today": TODAY}
    assert exceeded_in_words(tolerance, facts, POLICY, since_first=False) == (
        "The stage's tolerance of cost is exceeded: the forecast of all budget lines of the stage"
        " together is 70,000 GBP, planned 60,000 GBP; the stage may leave it by 5 %."
    )


def test_a_day_of_which_nobody_says_when_it_was_met_is_never_past() -> None:
    tolerance = POLICY.tolerances["project", "time"]
    assert tolerance.measured is not None
    tolerance = replace(tolerance, measured=replace(tolerance.measured, met=None))
    milestone = {"baseline": date(2026, 5, 1), "forecast": date(2026, 5, 31)}
    facts = {"milestone": milestone, "today": TODAY}
    words = exceeded_in_words(tolerance, facts, POLICY, since_first=False)
    assert "the milestone's forecast is 31 May 2026, planned 1 May 2026;" in words


def test_where_the_records_are_not_at_hand_it_is_said_that_it_is_exceeded() -> None:
    assert said("project", "cost") == "The project's tolerance of cost is exceeded."
    assert said("project", "time", today=TODAY) == "The project's tolerance of time is exceeded."


def test_what_is_not_known_is_left_out() -> None:
    risk = {"score": 20}
    assert said("project", "risk", risk=risk).endswith("the risk's score is 20.")


@pytest.mark.parametrize("what", ["stage's {} of cost", "project's {} of benefits"])
def test_what_was_conceded_is_said_as_that(what: str) -> None:
    [rule] = [e for e in POLICY.rules if e.title == f"The {what.format('tolerance')} is kept"]
    conceded = what.replace(" {} of", "")
    assert f"what was conceded of the {conceded} is not known" in rule_in_words(rule, POLICY)
