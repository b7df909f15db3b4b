"""All pages of a list, one after another, are the list; also where it grows meanwhile."""

from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from itertools import count
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pmo_engine.decisions.published import PublishedDecision, PublishedPolicy
from pmo_engine.queries.notices import unsent
from pmo_engine.queries.paging import Listing, Page, listing
from pmo_engine.queries.people import people, projects
from pmo_engine.queries.portfolio import portfolio
from pmo_engine.queries.records import records
from pmo_engine.queries.reviews import reviews
from pmo_engine.queries.standing_in import absences, delegations
from pmo_engine.queries.versions import versions
from pmo_engine.questions.inbox import inbox
from pmo_engine.store import tables
from pmo_engine.testing import START, World
from tests.policies import kept
from tests.queries.conftest import CITY

Add = Callable[[World, int, int], None]
Query = Callable[[Any, Page], Listing[Any]]
numbers = count(1)
SAID = PublishedDecision(
    status="waiting",
    obligations=[],
    fired=[],
    not_fired=[],
    unknown={},
    faults={},
    derived={},
    policy=PublishedPolicy(name="", version="", digest="", on="2026-03-02"),
)


def add_person(world: World, number: int, _hour: int) -> None:
    world.person(f"{'pP'[number % 2]}-{number}")


def add_project(world: World, number: int, _hour: int) -> None:
    world.project(f"{'pP'[number % 2]}-{number}")


def add_record(world: World, number: int, _hour: int) -> None:
    entry = tables.Entry(project="A", register_name="change_requests", key=f"CR-{number}")
    entry.status = "submitted"
    with world.database.unit_of_work("sam", START) as uow:
        uow.entries.add(entry)


def add_review(world: World, number: int, hour: int) -> None:
    review = tables.GateReview(
        project="A", gate=f"G{number}", opened_at=START + timedelta(hours=hour), opened_by="sam"
    )
    with world.database.unit_of_work("sam", START) as uow:
        uow.gate_reviews.add(review)


def add_waiting(world: World, number: int, hour: int) -> None:
    """One in three is never due."""
    due = None if hour % 3 == 0 else START + timedelta(hours=hour)
    with world.database.unit_of_work("sam", START) as uow:
        subject = uow.entries.add(
            tables.Entry(
                project="A",
                register_name="change_requests",
                key=f"W-{number}",
                status="submitted",
                submitted_by="sam",
            )
        )
        decision = uow.decisions.add(
            tables.Decision(
                project="A",
                subject_id=subject.id,
                subject_version=1,
                event="x",
                at=START,
                policy_name="",
                policy_version="",
                policy_digest="",
                facts={},
                result=SAID,
            )
        )
        asked = uow.obligations.add(
            tables.Obligation(
                project="A",
                subject_id=subject.id,
                decision_id=decision.id,
                rule=f"r-{number}",
                kind="approval",
                target="pmo_head",
                binding="shall",
                opened_at=START,
                due_at=due,
                details={"title": f"no {number}", "role": "pmo_head"},
            )
        )
        uow.addressees.add(asked.id, role="pmo_head", project="A")


def add_failed(world: World, number: int, hour: int) -> None:
    """One in three is sent in part, one in three to everybody."""
    with world.database.unit_of_work("sam", START + timedelta(hours=hour)) as uow:
        uow.outbox.add(tables.Message(key=f"m-{number}", kind="notice", due_at=START))
        [claimed] = uow.outbox.claim_due(START, 1, timedelta(hours=1))
        match number % 3:
            case 0:
                uow.outbox.failed(claimed, "550")
            case 1:
                uow.outbox.succeeded(claimed, "bo: 550")
            case _:
                uow.outbox.succeeded(claimed)


def add_version(world: World, number: int, hour: int) -> None:
    with world.database.unit_of_work("sam", START) as uow:
        uow.policy_texts.keep(
            tables.PolicyText(digest=f"{number:064}", name="city", policy_version="1", files={})
        )
        made = tables.PolicyVersion(
            name="city",
            policy_version=str(number),
            digest=f"{number:064}",
            drafted_at=START + timedelta(hours=hour),
            drafted_by="sam",
        )
        uow.policy_versions.add(made, f"Version {number} of city", "sam")


def add_standing_in(world: World, number: int, hour: int) -> None:
    """Somebody lets sam decide for them, and is away."""
    owner = world.person(f"p-{number}")
    span = {"from_date": START.date() + timedelta(days=hour), "made_by": owner, "made_at": START}
    with world.database.unit_of_work(owner, START) as uow:
        uow.standing_in.add(tables.Delegation(owner=owner, delegate="sam", **span))
        uow.standing_in.absences.add(tables.Absence(person=owner, **span))


LISTS: dict[str, tuple[Add, Query]] = {
    "delegations": (add_standing_in, delegations),
    "absences": (add_standing_in, absences),
    "failed notices": (add_failed, unsent),
    "versions": (add_version, versions),
    "people": (add_person, people),
    "projects": (add_project, projects),
    "portfolio": (add_project, lambda c, page: portfolio(c, page=page)),
    "records": (add_record, lambda c, page: records(c, "A", "change_requests", page)),
    "reviews": (add_review, reviews),
    "inbox": (add_waiting, lambda c, page: inbox(c, "petra", page)),
}


@pytest.fixture(scope="module")
def own_database(request: pytest.FixtureRequest) -> Iterator[str]:
    server = request.getfixturevalue("server")
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute("CREATE DATABASE paging")
        yield server.replace("/postgres?", "/paging?")
        connection.execute("DROP DATABASE paging WITH (FORCE)")


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def office(request: pytest.FixtureRequest, tmp_path_factory: Any) -> Iterator[World]:
    """One for all examples of a list: what they add stays."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path_factory.mktemp('paging') / 'pmo.db'}"
    else:
        url = request.getfixturevalue("own_database")
    with closing(World(kept(CITY), url)) as made:
        made.project("A")
        made.person("petra", "pmo_head")
        made.person("sam")
        yield made


def everything(world: World, query: Query) -> list[Any]:
    with world.governance.reading() as c:
        return list(query(c, Page()).items)


@pytest.mark.parametrize("of", LISTS)
@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    first=st.lists(st.integers(0, 5), max_size=6),
    between=st.lists(st.integers(0, 5), max_size=3),
    limit=st.integers(1, 5),
)
def test_all_pages_are_the_whole_list(
    office: World, of: str, first: list[int], between: list[int], limit: int
) -> None:
    add, query = LISTS[of]
    for hour in first:
        add(office, next(numbers), hour)
    before = everything(office, query)
    added, found, after = iter(between), [], None
    while True:
        with office.governance.reading() as c:
            page = query(c, Page(limit=limit, after=after))
        assert len(page.items) == limit or page.next is None
        found += page.items
        after = page.next
        for hour in added:
            add(office, next(numbers), hour)
            break
        if after is None:
            break
    whole = everything(office, query)
    assert [item for item in found if item in before] == before
    assert [item for item in whole if item in found] == found


def test_a_page_says_that_it_is_the_last() -> None:
    def page(*items: str, limit: int | None) -> Listing[str]:
        return listing(items, Page(limit=limit), str.upper)

    assert page("a", "b", limit=2) == Listing(items=("a", "b"))
    assert page("a", "b", limit=1) == Listing(items=("a",), next="A")
    assert page("a", "b", limit=None).next is None
    assert page(limit=1) == Listing(items=())


def test_a_page_has_room_for_something() -> None:
    with pytest.raises(ValueError, match="greater than or equal to 1"):
        Page(limit=0)
