"""Projects come in from a table; people for offices and programmes; all of it or nothing."""

from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path

import pytest

from pmo_engine.testing import Failed, World, at_once
from pmo_engine.testing.world import policy_from
from pmo_engine.work.errors import CommandError, IdTaken, Refusal
from pmo_engine.work.people import programmes
from pmo_engine.work.people.importing.people import RowsRefused, import_people
from pmo_engine.work.people.importing.programmes import import_programmes
from pmo_engine.work.people.importing.projects import import_projects
from pmo_engine.work.people.people import add_person, change_person
from pmo_engine.work.people.programmes import add_programme

from .conftest import CITY

OFFICES = """
---
kind: offices
offices:
  - {id: town, kind: portfolio, head: pmo_head}
  - {id: north, kind: programme, under: town}
---
kind: notices
quiet_hours: {from: "18:00", to: "08:00"}
"""
TABLE = """project,name,stage,office,programme,start,end
P-1,River bridge,,north,quays,2026-04-01,2026-12-31
P-7,Second bridge,design,,quays,,
P-8,Third bridge,design,north,,2026-04-01,2026-04-01
"""


SQLITE = ("compiled", "sqlite")
BOTH = [SQLITE, ("compiled", "postgresql")]


@pytest.fixture(params=[SQLITE])
def place(request: pytest.FixtureRequest) -> tuple[str, str]:
    """By one engine on one database, but for what two do at once."""
    backend, database = request.param
    return backend, request.getfixturevalue(f"{database}_url")


@pytest.fixture
def town(make_world: Callable[..., World]) -> World:
    world = make_world(policy_from(CITY.read_text(encoding="utf-8") + OFFICES))
    world.project("P-1")
    world.person("petra", "pmo_head")
    world.person("bo", "portfolio_board")
    add_programme(world.governance, programme="quays", name="Quays", by="bo")
    return world


@pytest.fixture
def table(tmp_path: Path):
    def write(text: str, name: str = "projects.csv") -> Path:
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return write


def test_a_table_adds_and_changes_projects_and_the_same_again_changes_nothing(town, table) -> None:
    path = table(TABLE)
    tried = import_projects(town.governance, path, by="bo", dry_run=True)
    made = import_projects(town.governance, path, by="bo")
    assert tried == made
    assert (made.added, made.changed, made.unchanged) == (2, 1, 0)
    [first, *_] = made.rows
    assert first.did == ("ends_on", "name", "office", "programme", "starts_on")
    with town.governance.reading() as c:
        row = c.uow.projects.get("P-1")
        assert (row.name, row.stage, row.office) == ("River bridge", "delivery", "north")
        assert (row.programme, row.starts_on) == ("quays", date(2026, 4, 1))
    before = len(town.journal("office"))
    again = import_projects(town.governance, path, by="bo")
    assert (again.added, again.changed, again.unchanged) == (0, 0, 3)
    assert len(town.journal("office")) == before
    moved = import_projects(town.governance, table("project,stage\nP-1,closing\n"), by="bo")
    assert [each.did for each in moved.rows] == [("stage",)]


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ("P-1,,,,quays,,\nP-1,,,,docks,,", "project 'P-1' is in two programmes: 'quays' (proj"),
        ("P-1,,,,quays,,\nP-1,,,,quays,,", "project 'P-1' stands in projects.csv:2 already"),
        ("P-1,,,,quay,,", "no programme or portfolio is called 'quay' (did you mean 'quays'?)"),
        ("P-1,,,nort,,,", "no office is called 'nort' (did you mean 'north'?)"),
        ("P-1,,,,,2026-04-02,2026-04-01", "end: 2026-04-01 is before the start, 2026-04-02"),
        ("P-1,,,,,1.4.2026,", "start: '1.4.2026' is not a day, as in 2026-03-31"),
        ("P-9,,design,,,,", "name: is empty, and there is no project 'P-9' yet"),
        ("P-9,Nine,,,,,", "stage: is empty, and there is no project 'P-9' yet"),
        (",Nine,design,,,,", "project: an id has at least one character"),
    ],
)
def test_what_is_wrong_is_said_of_each_row_and_nothing_comes_in(town, table, rows, said) -> None:
    path = table(f"{TABLE.splitlines()[0]}\n{rows}\nP-5,Five,design,,,,\n")
    with pytest.raises(RowsRefused) as caught:
        import_projects(town.governance, path, by="bo")
    assert said in str(caught.value.problems[0])
    with town.governance.reading() as c:
        assert not c.uow.projects.is_there("P-5")


def test_a_column_that_says_nothing_and_a_table_without_projects(town, table) -> None:
    with pytest.raises(CommandError, match="'programm' says nothing of projects .did you mean 'pr"):
        import_projects(town.governance, table("project,programm\nP-1,quays\n"), by="bo")
    with pytest.raises(CommandError, match="there is no column 'project'"):
        import_projects(town.governance, table("name\nOne\n"), by="bo")
    with pytest.raises(CommandError, match="is no table"):
        import_projects(town.governance, table("x", "projects.txt"), by="bo")


def test_each_row_is_under_the_right_of_its_command(town, table) -> None:
    with pytest.raises(Refusal, match="Petra may not (add|change) project"):
        import_projects(town.governance, table(TABLE), by="petra")


@pytest.mark.parametrize("place", BOTH, indirect=True)
def test_two_who_import_the_same_projects_at_once(town, table) -> None:
    command = partial(import_projects, path=table(TABLE), by="bo")
    answers = at_once(town, command, command)
    assert [each for each in answers if isinstance(each, Failed)] == []
    assert sorted(each.added for each in answers) == [0, 2]


@pytest.mark.parametrize("place", BOTH, indirect=True)
def test_two_who_import_the_same_programmes_at_once(town, table) -> None:
    path = table("programme,name,kind\nworks,Works,programme\n", "programmes.csv")
    command = partial(import_programmes, path=path, by="bo")
    answers = at_once(town, command, command)
    assert [each for each in answers if isinstance(each, Failed)] == []
    assert sorted(each.added for each in answers) == [0, 1]


@pytest.mark.parametrize("place", BOTH, indirect=True)
def test_what_somebody_adds_meanwhile_is_looked_at_again(town, table, monkeypatch) -> None:
    add, tried = programmes.add, []

    def overtaken(c, **values):
        tried.append(len(tried))
        if len(tried) == 1:
            raise IdTaken("there is one already")
        return add(c, **values)

    monkeypatch.setattr(programmes, "add", overtaken)
    path = table("programme,name,kind\nworks,Works,programme\n", "programmes.csv")
    assert import_programmes(town.governance, path, by="bo").added == 1
    assert tried == [0, 1]


def test_people_come_in_for_offices_and_programmes(town, table) -> None:
    text = (
        "person,name,zone,role,office,programme\n"
        "ana,Ana,Africa/Lagos,project_manager,north,\n"
        "ana,,,project_manager,,quays\n"
    )
    path = table(text, "people.csv")
    made = import_people(town.governance, path, by="bo")
    assert (made.added, made.appointed) == (1, 2)
    again = import_people(town.governance, path, by="bo")
    assert again.unchanged == 2
    with town.governance.reading() as c:
        held = {each.unit for each in c.uow.people.holdings("ana", c.today)}
        assert held == {"office north", "programme quays"}
        assert c.uow.people.get("ana").zone == "Africa/Lagos"


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("ana,Ana,,project_manager,nort,", "no office is called 'nort' (did you mean 'north'?)"),
        ("ana,Ana,,project_manager,north,quays", "programme: is given beside office, and a role"),
        ("ana,Ana,Africa/Lagoz,,,", "there is no time zone 'Africa/Lagoz' (did you mean 'Africa/"),
    ],
)
def test_a_row_of_people_that_cannot_go_in_says_why(town, table, row: str, said: str) -> None:
    path = table(f"person,name,zone,role,office,programme\n{row}\n", "people.csv")
    with pytest.raises(RowsRefused) as caught:
        import_people(town.governance, path, by="bo")
    assert said in str(caught.value.problems[0])


def test_quiet_hours_are_those_of_a_persons_own_zone(town) -> None:
    add_person(town.governance, person="ana", name="Ana", zone="Asia/Tokyo", by="bo")
    with pytest.raises(CommandError, match="no time zone 'Asia/Tokio' .did you mean 'Asia/Tokyo'"):
        change_person(town.governance, person="ana", zone="Asia/Tokio", by="ana")
    town.appoint("ana", "pmo_head")
    town.submit("P-1", "change_requests", "bo", cost="60000 GBP")
    with town.governance.reading() as c:
        due = {m.recipient: m.due_at for m in c.uow.outbox.with_state("waiting")}
    assert due["petra"] == town.clock.now()  # 09:00 in London
    assert due["ana"].isoformat() == "2026-03-02T23:00:00+00:00"  # 18:00 in Tokyo: from 08:00 on
    assert change_person(town.governance, person="ana", zone="", by="ana").changed == ("zone",)
