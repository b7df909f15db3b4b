"""A real university's travel declarations against the policy of its own office."""

from datetime import date

import pytest

from pmo_engine.compiler.loading import check_policy
from pmo_engine.engines.engine import Engine
from pmo_engine.replays.replay import replay
from pmo_engine.resources import policies_dir
from pmo_engine.suites.running import run_suites

PAYMENT = "no-payment-without-final-approval"
AT_APPROVAL = "administration-before-final-approval"
AT_THE_END = "administration-by-the-end"
RESUBMISSION = "submitted-again-after-rejection"


@pytest.fixture(scope="module")
def policy():
    checked = check_policy(policies_dir() / "travel-approvals")
    assert checked.diagnostics == ()
    return checked.policy


@pytest.fixture(scope="module")
def log(shared):
    return shared / "data" / "travel-declarations" / "DomesticDeclarations.xes.gz"


@pytest.fixture(scope="module")
def dated(policy, log):
    return replay(policy, log)


@pytest.fixture(scope="module")
def always(policy, log):
    return replay(policy, log, on=date(2018, 6, 1))


def test_the_policys_own_suites_pass(policy):
    engine = Engine(policy)
    results = list(run_suites(policy, engine.decide))
    assert [result for result in results if not result.passed] == []
    assert len(results) == 17


def test_every_case_and_event_is_judged_and_none_is_unmapped(dated):
    assert (dated.cases, dated.events) == (10_357, 55_628)
    assert dated.unmapped == {}
    assert dated.reordered == 0
    assert (dated.unknown, dated.faults) == ({}, {})


def test_two_cases_were_paid_without_a_final_approval(dated):
    assert dated.findings[PAYMENT] == 2
    assert dated.examples[PAYMENT] == ("declaration95149", "declaration90815")


def test_the_dated_rule_finds_nothing_at_the_approval_and_some_at_the_end(dated):
    assert dated.findings[AT_APPROVAL] == 0
    assert dated.findings[AT_THE_END] == 62


def test_the_rule_taken_as_always_in_force_loses_three_cases_by_the_end(always):
    assert always.findings[AT_APPROVAL] == 2_152
    assert always.findings[AT_THE_END] == 2_149
    assert len(always.examples[AT_APPROVAL]) == 10


def test_no_rejected_declaration_was_approved_as_it_stood(dated, always):
    assert (dated.findings[RESUBMISSION], always.findings[RESUBMISSION]) == (0, 0)


def test_the_report_names_the_policy_and_the_day_that_was_pinned(policy, dated, always):
    named = {"name": "travel-approvals", "version": "2018.1", "digest": policy.digest}
    assert dated.policy.model_dump() == {**named, "on": None}
    assert always.policy.model_dump() == {**named, "on": "2018-06-01"}
