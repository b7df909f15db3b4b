"""Which approved records move a baseline: those that the policy says, and no others."""

from collections.abc import Callable
from pathlib import Path

import pytest

from pmo_engine.compiler.loading import check_policy
from pmo_engine.queries.rounds import story
from pmo_engine.resources import policies_dir
from pmo_engine.source.diagnostics import PolicyError
from pmo_engine.testing import World, policy_from, story_of
from pmo_engine.work.errors import CommandError, Refusal
from pmo_engine.work.records.endings import rescind
from pmo_engine.work.records.rebaselining import rebaseline
from pmo_engine.work.rounds.naming import round_named

TOLERANCES = (Path(__file__).parent / "tolerances.yaml").read_text(encoding="utf-8")
MORE = """
---
kind: registers
registers:
  - register: orders
    noun: order
    root: order
    plural: orders
    key_prefix: C
    fields:
      note: {type: text}
      about: {type: text}
---
kind: rules
rules:
  - id: orders-pass
    title: Orders pass
    on: order.submitted
    binding: shall
    when: "true"
    then: [{auto_approve: {source: none of ours}}]
"""


ROUND = """
---
kind: rounds
rounds:
  - id: plan
    title: Plans
    every: week
    collect: [{register: milestones, from: project_manager}]
    within: 4 working days
    closed_by: sponsor
"""


def office(make: Callable[..., World], moved_by: str = "", more: str = "") -> World:
    text = TOLERANCES.replace("date, baseline_of", f"date, {moved_by}baseline_of")
    world = make(policy_from(text + MORE + more))
    world.project("P-1")
    world.person("ana", "project_manager", project="P-1")
    world.person("sue", "sponsor")
    world.submit("P-1", "milestones", "ana", baseline="2026-03-02", forecast="2026-03-02")
    return world


def moved(world: World, change: str, by: str = "sue") -> int:
    values = {"baseline": "2026-03-12"}
    about = {"project": "P-1", "register": "milestones", "key": "M-1"}
    return rebaseline(world.governance, **about, values=values, change=change, by=by).version


def test_only_what_the_policy_says_moves_a_baseline(make_world: Callable[..., World]) -> None:
    world = office(make_world, "moved_by: [orders.about], ")
    world.submit("P-1", "orders", "ana", note="M-1 is not meant", about="M-11")
    world.submit("P-1", "orders", "ana", about="M-1")
    world.submit("P-1", "changes", "ana", moves=["M-1"])
    with pytest.raises(Refusal, match="C-1 does not name M-1: a change says, in about, whose"):
        moved(world, "orders/C-1")
    with pytest.raises(Refusal, match="changes/C-1 is one of changes, and orders alone move base"):
        moved(world, "changes/C-1")
    assert moved(world, "C-2") == 2


def test_without_a_word_changes_move_it_and_no_other_register(
    make_world: Callable[..., World],
) -> None:
    world = office(make_world)
    world.submit("P-1", "orders", "ana", about="M-1")
    with pytest.raises(Refusal, match="C-1 is one of orders, and changes alone move baseline"):
        moved(world, "C-1")
    world.submit("P-1", "changes", "ana", moves=["M-1"])
    world.vote("sue")
    assert moved(world, "C-1") == 2  # whichever was entered first


def test_where_what_moved_it_is_rescinded_the_baseline_is_said_to_stay(
    make_world: Callable[..., World],
) -> None:
    world = office(make_world)
    world.submit("P-1", "changes", "ana", moves=["M-1"])
    world.vote("sue")
    moved(world, "C-1")
    world.person("bo", "portfolio_board")
    about = {"project": "P-1", "register": "changes", "key": "C-1"}
    rescind(world.governance, **about, by="sue", reason="counted wrongly")
    [told] = [e for e in world.inbox("bo").messages if e.subject.endswith("what it did stays")]
    assert told.body.startswith("M-1 has the baseline to which it moved it: 'pmo rebaseline'")


def test_of_two_with_one_key_it_is_said_which(make_world: Callable[..., World]) -> None:
    world = office(make_world, "moved_by: [orders.about, changes.moves], ")
    world.submit("P-1", "orders", "ana", about="M-1")
    world.submit("P-1", "changes", "ana", moves=["M-1"])
    world.vote("sue")
    with pytest.raises(CommandError, match="more than one C-1: say .*/C-1 or .*/C-1"):
        moved(world, "C-1")
    assert moved(world, "orders/C-1") == 2
    with pytest.raises(Refusal, match="orders/C-1 moved a baseline of M-1 already"):
        moved(world, "orders/C-1")
    assert moved(world, "changes/C-1") == 3


EXTENDED = """
---
kind: registers
registers:
  - extends: milestones
    moved_by: {baseline: [orders.about]}
"""


def test_a_pack_says_what_moves_the_baselines_of_another(make_world: Callable[..., World]) -> None:
    world = make_world(policy_from(TOLERANCES + MORE + EXTENDED))
    world.project("P-1")
    world.person("ana", "project_manager", project="P-1")
    world.person("sue", "sponsor")
    world.submit("P-1", "milestones", "ana", baseline="2026-03-02", forecast="2026-03-02")
    world.submit("P-1", "orders", "ana", about="M-1")
    assert moved(world, "C-1") == 2


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("{forecast: [orders.about]}", "unknown baseline 'forecast'"),
        ("{baseline: [orders.abuot]}", "unknown field 'abuot'"),
        ("{baseline: [oders.about]}", "unknown register 'oders'"),
    ],
)
def test_what_moves_no_baseline_is_told_where_it_stands(written: str, said: str) -> None:
    with pytest.raises(PolicyError, match=said):
        policy_from(TOLERANCES + MORE + EXTENDED.replace("{baseline: [orders.about]}", written))


@pytest.mark.parametrize(
    ("name", "mover"),
    [
        ("pmo-single", "project_officer"),
        ("pmo-single", "pmo_head"),
        ("p3o", "p3o_officer"),
        ("p3o", "head_of_p3o"),
        ("demo", "portfolio_board"),
    ],
)
def test_in_the_models_only_what_a_change_affects_is_moved_by_it(
    make_world: Callable[..., World], name: str, mover: str
) -> None:
    """A change request that mentions a milestone in its title moves nothing of it."""
    world = make_world(check_policy(policies_dir() / name).policy)
    world.project("P-1")
    world.person("ana", "project_manager", project="P-1")
    days = {"baseline": "2026-06-01", "forecast": "2026-06-01"}
    world.submit("P-1", "milestones", "ana", title="Roof on", **days)
    change = {"title": "M-1 comes later", "cost": "0 GBP", "impact_assessed": True}
    world.person("cy", "pmo_head")
    world.person("bo", "portfolio_board")
    for affects in ("M-11", "BL-1, M-1"):
        world.submit("P-1", "change_requests", "cy", **change, affects=affects)
        world.vote("ana")
    if mover != "portfolio_board":
        with pytest.raises(Refusal, match="may not rebaseline"):
            moved(world, "CR-2", by="bo")  # and so may vote on what is said of it next
    world.person("eva", mover)
    with pytest.raises(Refusal, match="CR-1 does not name M-1: a change says, in affects, whose"):
        moved(world, "CR-1", by="eva")
    assert moved(world, "CR-2", by="eva") == 2
    [line] = [e for e in world.journal("P-1") if e.kind == "milestone.rebaselined"]
    assert (line.actor, line.body["by"]) == ("eva", "CR-2")
    assert line.body["from"] == {"baseline": "2026-06-01"}


def test_a_baseline_that_is_moved_answers_no_round(make_world: Callable[..., World]) -> None:
    """It carries out what was decided; of how the plan stands now it says nothing."""
    world = office(make_world, "moved_by: [orders.about], ", ROUND)
    world.submit("P-1", "orders", "ana", about="M-1")
    world.forward(working_days=6)

    def state() -> list[str]:
        with world.governance.reading() as c:
            return [each.state for each in story(c, round_named(c, "plan", None)).answers]

    assert state() == ["waiting"]
    assert moved(world, "C-1") == 2
    assert state() == ["waiting"]
    world.update("P-1", "milestones", "M-1", "ana", forecast="2026-03-12")
    assert state() == ["answered"]


def test_what_a_rule_lets_pass_is_approved_by_it_and_not_by_who_entered_it(
    make_world: Callable[..., World],
) -> None:
    world = office(make_world)
    world.submit("P-1", "orders", "ana", about="M-1")
    last = story_of(world.governance, project="P-1", register="orders", key="C-1").versions[-1]
    why = "rule 'orders-pass' lets it pass (none of ours)"
    assert (last.status, last.by, last.reason) == ("approved", "pmo-engine", why)
