"""Whole decisions by the compiled engine: which rules are in force, and what follows."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest

from pmo_engine.compiler.loading import load_policy
from pmo_engine.engines.engine import BACKENDS, Engine
from pmo_engine.model.durations import Span
from pmo_engine.policy.events import read_event

FILE = """
kind: policy
name: town-works
version: "2026.1"
in_force_from: 2026-01-01
currency: GBP
calendar: england
---
kind: calendar
id: england
zone: Europe/London
hours: {mon-fri: "09:00-17:30"}
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
      critical: {type: boolean}
      urgent: {type: boolean}
---
kind: terms_of_reference
for: pmo_head
authority:
  - id: changes
    may: approve change_request
    up_to:
      - {from: 2026-01-01, value: 50000 GBP, source: first}
      - {from: 2026-04-01, value: 90000 GBP, source: second}
---
kind: ladders
ladders:
  - id: standard
    rungs:
      - {at: 50 %, remind: addressee}
---
kind: rules
rules:
  - id: least-senior
    title: The least senior role approves
    on: change_request.submitted
    binding: shall
    when: change.cost > @"0 GBP"
    then:
      - require_approval: {from: least_senior_with_authority, within: 1 week, ladder: standard}
  - id: head-slow
    title: The head approves slowly
    on: change_request.submitted
    binding: should
    when: change.cost > @"10000 GBP"
    then:
      - require_approval: {from: pmo_head, within: 10 working days, ladder: standard}
      - notify: {to: portfolio_board, message: A change is coming}
  - id: head-quick
    title: The head approves quickly
    on: change_request.submitted
    binding: shall
    when: change.critical
    then:
      - require_approval: {from: pmo_head, within: 4 working hours}
      - block: critical changes wait
  - id: tried
    title: Urgent changes are tried out
    on: change_request.submitted
    binding: trial
    when: change.urgent
    then:
      - block: urgent changes wait
  - id: later
    title: From April the board is asked too
    on: change_request.submitted
    binding: shall
    in_force_from: 2026-04-01
    when: change.cost > @"0 GBP"
    then:
      - require_approval: {from: portfolio_board}
"""
JUST_BEFORE, AT_MIDNIGHT = "2026-03-31T22:59:59Z", "2026-03-31T23:00:00Z"


@pytest.fixture(scope="module")
def policy(tmp_path_factory):
    folder = tmp_path_factory.mktemp("policy")
    (folder / "policy.yaml").write_text(FILE, encoding="utf-8")
    return load_policy(folder)


def event(at="2026-03-02T09:00:00Z", **change):
    return {"event": "change_request.submitted", "at": at, "facts": {"change": change}}


def asked(decision):
    return [(each.kind, each.target, each.within) for each in decision.obligations]


def test_the_same_approval_asked_for_twice_is_one_with_the_shorter_time(policy):
    decision = Engine(policy).decide(event(cost="20000 GBP", critical=True))
    (approval,) = (each for each in decision.obligations if each.kind == "approval")
    assert approval.rules == ("least-senior", "head-slow", "head-quick")
    assert (approval.within, approval.binding) == (Span(4, "working_hour"), "shall")
    assert (approval.ladder, approval.clause) == ("standard", "changes (first)")
    assert len(decision.reasons(approval)) == 3


def test_obligations_are_in_order_and_a_block_outweighs(policy):
    decision = Engine(policy).decide(event(cost="20000 GBP", critical=True))
    assert [each.kind for each in decision.obligations] == ["block", "approval", "notice"]
    assert decision.status == "blocked"
    assert Engine(policy).decide(event(cost="0 GBP", critical=False)).status == "clear"


def test_a_missing_fact_is_asked_for_once(policy):
    decision = Engine(policy).decide(event(at=AT_MIDNIGHT, critical=False))
    assert asked(decision) == [("information", "change.cost", None)]
    assert decision.obligations[0].rules == ("least-senior", "later")
    assert decision.outcomes.not_fired == ("head-quick",)
    assert decision.outcomes.unknown["tried"] == ("change.urgent",)
    assert decision.status == "waiting"


def test_the_day_turns_at_midnight_of_the_office(policy):
    engine = Engine(policy)
    before, after = (
        engine.decide(event(at=at, cost="60000 GBP", critical=False))
        for at in (JUST_BEFORE, AT_MIDNIGHT)
    )
    assert (before.policy.on, after.policy.on) == ("2026-03-31", "2026-04-01")
    assert "later" not in before.outcomes.rules
    assert "later" in after.outcomes.fired
    assert before.obligations[-2].clause == "beyond the authority of the PMO head"
    assert [each.clause for each in after.obligations if each.role == "pmo_head"] == [
        "changes (second)"
    ]


def test_a_day_can_be_pinned(policy):
    engine = Engine(policy)
    facts = event(at=JUST_BEFORE, cost="60000 GBP", critical=False)
    pinned = engine.decide(facts, on=date(2026, 4, 1))
    assert pinned.policy.on == "2026-04-01"
    assert "later" in pinned.outcomes.fired
    assert engine.decide(facts, on=date(2025, 1, 1)).obligations != pinned.obligations


def test_a_decision_is_made_once_and_equal_to_the_references(policy):
    compiled, tracing = Engine(policy), Engine(policy, backend="tracing")
    for change in ({"cost": "60000 GBP", "critical": None}, {"critical": True}, {}):
        one = read_event(policy, event(**change))
        decision = compiled.decide(one)
        assert decision.obligations is decision.obligations
        assert decision == tracing.decide(one)
        assert decision.published() == compiled.decide(event(**change)).published()


def test_a_null_is_a_fault_that_waits(policy):
    decision = Engine(policy).decide(event(cost="1 GBP", critical=None))
    assert set(decision.outcomes.faults) == {"head-quick"}
    assert decision.status == "waiting"


@pytest.mark.parametrize("urgent", [True, None])
def test_a_rule_on_trial_binds_nobody(policy, urgent):
    decision = Engine(policy).decide(event(cost="0 GBP", critical=False, urgent=urgent))
    assert "tried" in {*decision.outcomes.fired, *decision.outcomes.faults}
    assert (decision.obligations, decision.status) == ((), "clear")


@pytest.mark.parametrize("backend", BACKENDS)
def test_every_engine_says_what_a_trial_would_have_asked(policy, backend):
    engine = Engine(policy, backend)
    decision = engine.decide(event(cost="0 GBP", critical=False, urgent=True))
    engine.close()
    said = {"tried": ['The change request would not go on ("urgent changes wait").']}
    assert decision["trial"] == said
    quiet = Engine(policy).decide(event(cost="0 GBP", critical=False, urgent=False))
    assert "trial" not in dict(quiet)


def test_threads_can_decide_at_once(policy):
    engine = Engine(policy)
    events = [event(cost=f"{n}000 GBP", critical=n % 2 == 0) for n in range(100)]
    expected = [Engine(policy).decide(each).published() for each in events]
    with ThreadPoolExecutor(4) as pool:
        found = pool.map(lambda each: engine.decide(each).published(), events * 3)
    assert list(found) == expected * 3
