"""A policy on one day, and what changes when."""

# ruff: noqa: E501 - what is tried stands on one line, however long

from datetime import date
from pathlib import Path

import pytest

from pmo_engine.compiler.loading import Checked, bind
from pmo_engine.compiler.reading import read_text
from pmo_engine.documents.timeline import KINDS, timeline
from pmo_engine.engines.engine import Engine
from pmo_engine.policy import Policy
from pmo_engine.policy.as_of import as_of
from pmo_engine.suites.running import run_suites

TEXT = """
kind: policy
name: city
version: "7"
in_force_from: 2026-01-01
currency: GBP
packs:
  - use: office
  - use: risk
    with:
      appetite: [{from: 2026-01-01, value: 16, source: minute 1}, {from: 2026-07-01, value: 12, source: minute 2}]
    without:
      - {rule: risk-stale, reason: we remind, source: minute 3, from: 2026-03-01, to: 2026-05-01}
---
kind: registers
registers:
  - {register: changes, noun: change, root: change, plural: changes, fields: {cost: {type: money}}}
---
kind: terms_of_reference
for: pmo_head
authority:
  - id: large
    may: approve change
    up_to: [{from: 2026-02-01, value: 100 GBP, source: minute 4}, {from: 2026-06-01, value: 200 GBP}]
---
kind: table
id: who
title: Who hears
hit_policy: first
inputs: [{name: cost, type: money}]
outputs: [{name: role, type: text}]
rows:
  - {when: '< @"10 GBP"', then: '"a"', in_force_from: 2026-04-01}
  - {when: '-', then: '"b"'}
---
kind: rules
rules:
  - {id: approval, title: A change is approved, on: change.submitted, binding: shall, when: 'change.cost > @"0 GBP"', then: [{require_approval: {from: least_senior_with_authority, within: 5 days}}]}
  - {id: spring, title: Only in spring, on: change.submitted, binding: shall, then: [{block: not so}], in_force_from: 2026-03-01, in_force_to: 2026-06-01, source: minute 5}
---
kind: suite
about: [approval]
event: change.submitted
cases:
  - {name: on the day, facts: {change: {cost: 150 GBP}}, expect: {approvals: [pmo_head]}}
  - {name: in June, at: "2026-06-02T09:00:00Z", facts: {change: {cost: 150 GBP}}, expect: {approvals: [pmo_head]}}
"""


def check(on: date | None = None) -> Checked:
    return bind(read_text(TEXT, "policy.yaml"), Path("policy.yaml"), on=on)


@pytest.fixture(scope="module")
def policy() -> Policy:
    checked = check()
    assert checked.policy is not None, checked.diagnostics
    return checked.policy


@pytest.mark.parametrize(
    ("day", "codes"),
    [
        (None, ["PMO090", "PMO091", "PMO040"]),
        (date(2026, 1, 31), ["PMO042", "PMO090"]),  # nobody may approve yet, or blocks anything
        (date(2026, 2, 1), ["PMO090"]),
        (date(2026, 3, 1), ["PMO091", "PMO040"]),  # all is blocked in spring
        (date(2026, 5, 31), ["PMO091", "PMO040"]),
        (date(2026, 6, 1), ["PMO090"]),
    ],
)
def test_a_check_is_of_what_is_in_force_that_day(day: date | None, codes: list[str]) -> None:
    assert [item.code for item in check(day).diagnostics] == codes


def test_what_cannot_be_read_is_wrong_on_every_day() -> None:
    text = TEXT.replace("then: [{block: not so}]", "then: [{blok: no}]")
    checked = bind(read_text(text, "policy.yaml"), Path("policy.yaml"), on=date(2030, 1, 1))
    assert [item.code for item in checked.errors] == ["PMO011"]


def test_a_policy_as_of_a_day_holds_what_is_in_force_then(policy: Policy) -> None:
    then = as_of(policy, date(2026, 5, 1))
    assert [rule.id for rule in then.rules if rule.pack is None] == ["approval", "spring"]
    packs = list(dict.fromkeys(rule.id for rule in policy.rules if rule.pack is not None))
    assert [rule.id for rule in then.rules if rule.pack is not None] == packs
    assert {"support-fast-track", "risk-appetite"} <= set(packs)
    (limit,) = then.terms["pmo_head"].authority[0].limits
    assert str(limit.value) == "100 GBP"
    assert (then.departures, len(then.tables["who"].rows)) == ((), 2)
    before = as_of(policy, date(2026, 3, 31))
    assert len(before.tables["who"].rows) == 1
    assert [item.rule for item in before.departures] == ["risk-stale"]
    assert "risk-stale" not in [rule.id for rule in before.rules]
    assert "risk-stale" in [rule.id for rule in as_of(policy, date(2026, 2, 28)).rules]
    assert as_of(policy, date(2025, 12, 31)).terms["pmo_head"].authority[0].limits == ()
    assert as_of(policy, date.max).rule_count == as_of(policy, date(2026, 6, 1)).rule_count


@pytest.mark.parametrize(
    ("day", "passed"),
    [(None, [False, True]), (date(2026, 5, 31), [False, True]), (date(2026, 6, 1), [True, True])],
)
def test_cases_without_a_time_happen_on_the_day(
    policy: Policy, day: date | None, passed: list[bool]
) -> None:
    results = run_suites(policy, Engine(policy).decide, day)
    assert [result.passed for result in results] == passed


def test_what_changes_is_told_in_the_order_of_days(policy: Policy) -> None:
    told = [(str(each.day), each.kind, each.text, each.source) for each in timeline(policy)]
    assert told == [
        ("2026-01-01", "policy", "Version 7 of city is in force.", ""),
        ("2026-01-01", "parameter", "Appetite of the pack risk is 16.", "minute 1"),
        ("2026-02-01", "limit", "The PMO head may approve a change up to 100 GBP in each case.", "minute 4"),
        ("2026-03-01", "rule", '"Only in spring" begins to hold.', "minute 5"),
        ("2026-03-01", "departure", '"A risk that nobody looked at gets a reminder" of the pack risk is switched off: we remind.', "minute 3"),
        ("2026-04-01", "row", 'Row 1 of "Who hears" begins to hold.', ""),
        ("2026-05-01", "departure", '"A risk that nobody looked at gets a reminder" of the pack risk holds again.', "minute 3"),
        ("2026-06-01", "limit", "The PMO head may approve a change up to 200 GBP in each case (before: up to 100 GBP).", ""),
        ("2026-06-01", "rule", '"Only in spring" no longer holds.', "minute 5"),
        ("2026-07-01", "parameter", "Appetite of the pack risk is 12 (before: 16).", "minute 2"),
    ]  # fmt: skip
    assert {kind for _, kind, _, _ in told} == set(KINDS) - {"tolerance", "rate", "threshold"}


CRITERIA = """
kind: policy
name: city
version: "1"
currency: GBP
---
kind: tolerances
tolerances:
  - level: project
    of: quality
    criteria:
      - {text: Every product was reviewed, to: 2026-07-01}
      - {text: Every product was reviewed twice, from: 2026-07-01}
"""


@pytest.mark.parametrize(
    ("day", "text"),
    [
        (date(2026, 6, 30), "Every product was reviewed"),
        (date(2026, 7, 1), "Every product was reviewed twice"),
    ],
)
def test_a_criterion_of_a_tolerance_is_there_on_its_days_alone(day: date, text: str) -> None:
    policy = bind(read_text(CRITERIA, "policy.yaml"), Path("policy.yaml")).policy
    assert policy is not None
    (tolerance,) = as_of(policy, day).tolerances.values()
    assert [each.text for each in tolerance.criteria] == [text]
