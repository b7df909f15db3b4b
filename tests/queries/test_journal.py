"""The journal as it was written, and in words: of a record, of a project, of everybody."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from pmo_engine.queries.journal import Line, Which, lines
from pmo_engine.queries.paging import Listing, Page, UnknownPlace
from pmo_engine.queries.timeline import Told, timeline
from pmo_engine.store.errors import Refused
from pmo_engine.testing import World
from pmo_engine.work.errors import Refusal
from tests.queries.conftest import statements, submit


def read(world: World, page: Page = Page(), **which: object) -> Listing[Line]:  # noqa: B008 - frozen
    with world.database.read() as uow:
        return lines(uow, Which(**which), page)


def told(world: World, **which: object) -> list[Told]:
    with world.governance.reading() as c:
        return list(timeline(c, Which(**which)).items)


def id_of(world: World, key: str, project: str = "P-1") -> str:
    with world.database.read() as uow:
        return uow.entries.by_key(project, "change_requests", key).id


def test_a_record_has_its_own_lines_and_no_other(world: World) -> None:
    submit(world, 2)
    world.update("P-1", "change_requests", "CR-1", "sam", cost="30000 GBP")
    world.forward(working_days=30)
    world.vote("ana-p-1")
    world.vote("ana-p-1")
    with pytest.raises(Refusal):
        world.update("P-1", "change_requests", "CR-1", "sam", cost="1 GBP")
    mine = read(world, subject=id_of(world, "CR-1")).items
    kinds = [line.kind for line in mine]
    assert kinds[:3] == ["change_request.submitted", "decided", "obligation.opened"]
    assert {"change_request.updated", "reminded", "escalated", "voted"} < set(kinds)
    assert kinds[-2:] == ["change_request.approved", "refused"]
    other = read(world, subject=id_of(world, "CR-2")).items
    every = read(world, chain="P-1").items
    assert [line for line in every if line.subject == id_of(world, "CR-1")] == list(mine)
    assert {line.seq for line in mine}.isdisjoint(line.seq for line in other)
    assert len(mine) + len(other) == len(every)


def test_lines_are_filtered_by_kind_actor_and_day(world: World) -> None:
    submit(world, 1)
    submit(world, 1, "P-2")
    first = world.clock.now()
    world.clock.set(first + timedelta(days=1))
    world.vote("ana-p-1")
    everything = read(world).items

    def kinds(**which: object) -> list[str]:
        found = read(world, **which).items
        assert [line for line in everything if line in found] == list(found)
        return [f"{line.chain} {line.kind}" for line in found]

    assert kinds(kind="voted") == kinds(chain="P-1", kind="voted") == ["P-1 voted"]
    assert kinds(kind="change_request.") == [
        *("P-1 change_request.submitted", "P-2 change_request.submitted"),
        "P-1 change_request.approved",
    ]
    assert kinds(kind="change_request.approved") == ["P-1 change_request.approved"]
    assert kinds(kind="change_request.appro") == []
    assert kinds(kind="change_request") == kinds(kind="vot") == kinds(kind="%.") == []
    assert kinds(actor="ana-p-1") == ["P-1 voted", "P-1 change_request.approved"]
    assert kinds(actor="ana-p-1", kind="voted", chain="P-2") == []
    second = first + timedelta(days=1)
    assert kinds(since=second) == kinds(actor="ana-p-1")
    assert kinds(until=second, chain="P-2") == kinds(chain="P-2")
    assert kinds(until=first) == []
    assert (
        kinds(since=first, until=first + timedelta(microseconds=1), chain="P-1", kind="voted") == []
    )


def test_the_newest_come_first_where_that_is_wanted(world: World) -> None:
    submit(world, 2)
    submit(world, 1, "P-2")
    for which in ({}, {"chain": "P-1"}, {"subject": id_of(world, "CR-2")}):
        old = read(world, **which).items
        assert read(world, **which, newest=True).items == old[::-1]


def test_lines_of_one_moment_stand_by_number_and_chain(world: World) -> None:
    submit(world, 1)
    submit(world, 1, "P-2")
    found = [(line.at, line.seq, line.chain) for line in read(world).items]
    assert found == sorted(found)


def test_a_place_that_is_none_is_said(world: World) -> None:
    submit(world, 1)
    for after, which in (
        ("x", {"chain": "P-1"}),
        ("P-1:1", {}),
        ("", {"chain": "P-1"}),
        ("1", {}),
        ("P-1:99", {}),
        ("P-1:²", {}),
        ("9" * 30, {"chain": "P-1"}),
    ):
        if (after, which) == ("P-1:1", {}):
            assert read(world, Page(after=after), **which).items
            continue
        with pytest.raises(UnknownPlace, match="no line of the journal"):
            read(world, Page(after=after), **which)
    assert read(world, Page(after="99"), chain="P-1").items == ()


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    limit=st.integers(1, 7),
    newest=st.booleans(),
    which=st.sampled_from(
        [{}, {"chain": "P-1"}, {"kind": "noted"}, {"actor": "sam"}, {"subject": "s-1"}]
    ),
    added=st.lists(st.sampled_from(["P-1", "P-2", "p", "office"]), max_size=4),
    hour=st.integers(0, 3),
)
def test_all_pages_are_the_journal_whatever_is_written_meanwhile(
    world: World,
    limit: int,
    newest: bool,  # noqa: FBT001 - drawn
    which: dict[str, str],
    added: list[str],
    hour: int,
) -> None:
    at = datetime(2026, 3, 2, 9, tzinfo=UTC) + timedelta(hours=hour)

    def write() -> None:
        with world.database.unit_of_work("sam", at) as uow:
            for chain in added:
                uow.journal.add(chain, "noted", {}, "s-1" if chain == "P-1" else None)

    write()
    before = read(world, **which, newest=newest).items
    found, after = [], None
    while True:
        page = read(world, Page(limit=limit, after=after), **which, newest=newest)
        found += page.items
        if after is None:
            write()
        after = page.next
        if after is None:
            break
    assert [line for line in found if line in before] == list(before)
    assert len({(line.chain, line.seq) for line in found}) == len(found)


def test_a_timeline_says_it_in_words(world: World) -> None:
    world.submit("P-1", "change_requests", "sam", cost="20000 GBP")
    world.update("P-1", "change_requests", "CR-1", "sam", cost="30000 GBP")
    world.forward(working_days=30)
    world.vote("ana-p-1")
    with pytest.raises(Refusal):
        world.update("P-1", "change_requests", "CR-1", "sam", cost="1 GBP")
    found = told(world, subject=id_of(world, "CR-1"))
    assert {each.about for each in found} == {"Change request CR-1 of P-1"}
    said = [f"{each.name}: {each.text}" for each in found]
    for line in (
        "Sam: CR-1 entered: cost 20000 GBP",
        "Sam: CR-1 changed to version 2: cost 30000 GBP",
        "Ana-P-1: voted approve (as the project manager, on version 2)",
        "Ana-P-1: CR-1 is approved",
    ):
        assert line in said
    assert said[1].startswith("Sam: waiting by town-works 2026.1, since a change request is submi")
    assert said[2].startswith("Sam: approval by the project manager is asked for")
    assert "told: Ana-P-1" in said[2]
    assert any("pmo-engine: escalated to the PMO head" in line for line in said)
    assert said[-1].startswith("Sam: was refused to update: CR-1 is approved already")


def test_a_fact_that_is_asked_for_is_called_as_people_call_it(world: World) -> None:
    world.submit("P-1", "change_requests", "sam", category="cost")
    said = [each.text for each in told(world, chain="P-1", kind="obligation.opened")]
    assert said[-1].startswith("information of the change's cost is asked for")


def test_a_line_of_another_kind_or_form_is_told_in_short(world: World) -> None:
    with world.database.unit_of_work("sam", world.clock.now()) as uow:
        uow.journal.add("P-1", "tool.mended", {"name": "the crane"})
        uow.journal.add("P-1", "voted", {"subject": "CR-1"})  # without a choice
        uow.journal.add("P-1", "noted", {})
    assert [each.text for each in told(world, chain="P-1")][-3:] == [
        "mended: the crane",
        "voted: CR-1",
        "noted",
    ]
    assert told(world, chain="P-1")[-1].subject is None


def test_lines_take_one_statement_however_many_there_are(world: World) -> None:
    submit(world, 1)
    page = Page(limit=3)

    def asked() -> tuple[int, int]:
        return (
            statements(world, lambda c: lines(c.uow, Which(), page)),
            statements(world, lambda c: timeline(c, Which(), page)),
        )

    assert asked() == (1, 2)  # the names of people, in one look
    submit(world, 3)
    assert asked() == (1, 2)  # the names of people, in one look


def test_nobody_changes_a_line_in_the_journal(world: World) -> None:
    submit(world, 1)
    with pytest.raises(Refused), world.database._writing.begin() as connection:
        connection.execute(text("UPDATE journal SET subject_id = 'x'"))
