"""Criteria of gates, judged alike by every engine; a fault is neither a yes nor a no."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from pmo_engine.decisions.gate_rules import Answer, answers, judged_at, judging
from pmo_engine.decisions.gate_standing import CriterionStanding, EvidenceStanding, standing
from pmo_engine.engines.engine import BACKENDS, Engine
from pmo_engine.feel.values import Record
from pmo_engine.policy import Policy
from pmo_engine.policy.events import make_event
from pmo_engine.testing import policy_from

POLICY = """\
kind: policy
name: judged
version: "1"
in_force_from: 2026-01-01
currency: GBP
packs: [{use: office}, {use: risk}]
---
kind: rules
rules:
  - id: worst
    title: The worst risk counts
    on: gate.assessed
    binding: shall
    then:
      - derive:
          fact: worst
          value: if count(risks) = 0 then 0 else max(for r in risks return r.probability)
  - id: elsewhere
    title: What is derived of a change is not known at a gate
    on: change.submitted
    binding: shall
    then: [derive: {fact: dear, value: "true"}]
---
kind: gates
gates:
  - id: G1
    title: Ready
    from_stage: plan
    to_stage: build
    assessments: []
    decided_by: portfolio_board
    outcomes: [go, conditional_go, hold, stop]
    criteria:
      - {id: calm, text: Calm, when: worst < 4}
      - {id: share, text: Shared, when: 10 / count(risks) < 5}
      - {id: big, text: Big, level: should, when: count(risks) > 1, hurdle: 6}
      - {id: many, text: Many, level: should, score: 3 * count(risks), hurdle: 6, weight: 3}
"""


@pytest.fixture(scope="module")
def policy() -> Policy:
    return policy_from(POLICY)


@pytest.fixture(scope="module", params=BACKENDS)
def engine(request: pytest.FixtureRequest, policy: Policy) -> Engine:
    return Engine(judging(policy), request.param)


def judged(engine: Engine, *probabilities: int | None) -> dict[str, Answer]:
    risks = [
        Record(f"risks[{n}]", {} if p is None else {"probability": Decimal(p)}, {"probability"})
        for n, p in enumerate(probabilities, 1)
    ]
    facts: dict[str, Any] = {"risks": risks}
    at = datetime(2026, 3, 2, 9, tzinfo=UTC)
    event = make_event(engine.policy, judged_at("G1"), at, facts)
    return dict(answers(engine.policy.gates["G1"], engine.decide(event).outcomes))


def test_what_holds_and_what_does_not(engine: Engine) -> None:
    assert judged(engine, 1, 2, 3) == {
        "calm": Answer("yes"),
        "share": Answer("yes"),
        "big": Answer("yes", Decimal(10)),
        "many": Answer("yes", Decimal(9)),
    }
    found = judged(engine, 4)
    assert found["calm"] == Answer("no")
    assert found["big"] == Answer("no", Decimal(0))
    assert found["many"] == Answer("no", Decimal(3))


def test_the_hurdle_itself_is_reached(engine: Engine) -> None:
    assert judged(engine, 1, 1)["many"] == Answer("yes", Decimal(6))


def test_a_fault_and_what_is_missing_are_no_answer(engine: Engine) -> None:
    none = judged(engine)
    assert none["share"].answer == "cannot_tell"
    assert "division by zero in '10 / count(risks)'" in none["share"].why[0]
    missing = judged(engine, 1, None)["calm"]
    assert missing == Answer("cannot_tell", why=("not known: risks[2].probability",))


def test_a_score_beyond_ten_is_none(engine: Engine) -> None:
    said = "it comes to 12, and a score is from 0 to 10"
    assert judged(engine, 1, 1, 1, 1)["many"] == Answer("cannot_tell", why=(said,))


def criterion(**said: Any) -> CriterionStanding:
    usual = {"id": "c", "text": "So.", "level": "must", "answer": "yes", "score": None}
    more = {"hurdle": None, "weight": 1, "findings": (), "by": "clerk", "at": None, "evidence": ()}
    return CriterionStanding(**{**usual, **more, **said})


def shown(state: str, **said: Any) -> EvidenceStanding:
    return EvidenceStanding(**{"id": "e", "text": "Paper.", "state": state, **said})


OLD = {"dated": "2026-01-01", "valid_until": "2026-02-01"}
TOO_OLD = "evidence 'e' of 2026-01-01 counted until 2026-02-01"


@pytest.mark.parametrize(
    ("criteria", "evidence", "against"),
    [
        ([criterion()], [shown("there")], ()),
        ([criterion(answer="no", findings=("why",))], [], ("must 'c' is no: So (why)",)),
        ([criterion(answer="cannot_tell")], [], ("must 'c' cannot be told: So",)),
        ([criterion(answer="asked")], [], ("must 'c' is not judged yet by the clerk: So",)),
        ([criterion(level="should", answer="no", score="1")], [], ()),
        ([], [shown("missing")], ("evidence 'e' is missing: Paper",)),
        (
            [],
            [shown("out of date", **OLD)],
            (TOO_OLD,),
        ),
    ],
)
def test_what_keeps_a_project_from_passing(
    policy: Policy, criteria: list[Any], evidence: list[Any], against: tuple[str, ...]
) -> None:
    found = standing(policy.gates["G1"], criteria, evidence)
    assert found.against == against
    left = ("hold", "stop") if against else ("go", "conditional_go", "hold", "stop")
    assert found.left == left


def test_shoulds_are_weighed_and_only_once_each_has_a_score(policy: Policy) -> None:
    many = policy.gates["G1"].criteria[-1]
    one = criterion(level="should", score="9", hurdle=many.hurdle, weight=many.weight)
    other = criterion(level="should", score="2.5", weight=1)
    found = standing(policy.gates["G1"], [one, other], [])
    assert (found.score, found.hurdle) == ("7.38", "4.50")
    open_ = criterion(level="should", answer="asked")
    assert standing(policy.gates["G1"], [one, open_], []).score is None
