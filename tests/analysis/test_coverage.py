"""How much of a policy the cases of its suites reach, and what they leave."""

# ruff: noqa: E501 - what is tried stands on one line, however long

from datetime import date
from pathlib import Path

import pytest

from pmo_engine.analysis.coverage import Covered, coverage_of
from pmo_engine.analysis.coverage_goals import outcomes_of, own_rules
from pmo_engine.analysis.tested import Reached
from pmo_engine.engines.engine import Engine
from tests.engines.samples import rule
from tests.policies import kept
from tests.small_policy import check_text

ROOT = Path(__file__).parents[2]

TEXT = """
kind: table
id: signer
title: Who signs
inputs: [{name: weeks, type: number}]
outputs: [{name: role, type: [pmo_head, board]}]
hit_policy: first
rows:
  - {when: {weeks: '< 4'}, then: {role: pmo_head}}
  - {when: {weeks: '>= 4'}, then: {role: board}}
---
kind: rules
rules:
  - id: long
    title: Long changes are signed by the board
    on: change.submitted
    binding: shall
    when: signer(change.weeks) = "board"
    then: [{require_approval: {from: project_manager, within: 4 working days, ladder: standard}}]
  - id: dear
    title: Dear changes wait
    on: change.closed
    binding: shall
    when: change.cost > @"10 GBP"
    then: [{block: Too dear}]
---
kind: suite
id: s
event: change.submitted
at: 2026-03-02T09:00:00Z
cases:
"""
LONG = "  - {name: long, facts: {change: {weeks: 5}}, expect: {approvals: [project_manager]}}\n"


def covered(cases: str) -> dict[str, Covered]:
    checked = check_text(TEXT + cases)
    assert checked.policy is not None, checked.diagnostics
    return {each.kind: each for each in coverage_of(Engine(checked.policy, "tracing"))}


def missed(found: Covered) -> list[str]:
    return [f"{each.of} {each.what}" for each in found.missed]


def test_rules_and_outcomes_that_no_case_reached_are_named() -> None:
    found = covered(LONG)
    assert missed(found["rules"]) == ["dear is judged by no case"]
    assert missed(found["outcomes"]) == [
        "long false",
        "long unknown",
        "dear true",
        "dear false",
        "dear unknown",
    ]
    assert (found["outcomes"].reached, found["outcomes"].total) == (1, 6)
    assert found["rules"].percent == 50


def test_rows_of_tables_are_reached_where_an_answer_is_from_them() -> None:
    assert missed(covered(LONG)["rows of tables"]) == ["signer row 1"]
    short = "  - {name: short, facts: {change: {weeks: 1}}, expect: {approvals: []}}\n"
    assert missed(covered(LONG + short)["rows of tables"]) == []


def test_rungs_are_reached_where_a_case_says_who_hears_by_then() -> None:
    """The ladder: a reminder at half the time of four days, up a working day after the end."""
    timed = "  - {{name: t, after: {}, facts: {{change: {{weeks: 5}}}}, expect: {}}}\n"
    nobody = timed.format("1 working day", "{reminded: []}")
    reminded = timed.format("3 working days", "{reminded: [project_manager]}")
    silent = timed.format("9 working days", "{approvals: [project_manager]}")
    raised = timed.format("9 working days", "{escalated_to: [pmo_head]}")
    first, second = (
        "rung 1: at 50 % of the time allowed, a reminder goes to whoever was asked",
        "rung 2: 1 working day after it was due, it is escalated to the next more senior role",
    )
    assert missed(covered(nobody)["rungs of ladders"]) == [
        f"standard {first}",
        f"standard {second}",
    ]
    assert missed(covered(silent)["rungs of ladders"]) == [
        f"standard {first}",
        f"standard {second}",
    ]
    assert missed(covered(reminded)["rungs of ladders"]) == [f"standard {second}"]
    assert missed(covered(raised)["rungs of ladders"]) == []


def test_cases_at_limits_are_counted() -> None:
    found = covered(
        "  - {name: d, event: change.closed, facts: {change: {cost: 10 GBP}}, expect: {blocked: false}}\n"
    )
    assert missed(found["cases at limits"])[-2:] == [
        "dear below the limit (9.99 GBP): the change's cost is above 10 GBP",
        "dear above the limit (10.01 GBP): the change's cost is above 10 GBP",
    ]


def test_what_is_missed_has_its_place_and_a_shape() -> None:
    found = covered(LONG)["rules"]
    [one] = found.missed
    assert str(one).startswith("policy.yaml:")
    assert Reached.of(found).model_dump(mode="json") == {
        "reached": 1,
        "total": 2,
        "percent": 50.0,
        "missed": [
            {
                "of": "dear",
                "what": "is judged by no case",
                "file": "policy.yaml",
                "line": one.mark.line,
                "column": 5,
            }
        ],
    }


def test_cases_without_a_time_reach_what_is_in_force_on_a_day() -> None:
    rules = "kind: rules\nrules:\n  - {id: r, title: a, on: change.submitted, binding: shall, in_force_from: 2026-07-01, then: [{block: x}]}\n"
    checked = check_text(
        f"{rules}---\nkind: suite\nevent: change.submitted\ncases: [{{name: a, expect: {{status: clear}}}}]\n"
    )
    assert checked.policy is not None
    engine = Engine(checked.policy)
    days = (None, date(2026, 6, 30), date(2026, 7, 1))
    assert [coverage_of(engine, day)[0].reached for day in days] == [0, 0, 1]


@pytest.mark.parametrize(
    ("when", "outcomes"),
    [
        (None, ["true"]),
        ("change.score > 1", ["true", "false", "unknown"]),
        ("is_known(change.score)", ["true", "false"]),
        ("not(is_known(change.score))", ["true", "false"]),
        ("is_known(change.score) and change.score > 1", ["true", "false"]),
        ("is_known(change.score) and change.rate > 1", ["true", "false", "unknown"]),
        ("is_known(change.score) or change.score > 1", ["true", "false", "unknown"]),
        ('today > @"2026-01-01"', ["true", "false"]),
        ('authority("manager", "approve change_request") > @"1 GBP"', ["true", "false"]),
        ('headroom("manager", "approve change_request") > @"1 GBP"', ["true", "false", "unknown"]),
    ],
)
def test_only_outcomes_that_a_rule_can_have_are_asked_for(
    when: str | None, outcomes: list[str]
) -> None:
    assert list(outcomes_of(rule("r", when))) == outcomes


def test_rules_of_packs_are_tested_in_their_packs() -> None:
    demo = kept(ROOT / "policies/demo")
    assert {each.pack for each in own_rules(demo)} == {None}
    assert {each.pack for each in own_rules(kept(ROOT / "rules/risk"))} == {"risk"}
