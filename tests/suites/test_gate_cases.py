"""Cases of suites that are about gates: what their expressions say of a project."""

import pytest

from pmo_engine.engines.engine import BACKENDS
from pmo_engine.suites.running import chosen, run_suites
from tests.small_policy import check_text

GATES = """
kind: registers
registers:
  - register: hazards
    noun: hazard
    root: hazard
    plural: hazards
    fields: {impact: {type: number}}
---
kind: gates
stages: [plan, build]
gates:
  - id: G1
    title: Ready
    from_stage: plan
    to_stage: build
    assessments: []
    decided_by: board
    outcomes: [go, recycle, stop]
    criteria:
      - {id: calm, text: Calm, when: not(some h in hazards satisfies h.impact > 4)}
      - {id: few, text: Few, level: should, score: 10 / count(hazards), hurdle: 5}
      - {id: told, text: Told}
    recommend:
      - {outcome: stop, when: count(hazards) > 2, because: Too many}
---
kind: suite
id: gates
facts: {hazards: [{key: H-1, impact: 1}, {key: H-2, impact: 5}]}
cases:
"""
ONE = "name: a, gate: G1, expect: {criteria: {calm: no, few: 5}, recommended: none}"


def run(*cases: str, backend: str = "tracing"):
    checked = check_text(GATES + "".join(f"  - {{{case}}}\n" for case in cases))
    assert [each for each in checked.diagnostics if each.severity == "error"] == []
    return [each.failures for each in run_suites(checked.policy, None, backend=backend)]


@pytest.mark.parametrize("backend", BACKENDS)
def test_every_engine_judges_a_gate_as_the_case_says(backend):
    facts = "facts: {hazards: []}"
    none = f"name: b, gate: G1, {facts}, expect: {{criteria: {{calm: yes, few: cannot_tell}}}}"
    assert run(ONE, none, backend=backend) == [(), ()]


def test_a_rule_of_the_gate_recommends_where_its_condition_holds():
    many = "facts: {hazards: [{key: H-1}, {key: H-2}, {key: H-3}]}"
    assert run(f"name: a, gate: G1, {many}, expect: {{recommended: stop}}") == [()]


def test_what_is_judged_otherwise_is_said():
    said = "name: a, gate: G1, expect: {criteria: {calm: yes, few: 4}, recommended: stop}"
    assert run(said) == [
        (
            "criteria.calm: expected yes, got no",
            "criteria.few: expected 4, got yes with a score of 5",
            "recommended: expected stop, got none",
        )
    ]
    faulty = "name: a, gate: G1, facts: {hazards: []}, expect: {criteria: {few: 5}}"
    ((failure,),) = run(faulty)
    assert failure.startswith("criteria.few: expected 5, got cannot_tell (")


def test_what_a_gate_judges_varies_with_a_fact():
    cases = "{1: {criteria: {calm: yes}}, 5: {criteria: {calm: no}}, 4: {criteria: {calm: yes}}}"
    found = run(f"name: a, gate: G1, vary: 'hazards[2].impact', expect: {cases}")
    assert found == [(), (), ()]


def test_a_gate_s_cases_are_chosen_by_their_names():
    policy = check_text(f"{GATES}  - {{{ONE}}}\n").policy
    assert [suite.size for suite in chosen(policy, "gates: a").suites] == [1]
    assert chosen(policy, "zzz").suites == ()


@pytest.mark.parametrize(
    ("case", "said"),
    [
        ("gate: G9, expect: {criteria: {calm: yes}}", "unknown gate 'G9'"),
        ("gate: G1, expect: {criteria: {clam: yes}}", "unknown criterion 'clam'"),
        ("gate: G1, expect: {criteria: {told: yes}}", "unknown criterion 'told'"),
        ("gate: G1, expect: {criteria: {calm: 7}}", "'calm' is judged yes, no or cannot_tell"),
        ("gate: G1, expect: {criteria: {few: -1}}", "'few' has a score, as in 7, or is judged"),
        ("gate: G1, expect: {criteria: [calm]}", "'criteria' is a mapping, as in {calm: yes}"),
        ("gate: G1, expect: {recommended: hold}", "unknown outcome 'hold'"),
        ("gate: G1, expect: {approvals: [board]}", "has no 'approvals'"),
        ("gate: G1, expect: {}", "this case expects nothing of the gate"),
    ],
)
def test_what_cannot_be_expected_of_a_gate_is_told(case, said):
    checked = check_text(f"{GATES}  - {{name: a, {case}}}\n")
    assert any(said in each.message for each in checked.diagnostics)
