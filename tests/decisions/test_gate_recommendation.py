"""What is recommended to a body: the policy's rules first, then what is found."""

from typing import Any, NamedTuple

import pytest

from pmo_engine.decisions.gate_recommendation import recommend
from pmo_engine.decisions.gate_rules import judging
from pmo_engine.decisions.gate_standing import CriterionStanding, EvidenceStanding, standing
from pmo_engine.policy import Advice, Gate
from pmo_engine.policy.decision import Outcomes
from pmo_engine.source.diagnostics import NOWHERE
from pmo_engine.testing import policy_from
from tests.decisions.test_gate_rules import POLICY


class Found(NamedTuple):
    role: str
    result: str


ALL = ("go", "conditional_go", "hold", "recycle", "stop")
FEW = ("go", "stop")


def gate(outcomes: tuple[Any, ...] = ALL, *advice: Advice) -> Gate:
    given = ("G1", "Ready", "plan", "build", (), "board", None, None, outcomes, (), ())
    return Gate(*given, mark=NOWHERE, recommend=advice)


def must(answer: str) -> CriterionStanding:
    given = {"id": "m", "text": "It is so", "level": "must", "answer": answer, "score": None}
    more = {"hurdle": None, "weight": 1, "findings": (), "by": "tom", "at": None, "evidence": ()}
    return CriterionStanding(**{**given, **more})


def should(answer: str, score: str | None) -> CriterionStanding:
    said = {"level": "should", "answer": answer, "score": score, "hurdle": 6, "findings": ("why",)}
    return must("yes").model_copy(update={"id": "s", **said})


MISSING = EvidenceStanding(id="e", text="Paper", state="missing")
CLEAR = "every must is a yes, the evidence is there, and nothing is found against it"


UNDER = "It is so: scored 4 of 10, under the 6 asked for"
UNSCORED = "It is so: not scored (why)"
NOT_MET = Found("risk", "not_met")


@pytest.mark.parametrize(
    ("criteria", "evidence", "assessed", "outcomes", "outcome", "reason"),
    [
        ([must("yes")], [], [Found("risk", "met")], ALL, "go", CLEAR),
        ([must("no")], [], [], ALL, "recycle", "must 'm' is no: It is so"),
        ([must("no")], [], [], FEW, "stop", "must 'm' is no: It is so"),
        ([must("cannot_tell")], [], [], ALL, "hold", "must 'm' cannot be told: It is so"),
        ([], [MISSING], [], ALL, "hold", "evidence 'e' is missing: Paper"),
        ([], [MISSING], [], FEW, "stop", "evidence 'e' is missing: Paper"),
        (
            [should("no", "4")],
            [],
            [],
            ALL,
            "conditional_go",
            UNDER,
        ),
        (
            [should("cannot_tell", None)],
            [],
            [],
            ALL,
            "conditional_go",
            UNSCORED,
        ),
        (
            [should("yes", "6")],
            [],
            [Found("risk", "not_met")],
            ALL,
            "conditional_go",
            "risk: not met",
        ),
        ([], [], [Found("risk", "cannot_tell")], FEW, "go", "risk: cannot tell"),
    ],
)
def test_what_follows_from_what_is_found(
    criteria: list[Any],
    evidence: list[Any],
    assessed: list[Found],
    outcomes: tuple[Any, ...],
    outcome: str,
    reason: str,
) -> None:
    declared = gate(outcomes)
    found = recommend(declared, standing(declared, criteria, evidence), assessed)
    assert (found.outcome, found.reasons) == (outcome, (reason,))


def test_what_an_earlier_gate_left_undone_asks_for_conditions() -> None:
    found = recommend(gate(), standing(gate(), [], []), [], ["of gate G0 is overdue: the lease"])
    assert found.outcome == "conditional_go"
    assert found.reasons == ("of gate G0 is overdue: the lease",)


def test_a_rule_of_the_policy_comes_first_unless_its_outcome_is_not_left() -> None:
    declared = gate(ALL, Advice("go", None, "it is cheap"), Advice("stop", None, "it is late"))
    clear, blocked = standing(declared, [], []), standing(declared, [must("no")], [])
    both = Outcomes((), ("G1 recommends 0", "G1 recommends 1"), {}, {}, {})
    assert recommend(declared, clear, [], (), both).reasons == ("it is cheap",)
    found = recommend(declared, blocked, [], (), both)
    assert (found.outcome, found.reasons) == ("stop", ("it is late",))
    none = Outcomes((), (), {}, {}, {})
    assert recommend(declared, blocked, [], (), none).outcome == "recycle"


def test_advice_is_judged_beside_the_criteria() -> None:
    advice = (
        "    recommend: [{outcome: stop, when: count(risks) > 9, because: Too many}]\n    criteria"
    )
    made = judging(policy_from(POLICY.replace("    criteria", advice)))
    assert "G1 recommends 0" in {rule.id for rule in made.rules}
