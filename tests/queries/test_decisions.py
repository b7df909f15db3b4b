"""A decision with its why: what fired, what was looked at, which policy, what became of it."""

import pytest

from pmo_engine.queries.decisions import decision, decisions
from pmo_engine.queries.paging import Page, UnknownPlace
from pmo_engine.testing import World
from tests.queries.conftest import statements, submit


def test_decisions_are_listed_newest_first_by_project_and_subject(world: World) -> None:
    submit(world, 2)
    world.forward(hours=1)
    submit(world, 1, "P-2")
    world.update("P-1", "change_requests", "CR-1", "sam", cost="30000 GBP")
    with world.governance.reading() as c:
        every = decisions(c).items
        subject = c.uow.entries.by_key("P-1", "change_requests", "CR-1").id
        assert len(every) == 4
        places = [(each.at, each.id) for each in every]
        assert places == sorted(places, reverse=True)
        mine = decisions(c, subject=subject).items
        assert [each.event for each in mine] == [
            "change_request.updated",
            "change_request.submitted",
        ]
        assert {each.about for each in mine} == {"Change request CR-1 of P-1"}
        assert len(decisions(c, project="P-1").items) == 3
        assert decisions(c, project="P-2", subject=subject).items == ()
        first = decisions(c, Page(limit=3))
        assert (first.items, first.next) == (every[:3], every[2].id)
        assert decisions(c, Page(after=first.next)).items == every[3:]
        assert every[0].policy == "town-works 2026.1"
        with pytest.raises(UnknownPlace, match="no decision, or more than one, is called 'zz'"):
            decision(c, "zz")


def test_a_decision_says_why(world: World) -> None:
    submit(world, 1)
    world.vote("ana-p-1")
    with world.governance.reading() as c:
        [row] = decisions(c).items
        story = decision(c, row.id[:12])
    assert (story.id, story.about, story.version) == (row.id, "Change request CR-1 of P-1", 1)
    assert story.result.status == row.status == "waiting"
    assert list(row.fired) == story.result.fired == ["by-authority"]
    assert (story.result.policy.version, story.result.policy.on) == ("2026.1", "2026-03-02")
    assert story.facts["change.cost"] in {"20000 GBP", "20000.00 GBP"}
    [asked] = story.obligations
    assert (asked.target, asked.status) == ("project_manager", "met")
    assert [(vote.person, vote.choice) for vote in asked.votes] == [("ana-p-1", "approve")]
    assert asked.reasons


def test_decisions_take_as_many_statements_however_many_there_are(world: World) -> None:
    def asked() -> tuple[int, int]:
        with world.governance.reading() as c:
            id = decisions(c).items[-1].id
        return statements(world, decisions), statements(world, lambda c: decision(c, id))

    submit(world, 1)
    assert asked() == (1, 6)
    world.vote("ana-p-1")
    before = asked()
    submit(world, 3)
    for _ in range(3):
        world.vote("ana-p-1")
    assert asked() == before == (1, 7)  # with the names of those who voted
