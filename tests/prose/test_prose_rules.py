"""Rules, obligations and reasons read as sentences, and follow the rule when it changes."""

from dataclasses import replace

import pytest

from pmo_engine import policy as tree
from pmo_engine.compiler.loading import load_policy
from pmo_engine.engines.engine import Engine
from pmo_engine.model.durations import Span
from pmo_engine.policy.decision import Obligation
from pmo_engine.prose.rules import obligation_in_words, reasons, rule_in_words
from pmo_engine.testing import policy_from

FILE = """
kind: policy
name: town-works
version: "2026.1"
in_force_from: 2026-01-01
currency: GBP
---
kind: roles
roles:
  - {id: project_manager, senior: pmo_head}
  - {id: pmo_head, senior: portfolio_board}
  - {id: portfolio_board, body: true}
---
kind: registers
registers:
  - register: change_requests
    noun: change_request
    root: change
    plural: changes
    fields:
      cost: {type: money}
---
kind: terms_of_reference
for: project_manager
authority:
  - id: pm-changes
    may: approve change_request
    up_to:
      - {from: 2026-01-01, value: 50000 GBP, source: "Board, item 4"}
---
kind: terms_of_reference
for: portfolio_board
authority:
  - {id: board-changes, may: approve change_request, up_to: unlimited}
---
kind: ladders
ladders:
  - id: standard
    rungs:
      - {at: 50 %, remind: addressee}
---
kind: rules
rules:
  - id: change-approval
    title: A change needs the approval of somebody with authority enough for its cost
    on: change_request.submitted
    binding: shall
    when: change.cost > @"0 GBP"
    then:
      - require_approval: {from: least_senior_with_authority, within: 3 working days}
  - id: head-sees-large-changes
    title: The head of the office approves large changes too
    on: change_request.submitted
    binding: shall
    when: change.cost > @"50000 GBP"
    then:
      - require_approval: {from: pmo_head, within: 3 working days, ladder: standard}
"""


@pytest.fixture
def policy(tmp_path):
    (tmp_path / "policy.yaml").write_text(FILE, encoding="utf-8")
    return load_policy(tmp_path)


def named(policy, name):
    return next(rule for rule in policy.rules if rule.id == name)


def decided(policy, change):
    event = {
        "event": "change_request.submitted",
        "at": "2026-03-02T09:00:00Z",
        "facts": {"change": change},
    }
    decision = Engine(policy).decide(event)
    return {each.target: decision.reasons(each) for each in decision.obligations}


def test_a_rule(policy):
    assert rule_in_words(named(policy, "head-sees-large-changes"), policy) == (
        "When a change request is submitted and the change's cost is above 50,000 GBP, the PMO "
        "head must approve it within 3 working days (reminders and escalations by the ladder "
        "'standard')."
    )
    assert rule_in_words(named(policy, "change-approval"), policy) == (
        "When a change request is submitted and the change's cost is above 0 GBP, the least "
        "senior role whose authority covers it must approve it within 3 working days."
    )


@pytest.mark.parametrize(
    ("binding", "said"),
    [
        ("shall", "the PMO head must approve it"),
        ("should", "the PMO head should approve it"),
        ("may", "the PMO head may approve it"),
        ("trial", "(on trial, binds nobody)"),
    ],
)
def test_a_binding(policy, binding, said):
    rule = replace(named(policy, "head-sees-large-changes"), binding=binding)
    assert said in rule_in_words(rule, policy)


def test_a_changed_operator_changes_rule_and_reason(tmp_path, policy):
    (tmp_path / "policy.yaml").write_text(FILE.replace("cost > @", "cost >= @"), encoding="utf-8")
    changed = load_policy(tmp_path)
    for name in ("change-approval", "head-sees-large-changes"):
        assert "is above" in rule_in_words(named(policy, name), policy)
        assert "is at least" in rule_in_words(named(changed, name), changed)
    (reason,) = decided(changed, {"cost": "50000 GBP"})["pmo_head"]
    assert "the change's cost (50,000 GBP) is at least 50,000 GBP" in reason


def test_reasons_have_this_cases_values(policy):
    assert decided(policy, {"cost": "80000 GBP"}) == {
        "pmo_head": (
            (
                "The head of the office approves large changes too: the change's cost "
                "(80,000 GBP) is above 50,000 GBP."
            ),
        ),
        "portfolio_board": (
            (
                "A change needs the approval of somebody with authority enough for its cost: the "
                "change's cost (80,000 GBP) is above 0 GBP."
            ),
        ),
    }


def test_what_is_not_known_is_the_reason_for_asking(policy):
    (first, second) = decided(policy, {})["change.cost"]
    assert first == (
        '"A change needs the approval of somebody with authority enough for its cost" cannot be '
        "judged: the change's cost is not known."
    )
    assert second.startswith('"The head of the office approves')


def test_a_rule_that_asks_for_information_says_why(policy):
    asking = replace(
        named(policy, "head-sees-large-changes"),
        when=None,
        then=(tree.RequireInformation(("change.cost",), None, None, None),),
    )
    engine = Engine(policy)
    chosen = engine._selector.select("change_request.submitted", policy.in_force_from)
    chosen = replace(chosen, rules=(asking,))
    obligation = Obligation(
        "information", asking.id, "change.cost", "shall", facts=("change.cost",)
    )
    assert reasons(chosen, {}, obligation) == (f"{asking.title}.",)


EFFECTS = {
    tree.RequireAssessment("risk", None, None): "the risk role must assess it",
    tree.RequireInformation(("change.cost", "changes[2].owner"), "pmo_head", None, None): (
        "the PMO head must give the change's cost and change 2's owner"
    ),
    tree.RequireInformation(("change.cost",), None, None, None): (
        "the change's cost must be given"
    ),
    tree.RequireEvidence("business_case", "pmo_head", None, None): (
        "the PMO head must provide evidence (business case)"
    ),
    tree.RaiseException("portfolio_board", "over budget", None, None): (
        'an exception report must go to the portfolio board ("over budget")'
    ),
    tree.RequireApproval((tree.Asked("pmo_head"),), None, None, "approve baseline_change"): (
        "the PMO head must approve a baseline change"
    ),
    tree.Notify("pmo_head", "look"): 'the PMO head must be told ("look")',
    tree.Block("no funds"): 'it must not go on ("no funds")',
    tree.AutoApprove("Board, item 9"): 'it is approved automatically ("Board, item 9")',
    tree.Finding("paid early"): 'a finding is counted ("paid early")',
}


@pytest.mark.parametrize(("effect", "words"), EFFECTS.items())
def test_effects(policy, effect, words):
    rule = replace(named(policy, "change-approval"), when=None, then=(effect,))
    assert rule_in_words(rule, policy) == f"When a change request is submitted, {words}."


def test_a_derived_fact(policy):
    when = named(policy, "head-sees-large-changes").when
    rule = replace(named(policy, "change-approval"), when=None, then=(tree.Derive("large", when),))
    assert "large is true if the change's cost is above" in rule_in_words(rule, policy)


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("approval", "The PMO head must approve the change request within 3 working days."),
        ("assessment", "The PMO head must assess the change request within 3 working days."),
        ("information", "The PMO head must give the change's cost within 3 working days."),
        ("evidence", "The PMO head must provide evidence (a thing) within 3 working days."),
        (
            "exception",
            (
                "An exception report on the change request must go to the PMO head within 3 "
                'working days ("why").'
            ),
        ),
        ("notice", 'The PMO head must be told ("why").'),
        ("block", 'The change request must not go on ("why").'),
    ],
)
def test_obligations(policy, kind, words):
    obligation = Obligation(
        kind,
        "change-approval",
        "a_thing",
        "shall",
        role="pmo_head",
        within=Span(3, "working_day"),
        facts=("change.cost",),
        text="why",
    )
    assert obligation_in_words(obligation, policy) == words


def test_an_obligation_of_a_rule_that_is_gone(policy):
    gone = Obligation("block", "gone", "gone", "should")
    assert obligation_in_words(gone, policy) == "It should not go on."


def test_the_same_always_reads_the_same(policy):
    facts = {"cost": "80000 GBP"}
    assert decided(policy, facts) == decided(policy, facts)


ACTS = """
---
kind: acts
acts:
  - {id: write_off, does: decides}
  - {id: be_heard, does: is asked, label: be heard on}
---
kind: terms_of_reference
for: pmo_head
authority:
  - {id: off, may: write_off change_request, up_to: unlimited}
  - {id: heard, may: be_heard change_request, up_to: unlimited}
"""


@pytest.mark.parametrize(
    ("act", "said"),
    [
        ("write_off change_request", "the PMO head must write it off"),
        (
            "be_heard change_request",
            "the PMO head must, before it is decided, be heard on it",
        ),
        ("write_off loan", "the PMO head must write off a loan"),
    ],
)
def test_an_act_is_done_to_the_record_in_hand(act: str, said: str) -> None:
    policy = policy_from(FILE + ACTS)
    effect = tree.RequireApproval((tree.Asked("pmo_head"),), None, None, act)
    rule = replace(named(policy, "change-approval"), when=None, then=(effect,))
    assert rule_in_words(rule, policy) == f"When a change request is submitted, {said}."
