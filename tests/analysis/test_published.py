"""What an explanation publishes says the same as what it was made from."""

from decimal import Decimal
from typing import Any

import pytest

from pmo_engine.analysis.published import ExplainedAlteration, ExplainedObligation
from pmo_engine.decisions.published import PublishedDecision, PublishedPolicy
from pmo_engine.feel.values import Range
from pmo_engine.model.durations import Span
from pmo_engine.model.fact_paths import FactPath
from pmo_engine.policy.alterations import AllBut, Alteration, Claim, Effect
from pmo_engine.policy.decision import Obligation

ASKED = Obligation(
    "approval", "r", "board", "shall", role="board", within=Span(3, "working_day"), also=("s",)
)
OTHER = Obligation("approval", "r", "head", "shall", role="head")


def published(claim: Claim = None, effect: Effect | None = None, **more: bool) -> dict[str, Any]:
    gone = effect or Effect(None, ())
    item = Alteration(ASKED, FactPath("change.weeks"), Decimal(3), Decimal(5), claim, gone, **more)
    return ExplainedAlteration.of(item, "in words").model_dump(mode="json")


CLAIMS: list[tuple[Claim, Any]] = [
    (None, None),
    (
        Range(Decimal(5), None, low_included=True, high_included=False),
        {"low": "5", "low_included": True, "high": None, "high_included": False},
    ),
    (
        Range(None, Decimal(5), low_included=False, high_included=True),
        {"low": None, "low_included": False, "high": "5", "high_included": True},
    ),
    (AllBut(("cost", "time")), {"all_but": ["cost", "time"]}),
    (("cost", Decimal(2)), {"any_of": ["cost", "2"]}),
]


@pytest.mark.parametrize(("claim", "values"), CLAIMS)
def test_the_values_that_would_alter_it(claim: Claim, values: Any) -> None:
    assert published(claim) == {
        "fact": "change.weeks",
        "from": "3",
        "to": "5",
        "values": values,
        "effect": "gone",
        "instead": [],
        "instead_everywhere": True,
        "also_gone": [],
        "words": "in words",
    }


def test_what_would_become_of_it() -> None:
    found = published(effect=Effect(OTHER, (OTHER,), (ASKED,)), uniform=False)
    assert (found["effect"], found["instead_everywhere"]) == ("changed", False)
    assert (found["instead"], found["also_gone"]) == (["r/approval/head"], ["r/approval/board"])


def test_a_time_allowed_is_a_span_here_and_words_in_json() -> None:
    made = ExplainedObligation(
        id=ASKED.id,
        kind="approval",
        rules=ASKED.rules,
        binding="shall",
        role="board",
        within=ASKED.within,
        clause="",
        sources=(),
        words="",
        reasons=(),
        authority=(),
        what_if=(),
    )
    assert made.within == Span(3, "working_day")
    shape = made.model_dump(mode="json")
    assert (shape["within"], shape["from"], shape["rules"]) == (
        "3 working days",
        "board",
        ["r", "s"],
    )
    assert ExplainedObligation.model_validate(shape) == made


JUDGED = [("a", "fired"), ("b", "not_fired"), ("c", "unknown"), ("d", "fault"), ("e", None)]


@pytest.mark.parametrize(("rule", "came"), JUDGED)
def test_what_came_of_each_rule(rule: str, came: str | None) -> None:
    decision = PublishedDecision(
        status="waiting",
        obligations=[],
        fired=["a"],
        not_fired=["b"],
        unknown={"c": ["change.cost"]},
        faults={"d": "division by zero"},
        derived={},
        policy=PublishedPolicy(name="city", version="1", digest="d", on="2026-03-02"),
    )
    assert decision.judgement(rule) == came
    assert "trial" not in decision.model_dump(mode="json")
