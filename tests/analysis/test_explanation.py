"""Which part of a condition decided, what was looked at on the way, and everything of it in words."""

# ruff: noqa: E501 - what is tried stands on one line, however long

import re
from pathlib import Path
from typing import Any

import pytest

from pmo_engine.analysis.explanation import Explanation, rules_in_words
from pmo_engine.analysis.situation import Situation
from pmo_engine.compiler.loading import bind
from pmo_engine.compiler.reading import read_text
from pmo_engine.engines.engine import Engine
from pmo_engine.policy import Policy
from pmo_engine.policy.events import read_event
from pmo_engine.testing import policy_from
from tests.policies import kept
from tests.small_policy import check_text

ROOT = Path(__file__).parents[2]
AT = "2026-03-31T10:00:00Z"


def explained(
    policy: Policy, event: str, facts: dict[str, Any], only: str | None = None
) -> Explanation:
    given = read_event(policy, {"event": event, "at": AT, "facts": facts})
    return Explanation(Situation(Engine(policy), given), only)


def of_rules(*rules: str, **change: Any) -> Explanation:
    entries = "".join(
        f"  - {{id: r{i}, title: Rule {i}, on: change.submitted, {rule}}}\n"
        for i, rule in enumerate(rules, 1)
    )
    checked = check_text(f"kind: rules\nrules:\n{entries}")
    assert checked.policy is not None, checked.diagnostics
    return explained(checked.policy, "change.submitted", {"change": change})


PARTS = [
    ("change.weeks > 2 and change.urgent", ["the change is not marked as urgent (no)"]),
    (
        "change.weeks > 4 and change.urgent and change.weeks < 9",
        ["the change's weeks (3) are not above 4", "the change is not marked as urgent (no)"],
    ),
    (
        "change.weeks > 2 and change.weeks < 9",
        ["the change's weeks (3) are above 2", "the change's weeks (3) are below 9"],
    ),
    (
        "change.weeks > 4 or change.weeks < 9 or change.urgent",
        ["the change's weeks (3) are below 9"],
    ),
    (
        "change.weeks > 4 or change.urgent",
        ["the change's weeks (3) are not above 4", "the change is not marked as urgent (no)"],
    ),
    ("not(change.weeks > 2 and change.urgent)", ["the change is not marked as urgent (no)"]),
    ("not(change.weeks > 4 or change.weeks < 9)", ["the change's weeks (3) are below 9"]),
    (
        "if change.urgent then change.weeks > 1 else change.weeks > 4",
        ["the change is not marked as urgent (no)", "the change's weeks (3) are not above 4"],
    ),
    (
        "change.urgent or (change.weeks > 2 and (change.weeks > 4 or change.weeks > 1))",
        ["the change's weeks (3) are above 2", "the change's weeks (3) are above 1"],
    ),
    ("change.weeks in [1..5]", ["the change's weeks (3) are at least 1 and at most 5"]),
    (
        'change.weeks > 2 and change.category = "time"',
        ["the change's category (not known) is time"],
    ),
    ('change.weeks > 4 and change.category = "time"', ["the change's weeks (3) are not above 4"]),
]


@pytest.mark.parametrize(("when", "words"), PARTS)
def test_only_the_parts_that_decided_are_told(when: str, words: list[str]) -> None:
    [story] = of_rules(
        f"binding: shall, when: '{when}', then: [{{block: x}}]", weeks=3, urgent=False
    ).rules
    assert [part.words for part in story.parts] == words


LISTED = [
    (
        "some c in changes satisfies c.weeks > 3",
        "some change's weeks are above 3 (change 2 and change 3)",
    ),
    ("some c in changes satisfies c.weeks > 9", "no change's weeks are above 9"),
    ("every c in changes satisfies c.weeks > 1", "every change's weeks are above 1"),
    (
        "every c in changes satisfies c.weeks > 4",
        "not every change's weeks are above 4 (change 1 and change 2)",
    ),
]


@pytest.mark.parametrize(("when", "words"), LISTED)
def test_the_records_of_a_list_that_decided_are_named(when: str, words: str) -> None:
    text = f"kind: rules\nrules:\n  - {{id: r, title: a, on: change.submitted, binding: shall, when: '{when}', then: [{{block: x}}]}}\n"
    checked = check_text(text)
    assert checked.policy is not None
    facts = {"change": {}, "changes": [{"weeks": 2}, {"weeks": 4}, {"weeks": 5}]}
    [story] = explained(checked.policy, "change.submitted", facts).rules
    assert [part.words for part in story.parts] == [words]


def test_a_part_is_quoted_from_its_place_in_the_file() -> None:
    text = "kind: rules\nrules:\n  - id: r\n    title: a\n    on: change.submitted\n    binding: shall\n    when: |\n      change.urgent\n        or change.weeks\n        > 2\n    then: [{block: x}]\n"
    checked = check_text(text)
    assert checked.policy is not None
    [story] = explained(
        checked.policy, "change.submitted", {"change": {"weeks": 3, "urgent": False}}
    ).rules
    [part] = story.parts
    assert part.text == "change.weeks > 2"
    source = (check_text.__globals__["HEADER"] + text).splitlines()
    assert source[part.mark.line - 1][part.mark.column - 1 :] == "change.weeks"


def test_every_outcome_is_told() -> None:
    explanation = of_rules(
        "binding: shall, when: change.weeks > 2, then: [{block: x}]",
        "binding: shall, when: change.weeks > 4, then: [{block: x}]",
        "binding: shall, when: 'change.cost > @\"1 GBP\"', then: [{block: x}]",
        "binding: shall, when: 1 / (change.weeks - 3) > 4, then: [{block: x}]",
        "binding: trial, when: change.weeks > 2, then: [{block: x}]",
        "binding: shall, in_force_from: 2026-07-01, then: [{block: x}]",
        "binding: shall, in_force_to: 2026-01-01, then: [{block: x}]",
        "binding: shall, then: [{derive: {fact: double, value: change.weeks * 2}}]",
        weeks=3,
    )
    outcomes = {story.rule.id: (story.outcome, story.note) for story in explanation.rules}
    assert list(outcomes) == [f"r{i}" for i in range(1, 9)]
    assert [outcome for outcome, _ in outcomes.values()] == [
        "fired",
        "not_fired",
        "unknown",
        "fault",
        "fired",
        "not_in_force",
        "not_in_force",
        "fired",
    ]
    assert outcomes["r4"][1].endswith("division by zero in '1 / (change.weeks - 3)'")
    assert outcomes["r6"][1] == "from 1 July 2026"
    assert outcomes["r7"][1] == "until 1 January 2026"
    assert explanation.rules[2].missing == ("the change's cost",)
    assert explanation.published().model_dump()["derived"] == (
        {"fact": "double", "value": "6", "rule": "r8"},
    )


def test_derived_facts_are_called_by_their_labels() -> None:
    explanation = of_rules(
        "binding: may, then: [{derive: {fact: is_long, label: the work is long, value: 'true'}}]",
        "binding: may, then: [{derive: {fact: weeks_in_all, value: change.weeks * 2}}]",
        weeks=3,
    )
    told = [(each.fact, each.said) for each in explanation.derived]
    assert told == [("is_long", "the work is long: yes"), ("weeks_in_all", "weeks in all: 6")]


TABLE = """kind: table
id: signer
title: Who signs
hit_policy: first
clause: 5.2
inputs: [{name: weeks, type: number}]
outputs: [{name: role, type: [board, pmo_head]}]
rows:
  - {when: {weeks: < 4}, then: pmo_head, source: Minutes of May}
  - {when: {weeks: '>= 4'}, then: board}
---
kind: rules
rules:
  - {id: r, title: a, on: change.submitted, binding: shall, when: 'signer(change.weeks) = "board"', then: [{block: x}]}
  - {id: s, title: b, on: change.submitted, binding: shall, then: [{require_approval: {from: {chosen_by: signer(change.weeks)}}}]}
"""


def test_a_derived_role_is_called_by_its_title() -> None:
    derive = "then: [{derive: {fact: signs, value: signer(change.weeks)}}]}\n"
    rule = f"  - {{id: t, title: c, on: change.submitted, binding: may, {derive}"
    checked = check_text(TABLE.replace("type: [board, pmo_head]", "type: role") + rule)
    assert checked.policy is not None, checked.diagnostics
    [found] = explained(checked.policy, "change.submitted", {"change": {"weeks": 3}}).derived
    assert (found.value, found.said) == ("pmo_head", "signs: PMO head")


def test_rows_of_tables_from_which_an_answer_was_are_told() -> None:
    checked = check_text(TABLE)
    assert checked.policy is not None, checked.diagnostics
    first, second = explained(checked.policy, "change.submitted", {"change": {"weeks": 3}}).rules
    assert first.outcome == "not_fired"
    assert first.rows == (
        "row 1 of 'Who signs': Where weeks is below 4, role is the PMO head (5.2; Minutes of May)",
    )
    assert second.rows == first.rows
    [late, _] = explained(checked.policy, "change.submitted", {"change": {"weeks": 4}}).rules
    assert late.rows == (
        "row 2 of 'Who signs': Where weeks is at least 4, role is the board (5.2)",
    )


def test_rules_of_other_events_are_not_told() -> None:
    text = "kind: rules\nrules:\n  - {id: r, title: a, on: change.closed, binding: shall, then: [{block: x}]}\n"
    checked = check_text(text)
    assert checked.policy is not None
    assert explained(checked.policy, "change.submitted", {}).rules == ()


@pytest.fixture(scope="module")
def demo() -> Policy:
    return kept(ROOT / "policies/demo")


@pytest.fixture(scope="module")
def city_works(shared: Path) -> Policy:
    """The worked example of the policy language."""
    text = (shared / "design/policy-language.md").read_text(encoding="utf-8")
    example = next(
        block
        for block in re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)
        if "city-works" in block
    )
    checked = bind(read_text(example, "example.yaml"), Path("example.yaml"))
    assert checked.policy is not None, checked.diagnostics
    return checked.policy


def whats(explanation: Explanation) -> dict[str, list[str]]:
    return {
        f"{each.obligation.kind} {each.obligation.target}": list(each.what_if_words)
        for each in explanation.obligations
    }


def test_the_worked_example(city_works: Policy) -> None:
    found = explained(
        city_works, "change_request.submitted", {"change": {"cost": "80000 GBP"}, "changes": []}
    )
    [approval] = found.obligations
    assert (
        approval.words
        == "The PMO head must approve the change request within 3 working days (reminders and "
        "escalations by the ladder 'standard')."
    )
    assert approval.authority == (
        "The project manager may approve a change request of up to 50,000 GBP (small-changes, Portfolio board 2025-11-12, item 4); this is 80,000 GBP.",
        "The PMO head may approve a change request of up to 250,000 GBP (large-changes, Portfolio board 2025-11-12, item 4); this is 80,000 GBP.",
        "The PMO head may approve a change request of up to 600,000 GBP over 90 days (changes-together, Portfolio board 2025-11-12, item 5); this is 80,000 GBP.",
    )
    assert approval.what_if_words == (
        "With a cost of 50,000 GBP or less no approval by the PMO head would be needed; at 50,000 GBP approval by the project manager would be needed instead.",
    )


def test_another_act_than_to_approve_is_said_by_its_verb() -> None:
    policy = policy_from(ADVISED)
    found = explained(policy, "loan.submitted", {"loan": {"worth": "6 GBP"}})
    [approval] = found.obligations
    assert approval.what_if_words == (
        "With a worth of 5 GBP or less the registrar would not have to give advice on a loan.",
    )
    small = explained(policy, "loan.submitted", {"loan": {}})
    assert (
        "If the loan's worth were known to be 5.01 GBP or more, the registrar would have to give advice on a loan."
        in whats(small)["information loan.worth"]
    )


ADVISED = """
kind: policy
name: museum
version: "1"
in_force_from: 2026-01-01
currency: GBP
---
kind: roles
roles: [{id: registrar}]
---
kind: acts
acts: [{id: weigh, does: is asked, label: give advice on}]
---
kind: registers
registers:
  - {register: loans, noun: loan, root: loan, plural: loans, fields: {worth: {type: money}}}
---
kind: rules
rules:
  - id: dear
    title: Advice is taken on what is dear
    on: loan.submitted
    binding: shall
    when: loan.worth > @"5 GBP"
    then: [{require_approval: {from: registrar, act: weigh loan}}]
"""


def test_a_limit_above_lies_beyond_the_one_in_force(city_works: Policy) -> None:
    found = explained(
        city_works, "change_request.submitted", {"change": {"cost": "50000 GBP"}, "changes": []}
    )
    assert whats(found) == {
        "approval project_manager": [
            "With a cost of 0 GBP or less no approval by the project manager would be needed.",
            "With a cost of 50,000.01 GBP or more no approval by the project manager would be needed; at 50,000.01 GBP approval by the PMO head would be needed instead.",
        ]
    }


def test_a_cost_that_is_not_known(city_works: Policy) -> None:
    found = explained(city_works, "change_request.submitted", {"change": {}, "changes": []})
    assert whats(found) == {
        "information change.cost": [
            "If the change's cost were known to be 0 GBP or less, nothing more would be needed.",
            "If the change's cost were known to be between 0.01 GBP and 50,000 GBP, approval by the project manager would be needed.",
            "If the change's cost were known to be between 50,000.01 GBP and 250,000 GBP, approval by the PMO head would be needed.",
            "If the change's cost were known to be 250,000.01 GBP or more, approval by the PMO head and approval by the portfolio board would be needed.",
        ]
    }


def test_what_was_approved_before_counts(demo: Policy) -> None:
    earlier = {
        "key": "CR-1",
        "status": "approved",
        "cost": "500000.01 GBP",
        "decided_at": "2026-02-02T10:00:00Z",
    }
    facts = {
        "change": {"key": "CR-2", "cost": "100000 GBP", "impact_assessed": True},
        "changes": [earlier],
    }
    found = explained(demo, "change_request.submitted", facts)
    board = next(each for each in found.obligations if each.obligation.role == "portfolio_board")
    assert board.authority[2:] == (
        "The PMO head may approve a change request of up to 600,000 GBP over 90 days (head-changes-in-sum, Board minutes of November 2025, item 8); with 500,000.01 GBP taken up before, this makes 600,000.01 GBP.",
        "The portfolio board may approve a change request of any amount (board-changes).",
    )
    assert board.what_if_words[:3] == (
        "With a cost of 99,999.99 GBP or less no approval by the portfolio board would be needed.",
        "If change 1's status were rejected, withdrawn, rescinded, carrying out, carried out or closed, no approval by the portfolio board would be needed.",
        "If change 1's cost were 500,000 GBP or less, no approval by the portfolio board would be needed.",
    )


def test_a_product_of_two_facts(demo: Policy) -> None:
    found = explained(
        demo, "risk.submitted", {"risk": {"probability": 4, "impact": 5, "owner": "Ines"}}
    )
    assert whats(found) == {
        "exception pmo_head": [
            "If the risk's probability were 3 or less, no exception report to the PMO head would be needed.",
            "If the risk's impact were 3 or less, no exception report to the PMO head would be needed.",
        ]
    }


def test_one_rule_alone(demo: Policy) -> None:
    found = explained(
        demo, "change_request.submitted", {"change": {"cost": "80000 GBP"}}, "change-above-limit"
    )
    assert [story.rule.id for story in found.rules] == ["change-above-limit"]
    assert [story.obligation.role for story in found.obligations] == ["pmo_head"]


def test_of_a_rule_whose_terms_change_the_part_in_force_is_judged() -> None:
    demo = kept(ROOT / "policies/demo")  # an appetite of 16, from July 2026 of 12
    facts = {"risk": {"probability": 4, "impact": 4}}
    told = explained(demo, "risk.submitted", facts, "risk-appetite").rules
    assert [(each.outcome, each.note) for each in told] == [
        ("fired", ""),
        ("not_in_force", "from 1 July 2026"),
    ]


def test_of_a_rule_on_trial_it_is_said_what_it_would_ask_for() -> None:
    story = of_rules(
        "binding: trial, when: change.weeks > 2, then: [{block: not so}]", weeks=3
    ).rules[0]
    assert (story.outcome, story.note) == ("fired", 'The change would not go on ("not so").')


def test_a_rule_that_fired_says_what_it_lacks_to_tell_who_is_asked() -> None:
    asks = "binding: shall, then: [{require_approval: {from: least_senior_with_authority}}, {require_information: {facts: [change.weeks]}}]"
    terms = "kind: terms_of_reference\nfor: board\nauthority: [{id: all, may: approve change, up_to: [{value: 5 GBP}]}]\n"
    rules = f"kind: rules\nrules:\n  - {{id: r, title: Rule, on: change.submitted, {asks}}}\n"
    checked = check_text(f"{terms}---\n{rules}")
    assert checked.policy is not None, checked.diagnostics
    event = {"event": "change.submitted", "at": AT, "facts": {"change": {}}}
    assert list(rules_in_words(Engine(checked.policy), event, ())) == [
        "r fired: Rule",
        "r cannot tell who is asked: not known: the change's cost",
    ]
