"""Exceptions are listed whatever raised them: a tolerance, a rule about a record, one at a gate."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from pmo_engine.policy import Policy
from pmo_engine.queries.exceptions import every_exception, exception_named, exceptions
from pmo_engine.testing import World, policy_from
from pmo_engine.work.approvals.votes import answer
from pmo_engine.work.errors import CommandError
from pmo_engine.work.gates import reviews as gates
from pmo_engine.work.tolerances.answers import answer_exception
from tests.stories.test_tolerances import TOLERANCES

RULES = """
---
kind: gates
gates:
  - {id: G2, title: Ready to build, from_stage: plan, to_stage: build, decided_by: portfolio_board,
     assessments: [], outcomes: [go, stop]}
---
kind: rules
rules:
  - id: late
    title: The gate opens while work is late
    on: gate.opened
    binding: shall
    then: [{raise_exception: {to: sponsor, reason: It is late, within: 2 days}}]
  - id: severe
    title: A risk is severe
    on: risk.submitted
    when: risk.score > 2
    binding: shall
    then: [{raise_exception: {to: portfolio_board, reason: A severe risk, within: 2 days}}]
"""


def policy() -> Policy:
    return policy_from(TOLERANCES.read_text(encoding="utf-8").rstrip() + RULES)


@pytest.fixture
def world(make_world: Callable[..., World]) -> World:
    made = make_world(policy(), start=datetime(2026, 3, 2, 10, tzinfo=UTC))
    made.project("P-1", stage="plan")
    made.person("ana", "project_manager", project="P-1")
    made.person("sue", "sponsor", project="P-1")
    made.person("bo", "portfolio_board")
    return made


def listed(world: World, *, answered: bool = False) -> list[tuple[str, str, str]]:
    with world.governance.reading() as c:
        found = every_exception(c, "P-1", answered=answered).items
    return [(each.kind, each.to, each.tolerance or each.why) for each in found]


def test_each_kind_is_listed_until_it_is_answered_its_own_way(world: World) -> None:
    world.submit("P-1", "risks", "ana", score="3")
    gates.open_gate(world.governance, project="P-1", gate="G2", by="ana")
    world.submit("P-1", "budget_lines", "ana", baseline="100 GBP", forecast="106 GBP")
    raised = [
        ("gate", "sponsor", "It is late"),
        ("rule", "portfolio_board", "A severe risk"),
        ("tolerance", "sponsor", "stage cost"),
    ]
    assert sorted(listed(world)) == raised
    with world.governance.reading() as c:
        [kept] = exceptions(c, "P-1", answered=False).items
        ids = {each.kind: each.id for each in every_exception(c, None, answered=False).items}
        assert exception_named(c, ids["rule"][:12]).why == "A severe risk"
    assert kept.id == ids["tolerance"]
    with pytest.raises(CommandError, match="no exception of a tolerance; use 'pmo answer'"):
        answer_exception(world.governance, ids["rule"], way="plan", by="bo", reason="why")
    answer(world.governance, ids["rule"], by="bo", note="seen")
    answer(world.governance, ids["gate"], by="sue", note="seen")
    answer_exception(world.governance, ids["tolerance"], way="concession", by="sue", reason="ok")
    assert listed(world) == []
    assert sorted(listed(world, answered=True)) == raised
