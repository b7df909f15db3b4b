"""All that happened in each project, read whole: whose, in which order, in how many looks."""

from datetime import timedelta

from pmo_engine.queries.dossiers import Counted, counted, dossiers, number_decided, number_sent
from pmo_engine.queries.journal import chains
from pmo_engine.testing import World
from tests.queries.conftest import statements, submit


def test_each_project_has_its_own(world: World) -> None:
    submit(world, 2)
    submit(world, 1, "P-2")
    world.update("P-1", "change_requests", "CR-1", "sam", cost="30000 GBP")
    world.forward(working_days=30)
    world.vote("ana-p-2", "abstain")
    world.clock.set(world.clock.now() + timedelta(hours=1))
    world.vote("ana-p-2")
    with world.governance.reading() as c:
        first, second = dossiers(c)
        sizes = counted(c)
        assert number_decided(c) == 4
        heads = chains(c.uow)
    assert (first.id, second.id, first.reviews) == ("P-1", "P-2", ())
    assert [each.key for each in first.records] == ["CR-1", "CR-2"]
    changed, _ = first.records
    assert [each.version for each in changed.versions] == [1, 2]
    assert [each.event for each in changed.said] == [
        "change_request.submitted",
        "change_request.updated",
    ]
    assert [each.status for each in changed.asked] == ["withdrawn", "open"]
    assert {fired.action for each in changed.asked for fired in each.fired} == {
        "remind",
        "escalate",
    }
    [approved] = second.records
    [asked] = approved.asked
    assert [(each.choice, each.superseded_at is None) for each in asked.votes] == [
        ("abstain", False),
        ("approve", True),
    ]
    assert sizes == {
        "P-1": Counted(records=2, open_=2, asked=3),
        "P-2": Counted(records=1, open_=0, asked=1),
    }
    assert [each.chain for each in heads][:1] == ["P-1"]


def test_what_was_sent_is_counted(world: World) -> None:
    submit(world, 1)
    with world.governance.reading() as c:
        before = number_sent(c)
    told = len(world.inbox("ana-p-1").messages)
    with world.governance.reading() as c:
        assert (before, number_sent(c) >= told > 0) == (0, True)


def test_a_project_with_nothing_in_it_is_there(world: World) -> None:
    with world.governance.reading() as c:
        assert [(each.id, each.records) for each in dossiers(c)] == [("P-1", ()), ("P-2", ())]
        assert counted(c) == {}


def test_they_take_as_many_statements_however_much_there_is(world: World) -> None:
    def asked() -> tuple[int, int]:
        return statements(world, dossiers), statements(world, counted)

    submit(world, 1)
    before = asked()
    submit(world, 4)
    submit(world, 3, "P-2")
    world.forward(working_days=30)
    world.vote("ana-p-1")
    assert asked() == before == (9, 2)
