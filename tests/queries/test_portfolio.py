"""How projects stand: what is open and overdue in them, which gate is next; and all counted."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from pmo_engine.queries.paging import Page
from pmo_engine.queries.portfolio import Chosen, Standing, Totals, portfolio, totals
from pmo_engine.testing import World, policy_from
from pmo_engine.work.gates.reviews import open_gate
from tests.queries.conftest import CITY, statements, submit

GATES = """
---
kind: ladders
ladders:
  - id: standard
    rungs: [{at: 50 %, remind: addressee}, {after: 1 working day, escalate: senior}]
---
kind: gates
stages: [delivery, handover, closed]
gates:
  - {id: G4, title: Ready, from_stage: delivery, to_stage: handover,
     assessments: [risk], decided_by: portfolio_board, outcomes: [go, stop]}
  - {id: G5, title: Done, from_stage: handover, to_stage: closed,
     assessments: [risk], decided_by: portfolio_board, outcomes: [go, stop]}
"""
HEADER = "currency: GBP"
TEXT = CITY.read_text(encoding="utf-8").replace(HEADER, f"{HEADER}\npacks: [{{use: risk}}]", 1)


@pytest.fixture(params=["sqlite", "postgresql"])
def city(request: pytest.FixtureRequest) -> Iterator[World]:
    url = request.getfixturevalue(f"{request.param}_url")
    made = World(policy_from(TEXT + GATES), url)
    for project in ("P-1", "P-2"):
        made.project(project)
        made.person(f"ana-{project.lower()}", "project_manager", project=project)
    made.project("P-3", stage="handover")
    made.project("P-4", stage="closed")
    made.person("petra", "pmo_head")
    made.person("sam")
    yield made
    made.close()


def standing(world: World, chosen: Chosen = Chosen(), page: Page = Page()) -> list[Standing]:  # noqa: B008 - frozen
    with world.governance.reading() as c:
        return list(portfolio(c, chosen, page).items)


def counted(world: World, chosen: Chosen = Chosen()) -> Totals:  # noqa: B008 - frozen
    with world.governance.reading() as c:
        return totals(c, chosen)


def test_each_project_has_what_waits_in_it_and_its_next_gate(city: World) -> None:
    submit(city, 2)
    submit(city, 1, "P-2")
    first = standing(city)
    assert [(each.id, each.open_, each.overdue) for each in first] == [
        ("P-1", 2, 0),
        ("P-2", 1, 0),
        ("P-3", 0, 0),
        ("P-4", 0, 0),
    ]
    assert [(each.gate, each.review) for each in first] == [
        ("G4", None),
        ("G4", None),
        ("G5", None),
        (None, None),
    ]
    with city.database.read() as uow:
        due = uow.obligations.of_project("P-1")[0].due_at
    assert due is not None
    assert (first[0].next_due, first[2].next_due) == (due.isoformat(), None)
    city.clock.set(due)
    now_due = standing(city)
    assert [each.overdue for each in now_due] == [0, 0, 0, 0]
    assert now_due[0].next_due == due.isoformat()
    city.clock.set(due + timedelta(seconds=1))
    late = standing(city)
    assert [(each.overdue, each.next_due) for each in late[:2]] == [(2, None), (1, None)]
    city.vote("ana-p-1")
    assert standing(city)[0].open_ == standing(city)[0].overdue == 1


def test_a_gate_under_review_is_the_one_ahead(city: World) -> None:
    open_gate(city.governance, project="P-1", gate="G4", by="ana-p-1")
    with city.database.unit_of_work("x", city.clock.now()) as uow:
        row = uow.gate_reviews.model(
            project="P-3", gate="G0", opened_at=city.clock.now(), opened_by="x"
        )
        uow.gate_reviews.close(uow.gate_reviews.add(row), "stop")
    found = {each.id: (each.gate, each.review) for each in standing(city)}
    assert found["P-1"] == ("G4", "assessing")
    assert found["P-3"] == ("G5", None)


def test_projects_are_chosen_and_counted_in_the_database(city: World) -> None:
    submit(city, 1)
    submit(city, 1, "P-2")
    city.vote("ana-p-2")
    assert counted(city) == Totals(
        projects=4,
        by_stage={"closed": 1, "delivery": 2, "handover": 1},
        by_status={"active": 4},
        open_=1,
        overdue=0,
    )
    city.clock.set(city.clock.now() + timedelta(days=60))
    late = Chosen(overdue=True)
    assert [each.id for each in standing(city, late)] == ["P-1"]
    assert (counted(city, late).projects, counted(city, late).overdue) == (1, 1)
    assert counted(city, Chosen(stage="handover")) == Totals(
        projects=1, by_stage={"handover": 1}, by_status={"active": 1}, open_=0, overdue=0
    )
    for nothing in (
        Chosen(status="closed"),
        Chosen(office="x"),
        Chosen(stage="delivery", office="x"),
    ):
        assert standing(city, nothing) == []
        assert counted(city, nothing).projects == counted(city, nothing).open_ == 0
    office = standing(city)[0].office
    assert len(standing(city, Chosen(office=office, status="active", stage="delivery"))) == 2


def test_the_portfolio_goes_on_where_a_page_ended(city: World) -> None:
    submit(city, 1, "P-2")
    with city.governance.reading() as c:
        first = portfolio(c, page=Page(limit=1))
        rest = portfolio(c, page=Page(after=first.next))
    assert [*first.items, *rest.items] == standing(city)
    assert (first.next, rest.next) == ("P-1", None)


def test_it_takes_as_many_statements_however_much_there_is(city: World) -> None:
    def asked() -> tuple[int, int]:
        return statements(city, portfolio), statements(city, totals)

    assert asked() == (3, 2)
    submit(city, 3)
    for number in range(5):
        city.project(f"Q-{number}")
    assert asked() == (3, 2)
