"""Tests of a policy: every key of ``expect``, and differences in words."""

# ruff: noqa: E501 - what is tried stands on one line, however long

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from pmo_engine.engines.engine import Engine
from pmo_engine.policy import Policy
from pmo_engine.policy.suites.expectations import EXPECTATIONS
from pmo_engine.suites.running import CaseResult, chosen, event_of, run_suites
from pmo_engine.testing import policy_from
from tests.small_policy import HEADER

RULES = """
kind: terms_of_reference
for: project_manager
deputy: pmo_head
---
kind: rules
rules:
  - {id: asks, title: Long changes, on: change.submitted, binding: shall, when: change.weeks > 4, clause: 4.1, then: [
      {require_approval: {from: board, within: 3 working days}}, {require_assessment: {from: finance}},
      {require_evidence: {evidence: plan}}, {raise_exception: {to: pmo_head}}, {notify: {to: board}}]}
  - {id: blocks, title: a, on: change.submitted, binding: shall, when: change.urgent, then: [{block: x}]}
  - {id: tries, title: a, on: change.submitted, binding: trial, when: change.weeks > 4, then: [{block: x}]}
  - {id: divides, title: a, on: change.submitted, binding: may, when: 1 / count(change.tags) > 1, then: [{notify: {to: board}}]}
  - {id: waits, title: a, on: change.closed, binding: shall, then: [
      {require_approval: {from: project_manager, within: 4 working days, ladder: standard}}]}
  - {id: derives, title: a, on: change.submitted, binding: shall, then: [
      {derive: {fact: total, value: 'change.weeks * 1.50'}},
      {derive: {fact: price, value: 'change.cost + @"1 GBP"'}},
      {derive: {fact: words, value: '["b", "a"]'}},
      {derive: {fact: many, value: 'change.weeks > 4'}},
      {derive: {fact: nothing, value: 'null'}},
      {derive: {fact: both, value: '{n: 1.0, t: "x"}'}}]}
---
"""
FACTS = "{change: {weeks: 5, cost: 9 GBP, urgent: false, tags: [a]}}"
FAULTY = FACTS.replace("tags: [a]", "tags: []")


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
    "{fired: [derives, asks, tries], unknown: [], not_fired: [blocks, divides], faults: [], trial: [tries]}",
    """{reasons: ["the change's weeks (5) are above 4", Long changes]}""",
    "{obligations: [{kind: approval, from: board, within: 3 working days, clause: '4.1', rule: asks}]}",
    "{obligations: [{kind: evidence, target: plan}, {kind: notice}], status: waiting}",
    "{obligations: [{reason: above 4}, {kind: approval}]}",
    "{only: [{kind: approval}, {kind: assessment}, {kind: evidence}, {kind: exception}, {from: board, kind: notice}]}",
    "{facts: {total: 7.5, price: 10.00 GBP, words: [b, a], many: true, nothing: null}}",
    "{facts: {total: '7.500', both: {n: 1, t: x}}}",
    "{}",
]


@pytest.mark.parametrize("expect", HELD)
def test_what_is_as_expected_passes(run: Run, expect: str) -> None:
    assert failures(run, expect) == ()


def test_every_expectation_is_tried() -> None:
    tried = {key for key in EXPECTATIONS if any(key in each for each in HELD)}
    assert tried | {"reminded", "escalated_to"} == EXPECTATIONS.keys()


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
        ("{fired: [asks]}", "fired: expected asks, got asks, derives, tries"),
        ("{not_fired: []}", "not_fired: expected none, got blocks, divides"),
        ("{faults: [divides]}", "faults: expected divides, got none"),
        ("{trial: []}", "trial: expected none, got tries"),
        ("{reasons: [below 4]}", "reasons: no reason says 'below 4'; they are: "),
        (
            "{obligations: [{kind: approval, from: pmo_head, within: 1 day}]}",
            "obligations: expected kind: approval, from: pmo_head, within: 1 day, got approval board of asks with from: board, within: 3 working days",
        ),
        (
            "{obligations: [{kind: block}]}",
            "obligations: expected kind: block, got evidence plan of asks with kind: evidence",
        ),
        (
            "{obligations: [{kind: approval}, {from: board, kind: approval}]}",
            "obligations: expected from: board, kind: approval, which is there only once",
        ),
        (
            "{obligations: [{kind: approval, rule: blocks}]}",
            "obligations: expected kind: approval, rule: blocks, got approval board of asks with rule: asks",
        ),
        ("{unknown: [asks]}", "unknown: expected asks, got none"),
        ("{facts: {total: 7}}", "facts.total: expected 7, got 7.5"),
        ("{facts: {total: many}}", "facts.total: expected many, got 7.5"),
        ("{facts: {price: 10 EUR}}", "facts.price: expected 10 EUR, got 10 GBP"),
        ("{facts: {words: [a, b]}}", "facts.words: expected a, b, got b, a"),
        ("{facts: {many: false}}", "facts.many: expected false, got true"),
        ("{facts: {nothing: x}}", "facts.nothing: expected x, got null"),
        ("{facts: {both: {n: 2, t: x}}}", "facts.both: expected n = 2, t = x, got n = 1, t = x"),
    ],
)
def test_what_differs_is_said_in_words(run: Run, expect: str, said: str) -> None:
    [difference] = failures(run, expect)
    assert difference.startswith(said)
    assert difference == said or said.endswith("they are: ")


@pytest.mark.parametrize(
    "expect", ["{fired: [asks, derives, tries]}", "{blocked: false}", "{status: waiting}", "{}"]
)
def test_a_fault_that_is_not_expected_is_a_difference(run: Run, expect: str) -> None:
    [difference] = failures(run, expect, FAULTY)
    assert difference.startswith("faults: divides: policy.yaml:")
    assert difference.endswith("division by zero in '1 / count(change.tags)'")


def test_a_fault_that_is_expected_is_as_expected(run: Run) -> None:
    assert failures(run, "{fired: [asks, derives, tries], faults: [divides]}", FAULTY) == ()
    assert failures(run, "{fired: [asks]}", FAULTY, "about: [asks]\n") == ()


def test_only_these_leaves_room_for_no_other(run: Run) -> None:
    assert failures(run, "{only: [{kind: approval}, {kind: notice}, {kind: evidence}]}") == (
        "only: got assessment finance of asks too",
        "only: got exception pmo_head of asks too",
    )


def test_what_is_expected_in_part_is_shared_out_so_that_all_fits(run: Run) -> None:
    """The first could take any obligation, the second only the approval: both find one."""
    assert failures(run, "{obligations: [{rule: asks}, {rule: asks}, {kind: approval}]}") == ()


def test_a_fact_that_no_rule_derived_is_said(run: Run) -> None:
    [result] = run("cases: [{name: a, event: change.closed, expect: {facts: {total: 1}}}]\n")
    assert result.failures == ("facts.total: expected 1, and no rule derived it",)


def test_all_differences_are_said(run: Run) -> None:
    assert len(failures(run, "{approvals: [], blocked: true, fired: []}")) == 3


def test_a_suite_about_some_rules_judges_them_alone(run: Run) -> None:
    facts = "{change: {weeks: 5, cost: 9 GBP, urgent: true}}"
    about = "about: [asks]\n"
    assert failures(run, "{blocked: false, fired: [asks]}", facts, about) == ()
    assert failures(run, "{blocked: true, fired: [asks, blocks, derives, tries]}", facts) == ()


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


def test_facts_are_laid_over_one_another_however_deep(make_policy: Callable[[str], Policy]) -> None:
    policy = make_policy(
        "kind: suite\nevent: change.submitted\n"
        "facts: {change: {weeks: 1, more: {a: {x: 1, y: 2}, b: 3}}, changes: [{weeks: 1}]}\n"
        "cases:\n  - {name: a, facts: {change: {more: {a: {y: 5}}}, changes: [{cost: 1 GBP}]}, expect: {blocked: false}}\n"
    )
    assert policy.suites[0].cases[0].facts == {
        "change": {"weeks": "1", "more": {"a": {"x": "1", "y": "5"}, "b": "3"}},
        "changes": [{"cost": "1 GBP"}],
    }


def test_a_fact_of_the_suite_can_be_taken_away(make_policy: Callable[[str], Policy]) -> None:
    policy = make_policy(
        "kind: suite\nevent: change.submitted\n"
        "facts: {change: {weeks: 1, cost: 1 GBP}, changes: [{weeks: 1}, {weeks: 2, cost: 2 GBP}]}\n"
        "cases:\n"
        "  - {name: a, without: [change.cost, 'changes[2].weeks'], expect: {blocked: false}}\n"
        "  - {name: b, without: [changes, change], expect: {blocked: false}}\n"
        "  - {name: c, without: ['changes[1]'], expect: {blocked: false}}\n"
    )
    first, second, third = (case.facts for case in policy.suites[0].cases)
    assert first == {"change": {"weeks": "1"}, "changes": [{"weeks": "1"}, {"cost": "2 GBP"}]}
    assert second == {}
    assert third["changes"] == [{"weeks": "2", "cost": "2 GBP"}]


def test_a_case_varies_one_fact(run: Run) -> None:
    results = run(
        "facts: {change: {cost: 9 GBP, urgent: false, tags: [a]}}\n"
        "cases:\n"
        "  - name: the limit\n"
        "    vary: change.weeks\n"
        "    expect:\n"
        "      4: {approvals: []}\n"
        "      5: {approvals: [board]}\n"
        "      6: {approvals: []}\n"
        "      null: {unknown: [], faults: [asks, derives, tries]}\n"
    )
    assert [(r.case, r.passed) for r in results] == [
        ("the limit: change.weeks = 4", True),
        ("the limit: change.weeks = 5", True),
        ("the limit: change.weeks = 6", False),
        ("the limit: change.weeks = null", True),
    ]
    assert [r.mark.line for r in results] == list(
        range(results[0].mark.line, results[0].mark.line + 4)
    )


def test_a_fact_of_a_list_is_varied_in_its_place(make_policy: Callable[[str], Policy]) -> None:
    policy = make_policy(
        "kind: suite\nevent: change.submitted\nfacts: {changes: [{weeks: 1}, {weeks: 2}]}\n"
        "cases:\n  - {name: a, vary: 'changes[2].weeks', expect: {7: {blocked: false}}}\n"
    )
    assert policy.suites[0].cases[0].facts == {"changes": [{"weeks": "1"}, {"weeks": "7"}]}


def test_the_time_of_the_event_can_be_varied(make_policy: Callable[[str], Policy]) -> None:
    policy = make_policy(
        "kind: suite\nevent: change.submitted\ncases:\n"
        "  - {name: a, vary: at, expect: {'2026-03-02T09:00:00Z': {blocked: false}}}\n"
    )
    assert policy.suites[0].cases[0].at == "2026-03-02T09:00:00Z"


LADDER = """at: 2026-03-02T09:00:00Z
cases:
  - name: the ladder
    event: change.closed
    vary: after
    expect:
      1 working day: {reminded: [], escalated_to: []}
      2 working days: {reminded: [project_manager], escalated_to: []}
      4 working days: {reminded: [project_manager], escalated_to: []}
      5 working days: {reminded: [project_manager], escalated_to: [pmo_head]}
      5 working hours: {reminded: [pmo_head]}
"""


def test_time_passes_and_the_ladder_is_climbed(run: Run) -> None:
    """Asked on Monday 2 March at 9, due on Friday at 9: half of it on Wednesday, up on Monday 9."""
    *right, wrong = run(LADDER)
    assert [r.failures for r in right] == [()] * 4
    assert wrong.failures == ("reminded: expected pmo_head, got none",)


def test_cases_are_chosen_by_their_name(make_policy: Callable[[str], Policy]) -> None:
    cases = "cases: [{name: The limit, expect: {}}, {name: beyond, expect: {}}]\n"
    text = f"kind: suite\nid: one\nevent: change.submitted\n{cases}---\nkind: suite\nid: two\nevent: change.submitted\n{cases}"
    policy = make_policy(text)

    def names(pattern: str) -> list[str]:
        return [f"{s.id}/{c.name}" for s in chosen(policy, pattern).suites for c in s.cases]

    assert names("limit") == ["one/The limit", "two/The limit"]
    assert names("one:*") == ["one/The limit", "one/beyond"]
    assert names("TWO: b") == ["two/beyond"]
    assert names("three") == []


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


def test_the_first_day_and_the_calendar_are_those_that_the_policy_names() -> None:
    more = "---\nkind: calendar\nid: quay\nzone: Asia/Tokyo\nhours: {mon-fri: '09:00-17:00'}\n"
    header = HEADER.replace("2026-01-01", "2026-02-03", 1).replace(
        "calendar: house", "calendar: quay"
    )
    suite = "---\nkind: suite\nevent: change.closed\ncases:\n  - {name: a, expect: {}}\n"
    policy = policy_from(header.rstrip("-\n") + "\n" + more + suite)
    (case,) = policy.suites[0].cases
    assert event_of(policy, case)["at"] == datetime(2026, 2, 3, 12, tzinfo=ZoneInfo("Asia/Tokyo"))
