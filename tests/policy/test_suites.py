"""Tests of a policy: every key of ``expect``, and differences in words."""

# ruff: noqa: E501 - what is tried stands on one line, however long

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from pmo_engine.engines.engine import Engine
from pmo_engine.policy.suites import EXPECTATIONS, CaseResult, event_of, run_suites
from pmo_engine.policy.tree import Policy

RULES = """
kind: rules
rules:
  - {id: asks, title: a, on: change.submitted, binding: shall, when: change.weeks > 4, then: [
      {require_approval: {from: board}}, {require_assessment: {from: finance}},
      {require_evidence: {evidence: plan}}, {raise_exception: {to: pmo_head}}, {notify: {to: board}}]}
  - {id: blocks, title: a, on: change.submitted, binding: shall, when: change.urgent, then: [{block: x}]}
  - {id: derives, title: a, on: change.submitted, binding: shall, then: [
      {derive: {fact: total, value: 'change.weeks * 1.50'}},
      {derive: {fact: price, value: 'change.cost + @"1 GBP"'}},
      {derive: {fact: words, value: '["b", "a"]'}},
      {derive: {fact: many, value: 'change.weeks > 4'}},
      {derive: {fact: nothing, value: 'null'}},
      {derive: {fact: both, value: '{n: 1.0, t: "x"}'}}]}
---
"""
FACTS = "{change: {weeks: 5, cost: 9 GBP, urgent: false}}"


@pytest.fixture(params=["tracing", "compiled"])
def run(
    request: pytest.FixtureRequest, make_policy: Callable[[str], Policy]
) -> Iterator[Callable[[str], list[CaseResult]]]:
    engines = []

    def run(suite: str) -> list[CaseResult]:
        policy = make_policy(f"{RULES}kind: suite\nevent: change.submitted\n{suite}")
        engines.append(Engine(policy, request.param))
        return list(run_suites(policy, engines[-1].decide))

    yield run
    for engine in engines:
        engine.close()


Run = Callable[[str], list[CaseResult]]


def failures(run: Run, expect: str, facts: str = FACTS, about: str = "") -> tuple[str, ...]:
    (result,) = run(f"{about}cases:\n  - {{name: one, facts: {facts}, expect: {expect}}}\n")
    assert result.passed == (not result.failures)
    return result.failures


HELD = [
    "{approvals: [board], assessments: [finance], exceptions: [pmo_head], notices: [board]}",
    "{evidence: [plan], information: [], blocked: false, status: waiting}",
    "{fired: [derives, asks], unknown: []}",
    "{facts: {total: 7.5, price: 10.00 GBP, words: [b, a], many: true, nothing: null}}",
    "{facts: {total: '7.500', both: {n: 1, t: x}}}",
    "{}",
]


@pytest.mark.parametrize("expect", HELD)
def test_what_is_as_expected_passes(run: Run, expect: str) -> None:
    assert failures(run, expect) == ()


def test_every_expectation_is_tried() -> None:
    assert all(any(key in each for each in HELD) for key in EXPECTATIONS)


@pytest.mark.parametrize(
    ("expect", "said"),
    [
        ("{approvals: []}", "approvals: expected none, got board"),
        ("{approvals: [board, pmo_head]}", "approvals: expected board, pmo_head, got board"),
        ("{assessments: [risk]}", "assessments: expected risk, got finance"),
        ("{exceptions: [board]}", "exceptions: expected board, got pmo_head"),
        ("{notices: []}", "notices: expected none, got board"),
        ("{evidence: []}", "evidence: expected none, got plan"),
        ("{information: [change.cost]}", "information: expected change.cost, got none"),
        ("{blocked: true}", "blocked: expected true, got false"),
        ("{status: clear}", "status: expected clear, got waiting"),
        ("{fired: [asks]}", "fired: expected asks, got asks, derives"),
        ("{unknown: [asks]}", "unknown: expected asks, got none"),
        ("{facts: {total: 7}}", "facts.total: expected 7, got 7.5"),
        ("{facts: {total: many}}", "facts.total: expected many, got 7.5"),
        ("{facts: {price: 10 EUR}}", "facts.price: expected 10 EUR, got 10 GBP"),
        ("{facts: {words: [a, b]}}", "facts.words: expected a, b, got b, a"),
        ("{facts: {many: false}}", "facts.many: expected false, got true"),
        ("{facts: {nothing: x}}", "facts.nothing: expected x, got null"),
        ("{facts: {both: {n: 2, t: x}}}", "facts.both: expected n = 2, t = x, got n = 1, t = x"),
        ("{facts: {other: 1}}", "facts.other: expected 1, and no rule derived it"),
    ],
)
def test_what_differs_is_said_in_words(run: Run, expect: str, said: str) -> None:
    assert failures(run, expect) == (said,)


def test_all_differences_are_said(run: Run) -> None:
    assert len(failures(run, "{approvals: [], blocked: true, fired: []}")) == 3


def test_a_suite_about_some_rules_judges_them_alone(run: Run) -> None:
    facts = "{change: {weeks: 5, cost: 9 GBP, urgent: true}}"
    about = "about: [asks]\n"
    assert failures(run, "{blocked: false, fired: [asks]}", facts, about) == ()
    assert failures(run, "{blocked: true, fired: [asks, blocks, derives]}", facts) == ()


def test_what_is_not_known_is_unknown_and_asked_for(run: Run) -> None:
    expect = "{unknown: [asks], information: [change.weeks]}"
    assert failures(run, expect, "{change: {cost: 9 GBP}}", "about: [asks]\n") == ()


def test_facts_of_the_suite_are_laid_under_those_of_the_case(run: Run) -> None:
    results = run(
        "facts: {change: {weeks: 5, cost: 9 GBP, urgent: false}}\n"
        "cases:\n"
        "  - {name: as they are, expect: {approvals: [board]}}\n"
        "  - {name: one changed, facts: {change: {weeks: 4}}, expect: {approvals: [], facts: {price: 10 GBP}}}\n"
        "  - {name: wrong, expect: {approvals: []}}\n"
    )
    assert [(r.case, r.passed) for r in results] == [
        ("as they are", True),
        ("one changed", True),
        ("wrong", False),
    ]
    assert str(results[2].mark).startswith("policy.yaml:")


def test_an_event_that_cannot_be_judged_is_a_failure_of_its_case(
    make_policy: Callable[[str], Policy],
) -> None:
    def refuse(event: Any) -> Any:
        raise ValueError("no such event")

    policy = make_policy("kind: suite\nevent: change.closed\ncases: [{name: one, expect: {}}]\n")
    (result,) = run_suites(policy, refuse)
    assert result.failures == ("no such event",)


def test_a_case_happens_at_its_time_or_at_noon_of_the_policy_s_first_day(
    make_policy: Callable[[str], Policy],
) -> None:
    text = "kind: suite\nevent: change.closed\ncases:\n  - {name: a, expect: {}}\n"
    policy = make_policy(f"{text}  - {{name: b, at: 2026-03-02T09:00:00Z, expect: {{}}}}\n")
    first, second = (event_of(policy, case) for case in policy.suites[0].cases)
    assert first["at"] == datetime(2026, 1, 1, 12, tzinfo=ZoneInfo("Europe/London"))
    assert second["at"] == "2026-03-02T09:00:00Z"
