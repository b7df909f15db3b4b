"""Who approves, chosen by a table: the same in every engine, and in words."""

from collections.abc import Callable, Iterator

import pytest

from pmo_engine.decisions.decision import Decision
from pmo_engine.engines.engine import BACKENDS, Engine
from pmo_engine.policy import Policy
from pmo_engine.prose.rules import rule_in_words
from pmo_engine.prose.tables import row_in_words
from pmo_engine.source.codes import NOTHING_ASKS
from pmo_engine.source.diagnostics import Diagnostic

Check = Callable[[str], tuple[Diagnostic, ...]]
Make = Callable[[str], Policy]

TABLE = """
kind: table
id: signer
title: Who signs a change
inputs:
  - {name: category, type: [scope, time, cost]}
  - {name: amount, type: money, allowed: '>= 0 GBP'}
outputs: [{name: role, type: [project_manager, pmo_head, board, nobody]}]
rows:
  - {when: [scope, < 50000 GBP], then: project_manager}
  - {when: [scope, '>= 50000 GBP'], then: 'if amount > @"90000 GBP" then "board" else "pmo_head"'}
  - {when: {category: cost}, then: board}
  - {when: {category: time}, then: nobody}
"""
RULES = """
---
kind: rules
rules:
  - id: signed
    title: A change is signed
    on: change.submitted
    binding: shall
    when: change.weeks > 0
    then:
      - require_approval:
          from: {chosen_by: 'signer(change.category, change.cost)'}
          within: 3 working days
      - require_approval: {from: pmo_head}
---
kind: suite
event: change.submitted
cases: [{name: no weeks are lost, facts: {change: {weeks: 0}}, expect: {fired: []}}]
"""


@pytest.fixture(params=BACKENDS)
def decide(request: pytest.FixtureRequest, make_policy: Make) -> Iterator[Callable[..., Decision]]:
    engine = Engine(make_policy(TABLE + RULES), request.param)

    def decide(**change: object) -> Decision:
        event = {"event": "change.submitted", "at": "2026-03-02T09:00:00Z"}
        return engine.decide({**event, "facts": {"change": {"weeks": 1, **change}}})

    yield decide
    engine.close()


@pytest.mark.parametrize(
    ("category", "cost", "roles"),
    [
        ("scope", "49999.99 GBP", ["project_manager", "pmo_head"]),
        ("scope", "50000 GBP", ["pmo_head"]),
        ("scope", "90000.01 GBP", ["board", "pmo_head"]),
        ("cost", None, ["board", "pmo_head"]),
    ],
)
def test_the_role_that_the_table_gives_approves(
    decide: Callable[..., Decision], category: str, cost: str | None, roles: list[str]
) -> None:
    given = {} if cost is None else {"cost": cost}
    decision = decide(category=category, **given)
    assert sorted(item.role or "" for item in decision.obligations) == sorted(roles)
    assert all(item.kind == "approval" for item in decision.obligations)


def test_what_is_missing_to_choose_is_asked_for(decide: Callable[..., Decision]) -> None:
    decision = decide(category="scope")
    assert [(item.kind, item.target) for item in decision.obligations] == [
        ("information", "change.cost"),
        ("approval", "pmo_head"),
    ]
    assert (decision.fired, decision.unknown) == (("signed",), {})


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"category": "scope", "cost": "-1 GBP"}, "so nobody is to approve"),
        ({"category": "scope", "cost": "-1 GBP"}, "table 'signer': 'amount' is -1 GBP"),
    ],
)
def test_nobody_to_approve_is_a_fault(
    decide: Callable[..., Decision], change: dict[str, str], reason: str
) -> None:
    decision = decide(**change)
    assert (decision.fired, decision.status) == (("signed",), "waiting")
    assert [item.role for item in decision.obligations] == ["pmo_head"]  # who is asked besides
    assert reason in decision.faults["signed"]
    assert "policy.yaml:" in decision.faults["signed"]


def test_nobody_has_to_approve_where_the_table_says_so(decide: Callable[..., Decision]) -> None:
    decision = decide(category="time", cost="1 GBP")
    assert [item.role for item in decision.obligations] == ["pmo_head"]
    assert decision.faults == {}


def test_a_condition_that_is_not_true_asks_nobody(decide: Callable[..., Decision]) -> None:
    decision = decide(weeks=0, category="time")
    assert (decision.status, decision.not_fired) == ("clear", ("signed",))


CHOICES = (
    ("signer(change.category, change.cost)", []),
    ('if change.urgent then "board" else signer(change.category, change.cost)', []),
    ('if change.urgent then "board" else null', ["PMO056"]),
    ('if change.urgent then "board" else "nobody"', []),
    ('if change.urgent then ["board", "pmo_head"] else ["pmo_head"]', []),
    ('["board", "bord"]', ["PMO014"]),
    ('["board", null]', ["PMO056"]),
    ("change.reason", ["PMO056"]),
    ("change.cost", ["PMO056"]),
    ("change.more", ["PMO056"]),
    ("change.category", ["PMO014", "PMO014", "PMO014"]),
    ('if change.urgent then "bord" else "board"', ["PMO014"]),
    ("signr(change.cost)", ["PMO021"]),
    ('if change.urgent then "board" else least_senior("approve change")', ["PMO068"]),  # nobody may
    ("signer(", ["PMO020"]),
)


@pytest.mark.parametrize(("expression", "codes"), CHOICES)
def test_only_roles_may_be_chosen(check: Check, expression: str, codes: list[str]) -> None:
    text = RULES.replace("signer(change.category, change.cost)", expression)
    # Changes of no weeks at all are asked of nobody in these rules, which is told too.
    found = [item for item in check(TABLE + text) if item.code != NOTHING_ASKS]
    assert [item.code for item in found] == codes
    column = len("          from: {chosen_by: '") + 1
    assert all(item.column >= column - 1 for item in found if item.code != "PMO047")


def test_a_choice_may_look_at_what_is_derived_before(make_policy: Make) -> None:
    derive = (
        "---\nkind: rules\nrules: [{id: derives, title: d, on: change.submitted, binding: shall,"
        " then: [{derive: {fact: large, value: change.cost}}]}]\n"
    )
    policy = make_policy(TABLE + RULES.replace("change.cost", "large") + derive)
    assert policy.strata == (("derives",), ("signed",))


def test_tables_in_words(make_policy: Make) -> None:
    policy = make_policy(TABLE + RULES)
    table = policy.tables["signer"]
    assert [row_in_words(row, table, policy) for row in table.rows] == [
        "Where category is scope and amount is below 50,000 GBP, role is the project manager.",
        (
            "Where category is scope and amount is at least 50,000 GBP, role is board if the amount"
            " is above 90,000 GBP, otherwise pmo head."
        ),
        "Where category is cost, role is the board.",
        "Where category is time, role is nobody.",
    ]
    assert rule_in_words(policy.rules[0], policy) == (
        "When a change is submitted and the change's weeks are above 0, the role that the table"
        " 'Who signs a change' gives for the change's category and the change's cost must approve"
        " it within 3 working days and the PMO head must approve it."
    )
