"""The figures that functional roles report; one whose divisor is 0 is not available."""

import json
from copy import deepcopy

import pytest

from pmo_engine.roles import registry

LINE = {
    "baseline": "100000 GBP",
    "planned_value": "50000 GBP",
    "earned_value": "40000 GBP",
    "commitment": "0 GBP",
    "actual": "41000 GBP",
    "accrual": "3000 GBP",
    "forecast": "100000 GBP",
    "funds": "100000 GBP",
}


@pytest.fixture
def figures(review):
    def of(role, **registers):
        found = registry.assess(registry.role(role), review(role, registers))
        return json.loads(json.dumps(found.model_dump(mode="json")))["figures"]

    return of


def test_exposure_is_the_sum_of_expected_values_and_an_opportunity_lowers_it(figures):
    shared = {"probability": "3", "impact": "4", "residual": "4", "reviewed_on": "2026-03-01"}
    risks = [
        {**shared, "type": "threat", "chance": "0.3", "impact_cost": "50000.10 GBP"},
        {**shared, "type": "opportunity", "chance": "0.5", "impact_cost": "8000 GBP"},
        {"status": "closed", "type": "threat", "chance": "1", "impact_cost": "900000 GBP"},
    ]
    assert figures("risk", risks=risks) == {
        "open_risks": "2",
        "highest_score": "12",
        "exposure": "11000.03 GBP",
    }


@pytest.mark.parametrize("field", ["chance", "impact_cost", "type"])
def test_exposure_is_not_available_while_a_part_is_missing(figures, field):
    risk = {"probability": "3", "impact": "4", "residual": "4", "reviewed_on": "2026-03-01"}
    risk |= {"type": "threat", "chance": "0.3", "impact_cost": "50000 GBP"}
    del risk[field]
    [(why, said)] = figures("risk", risks=[risk])["exposure"].items()
    assert (why, said) == ("not_available", f"not known: risks[1].{field}")


def test_finance_reports_earned_value_over_all_lines(figures):
    second = {**LINE, "baseline": "20000 GBP", "earned_value": "20000 GBP", "actual": "16000 GBP"}
    second |= {"planned_value": "20000 GBP", "forecast": "20000 GBP"}
    assert figures("finance", budget_lines=[LINE, second]) == {
        "cpi": "0.9524",
        "spi": "0.8571",
        "cost_variance": "-3000 GBP",
        "schedule_variance": "-10000 GBP",
        "estimate_at_completion": "126000 GBP",
        "estimate_at_plan": "123000 GBP",
        "estimate_at_cost_and_pace": "136500 GBP",
        "forecast": "120000 GBP",
        "variance_at_completion": "-6000 GBP",
    }


def test_nothing_spent_leaves_the_indices_open(figures):
    line = {**LINE, "actual": "0 GBP", "accrual": "0 GBP", "earned_value": "0 GBP"}
    assert figures("finance", budget_lines=[line]) == {
        "cpi": None,
        "spi": "0",
        "cost_variance": "0 GBP",
        "schedule_variance": "-50000 GBP",
        "estimate_at_completion": None,
        "estimate_at_plan": "100000 GBP",
        "estimate_at_cost_and_pace": None,
        "forecast": "100000 GBP",
        "variance_at_completion": None,
    }


def test_benefits_report_what_is_realised_and_the_drift(figures):
    profile = {"forecast_value": "95000 GBP", "realised_value": "10000 GBP", "signed": True}
    found = figures("benefits", benefits=[{**profile, "planned_value": "100000 GBP"}])
    assert (found["realised_share"], found["drift"]) == ("0.1", "-0.05")
    nothing = figures("benefits", benefits=[{**profile, "planned_value": "0 GBP"}])
    assert (nothing["realised_share"], nothing["drift"]) == (None, None)


def test_disbenefits_are_taken_off(figures):
    gain = {"planned_value": "2000 GBP", "forecast_value": "1600 GBP"}
    gain |= {"realised_value": "100 GBP", "signed": True}
    loss = {**gain, "planned_value": "500 GBP", "forecast_value": "500 GBP", "disbenefit": True}
    assert figures("benefits", benefits=[gain, {**loss, "realised_value": "40 GBP"}]) == {
        "planned": "1500 GBP",
        "forecast": "1100 GBP",
        "realised": "60 GBP",
        "realised_share": "0.04",
        "drift": "-0.2667",
    }


def test_what_a_rule_blocks_is_not_counted_a_second_time(figures):
    gain = {"planned_value": "6200000 GBP", "forecast_value": "6200000 GBP"}
    gain |= {"realised_value": "0 GBP", "signed": True}
    found = figures("benefits", benefits=[gain, {**gain, "standing": "blocked"}])
    assert found["planned"] == "6200000 GBP"


def test_an_opportunity_is_no_risk_to_the_appetite(figures):
    shared = {"residual": "20", "reviewed_on": "2026-03-01", "chance": "1"}
    shared |= {"impact_cost": "1 GBP"}
    threat = {**shared, "type": "threat", "probability": "2", "impact": "3", "residual": "4"}
    chance = {**shared, "type": "opportunity", "probability": "5", "impact": "5"}
    found = figures("risk", risks=[threat, chance])
    found = (found["open_risks"], found["highest_score"], found["exposure"])
    assert found == ("2", "6", "0 GBP")
    found = figures("risk", risks=[chance])["highest_score"]
    assert found == {"not_available": "no threat is open"}


def test_what_is_not_reached_slips_with_each_day(figures):
    stale = {"baseline": "2025-11-01", "forecast": "2025-11-05"}
    assert figures("planning", milestones=[stale])["longest_slip"] == 121
    reached = {**stale, "actual": "2025-11-05"}
    assert figures("planning", milestones=[reached])["longest_slip"] == 4
    assert figures("planning", milestones=[reached])["milestones_hit"] == "0"


def test_commercial_reports_variation_and_contracts_that_end(figures):
    contract = {"variations": "5000 GBP", "interests_declared": True}
    contract |= {"original_value": "30000 GBP", "expiry": "2026-05-31"}
    later = {**contract, "expiry": "2026-06-01"}
    found = figures("commercial", contracts=[contract, later])
    assert found == {"variation": "0.1667", "ending_soon": 1}
    free = {**contract, "original_value": "0 GBP", "variations": "0 GBP"}
    assert figures("commercial", contracts=[free])["variation"] is None


def test_stakeholders_report_contacts_on_time(figures):
    good = {"power": "5", "stance_now": "leads", "stance_wanted": "supports"}
    people = [{**good, "last_contact": day} for day in ("2026-03-01", "2026-01-01")]
    found = figures("stakeholders", stakeholders=people)
    assert found == {"powerful": 2, "contacts_on_time": "0.5", "at_stance_wanted": "1"}
    found = figures("stakeholders", stakeholders=[{"power": "1"}])
    assert found == {"powerful": 0, "contacts_on_time": None, "at_stance_wanted": None}


def test_information_reports_discrepancies(figures):
    item = {"version": "1", "baseline_version": "1", "masters": "1", "discrepancies": "2"}
    found = figures("information", configuration_items=[item, {**item, "version": "2"}])
    assert found == {"discrepancies": "4", "at_baseline": "0.5"}


def test_performance_reports_the_age_of_the_last_check(figures):
    check = {"checked_on": "2026-02-20", "score": "75", "recovery_plan": False}
    found = figures("performance", health_checks=[{**check, "findings_open": "3"}])
    assert found == {"score": "75", "age": 10, "findings_open": "3"}


def test_issues_report_their_age_and_breaches(figures):
    issue = {"severity": "low", "raised_on": "2026-01-31", "due": "2026-03-02"}
    late = {**issue, "raised_on": "2026-01-30", "due": "2026-03-01"}
    assert figures("issues", issues=[issue, late]) == {
        "open": 2,
        "open_by_age": {"within": 1, "beyond": 1},
        "breaches": "0.5",
    }
    assert figures("issues", issues=[])["breaches"] is None


def test_change_control_reports_cycle_time_and_the_budget_used(figures):
    change = {
        "status": "approved",
        "in_baseline": True,
        "cost": "10000 GBP",
        "change_budget": "40000 GBP",
        "submitted_at": "2026-01-01T12:00:00Z",
        "decided_at": "2026-01-04T00:00:00Z",
    }
    refused = {**change, "status": "rejected", "decided_at": "2026-01-02T12:00:00Z"}
    assert figures("change_control", change_requests=[change, refused]) == {
        "undecided": 0,
        "cycle_days": "1.75",
        "change_budget_used": "0.25",
    }
    for budget in ({"change_budget": "0 GBP"}, {"change_budget": None}):
        found = figures("change_control", change_requests=[{**change, **budget}])
        assert found["change_budget_used"] is None
    assert figures("change_control", change_requests=[])["cycle_days"] is None


MILESTONES = [
    {"baseline": "2026-01-10", "actual": "2026-01-08", "value": "10000 GBP"},
    {"baseline": "2026-02-10", "forecast": "2026-03-20", "value": "30000 GBP"},
    {"baseline": "2026-05-10", "forecast": "2026-05-12", "value": "60000 GBP"},
]


def test_planning_reports_pace_slip_and_milestones_hit(figures):
    assert figures("planning", milestones=MILESTONES) == {
        "spi": "0.25",
        "longest_slip": 38,
        "milestones_hit": "0.5",
    }


def test_pace_is_not_available_before_anything_is_due_or_weighed(figures):
    found = figures("planning", milestones=MILESTONES[2:])
    assert found == {"spi": None, "longest_slip": 2, "milestones_hit": None}
    unweighed = deepcopy(MILESTONES)
    del unweighed[0]["value"]
    assert figures("planning", milestones=unweighed)["spi"] is None


def test_quality_reports_the_first_pass_yield(figures):
    passed = {"planned": "2026-03-01", "result": "pass", "attempt": "1"}
    again = {**passed, "attempt": "2"}
    found = figures("quality", quality=[passed, again, {"planned": "2027-01-01"}])
    assert found == {"due": 2, "first_pass_yield": "0.5", "accepted": "1"}
    found = figures("quality", quality=[{"planned": "2027-01-01"}])
    assert found == {"due": 0, "first_pass_yield": None, "accepted": None}


ATTEMPT = {"product": "roof", "method": "test", "planned": "2026-03-01", "attempt": "1"}


@pytest.mark.parametrize(
    ("second", "yielded", "accepted"),
    [
        ({"attempt": "2", "result": "pass"}, "0", "1"),
        ({"attempt": "2", "result": "fail", "concession": True}, "0", "1"),
        ({"attempt": "2", "result": "fail", "concession": False}, "0", "0"),
        ({"method": "audit", "result": "pass"}, "0.5", "0.5"),
        ({"product": "wall", "result": "pass"}, "0.5", "0.5"),
    ],
)
def test_a_product_is_accepted_by_its_last_attempt_and_yields_by_its_first(
    figures, second, yielded, accepted
):
    first = {**ATTEMPT, "result": "fail", "concession": False}
    for order in (1, -1):
        found = figures("quality", quality=[first, {**ATTEMPT, **second}][::order])
        assert (found["first_pass_yield"], found["accepted"]) == (yielded, accepted)


def test_resources_report_the_gap(figures):
    demand = {"fte": "2.5", "filled": "2", "starts_on": "2026-03-10"}
    assert figures("resources", demands=[demand]) == {
        "wanted": "2.5",
        "gap": "0.5",
        "staffed": "0.8",
    }
    far = {**demand, "starts_on": "2027-03-10"}
    assert figures("resources", demands=[far]) == {"wanted": "0", "gap": "0", "staffed": None}


def test_reporting_rolls_colours_up_and_counts_timely_reports(figures):
    report = dict.fromkeys(("cost_colour", "time_colour", "quality_colour"), "green")
    report |= {"benefits_colour": "red", "colour": "amber", "signed_off": True}
    report |= {"due": "2026-02-28", "submitted_on": "2026-02-28"}
    late = {**report, "due": "2026-01-31", "submitted_on": "2026-02-01"}
    assert figures("reporting", reports=[report, late]) == {
        "timeliness": "0.5",
        "colour": "amber",
        "measured": "red",
        "overridden": True,
    }
    early = {**report, "due": "2026-03-31"}
    assert figures("reporting", reports=[early])["timeliness"] is None


def test_the_secretariat_reports_actions_on_time(figures):
    decisions = [{"minuted": True}]
    actions = [
        {"due": "2026-02-01", "done_on": "2026-02-01", "status": "closed"},
        {"due": "2026-02-01", "done_on": "2026-02-02"},
        {"due": "2026-03-02"},
        {"due": "2026-04-01"},
    ]
    found = figures("secretariat", decisions=decisions, actions=actions)
    assert found == {"meetings": 0, "actions_open": 3, "actions_on_time": "0.3333"}
    assert figures("secretariat", decisions=decisions)["actions_on_time"] is None


def test_tools_report_completeness_and_exceptions(figures):
    access = {"reviewed_on": "2026-03-01", "user": "wei", "granted_role": "editor"}
    found = figures("tools", accesses=[access, {**access, "left_on": "2026-01-01"}])
    assert found == {"access_exceptions": 1, "completeness": "0.6667"}
    gone = {**access, "revoked_on": "2026-01-01"}
    assert figures("tools", accesses=[gone])["completeness"] is None
