"""Which rules bind an event at a moment, and with which dated values."""

# ruff: noqa: E501 - what is tried stands on one line, however long

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pmo_engine.policy import Policy
from pmo_engine.policy.selection import Selector, holders_of, seniority_depth, superior

LONDON = ZoneInfo("Europe/London")
TEXT = """
kind: terms_of_reference
for: pmo_head
reports_to: project_manager
authority:
  - id: large
    may: approve change
    up_to:
      - {value: 100 GBP}
      - {from: 2026-04-01, value: 200 GBP}
---
kind: terms_of_reference
for: project_manager
authority:
  - {id: small, may: approve change, up_to: [{from: 2026-07-01, value: 50 GBP}]}
---
kind: terms_of_reference
for: board
escalates_to: pmo_head
reports_to: project_manager
---
kind: rules
rules:
  - {id: always, title: a, on: change.submitted, binding: may, then: [{block: x}]}
  - {id: later, title: a, on: change.submitted, binding: may, then: [{block: x}], in_force_from: 2026-03-01}
  - {id: until, title: a, on: [change.submitted, change.closed], binding: may, then: [{block: x}], in_force_to: 2026-03-01}
  - {id: on-update, title: a, on: change.updated, binding: may, then: [{block: x}]}
  - {id: first, title: a, on: change.submitted, binding: may, when: second, then: [{derive: {fact: third, value: true}}]}
  - {id: derives, title: a, on: change.submitted, binding: may, then: [{derive: {fact: second, value: true}}]}
"""


@pytest.fixture(scope="module")
def policy(make_policy: Callable[[str], Policy]) -> Policy:
    return make_policy(TEXT)


@pytest.fixture(scope="module")
def selector(policy: Policy) -> Selector:
    return Selector(policy, LONDON)


def test_rules_hold_from_their_first_day_and_no_longer_on_their_last(selector: Selector) -> None:
    before = selector.select("change.closed", date(2026, 2, 28))
    assert before.order == ("until",)
    assert selector.select("change.closed", date(2026, 3, 1)).order == ()
    assert "later" not in selector.select("change.submitted", date(2026, 2, 28)).order
    assert "later" in selector.select("change.submitted", date(2026, 3, 1)).order


def test_a_moment_counts_by_the_day_of_the_office(selector: Selector) -> None:
    midnight = datetime(2026, 4, 1, tzinfo=LONDON).astimezone(UTC)
    assert midnight.hour == 23
    before = selector.at("change.submitted", midnight - timedelta.resolution)
    after = selector.at("change.submitted", midnight)
    assert (before.day, after.day) == (date(2026, 3, 1), date(2026, 4, 1))


def test_a_selection_is_one_for_its_epoch(selector: Selector) -> None:
    first = selector.select("change.submitted", date(2026, 4, 1))
    assert first is selector.select("change.submitted", date(2026, 6, 30))
    assert first is selector.at("change.submitted", datetime(2026, 5, 1, tzinfo=UTC))
    assert first is not selector.select("change.submitted", date(2026, 7, 1))


@given(day=st.dates(date(1950, 1, 1), date(2150, 1, 1)))
def test_days_and_moments_agree(selector: Selector, day: date) -> None:
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    assert selector.at("change.submitted", noon) is selector.select("change.submitted", day)


def test_an_update_is_judged_by_the_rules_of_the_submission_too(selector: Selector) -> None:
    day = date(2026, 5, 1)
    submitted = selector.select("change.submitted", day).order
    updated = selector.select("change.updated", day).order
    assert set(updated) - set(submitted) == {"on-update"}
    assert set(submitted) <= set(updated)


def test_strata_hold_only_what_is_chosen_in_order_of_derivation(selector: Selector) -> None:
    names = [
        [rule.id for rule in s]
        for s in selector.select("change.submitted", date(2026, 5, 1)).strata
    ]
    assert names == [["always", "later", "derives"], ["first"]]
    assert selector.select("change.closed", date(2026, 5, 1)).strata == ()


def test_limits_are_those_of_the_day_least_senior_first(policy: Policy, selector: Selector) -> None:
    def limits(day: date) -> list[tuple[str, str]]:
        return [
            (role, str(limit.value))
            for role, found in holders_of(policy, "approve change", day)
            for _, limit in found
        ]

    assert limits(date(2026, 3, 31)) == [("pmo_head", "100 GBP")]
    assert limits(date(2026, 4, 1)) == [("pmo_head", "200 GBP")]
    assert limits(date(2026, 7, 1)) == [("project_manager", "50 GBP"), ("pmo_head", "200 GBP")]
    assert selector.select("change.closed", date(2026, 7, 9)).holders == holders_of(
        policy, "approve change", date(2026, 7, 1)
    )
    assert holders_of(policy, "approve nothing", date.max) == ()


def test_matters_go_up_by_the_terms_and_then_by_seniority(policy: Policy) -> None:
    assert superior(policy, "board") == "pmo_head"
    assert superior(policy, "pmo_head") == "project_manager"
    assert superior(policy, "project_manager") == "pmo_head"
    assert superior(policy, "nobody") is None
    assert [seniority_depth(policy, r) for r in ("project_manager", "pmo_head", "board", "x")] == [
        2,
        1,
        0,
        0,
    ]


ROWS = """
kind: table
id: signer
title: Who signs
hit_policy: first
inputs: [{name: n, type: number}]
outputs: [{name: answer, type: number}]
rows:
  - {when: ['-'], then: '1', in_force_from: 2026-02-01, in_force_to: 2026-03-01}
  - {when: ['-'], then: '2', in_force_from: 2026-02-15}
  - {when: ['-'], then: '3'}
"""


def test_rows_of_a_table_begin_on_their_first_day_and_end_on_their_last(
    make_policy: Callable[[str], Policy],
) -> None:
    selector = Selector(make_policy(ROWS), LONDON)

    def rows(month: int, day: int) -> list[int]:
        at = datetime(2026, month, day, 12, tzinfo=UTC)
        assert selector.at("change.submitted", at) is selector.select("change.submitted", at.date())
        table = selector.at("change.submitted", at).tables["signer"]
        return [row.number for row in table.rows]

    assert [rows(1, 31), rows(2, 1), rows(2, 14)] == [[3], [1, 3], [1, 3]]
    assert [rows(2, 15), rows(2, 28), rows(3, 1)] == [[1, 2, 3], [1, 2, 3], [2, 3]]


def test_from_a_functional_role_it_goes_to_the_head_of_the_office(
    make_policy: Callable[[str], Policy],
) -> None:
    performed = """
kind: roles
roles: []
functional:
  - {role: risk, performed_by: specialist}
"""
    assert superior(make_policy(performed), "risk") == "pmo_head"
    asked = """
kind: rules
rules:
  - {id: look, title: a, on: change.submitted, binding: shall, then: [{require_assessment: {from: finance}}]}
"""
    assert superior(make_policy(asked), "finance") == "pmo_head"
    assert superior(make_policy(asked), "risk") is None
