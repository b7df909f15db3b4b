"""What was refused or is blocked is in no sum, count or extreme of a policy's own rules."""

from collections.abc import Callable

import pytest

from pmo_engine.engines.engine import Engine
from pmo_engine.testing import World, policy_from
from pmo_engine.work.facts import event_of
from tests.stories.conftest import CITY

BUDGET = """
---
kind: rules
rules:
  - id: negative
    title: A change costs something
    on: change_request.submitted
    binding: shall
    when: change.cost < @"0 GBP"
    then:
      - block: It costs less than nothing
  - id: budget
    title: Changes come to no more than the budget
    on: change_request.submitted
    binding: shall
    when: sum(changes.cost) > @"1000 GBP"
    then:
      - block: The budget is spent
  - id: many
    title: Three changes are looked at together
    on: change_request.submitted
    binding: should
    when: count(changes[cost >= @"1 GBP"]) > 2
    then:
      - notify: {to: pmo_head, message: Three}
  - id: entered
    title: What was ever asked for is not forgotten
    on: change_request.submitted
    binding: should
    when: count(as_entered(changes)) > 3
    then:
      - notify: {to: pmo_head, message: Four}
  - id: dearest
    title: The dearest is known
    on: change_request.submitted
    binding: should
    when: max(for each in changes return each.cost) >= @"900 GBP"
    then:
      - notify: {to: pmo_head, message: Dear}
"""


def fired(world: World, cost: str) -> set[str]:
    made = world.submit("P-1", "change_requests", "sam", cost=cost)
    return set(made.decision.fired) & {"budget", "many", "entered", "dearest", "negative"}


@pytest.fixture
def office(make_world: Callable[..., World]) -> World:
    world = make_world(policy_from(CITY.read_text(encoding="utf-8") + BUDGET))
    world.project("P-1")
    world.person("sam")
    world.person("ana", "project_manager", project="P-1")
    world.person("petra", "pmo_head")
    return world


def test_what_does_not_count_is_in_no_sum_and_is_judged_again_as_it_was(office: World) -> None:
    assert fired(office, "950 GBP") == {"dearest"}
    assert fired(office, "60 GBP") == {"budget", "dearest"}  # which is blocked, and counts no more
    titles = [each.title for each in office.waiting_for("ana")]
    office.vote("ana", "reject", next(n for n, said in enumerate(titles) if "CR-1 " in said))
    assert fired(office, "40 GBP") == set()  # the dearest was refused
    assert fired(office, "30 GBP") == {"entered"}
    again = office.update("P-1", "change_requests", "CR-2", "sam", category="scope")
    assert "budget" not in again.decision.fired  # as itself it counts: 130 are below the budget
    assert office.status("P-1", "change_requests", "CR-2") == "submitted"
    with office.governance.reading() as c:
        for entry in c.uow.entries.of_project("P-1"):
            for kept in c.uow.decisions.of_subject(entry.id):
                once_more = c.rules.engine.decide(event_of(c, kept))
                assert once_more.published() == kept.result


def test_who_is_blocked_counts_in_what_is_asked_about_it(office: World) -> None:
    fired(office, "950 GBP")
    fired(office, "60 GBP")
    again = office.update("P-1", "change_requests", "CR-2", "sam", category="scope")
    assert "budget" in again.decision.fired


@pytest.mark.parametrize("backend", ["compiled", "durable"])
@pytest.mark.parametrize(
    ("condition", "standing", "holds"),
    [
        ("count(changes) > 1", "rejected", False),
        ("count(changes) > 1", "approved", True),
        ("count(changes[is_known(cost)]) > 1", "withdrawn", False),
        ("count(as_entered(changes)) > 1", "rescinded", True),
        ("count(as_entered(changes)[cost = cost]) > 1", "blocked", True),
        ('sum(append(changes, change).cost) > @"25 GBP"', "rejected", False),
        ('sum(for each in changes return each.cost) > @"15 GBP"', "rejected", False),
        ('max(if true then changes.cost else []) > @"10 GBP"', "rejected", False),
        ("count([changes, changes][1]) > 1", "rejected", False),
        ("count(distinct values(changes.cost)) > 1", "rejected", False),
        ('some each in changes satisfies each.cost > @"10 GBP"', "rejected", True),
    ],
)
def test_each_engine_leaves_out_what_does_not_count(
    backend: str, condition: str, standing: str, *, holds: bool
) -> None:
    rules = BUDGET.partition("  - id: negative")[0] + (
        "  - id: asked\n    title: Asked\n    on: change_request.submitted\n    binding: shall\n"
        f"    when: '{condition}'\n    then:\n      - block: Asked\n"
    )
    policy = policy_from(CITY.read_text(encoding="utf-8") + rules)
    changes = [
        {"key": "CR-1", "cost": "10 GBP", "standing": "waiting"},
        {"key": "CR-2", "cost": "11 GBP", "standing": standing},
    ]
    facts = {"change": {"key": "CR-1", "cost": "10 GBP"}, "changes": changes}
    raw = {"event": "change_request.submitted", "at": "2026-03-02T09:00:00Z", "facts": facts}
    decision = Engine(policy, backend).decide(raw)
    assert ("asked" in decision.fired) == holds
    assert not decision.unknown
