"""Lists and inboxes: whom they are for, in which order, page by page; on both databases."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from pmo_engine.compiler.loading import load_policy
from pmo_engine.queries.inbox import inbox
from pmo_engine.queries.people import people, projects
from pmo_engine.queries.records import Page, records, story
from pmo_engine.store.errors import NotFound
from pmo_engine.testing import World

CITY = Path(__file__).parents[1] / "stories/city.yaml"


@pytest.fixture(params=["sqlite", "postgresql"])
def world(request: pytest.FixtureRequest) -> Iterator[World]:
    made = World(load_policy(CITY), request.getfixturevalue(f"{request.param}_url"))
    for project in ("P-1", "P-2"):
        made.project(project)
        made.person(f"ana-{project.lower()}", "project_manager", project=project)
    made.person("petra", "pmo_head")
    made.person("sam")
    yield made
    made.close()


def submit(world: World, number: int, project: str = "P-1", cost: str = "20000 GBP") -> None:
    for _ in range(number):
        world.submit(project, "change_requests", "sam", cost=cost)


def listed(world: World, **page: object) -> list[str]:
    with world.governance.reading() as c:
        return [row.key for row in records(c, "P-1", "change_requests", Page(**page))]


def test_keys_come_in_the_order_of_their_numbers_page_by_page(world: World) -> None:
    submit(world, 11)
    submit(world, 1, "P-2")
    every = [f"CR-{number}" for number in range(1, 12)]
    assert listed(world) == every
    assert listed(world, limit=9) == every[:9]
    assert listed(world, after="CR-9") == every[9:]
    assert listed(world, after="CR-9", limit=1) == ["CR-10"]
    assert listed(world, after="CR-11") == []


def test_lists_are_filtered_by_status_and_owner(world: World) -> None:
    submit(world, 1)
    world.vote("ana-p-1")
    submit(world, 2)
    world.update("P-1", "change_requests", "CR-2", "sam", owner="petra")
    assert listed(world, status="approved") == ["CR-1"]
    assert listed(world, status="submitted") == ["CR-2", "CR-3"]
    assert listed(world, owner="petra") == ["CR-2"]
    assert listed(world, owner="petra", status="approved") == []


def test_an_inbox_has_what_waits_for_its_person_and_no_other(world: World) -> None:
    submit(world, 2)
    submit(world, 1, "P-2")
    submit(world, 1, "P-2", "80000 GBP")
    world.submit("P-2", "change_requests", "sam")
    with world.governance.reading() as c:
        found = {
            person: sorted(row.title for row in inbox(c, person))
            for person in ("ana-p-1", "ana-p-2", "petra", "sam")
        }
        with pytest.raises(NotFound, match="no person 'zoe'"):
            inbox(c, "zoe")
    title = "Change request {} of {}".format
    assert found == {
        "ana-p-1": [title("CR-1", "P-1"), title("CR-2", "P-1")],
        "ana-p-2": [title("CR-1", "P-2")],
        "petra": [title("CR-2", "P-2")],
        "sam": [title("CR-3", "P-2")],
    }


def test_an_inbox_goes_on_where_a_page_ended(world: World) -> None:
    for _ in range(3):
        submit(world, 2)
        world.clock.set(world.clock.now().replace(hour=world.clock.now().hour + 1))
    with world.governance.reading() as c:
        every = inbox(c, "ana-p-1")
        pages = [inbox(c, "ana-p-1", limit=4)]
        pages.append(inbox(c, "ana-p-1", limit=4, after=pages[0][-1]))
        assert [row.due for row in every] == sorted(row.due or "" for row in every)
        assert [len(page) for page in pages] == [4, 2]
        assert [row for page in pages for row in page] == every


def test_what_was_decided_waits_for_nobody(world: World) -> None:
    submit(world, 1)
    world.vote("ana-p-1", "reject")
    with world.governance.reading() as c:
        assert inbox(c, "ana-p-1") == []
        [row] = records(c, "P-1", "change_requests")
        told = story(c, c.uow.entries.by_key("P-1", "change_requests", "CR-1"))
    assert (row.status, row.version) == ("rejected", 2)
    assert [each.status for each in told.versions] == ["submitted", "rejected"]
    assert [(v.person, v.choice) for o in told.obligations for v in o.votes] == [
        ("ana-p-1", "reject")
    ]


def test_people_and_projects_are_listed_by_id_and_without_addresses(world: World) -> None:
    with world.governance.reading() as c:
        assert [row.id for row in projects(c)] == ["P-1", "P-2"]
        shown = {row.id: row.roles for row in people(c)}
        assert "address" not in people(c)[0].model_dump()
    assert shown["ana-p-1"] == "project_manager (P-1)"
    assert shown["sam"] == ""
