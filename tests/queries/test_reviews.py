"""Gate reviews as faces show them: what was found, what they wait for, who decided and why."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from pmo_engine.queries.paging import Page, UnknownPlace
from pmo_engine.queries.reviews import GateDecided, ReviewStory, review, review_story, reviews
from pmo_engine.resources import policies_dir
from pmo_engine.roles.benefits import Benefits
from pmo_engine.roles.finance import Finance
from pmo_engine.roles.risk import Risk
from pmo_engine.roles.stakeholders import Stakeholders
from pmo_engine.testing import World
from pmo_engine.work.approvals.votes import vote
from pmo_engine.work.gates.reviews import open_gate
from tests.gate_conditions import draft_condition
from tests.policies import kept
from tests.queries.conftest import statements

BOARD = ("bea", "bo", "cem", "dora", "eli")  # of whom four decide
ROLES = {role.id: role for role in (Benefits(), Finance(), Risk(), Stakeholders())}


@pytest.fixture(params=["sqlite", "postgresql"])
def gated(request: pytest.FixtureRequest) -> Iterator[World]:
    """Two projects at a gate of the demonstration's policy."""
    start = datetime(2026, 3, 30, 8, tzinfo=UTC)
    url = request.getfixturevalue(f"{request.param}_url")
    made = World(kept(policies_dir() / "demo"), url, start=start, roles=ROLES)
    for project in ("TRAM", "FERRY"):
        made.project(project, stage="justification")
        made.person(f"ana-{project}", "project_manager", project=project)
    for person in BOARD:
        made.person(person, "portfolio_board")
    yield made
    made.close()


def opened(world: World, project: str) -> str:
    return open_gate(world.governance, project=project, gate="G1", by=f"ana-{project}").id


def cast(world: World, person: str, choice: str, **said: str) -> None:
    [row] = world.waiting_for(person)
    vote(world.governance, row.id, by=person, choice=choice, **said)


def told(world: World, id: str) -> ReviewStory:
    with world.governance.reading() as c:
        return review_story(c, id)


def test_a_review_waits_for_its_roles_then_for_its_body_then_for_nobody(gated: World) -> None:
    id = opened(gated, "TRAM")
    first = told(gated, id)
    assert (first.title, first.status) == ("Business justification", "assessing")
    assert first.waits_for == first.awaited == tuple(sorted(ROLES))
    assert (first.opened_by, first.closed_at, first.decided) == ("ana-TRAM", None, None)
    gated.assess_all(id)
    second = told(gated, id)
    assert second.waits_for == ("portfolio_board",)
    assert second.waited_for == ("the portfolio board",)
    assert [each.role for each in second.assessments] == sorted(ROLES)
    assert [each.target for each in second.obligations] == ["portfolio_board"]
    draft_condition(gated, id)
    cast(gated, "bo", "abstain", reason="a cousin lives there")
    for person in BOARD[2:]:
        cast(gated, person, "approve", outcome="conditional_go")
    assert told(gated, id).decided is None
    gated.forward(hours=1)
    cast(gated, "bea", "approve", outcome="conditional_go", reason="figures")
    last = told(gated, id)
    at = gated.clock.now().isoformat()
    why = "figures; 4 in favour, and it takes 4: 4 of 4 in favour, 1 abstained; 5 there, 4 needed"
    assert last.decided == GateDecided(
        outcome="conditional_go",
        by="bea",
        name="Bea",
        body="the portfolio board",
        reason=why,
        at=at,
    )
    assert (last.waits_for, last.outcome, last.closed_at) == ((), "conditional_go", at)
    [asked, condition] = last.obligations
    assert (condition.kind, condition.status) == ("condition", "open")
    assert [(each.person, each.choice) for each in asked.votes] == [
        ("bo", "abstain"),
        *((person, "approve") for person in BOARD[2:]),
        ("bea", "approve"),
    ]


def test_a_closed_review_waits_for_nobody(gated: World) -> None:
    id = opened(gated, "TRAM")
    with gated.database.unit_of_work("x", gated.clock.now()) as uow:
        uow.gate_reviews.close(uow.gate_reviews.get(id), "stop")
    closed = told(gated, id)
    assert (closed.awaited, closed.waits_for) == (tuple(sorted(ROLES)), ())
    assert closed.decided is None  # nobody voted


def test_who_abstained_did_not_decide(gated: World) -> None:
    id = opened(gated, "TRAM")
    gated.assess_all(id)
    cast(gated, "bo", "abstain")
    with gated.database.unit_of_work("x", gated.clock.now()) as uow:
        uow.gate_reviews.close(uow.gate_reviews.get(id), "stop")
    assert told(gated, id).decided is None


def test_those_opened_last_come_first_and_are_filtered(gated: World) -> None:
    tram = opened(gated, "TRAM")
    gated.forward(hours=1)
    ferry = opened(gated, "FERRY")
    gated.assess_all(tram)
    for person in BOARD[:4]:
        cast(gated, person, "reject", outcome="stop")
    with gated.governance.reading() as c:

        def ids(**wanted: str) -> list[str]:
            return [each.id for each in reviews(c, **wanted).items]

        assert ids() == [ferry, tram]
        assert ids(status="open") == ids(project="FERRY") == ids(status="assessing") == [ferry]
        assert ids(status="closed") == ids(project="TRAM", gate="G1") == [tram]
        assert ids(gate="G9") == ids(project="TRAM", status="open") == []
        assert [each.id for each in reviews(c, Page(after=ferry[:10])).items] == [tram]
        assert [len(each.assessments) for each in reviews(c).items] == [0, len(ROLES)]
        assert reviews(c).items[1] == review(c, tram)
        with pytest.raises(UnknownPlace, match="gate review.*'ff'"):
            review(c, "ff")


def test_a_review_of_a_gate_that_is_no_more_is_listed_all_the_same(gated: World) -> None:
    with gated.database.unit_of_work("x", gated.clock.now()) as uow:
        row = uow.gate_reviews.model(
            project="TRAM", gate="G9", opened_at=gated.clock.now(), opened_by="x"
        )
        id = uow.gate_reviews.add(row).id
    story = told(gated, id)
    assert (story.gate, story.title, story.awaited) == ("G9", "G9", ())


def test_reviews_take_as_many_statements_however_many_there_are(gated: World) -> None:
    def each(id: str) -> tuple[int, int]:
        return statements(gated, reviews), statements(gated, lambda c: review_story(c, id))

    before = each(opened(gated, "TRAM"))
    ferry = opened(gated, "FERRY")
    gated.assess_all(ferry)
    for person in ("bo", "bea"):
        cast(gated, person, "abstain")
    assert before == (2, 5)
    assert each(ferry) == (2, 6)  # with the names of those who voted
