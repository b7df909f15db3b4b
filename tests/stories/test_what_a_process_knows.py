"""A process that lives long knows people and records, and never what is so no longer."""

from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from dataclasses import replace
from datetime import timedelta
from operator import attrgetter
from pathlib import Path
from random import Random
from types import SimpleNamespace

import pytest
from sqlalchemy import select
from sqlmodel import col

from pmo_engine.authority.people import People
from pmo_engine.authority.sums import spent
from pmo_engine.model.event_names import EventName
from pmo_engine.store import tables
from pmo_engine.store.backup import backup, restore
from pmo_engine.store.database import Database
from pmo_engine.testing import START, World, policy_from, waiting_for
from pmo_engine.work.approvals import votes
from pmo_engine.work.errors import CommandError, Refusal
from pmo_engine.work.facts import limit_event, records_of
from pmo_engine.work.governance import Context, Governance
from pmo_engine.work.people.gathered import Known, known_people
from pmo_engine.work.records import endings, submission
from pmo_engine.work.seen_records import MOST, KnownShelves, Seen, SeenParts, SeenRecords, Shelf
from pmo_engine.work.versions.coming_into_force import bring_into_force

from .conftest import CITY

REGISTER, NOUN = "change_requests", "change_request"
RATES = """
---
kind: rates
rates:
  - {of: EUR, from: 2026-01-01, rate: 0.87, source: Note 1}
  - {of: EUR, from: 2026-04-01, rate: 0.86, source: Note 2}
"""
UNDER = ("d", START.date())


@pytest.fixture
def beside(world: World) -> Iterator[Database]:
    """The same store, in the hands of another process."""
    with closing(Database(world.url)) as database:
        yield database


def process(world: World, database: Database) -> Governance:
    """Give what another process works with."""
    return Governance(database, world.clock, {}, "compiled", lambda: world.policy, bring_into_force)


def heads(world: World) -> tuple[str, ...]:
    with world.governance.reading() as c:
        return known_people(c).people.holders("pmo_head", "P-1", c.today)


def appoint(database: Database, person: str) -> None:
    with database.unit_of_work("engine", START) as uow:
        uow.people.add(tables.Person(id=person, name=person))
        uow.people.hold(tables.RoleHolding(person=person, role="pmo_head", from_date=START.date()))


class Undone(Exception):
    """Takes a transaction back."""


def undone(world: World) -> None:
    with world.database.unit_of_work("engine", START) as uow:
        world.governance.look_again(uow)
        uow.people.add(tables.Person(id="vera", name="Vera"))
        uow.write()
        known_people(Context(world.governance, world.governance.rules, uow, START))
        raise Undone


def submit(world: World, cost: str = "100000 GBP") -> str:
    return world.submit("P-1", REGISTER, "ana", cost=cost).key


def asked_of(world: World, key: str) -> str | None:
    """Tell of which role it is asked whose authority covers a change."""
    with world.governance.reading() as c:
        entry = c.uow.entries.by_key("P-1", REGISTER, key)
        rows = c.uow.obligations.open_for(entry.id)
        return next(row.details["role"] for row in rows if row.rule == "by-authority")


def test_people_are_read_once(world: World) -> None:
    with world.governance.reading() as c:
        known = known_people(c)
    with world.governance.reading() as c:
        assert known_people(c) is known
    world.clock.set(START + timedelta(days=1))
    with world.governance.reading() as c:
        assert known_people(c) is not known  # another day


def test_what_another_process_appoints_is_known_at_once(world: World, beside: Database) -> None:
    assert heads(world) == ("petra",)
    appoint(beside, "vera")
    assert heads(world) == ("petra", "vera")


def test_an_appointment_during_a_command_is_known_in_it(world: World) -> None:
    heads(world)
    with world.database.unit_of_work("engine", START) as uow:
        found = world.governance.look_again(uow)
        assert found.due == []
        uow.people.add(tables.Person(id="vera", name="Vera"))
        role = tables.RoleHolding(person="vera", role="pmo_head", from_date=START.date())
        uow.people.hold(role)
        uow.write()
        c = Context(world.governance, world.governance.rules, uow, START)
        assert known_people(c).people.holders("pmo_head", "P-1", c.today) == ("petra", "vera")
        assert not any(known is known_people(c) for known in world.governance.people.values())


def test_what_is_taken_back_was_never_known(world: World, beside: Database) -> None:
    """What the count came to and did not stay at is not taken for what it comes to again."""
    heads(world)
    with pytest.raises(Undone):
        undone(world)
    appoint(beside, "willa")
    assert heads(world) == ("petra", "willa")


def test_limits_count_what_another_process_decided(world: World, beside: Database) -> None:
    """Six of 100,000 are the head's, the seventh is the board's; two are gone, and two are."""
    keys = [submit(world) for _ in range(6)]
    assert {asked_of(world, key) for key in keys} == {"pmo_head"}
    assert asked_of(world, submit(world)) == "portfolio_board"
    other = process(world, beside)
    wanted = {f"Change request {key} of P-1" for key in keys[:2]}
    for each in [each for each in waiting_for(other, "petra") if each.title in wanted]:
        assert votes.vote(other, each.id, by="petra", choice="reject").status == "rejected"
    assert asked_of(world, submit(world, "100000.01 GBP")) == "portfolio_board"
    assert asked_of(world, submit(world, "100000 GBP")) == "portfolio_board"
    assert world.status("P-1", REGISTER, "CR-8") == "submitted"
    found = [each.body for each in world.inbox("bo").messages if "CR-8" in each.subject]
    assert found, "whoever decides hears of what was refused there"
    assert all(body.count("The same person asked for") == len(wanted) for body in found)


def test_limits_count_what_a_record_says_now(world: World) -> None:
    first = submit(world, "250000 GBP")
    submit(world, "250000 GBP")
    assert asked_of(world, submit(world, "200000 GBP")) == "portfolio_board"
    world.update("P-1", REGISTER, first, "ana", cost="60000 GBP")
    assert asked_of(world, submit(world, "60000 GBP")) == "pmo_head"


def test_what_is_blocked_for_a_while_counts_again_after(world: World) -> None:
    """Whether a rule blocks it is no version of a record: it is asked each time."""

    def block(*, blocked: bool) -> None:
        with world.database.unit_of_work("engine", START) as uow:
            entry = uow.entries.by_key("P-1", REGISTER, "CR-1")
            uow.entries.set_blocked(entry, blocked=blocked)
            uow.journal.add("P-1", "decided", {})

    for _ in range(6):
        submit(world, "90000 GBP")
    assert asked_of(world, submit(world, "60000.01 GBP")) == "portfolio_board"
    block(blocked=True)
    assert asked_of(world, submit(world, "60000 GBP")) == "pmo_head"
    block(blocked=False)
    assert asked_of(world, submit(world, "60000 GBP")) == "portfolio_board"


def test_what_waits_is_worth_what_it_is_on_the_day(make_world: Callable[..., World]) -> None:
    """A command may look at several days, as one does that catches up what was missed."""
    world = make_world(policy_from(CITY.read_text(encoding="utf-8") + RATES))
    world.project("P-1")
    world.person("ana", "project_manager", project="P-1")
    submit(world, "100 EUR")
    submit(world, "1 GBP")
    with world.governance.reading() as c:
        entry = c.uow.entries.by_key("P-1", REGISTER, "CR-2")
        later = replace(c, now=c.now + timedelta(days=30))
        counted = [limit_event(each, entry).facts["changes"][0]["cost"] for each in (c, later, c)]
    assert [str(cost) for cost in counted] == ["87 GBP", "86 GBP", "87 GBP"]


def test_a_backup_that_is_put_back_is_all_that_is_known(
    world: World, tmp_path: Path, beside: Database
) -> None:
    heads(world)
    file = tmp_path / "office.backup"
    backup(beside, file, START)
    appoint(beside, "vera")
    assert heads(world) == ("petra", "vera")
    for _ in range(7):
        last = submit(world)
    assert asked_of(world, last) == "portfolio_board"
    assert world.governance.seen
    world.database.close()  # PostgreSQL takes no table away that somebody reads
    restore(beside, file, force=True)
    assert heads(world) == ("petra",)
    assert not world.governance.seen
    assert asked_of(world, submit(world)) == "pmo_head"
    restore(beside, file, force=True)
    appoint(beside, "willa")
    assert heads(world) == ("petra", "willa")


def test_no_more_records_are_kept_than_there_is_room_for() -> None:
    def some(first: int, number: int) -> Iterator[Seen]:
        return (
            Seen(str(i), "P-1", f"CR-{i}", 1, "waiting", (i, ""), None)  # type: ignore[arg-type]
            for i in range(first, first + number)
        )

    kept = SeenRecords()
    kept.keep(UNDER, some(0, MOST))
    assert len(kept) == MOST
    kept.keep(UNDER, some(MOST, 1))
    assert list(kept) == [(UNDER, str(MOST), 1, "waiting")]
    kept.keep(UNDER, some(0, MOST + 1))
    assert not kept


@pytest.mark.parametrize("number", [1, 201])
def test_however_many_are_new_all_are_counted(
    make_world: Callable[..., World], number: int
) -> None:
    world = make_world()
    world.project("P-1")
    world.person("ana", "project_manager", project="P-1")
    world.person("petra", "pmo_head")
    world.person("bo", "portfolio_board")
    with world.database.unit_of_work("ana", START) as uow:
        for each in range(number):
            entry = tables.Entry(
                project="P-1",
                register_name=REGISTER,
                key=f"OLD-{each}",
                status="approved",
                document={"cost": f"{600000 // number} GBP", "category": "cost"},
                submitted_by="ana",
                submitted_at=START,
                decided_at=START,
            )
            uow.entries.add(entry)
    assert asked_of(world, submit(world)) == "portfolio_board"


EVERY_KIND = """      cost: {type: money}
      words: {type: text}
      share: {type: number}
      sure: {type: boolean}
      ends: {type: date}
      call: {type: date and time}
      takes: {type: duration}
      odd: {type: any}
      several: {type: list<money>}
"""
SAID = {
    "cost": "100000.50 EUR",
    "words": "a  'word'\u00a0\u2026",
    "share": "0.10",
    "sure": True,
    "ends": "2026-10-25",
    "call": "2026-10-25T01:30:00+02:00",
    "takes": "P1DT2H",
    "odd": {"a": [1, "x", None]},
    "several": ["1 GBP", "2.50 GBP"],
    "owner": "ana",
    "due": "2026-04-01",
}


def test_what_a_command_wrote_is_known_as_the_store_says_it(
    make_world: Callable[..., World],
) -> None:
    policy = CITY.read_text(encoding="utf-8").replace("      cost: {type: money}\n", EVERY_KIND)
    world = make_world(policy_from(policy + RATES))
    world.project("P-1")
    world.person("ana", "project_manager", project="P-1")
    world.person("petra", "pmo_head")
    world.submit("P-1", REGISTER, "ana", **SAID)
    submit(world, "1 GBP")
    world.update("P-1", REGISTER, "CR-2", "ana", cost="2 GBP")
    known = dict(world.governance.seen)
    assert {each.key: each.version for each in known.values()} == {"CR-1": 1, "CR-2": 2}
    world.governance.seen.clear()
    world.governance.shelves.clear()
    submit(world, "1 GBP")
    read = {key: seen for key, seen in world.governance.seen.items() if seen.key != "CR-3"}
    assert len(read) == 2
    assert read == {key: known[key] for key in read}
    assert [str(each) for each in read.values()] == [str(known[key]) for key in read]


def test_who_comes_next_reads_nothing_that_a_command_before_wrote(world: World) -> None:
    submit(world)
    with world.governance.reading() as c:
        standing = c.uow.entries.standing(REGISTER)
    kept = {key[1:] for key in world.governance.seen}
    assert kept == set(standing)


def test_parts_of_lists_are_known_once_they_are_kept_until_a_backup_is_put_back(
    world: World, tmp_path: Path, beside: Database
) -> None:
    file = tmp_path / "office.backup"
    backup(beside, file, START)
    submit(world)
    submit(world)
    with world.governance.reading() as c:
        kept = set(c.uow.select(select(col(tables.ListingPart.digest))))
    assert {(digest,) for digest in world.governance.listed} == kept
    world.database.close()
    restore(beside, file, force=True)
    submit(world)
    submit(world)
    with world.governance.reading() as c:
        decisions = c.uow.decisions.of_project("P-1")
        listed = [c.uow.listings.read(each) for row in decisions for each in row.listings.values()]
    assert [] in listed


def test_no_more_parts_are_known_than_there_is_room_for() -> None:
    known = SeenParts()
    known.keep([str(number) for number in range(MOST)])
    assert len(known) == MOST
    known.keep(["another"])
    assert known == {"another"}


def counted_in(world: World, cost: str) -> list[str]:
    """Change the first record, count it beside the second, and take it all back."""
    seen: list[str] = []
    with suppress(Undone), world.database.unit_of_work("engine", START) as uow:
        world.governance.look_again(uow)
        first, second = (uow.entries.by_key("P-1", REGISTER, key) for key in ("CR-1", "CR-2"))
        uow.entries.revise(first, document={**first.document, "cost": cost})
        c = Context(world.governance, world.governance.rules, uow, START)
        seen += [str(each["cost"]) for each in limit_event(c, second).facts["changes"]]
        raise Undone
    return seen


def test_what_a_command_blocks_counts_no_more_in_it(world: World) -> None:
    for _ in range(2):
        submit(world)
    with world.database.unit_of_work("engine", START) as uow:
        world.governance.look_again(uow)
        c = Context(world.governance, world.governance.rules, uow, START)
        first, second = (uow.entries.by_key("P-1", REGISTER, key) for key in ("CR-1", "CR-2"))
        counted = []
        for blocked in (False, True, False):
            uow.entries.set_blocked(first, blocked=blocked)
            counted.append(len(limit_event(c, second).facts["changes"]))
        uow.journal.add("P-1", "decided", {})
    assert counted == [1, 0, 1]


@pytest.mark.parametrize("place", [("compiled", "postgresql")], ids="-".join, indirect=True)
def test_what_others_wrote_while_a_command_ran_is_seen_by_the_next(
    world: World, beside: Database
) -> None:
    submit(world)
    register = world.policy.registers[REGISTER]
    with world.database.unit_of_work("engine", START) as uow:
        world.governance.look_again(uow)
        c = Context(world.governance, world.governance.rules, uow, START)
        assert len(records_of(c, "P-1", register)) == 1
        fields = {"cost": "1 GBP"}
        to = {"project": "P-1", "register": REGISTER}
        submission.submit(process(world, beside), **to, fields=fields, by="ana")
        uow.journal.add("P-1", "decided", {})
    with world.governance.reading() as c:
        assert len(records_of(c, "P-1", register)) == 2


def test_no_more_shelves_are_known_than_there_is_room_for() -> None:
    def shelf(records: int) -> Shelf:
        return Shelf(dict.fromkeys(map(str, range(records))), [], head="h")

    known, day = KnownShelves(), START.date()
    places = [("d", day, f"P-{number}", REGISTER) for number in range(3)]
    known.put_back(places[0], shelf(MOST - 1))
    known.put_back(places[1], shelf(1))
    assert list(known) == places[:2]
    known.put_back(places[2], shelf(1))
    assert list(known) == places[1:]
    known.put_back(places[2], shelf(2))  # in the place of what stood there
    known.take(places[1], "h")
    known.put_back(places[0], shelf(MOST - 2))
    assert list(known) == [places[2], places[0]]
    known.put_back(places[0], shelf(MOST + 1))
    assert known == {}
    known.put_back(places[0], shelf(MOST))
    known.clear()
    known.put_back(places[1], shelf(MOST))
    known.put_back(places[2], shelf(0))
    assert list(known) == places[1:]


def test_what_a_record_said_in_a_command_that_was_taken_back_is_not_kept(world: World) -> None:
    submit(world, "100 GBP")
    submit(world, "1 GBP")
    assert counted_in(world, "700 GBP") == ["700 GBP"]
    assert counted_in(world, "800 GBP") == ["800 GBP"]  # the same version, said otherwise


def as_known(governance: Governance) -> tuple[list[str], str, list[str]]:
    """Say what a process knows of the records, and what limits add up of them beside the last."""
    with governance.reading() as c:
        register, name = c.policy.registers[REGISTER], EventName(f"{NOUN}.updated")
        last = max(c.uow.entries.of_project("P-1", REGISTER), key=attrgetter("entered"))
        there = records_of(c, "P-1", register)
        facts = limit_event(c, last).facts
        limits = [each for each in c.rules.authorities(name, c.now) if each.cumulative is not None]
        sums = [str(spent(c.policy, register, each, facts)) for each in limits]
        return sorted(map(str, zip(there.rows, there, strict=True))), str(facts["changes"]), sums


@pytest.mark.parametrize("seed", range(4))
def test_what_two_processes_know_is_what_the_store_says(
    world: World, beside: Database, seed: int
) -> None:
    """Whatever they do in turn, what each knows is what one that comes new reads."""
    chance = Random(seed)
    mine, other = world.governance, process(world, beside)
    keys = [submit(world, "90000 GBP")]
    for _ in range(14):
        governance, key = chance.choice((mine, other)), chance.choice(keys)
        cost = {"cost": f"{chance.randrange(1, 200_000)} GBP"}
        place = {"project": "P-1", "register": REGISTER}
        with suppress(CommandError, Refusal):
            match chance.choice(("submit", "submit", "submit", "update", "vote", "take back")):
                case "submit":
                    made = submission.submit(governance, **place, fields=cost, by="ana")
                    keys.append(made.key)
                case "update":
                    submission.update(governance, **place, key=key, changes=cost, by="ana")
                case "take back":
                    endings.withdraw(governance, **place, key=key, reason="no", by="ana")
                case "vote":
                    asked = next(iter(waiting_for(governance, "petra")), None)
                    choice = chance.choice(("approve", "reject"))
                    if asked is not None:
                        votes.vote(governance, asked.id, by="petra", choice=choice, reason="so")
        assert as_known(mine) == as_known(other) == as_known(process(world, beside))
        world.clock.set(world.clock.now() + timedelta(days=chance.choice((0, 0, 1, 40))))


def test_an_interest_is_had_from_its_first_day_to_its_last() -> None:
    first, last = START.date(), START.date() + timedelta(days=9)
    had = SimpleNamespace(from_date=first, to_date=last)
    known = Known(People(()), (had,))
    one = timedelta(days=1)
    assert list(known.declared_between(last, last + one)) == [had]
    assert list(known.declared_between(first - one, first)) == [had]
    assert list(known.declared_between(last + one, last + one)) == []
    assert list(known.declared_between(first - one, first - one)) == []
    endless = SimpleNamespace(from_date=first, to_date=None)
    assert list(Known(People(()), (endless,)).declared_between(last + one, last + one)) == [endless]
