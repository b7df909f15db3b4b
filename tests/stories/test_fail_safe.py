"""What cannot be judged, or lacks what it has to have, does not pass."""

from collections.abc import Callable

import pytest

from pmo_engine.testing import World, policy_from
from pmo_engine.work.errors import CommandError
from tests.stories.conftest import CITY

SHARE = """
---
kind: rules
rules:
  - id: share
    title: A change of more than a tenth of its base is seen by the board
    on: change_request.submitted
    binding: BINDING
    when: change.cost / change.base > 0.1
    then: [{require_approval: {from: portfolio_board}}]
---
kind: suite
about: [share]
event: change_request.submitted
cases: [{name: a tenth, facts: {change: {cost: 1 GBP, base: 10 GBP}}, expect: {fired: []}}]
"""
FIELDS = "      cost: {type: money}\n"
MORE = "    value: cost\n    fields:\n      base: {type: money, REQUIRED}\n"


@pytest.fixture
def office(make_world: Callable[..., World]) -> Callable[..., World]:
    def make(binding: str = "shall", required: str = "required: false") -> World:
        city = CITY.read_text(encoding="utf-8")
        city = city.replace("    fields:\n", MORE.replace("REQUIRED", required), 1)
        world = make_world(policy_from(city + SHARE.replace("BINDING", binding)))
        world.project("P-1")
        world.person("ana", "project_manager", project="P-1")
        world.person("petra", "pmo_head")
        world.person("sam")
        return world

    return make


def test_a_binding_rule_that_comes_to_a_fault_holds_the_record(
    office: Callable[..., World],
) -> None:
    world = office()
    done = world.submit("P-1", "change_requests", "sam", cost="50 GBP", base="0 GBP")
    assert "division by zero" in done.decision.faults["share"]
    assert world.vote("ana").status == "submitted"
    world.update("P-1", "change_requests", done.key, "sam", base="1000 GBP")
    assert world.vote("ana").status == "approved"


def test_a_rule_that_is_only_expected_holds_nothing(office: Callable[..., World]) -> None:
    world = office("should")
    world.submit("P-1", "change_requests", "sam", cost="50 GBP", base="0 GBP")
    assert world.vote("ana").status == "approved"


def test_a_required_field_has_to_be_given(office: Callable[..., World]) -> None:
    world = office(required="required: true")
    with pytest.raises(CommandError, match="change.base: has to be given"):
        world.submit("P-1", "change_requests", "sam", cost="50 GBP")
    assert world.submit("P-1", "change_requests", "sam", cost="5 GBP", base="100 GBP").key == "CR-1"
