"""What was decided is decided the same again, from what was kept of its facts."""

import json

from pmo_engine.feel.wire import to_json
from pmo_engine.store.tables import Decision, Entry
from pmo_engine.testing import World
from pmo_engine.work.facts import event_of

SIZE = 150


def decisions(world: World) -> list[Decision]:
    with world.governance.reading() as c:
        return c.uow.decisions.of_project("P-1")


def submit(world: World, cost: str) -> str:
    world.forward(hours=1)  # so that the decisions have an order
    return world.submit("P-1", "change_requests", "sam", cost=cost, category="cost").key


def test_every_decision_is_decided_the_same_again(world: World) -> None:
    world.person("sam")
    for cost in ("50000 GBP", "80000 GBP", "30000 GBP"):
        submit(world, cost)
    world.vote("ana")
    world.forward(working_days=1)
    world.update("P-1", "change_requests", "CR-2", "sam", cost="81000 GBP")
    world.vote("petra")
    submit(world, "90000 GBP")
    world.update("P-1", "change_requests", "CR-4", "sam", cost="200000 GBP")
    made = decisions(world)
    assert any(row.listings for row in made)
    with world.governance.reading() as c:
        for row in made:
            then = c.by_rules(c.version(row.policy_digest))
            again = then.rules.engine.decide(event_of(then, row))
            assert again.published() == row.result, row.event


def test_the_records_are_given_as_they_stood_then(world: World) -> None:
    world.person("sam")
    submit(world, "50000 GBP")
    world.vote("ana")
    submit(world, "40000 GBP")
    world.vote("ana")
    submit(world, "30000 GBP")
    last = decisions(world)[-1]
    with world.governance.reading() as c:
        facts = to_json(dict(event_of(c, last).facts))
    costs = [(each["key"], each["cost"], each["status"]) for each in facts["changes"]]
    assert costs == [("CR-1", "50000 GBP", "approved"), ("CR-2", "40000 GBP", "approved")]
    assert "changes" not in last.facts
    assert facts.items() >= last.facts.items()


def test_what_is_kept_does_not_grow_with_the_register(world: World) -> None:
    world.person("sam")
    submit(world, "50000 GBP")
    world.vote("ana")
    submit(world, "40000 GBP")
    with world.governance.database.unit_of_work("ana", world.governance.clock.now()) as uow:
        for number in range(SIZE):
            kept = Entry(project="P-1", register_name="change_requests", key=f"CR-9{number:03}")
            kept.status, kept.document = "approved", {"cost": "1 GBP", "category": "cost"}
            kept.policy_digest = world.governance.rules.policy.digest
            kept.submitted_by, kept.submitted_at = "sam", uow.at
            kept.decided_at = uow.at
            uow.entries.add(kept)
        uow.journal.add("P-1", "imported", {})
    submit(world, "40000 GBP")
    *_, before, after = [row for row in decisions(world) if row.event.endswith("submitted")]
    with world.governance.reading() as c:
        waiting = 1  # what was entered before it counts, too
        assert len(event_of(c, after).facts["changes"]) == SIZE + 1 + waiting

    def size(row: Decision) -> int:
        return len(json.dumps(row.model_dump(mode="json")))

    assert abs(size(after) - size(before)) < 20
