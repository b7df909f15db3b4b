"""What a fact does in an expression: nothing, a straight line, or something else."""

from __future__ import annotations

import pytest

from pmo_engine.analysis.influence import Influence
from pmo_engine.model.fact_paths import FactPath
from tests.engines.samples import expression, policy, rule, select, selection

STRAIGHT = (
    "change.score",
    "change.rate",
    "change.score + change.rate",
    "change.rate - change.score",
    "2 * change.score",
    "change.score * change.rate",
    "change.score / change.rate",
    "-change.score",
    "sum([change.score, 2])",
    "change.rate / 2 + change.score / 4",
)
BENT = (
    "change.rate / change.score",
    "1 / change.score",
    "change.score / change.score",
    "change.score * change.score",
    "change.score * (1 + change.score)",
    "change.score ** 2",
    "2 ** change.score",
    "abs(change.score)",
    "max(change.score, 2)",
    "if change.critical then change.score else 2",
    "get or else(change.score, 2)",
    "1 / (1 / change.score)",
    "-(change.rate / change.score)",
    "sum([change.rate / change.score])",
)


def linear(text: str) -> bool:
    influence = Influence(selection("change.score > 1"), FactPath("change.score"))
    return influence.linear(expression(text).node)


@pytest.mark.parametrize("text", STRAIGHT)
def test_a_straight_line(text: str) -> None:
    assert linear(text)


@pytest.mark.parametrize("text", BENT)
def test_no_straight_line(text: str) -> None:
    assert not linear(text)


@pytest.mark.parametrize("text", STRAIGHT)
def test_comparisons_of_straight_lines_change_only_where_the_sides_meet(text: str) -> None:
    chosen = selection(f"{text} > change.rate", f"{text} between 1 and change.rate")
    assert Influence(chosen, FactPath("change.score")).is_steady


@pytest.mark.parametrize("text", BENT)
def test_comparisons_of_others_may_change_elsewhere(text: str) -> None:
    assert not Influence(selection(f"{text} > change.rate"), FactPath("change.score")).is_steady
    assert Influence(selection(f"{text} > change.rate"), FactPath("change.saving")).is_steady


@pytest.mark.parametrize(
    ("value", "steady"), [("change.score * 2", True), ("1 / change.score", False)]
)
def test_a_fact_that_is_derived_in_a_straight_line_is_one(value: str, steady: bool) -> None:  # noqa: FBT001 - a parameter
    strata = [[rule("a", None, fact="level", value=value)], [rule("b", "level > change.rate")]]
    assert Influence(select(policy(strata)), FactPath("change.score")).is_steady is steady
