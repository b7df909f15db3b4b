"""Each functional role's own assessment: one field more, less or other, and it turns."""

from collections.abc import Mapping, Sequence
from copy import deepcopy
from typing import Any

import pytest

from pmo_engine.roles import registry
from pmo_engine.roles.base import Assessment

GOOD: Mapping[str, Mapping[str, Sequence[Mapping[str, Any]]]] = {
    "benefits": {
        "benefits": [
            {
                "key": "B-1",
                "planned_value": "60000 GBP",
                "forecast_value": "50000 GBP",
                "realised_value": "15000 GBP",
                "signed": True,
            },
            {
                "key": "B-2",
                "planned_value": "40000 GBP",
                "forecast_value": "40000 GBP",
                "realised_value": "10000 GBP",
                "signed": True,
            },
        ]
    },
    "commercial": {
        "contracts": [
            {
                "key": "C-1",
                "title": "Cabling",
                "original_value": "50000 GBP",
                "variations": "10000 GBP",
                "expiry": "2026-03-02",
                "interests_declared": True,
            }
        ]
    },
    "stakeholders": {
        "stakeholders": [
            {
                "key": "S-1",
                "power": "4",
                "last_contact": "2026-01-31",
                "stance_now": "supports",
                "stance_wanted": "supports",
            },
            {"key": "S-2", "power": "3"},
        ]
    },
    "information": {
        "configuration_items": [
            {
                "key": "CI-1",
                "version": "1.0",
                "baseline_version": "1.0",
                "masters": "1",
                "discrepancies": "0",
            }
        ]
    },
    "performance": {
        "health_checks": [
            {"key": "H-1", "checked_on": "2025-06-01", "score": "20", "recovery_plan": False},
            {
                "key": "H-2",
                "checked_on": "2025-09-03",
                "score": "60",
                "recovery_plan": False,
                "findings_open": "2",
            },
        ]
    },
    "finance": {
        "budget_lines": [
            {
                "key": "L-1",
                "baseline": "100000 GBP",
                "planned_value": "50000 GBP",
                "earned_value": "45000 GBP",
                "commitment": "10000 GBP",
                "actual": "40000 GBP",
                "accrual": "10000 GBP",
                "forecast": "110000 GBP",
                "funds": "50000 GBP",
            }
        ]
    },
    "issues": {
        "issues": [
            {
                "key": "I-1",
                "title": "No power",
                "severity": "critical",
                "raised_on": "2026-02-20",
                "due": "2026-03-02",
                "planned": True,
            },
            {"key": "I-2", "status": "closed"},
        ]
    },
    "change_control": {
        "change_requests": [
            {"key": "CR-1", "status": "approved", "cost": "10000 GBP", "in_baseline": True},
            {"key": "CR-2", "status": "rejected", "cost": "90000 GBP"},
        ]
    },
    "planning": {
        "milestones": [
            {"key": "M-1", "baseline": "2026-02-01", "actual": "2026-02-11"},
            {"key": "M-2", "baseline": "2026-04-01", "forecast": "2026-04-11"},
        ]
    },
    "quality": {
        "quality": [
            {
                "key": "Q-1",
                "planned": "2026-03-02",
                "result": "fail",
                "attempt": "1",
            },
            {"key": "Q-2", "planned": "2026-03-03"},
        ],
        "concessions": [
            {"key": "CN-1", "review_key": "Q-1", "standing": "approved", "until": "2026-03-02"}
        ],
    },
    "resources": {
        "demands": [
            {"key": "D-1", "fte": "2", "filled": "2", "starts_on": "2026-05-01"},
            {"key": "D-2", "fte": "1", "filled": "0", "starts_on": "2026-05-02"},
        ]
    },
    "risk": {
        "risks": [
            {
                "key": "R-1",
                "title": "Supplier fails",
                "type": "threat",
                "probability": "5",
                "impact": "5",
                "residual": "14",
                "reviewed_on": "2026-01-31",
            },
            {"key": "R-2", "status": "closed"},
        ]
    },
    "reporting": {
        "reports": [
            {
                "key": "RP-1",
                "due": "2026-01-31",
                "submitted_on": "2026-01-30",
                "colour": "amber",
                "cost_colour": "amber",
                "time_colour": "green",
                "quality_colour": "green",
                "benefits_colour": "green",
                "signed_off": True,
            }
        ]
    },
    "secretariat": {
        "meetings": [
            {"key": "MT-1", "held_on": "2026-02-10", "attended": "4", "quorum_needed": "4"},
            {"key": "MT-2", "held_on": "2026-03-10"},
        ],
        "decisions": [{"key": "DE-1", "minuted": True}],
    },
    "tools": {
        "accesses": [
            {
                "key": "A-1",
                "tool_name": "planner",
                "user": "wei",
                "granted_role": "editor",
                "reviewed_on": "2025-12-02",
            },
            {"key": "A-2", "left_on": "2026-01-01", "revoked_on": "2026-01-01"},
        ]
    },
}

# role, register, entry, field, its new value, what the assessment names
NOT_MET = [
    ("benefits", "benefits", 0, "forecast_value", "49999.99 GBP", ()),
    ("benefits", "benefits", 1, "signed", False, ("B-2",)),
    ("commercial", "contracts", 0, "variations", "10000.01 GBP", ("C-1 Cabling",)),
    ("commercial", "contracts", 0, "expiry", "2026-03-01", ("C-1 Cabling",)),
    ("commercial", "contracts", 0, "interests_declared", False, ("C-1 Cabling",)),
    ("stakeholders", "stakeholders", 0, "last_contact", "2026-01-30", ("S-1",)),
    ("stakeholders", "stakeholders", 0, "stance_now", "neutral", ("S-1",)),
    ("information", "configuration_items", 0, "version", "1.1", ("CI-1",)),
    ("information", "configuration_items", 0, "masters", "2", ("CI-1",)),
    ("information", "configuration_items", 0, "discrepancies", "1", ("CI-1",)),
    ("performance", "health_checks", 1, "score", "59", ("H-2",)),
    ("performance", "health_checks", 1, "checked_on", "2025-09-02", ("H-2",)),
    ("finance", "budget_lines", 0, "forecast", "110000.01 GBP", ("L-1",)),
    ("finance", "budget_lines", 0, "commitment", "10000.01 GBP", ("L-1",)),
    ("finance", "budget_lines", 0, "earned_value", "44999.99 GBP", ()),
    ("issues", "issues", 0, "planned", False, ("I-1 No power",)),
    ("issues", "issues", 0, "due", "2026-03-01", ("I-1 No power",)),
    ("change_control", "change_requests", 1, "status", "submitted", ("CR-2",)),
    ("change_control", "change_requests", 0, "in_baseline", False, ("CR-1",)),
    ("planning", "milestones", 0, "actual", "2026-02-12", ("M-1",)),
    ("planning", "milestones", 1, "forecast", "2026-04-12", ("M-2",)),
    ("quality", "concessions", 0, "standing", "waiting", ("Q-1",)),
    ("quality", "concessions", 0, "review_key", "Q-2", ("Q-1",)),
    ("quality", "concessions", 0, "until", "2026-03-01", ("Q-1",)),
    ("resources", "demands", 0, "filled", "1.5", ("D-1",)),
    ("resources", "demands", 1, "starts_on", "2026-05-01", ("D-2",)),
    ("risk", "risks", 0, "residual", "15", ("R-1 Supplier fails",)),
    ("risk", "risks", 0, "reviewed_on", "2026-01-30", ("R-1 Supplier fails",)),
    ("reporting", "reports", 0, "submitted_on", "2026-01-29", ("RP-1",)),
    ("reporting", "reports", 0, "colour", "green", ("RP-1",)),
    ("reporting", "reports", 0, "signed_off", False, ("RP-1",)),
    ("secretariat", "meetings", 0, "attended", "3", ("MT-1",)),
    ("secretariat", "decisions", 0, "minuted", False, ("DE-1",)),
    ("tools", "accesses", 0, "reviewed_on", "2025-12-01", ("A-1",)),
    ("tools", "accesses", 0, "left_on", "2026-03-01", ("A-1",)),
    ("tools", "accesses", 0, "last_day", "2026-03-01", ("A-1",)),
    ("secretariat", "meetings", 0, "quorum", "5", ("MT-1",)),
]
CANNOT_TELL = [
    ("benefits", "benefits", 1, "forecast_value", ("B-2.forecast_value",)),
    ("commercial", "contracts", 0, "interests_declared", ("C-1.interests_declared",)),
    ("stakeholders", "stakeholders", 0, "last_contact", ("S-1.last_contact",)),
    ("information", "configuration_items", 0, "masters", ("CI-1.masters",)),
    ("performance", "health_checks", 1, "score", ("H-2.score",)),
    ("finance", "budget_lines", 0, "accrual", ("L-1.accrual",)),
    ("issues", "issues", 0, "planned", ("I-1.planned",)),
    ("change_control", "change_requests", 0, "in_baseline", ("CR-1.in_baseline",)),
    ("planning", "milestones", 1, "forecast", ("M-2.forecast",)),
    ("quality", "quality", 0, "result", ("Q-1.result",)),
    ("resources", "demands", 0, "filled", ("D-1.filled",)),
    ("risk", "risks", 0, "residual", ("R-1.residual",)),
    ("reporting", "reports", 0, "time_colour", ("RP-1.time_colour",)),
    ("reporting", "reports", 0, "submitted_on", ("reports",)),
    ("secretariat", "meetings", 0, "attended", ("MT-1.attended",)),
    ("tools", "accesses", 0, "reviewed_on", ("A-1.reviewed_on",)),
]
WITHOUT_ENTRIES = {"issues": "met", "change_control": "met"}


def assessed(review, role: str, registers) -> Assessment:
    return registry.assess(registry.role(role), review(role, registers))


@pytest.mark.parametrize("role", GOOD)
def test_what_the_gate_asks_is_there(review, role):
    found = assessed(review, role, GOOD[role])
    assert (found.result, found.reason, found.findings) == ("met", "", ())


@pytest.mark.parametrize(("role", "register", "entry", "field", "value", "named"), NOT_MET)
def test_one_field_speaks_against_it(review, role, register, entry, field, value, named):
    registers = deepcopy(GOOD[role])
    registers[register][entry][field] = value
    found = assessed(review, role, registers)
    assert found.result == "not_met", found
    assert found.reason
    assert found.findings == named


@pytest.mark.parametrize(("role", "register", "entry", "field", "missing"), CANNOT_TELL)
def test_one_field_is_missing(review, role, register, entry, field, missing):
    registers = deepcopy(GOOD[role])
    del registers[register][entry][field]
    found = assessed(review, role, registers)
    assert (found.result, found.missing) == ("cannot_tell", missing)
    assert found.reason == f"not known: {', '.join(missing)}"


IMPOSSIBLE = [
    ({"earned_value": "999999 GBP"}, "999999 GBP earned of a budget of 100000 GBP"),
    ({"planned_value": "100000.01 GBP"}, "100000.01 GBP planned by now of a budget of 100000 GBP"),
    ({"forecast": "49999.99 GBP"}, "50000 GBP spent, and 49999.99 GBP forecast at completion"),
]


@pytest.mark.parametrize(("said", "told"), IMPOSSIBLE)
def test_figures_that_cannot_all_be_so_are_told(review, said, told):
    registers = deepcopy(GOOD["finance"])
    registers["budget_lines"][0] |= said
    found = assessed(review, "finance", registers)
    assert (found.result, found.missing, found.figures) == ("cannot_tell", (), {})
    assert found.reason == "what the register gives cannot all be so"
    assert found.findings == (f"L-1: {told}",)


def test_all_that_is_earned_planned_and_spent_may_be_the_whole_budget(review):
    registers = deepcopy(GOOD["finance"])
    whole = dict.fromkeys(("earned_value", "planned_value", "forecast"), "100000 GBP")
    registers["budget_lines"][0] |= {**whole, "actual": "90000 GBP", "funds": "100000 GBP"}
    assert assessed(review, "finance", registers).result == "met"


def test_a_forecast_far_below_the_pace_so_far_is_told(review):
    registers = deepcopy(GOOD["finance"])
    line = {"baseline": "1000000 GBP", "forecast": "1000000 GBP", "funds": "500000 GBP"}
    line |= {"earned_value": "400000 GBP", "actual": "490000 GBP", "planned_value": "400000 GBP"}
    registers["budget_lines"][0] |= line
    found = assessed(review, "finance", registers)
    said = "the forecast is 1000000 GBP; at the cost of the work so far it comes to 1250000 GBP"
    assert (found.result, found.findings) == ("not_met", (said,))
    assert found.reason == "CPI 0.8000 is under 0.9"
    line |= {"earned_value": "454545.46 GBP"}  # 1.1 of the forecast, to the penny
    registers["budget_lines"][0] |= line
    found = assessed(review, "finance", registers)
    assert (found.result, found.findings) == ("met", ())


def test_what_is_told_is_told_of_what_is_met_too(review):
    line = {"key": "L-1", "baseline": "1000 GBP", "planned_value": "500 GBP", "funds": "1000 GBP"}
    line |= {"earned_value": "500 GBP", "actual": "550 GBP", "accrual": "0 GBP"}
    line |= {"commitment": "0 GBP", "forecast": "1000 GBP"}
    found = assessed(review, "finance", {"budget_lines": [line]})
    assert (found.result, found.findings) == ("met", ())  # 1,100 is the tolerance exactly
    found = assessed(review, "finance", {"budget_lines": [{**line, "forecast": "990 GBP"}]})
    said = "the forecast is 990 GBP; at the cost of the work so far it comes to 1100 GBP"
    assert (found.result, found.findings) == ("met", (said,))


def test_an_opportunity_above_the_appetite_speaks_against_nothing(review):
    registers = deepcopy(GOOD["risk"])
    registers["risks"][0] |= {"residual": "25", "type": "opportunity"}
    assert assessed(review, "risk", registers).result == "met"
    del registers["risks"][0]["type"]
    assert assessed(review, "risk", registers).result == "not_met"


def test_a_product_that_failed_and_passed_since_needs_no_concession(review):
    failed = {"key": "Q-1", "product": "roof", "planned": "2026-03-01", "attempt": "1"}
    failed |= {"result": "fail"}
    passed = {**failed, "key": "Q-2", "attempt": "2", "result": "pass"}
    assert assessed(review, "quality", {"quality": [failed, passed]}).result == "met"
    other = {**passed, "product": "wall"}
    found = assessed(review, "quality", {"quality": [failed, other]})
    assert (found.result, found.findings) == ("not_met", ("Q-1",))


@pytest.mark.parametrize("role", GOOD)
def test_an_empty_register_proves_nothing_unless_nothing_is_good(review, role):
    found = assessed(review, role, {})
    assert found.result == WITHOUT_ENTRIES.get(role, "cannot_tell")


@pytest.mark.parametrize("role", GOOD)
def test_a_field_given_as_null_is_not_known_either(review, role):
    name, register, entry, field, missing = next(row for row in CANNOT_TELL if row[0] == role)
    registers = deepcopy(GOOD[name])
    registers[register][entry][field] = None
    assert assessed(review, name, registers).missing == missing


def test_every_role_has_fixtures_of_each_sort():
    assert {row[0] for row in NOT_MET} == {row[0] for row in CANNOT_TELL} == set(GOOD)
    assert len(GOOD) == 15


def test_a_recovery_plan_makes_up_for_a_low_score(review):
    registers = deepcopy(GOOD["performance"])
    registers["health_checks"][1] |= {"score": "20", "recovery_plan": True}
    assert assessed(review, "performance", registers).result == "met"


def test_a_reason_explains_another_colour(review):
    registers = deepcopy(GOOD["reporting"])
    registers["reports"][0] |= {"colour": "green", "override_reason": "paid in advance"}
    assert assessed(review, "reporting", registers).result == "met"


def test_records_of_access_that_say_little_are_incomplete(review):
    registers = deepcopy(GOOD["tools"])
    del registers["accesses"][0]["user"]
    found = assessed(review, "tools", registers)
    assert found.reason == "records of access are incomplete"


def test_a_score_off_the_scale_is_named_and_makes_no_figure(review):
    registers = deepcopy(GOOD["risk"])
    registers["risks"][0]["probability"] = "6"
    found = assessed(review, "risk", registers)
    assert (found.result, found.reason) == (
        "cannot_tell",
        "what the register gives cannot all be so",
    )
    assert found.findings == ("R-1 Supplier fails: probability 6 is not from 1 to 5",)
    assert found.figures == {}


def test_parameters_of_the_pack_decide(review):
    strict = review("risk", GOOD["risk"])
    parameters = {**strict.parameters, "appetite": 14}
    found = registry.role("risk").assess(
        type(strict)(
            project=strict.project,
            gate=strict.gate,
            stage=strict.stage,
            today=strict.today,
            now=strict.now,
            currency=strict.currency,
            parameters=parameters,
            registers=strict.registers,
        )
    )
    assert found.reason == "residual risk at or above appetite"
