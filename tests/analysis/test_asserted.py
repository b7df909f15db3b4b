"""Only what asserts counts; and what is proposed counts once it is pasted and filled in."""

from pathlib import Path

import pytest

from pmo_engine.analysis.boundaries import bounds_of, tried_by
from pmo_engine.analysis.coverage import coverage_of
from pmo_engine.analysis.coverage_goals import own_rules
from pmo_engine.analysis.example_cases import suites_for
from pmo_engine.engines.engine import Engine
from pmo_engine.resources import policies_dir
from tests.small_policy import check_text

RULES = """
kind: rules
rules:
  - id: many
    title: many weeks are told
    on: change.submitted
    binding: shall
    when: change.weeks > 5
    then: [{notify: {to: board}}]
---
"""
VOTES = """
kind: registers
registers:
  - register: ballots
    noun: ballot
    root: ballot
    plural: ballots
    fields: {votes_for: {type: number}, votes_against: {type: number}}
---
kind: rules
rules:
  - id: fails
    title: a ballot fails below two thirds
    on: ballot.submitted
    binding: shall
    when: ballot.votes_for < (ballot.votes_for + ballot.votes_against) * (2/3)
    then: [{block: too few}]
---
kind: suite
about: [fails]
event: ballot.submitted
cases:
  - {name: some, facts: {ballot: {votes_for: 5, votes_against: 5}}, expect: {blocked: true}}
"""
ALLOWED = """
kind: table
id: fee
title: What it costs to ask
hit_policy: first
inputs: [{name: weeks, type: number, allowed: '[1..10]'}]
outputs: [{name: amount, type: number}]
rows:
  - {when: '<= 1', then: 1}
  - {when: '< 10', then: 2}
  - {when: '-', then: 3}
---
kind: rules
rules:
  - id: dear
    title: what is dear is told
    on: change.submitted
    binding: shall
    when: fee(change.weeks) = 3
    then: [{notify: {to: board}}]
---
kind: suite
about: [dear]
event: change.submitted
cases:
  - {name: some, facts: {change: {weeks: 5}}, expect: {fired: []}}
"""


def suite(weeks: str, expect: str) -> str:
    case = f"{{name: a, facts: {{change: {{weeks: {weeks}}}}}, expect: {{{expect}}}}}"
    return f"kind: suite\nabout: [many]\nevent: change.submitted\ncases:\n  - {case}\n"


def engine_of(text: str) -> Engine:
    policy = check_text(text).policy
    assert policy is not None, check_text(text).diagnostics
    return Engine(policy)


def reached(text: str) -> dict[str, tuple[int, int]]:
    return {each.kind: (each.reached, each.total) for each in coverage_of(engine_of(text))}


@pytest.mark.parametrize(
    ("expect", "outcomes", "limits"),
    [("", 0, 0), ("approvals: []", 0, 0), ("notices: [board]", 1, 1), ("fired: [many]", 1, 1)],
)
def test_a_case_that_asserts_nothing_of_a_rule_reaches_nothing_of_it(expect, outcomes, limits):
    found = reached(RULES + suite("6", expect))
    assert found["outcomes"][0] == outcomes
    assert found["cases at limits"] == (limits, 3)
    assert found["rules"] == (outcomes, 1)


def test_a_suite_asserts_nothing_of_a_rule_that_it_is_not_about():
    other = RULES.replace("many", "other").replace("kind: rules", "kind: rules", 1)
    found = reached(RULES + other + suite("6", "status: clear"))
    assert found["rules"] == (1, 2)
    assert found["outcomes"][0] == 1


def filled(engine: Engine) -> str:
    """Take over what is proposed, each case with what comes out now as what is expected."""
    bounds = bounds_of(engine, tried_by(engine), own_rules(engine.policy))
    lines = suites_for(engine, bounds).splitlines()
    return "\n".join(
        f"    expect: {line.partition('now: ')[2]}" if "expect: {}" in line else line
        for line in lines
    )


@pytest.mark.parametrize("text", [VOTES, ALLOWED, RULES + suite("6", "notices: [board]")])
def test_what_is_proposed_counts_once_it_is_pasted_and_filled_in(text):
    proposed = filled(engine_of(text))
    assert "kind: suite" in proposed
    added = engine_of(f"{text}---\n{proposed}\n")
    left = bounds_of(added, tried_by(added), own_rules(added.policy))
    missing = [str(point.side) for bound in left for point in bound.missed]
    assert len(missing) <= proposed.count("# no single fact")
    assert [case.name for s in added.policy.suites[1:] for case in s.cases]


def test_what_is_proposed_counts_nothing_while_it_is_not_filled_in():
    engine = engine_of(VOTES)
    bounds = bounds_of(engine, tried_by(engine), own_rules(engine.policy))
    pasted = f"{VOTES}---\n{suites_for(engine, bounds)}"
    assert reached(pasted) == reached(VOTES)


def test_no_case_is_proposed_that_a_table_does_not_allow():
    proposed = filled(engine_of(ALLOWED))
    assert "weeks: 0" not in proposed
    assert "weeks: 11" not in proposed


def test_a_limit_on_both_sides_is_solved_for_and_reached_whole():
    engine = engine_of(VOTES)
    added = engine_of(f"{VOTES}---\n{filled(engine)}\n")
    (limits,) = [each for each in coverage_of(added) if each.kind == "cases at limits"]
    assert (limits.reached, limits.total) == (3, 3)


def test_the_demo_without_its_suites_is_proposed_what_counts(tmp_path: Path):
    text = "".join(
        f"---\n{path.read_text(encoding='utf-8')}"
        for path in sorted((policies_dir() / "demo").glob("*.yaml"))
        if path.name != "suite.yaml"
    )
    from pmo_engine.compiler.loading import bind
    from pmo_engine.compiler.reading import read_text

    engine = Engine(bind(read_text(text, "demo.yaml"), tmp_path).policy)
    proposed = filled(engine)
    both = bind(read_text(f"{text}\n---\n{proposed}\n", "demo.yaml"), tmp_path)
    added = Engine(both.policy)
    bounds = bounds_of(added, tried_by(added), own_rules(added.policy))
    missing = [point for bound in bounds for point in bound.missed]
    assert len(missing) <= proposed.count("# no single fact")
