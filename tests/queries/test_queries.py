"""Lists and inboxes: whom they are for, in which order, page by page; on both databases."""

from datetime import timedelta

import pytest

from pmo_engine.queries.paging import Page, UnknownPlace
from pmo_engine.queries.people import people, projects
from pmo_engine.queries.records import records, story
from pmo_engine.questions.inbox import inbox
from pmo_engine.store.errors import NotFound
from pmo_engine.testing import World
from tests.queries.conftest import statements, submit


def listed(world: World, limit: int | None = None, after: str | None = None, **only) -> list[str]:
    page = Page(limit=limit, after=after)
    with world.governance.reading() as c:
        return [row.key for row in records(c, "P-1", "change_requests", page, **only).items]


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
            person: sorted(row.title for row in inbox(c, person).items)
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
        every = inbox(c, "ana-p-1").items
        first = inbox(c, "ana-p-1", Page(limit=4))
        last = inbox(c, "ana-p-1", Page(limit=4, after=first.next))
        assert [row.due for row in every] == sorted(row.due or "" for row in every)
        assert [len(page.items) for page in (first, last)] == [4, 2]
        assert (*first.items, *last.items) == every
        assert (first.next, last.next) == (every[3].id, None)
        short = inbox(c, "ana-p-1", Page(after=every[3].id[:12]))
        assert short == last
        for nowhere in ("", "zoe", "%"):
            with pytest.raises(UnknownPlace, match="no obligation, or more than one"):
                inbox(c, "ana-p-1", Page(after=nowhere))


def test_what_was_decided_waits_for_nobody(world: World) -> None:
    submit(world, 1)
    world.vote("ana-p-1", "reject")
    with world.governance.reading() as c:
        assert inbox(c, "ana-p-1").items == ()
        [row] = records(c, "P-1", "change_requests").items
        told = story(c, c.uow.entries.by_key("P-1", "change_requests", "CR-1"))
    assert (row.status, row.version) == ("rejected", 2)
    assert [each.status for each in told.versions] == ["submitted", "rejected"]
    assert [(v.person, v.choice) for o in told.obligations for v in o.votes] == [
        ("ana-p-1", "reject")
    ]


def test_people_and_projects_are_listed_by_id_and_without_addresses(world: World) -> None:
    with world.governance.reading() as c:
        assert [row.id for row in projects(c).items] == ["P-1", "P-2"]
        shown = {row.id: row.roles for row in people(c).items}
        assert "address" not in people(c).items[0].model_dump()
    assert shown["ana-p-1"] == "project_manager (P-1)"
    assert shown["sam"] == ""


def test_people_and_projects_are_filtered(world: World) -> None:
    world.project("P-3", stage="closing")
    with world.governance.reading() as c:
        assert [row.id for row in people(c, role="project_manager").items] == ["ana-p-1", "ana-p-2"]
        assert people(c, role="sponsor").items == ()
        assert [row.id for row in projects(c, stage="closing").items] == ["P-3"]
        assert [row.id for row in projects(c, stage="delivery", status="active").items] == [
            "P-1",
            "P-2",
        ]
        assert projects(c, status="closed").items == ()
        assert projects(c, office="elsewhere").items == ()


def test_capitals_come_before_small_letters_on_every_database(world: World) -> None:
    for person in ("Zoe", "bo", "_x"):
        world.person(person)
    with world.governance.reading() as c:
        found = [row.id for row in people(c).items]
        assert found == sorted(found)
        assert [row.id for row in people(c, Page(after="Zoe")).items] == found[1:]


def test_a_role_is_held_to_its_last_day_and_no_longer(world: World) -> None:
    world.appoint("sam", "sponsor")
    with world.database.unit_of_work("x", world.clock.now()) as uow:
        [held] = uow.people.all_holdings("sam")
        uow.people.end(held, world.clock.now().date())
    for shown, holders in (("sponsor", ["sam"]), ("", [])):
        with world.governance.reading() as c:
            assert {row.id: row.roles for row in people(c).items}["sam"] == shown
            assert [row.id for row in people(c, role="sponsor").items] == holders
        world.clock.set(world.clock.now() + timedelta(days=1))


def test_a_list_takes_as_many_statements_however_long_it_is(world: World) -> None:
    def each() -> dict[str, int]:
        key = ("P-1", "change_requests", "CR-1")
        return {
            "inbox": statements(world, lambda c: inbox(c, "ana-p-1")),
            "records": statements(world, lambda c: records(c, "P-1", "change_requests")),
            "projects": statements(world, projects),
            "people": statements(world, people),
            "story": statements(world, lambda c: story(c, c.uow.entries.by_key(*key))),
        }

    submit(world, 1)
    world.update("P-1", "change_requests", "CR-1", "sam", cost="20100 GBP")
    before = each()
    submit(world, 5)
    for number in range(5):
        world.person(f"person-{number}", "sponsor", project="P-1")
        world.project(f"P-1{number}")
        world.update("P-1", "change_requests", "CR-1", "sam", cost=f"2001{number} GBP")
    assert each() == before
    assert before.pop("inbox") <= 14  # it reads what judging who may act takes
    assert max(before.values()) <= 7
