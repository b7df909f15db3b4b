"""A field that is worked out from others of its record is never typed, on any way in."""

from collections.abc import Iterator
from typing import Any

import pytest

from pmo_engine.policy import Policy
from pmo_engine.testing import World, policy_from
from pmo_engine.work.errors import CommandError

POLICY = """
kind: policy
name: buying
version: "1"
currency: GBP
packs: [{use: office}, {use: commercial}]
"""
PARTS = {"original_value": "900000 GBP", "variations": "20000.50 GBP"}


@pytest.fixture(scope="module")
def policy() -> Policy:
    return policy_from(POLICY)


@pytest.fixture
def world(policy: Policy, sqlite_url: str) -> Iterator[World]:
    made = World(policy, sqlite_url)
    made.project("P-1")
    made.person("petra", "pmo_head")
    yield made
    made.close()


def value(world: World, key: str) -> Any:
    with world.governance.reading() as c:
        return c.uow.entries.by_key("P-1", "contracts", key).document.get("value")


def test_it_is_worked_out_when_a_record_is_entered_and_rules_see_it(world: World) -> None:
    made = world.submit("P-1", "contracts", "petra", **PARTS)
    assert value(world, made.key) == "920000.50 GBP"
    assert "contract-award" in made.decision.fired


def test_it_follows_a_change_of_its_parts(world: World) -> None:
    key = world.submit("P-1", "contracts", "petra", **PARTS).key
    world.update("P-1", "contracts", key, "petra", variations="-20000 GBP")
    assert value(world, key) == "880000 GBP"
    world.update("P-1", "contracts", key, "petra", title="Cabling")
    assert value(world, key) == "880000 GBP"


def test_the_same_value_may_stand_beside_its_parts_and_no_other(world: World) -> None:
    world.submit("P-1", "contracts", "petra", **PARTS, value="920000.50 GBP")
    said = "contract.value: is 920000.50 GBP .* and not 20000 GBP; leave it out"
    with pytest.raises(CommandError, match=said):
        world.submit("P-1", "contracts", "petra", **PARTS, value="20000 GBP")
    key = world.submit("P-1", "contracts", "petra", **PARTS).key
    with pytest.raises(CommandError, match="and not 9 GBP"):
        world.update("P-1", "contracts", key, "petra", value="9 GBP")
    assert value(world, key) == "920000.50 GBP"


def test_what_cannot_be_worked_out_is_not_typed_either(world: World) -> None:
    with pytest.raises(CommandError, match="give contract.original_value instead"):
        world.submit("P-1", "contracts", "petra", value="20000 GBP")
    made = world.submit("P-1", "contracts", "petra", variations="1 GBP")
    assert value(world, made.key) is None
    world.update("P-1", "contracts", made.key, "petra", original_value="5 GBP")
    assert value(world, made.key) == "6 GBP"
