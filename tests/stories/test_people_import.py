"""People from tables and YAML: all or nothing, again no change, each row under its own right."""

from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from pmo_engine.testing import Failed, World, at_once
from pmo_engine.testing.world import policy_from
from pmo_engine.work.command import Command
from pmo_engine.work.errors import CommandError, IdTaken
from pmo_engine.work.people import people
from pmo_engine.work.people.importing.people import RowsRefused, import_people
from pmo_engine.work.people.importing.rows import read_people

from .conftest import CITY
from .test_delegations import gather, town

HEAD = "and nothing is left undecided.\nauthority:\n"
TABLE = """person,name,address,role,project,since,until,acting
rita,Rita Sol,,project_manager,P-1,2026-03-02,,
rita,,,project_manager,P-2,2026-03-09,2026-03-31,yes
zed,Zed Orr,,,,,,
ana,Ana Costa,,,,,,
"""
MADE = {
    ("rita", "project_manager", "P-1", date(2026, 3, 2), None, False),
    ("rita", "project_manager", "P-2", date(2026, 3, 9), date(2026, 3, 31), True),
}
FOLDER = {
    "a.yaml": """
since: 2026-03-02
people:
  - {id: rita, name: Rita Sol, roles: [project_manager], projects: [P-1]}
  - {id: zed, name: Zed Orr}
""",
    "b.yml": """
people:
  - id: rita
    roles:
      - {role: project_manager, project: P-2, since: 2026-03-09, until: 2026-03-31, acting: yes}
  - {id: ana, name: Ana Costa}
""",
}


@pytest.fixture
def peopled(world: World) -> World:
    world.project("P-2")
    return world


def table(folder: Path, text: str = TABLE) -> Path:
    path = folder / "people.csv"
    path.write_text(text, encoding="utf-8")
    return path


def workbook(folder: Path) -> Path:
    book = Workbook()
    for line in TABLE.splitlines():
        book.active.append([date.fromisoformat(x) if x[:2] == "20" else x for x in line.split(",")])
    book.save(folder / "people.xlsx")
    return folder / "people.xlsx"


def yaml_folder(folder: Path) -> Path:
    for name, text in FOLDER.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def spans(world: World, person: str) -> set[tuple[Any, ...]]:
    with world.database.read() as uow:
        return {
            (s.person, s.role, s.project, s.from_date, s.to_date, s.acting)
            for s in uow.people.all_holdings(person)
        }


@pytest.mark.parametrize("made", [table, workbook, yaml_folder])
def test_a_file_is_taken_whole_and_again_changes_nothing(
    peopled: World, tmp_path: Path, made: Callable[[Path], Path]
) -> None:
    path = made(tmp_path)
    done = import_people(peopled.governance, path, by="bo")
    counts = (done.added, done.changed, done.appointed, done.unchanged)
    assert counts == (2, 1, 2, 0)
    assert done.left_alone == 4  # petra, bo, bea and the administrator
    assert spans(peopled, "rita") == MADE
    lines = len(peopled.journal("office"))
    again = import_people(peopled.governance, path, by="bo")
    assert (again.added, again.changed, again.appointed, again.unchanged) == (0, 0, 0, 4)
    assert len(peopled.journal("office")) == lines


def test_an_import_says_who_has_no_seat(make_world: Callable[..., World], tmp_path: Path) -> None:
    seats = "for: portfolio_board\nmembers: 2\nquorum: {meet: 2}\n"
    text = CITY.read_text("utf-8").replace("for: portfolio_board\n", seats, 1)
    world = make_world(policy_from(text))
    world.person("bo", "portfolio_board")
    rows = "person,name,role\nzed,Zed,portfolio_board\nana,Ana,portfolio_board\n"
    done = import_people(world.governance, table(tmp_path, rows), by="bo")
    [said] = [word for row in done.rows for word in row.no_seat]
    assert said == "Ana has no seat with a vote in the portfolio board: they are of Bo, Zed"


def test_a_rehearsal_keeps_nothing(peopled: World, tmp_path: Path) -> None:
    before = peopled.journal("office")
    done = import_people(peopled.governance, table(tmp_path), by="bo", dry_run=True)
    assert [row.did for row in done.rows] == [
        ("added", "appointed"),
        ("appointed",),
        ("added",),
        ("changed",),
    ]
    assert spans(peopled, "rita") == set()
    assert peopled.journal("office") == before


def test_each_row_is_judged_by_the_right_of_its_command(peopled: World, tmp_path: Path) -> None:
    with pytest.raises(RowsRefused) as caught:
        import_people(peopled.governance, table(tmp_path), by="ana")
    said = [str(each) for each in caught.value.problems]
    assert said[0].startswith("people.csv:2: Ana may not add person")
    assert said[-1].startswith("people.csv:5: Ana may not change person")
    assert peopled.journal("office")[-1].kind == "refused"


def test_whoever_may_appoint_does_not_appoint_themself_by_a_file(
    peopled: World, tmp_path: Path
) -> None:
    path = table(tmp_path, "person,role\nbo,pmo_head\n")
    with pytest.raises(RowsRefused, match="csv:2: nobody appoints themself"):
        import_people(peopled.governance, path, by="bo")


def test_one_row_that_cannot_be_keeps_all_others_out(peopled: World, tmp_path: Path) -> None:
    text = TABLE + "sam,,,,,,,\nana,,,clerk,,,,\nana,,,pmo_head,P-9,,,\n"
    with pytest.raises(RowsRefused) as caught:
        import_people(peopled.governance, table(tmp_path, text), by="bo")
    said = [str(each) for each in caught.value.problems]
    assert [each.partition(": ")[0] for each in said] == [
        f"people.csv:{line}" for line in (6, 7, 8)
    ]
    assert "name: is empty, and 'sam' is nobody yet" in said[0]
    assert "the policy has no role 'clerk'" in said[1]
    assert "P-9" in said[2]
    assert spans(peopled, "rita") == set()


def test_rows_of_one_file_are_kept_apart_too(
    make_world: Callable[..., World], tmp_path: Path
) -> None:
    board = "  - {id: portfolio_board, body: true}\n"
    apart = "incompatible:\n  - {roles: [project_manager, pmo_head]}\n"
    world = make_world(town((board, apart)))
    world.person("bo", "portfolio_board")
    text = "person,name,role\nrita,Rita,project_manager\nrita,,pmo_head\n"
    with pytest.raises(RowsRefused, match="csv:3: Rita holds pmo_head everywhere and project"):
        import_people(world.governance, table(tmp_path, text), by="bo")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("person,rolle\nana,x\n", "the column 'rolle' says nothing of people (did you mean 'role'"),
        ("name\nAna\n", "there is no column 'person'"),
        ("person,since,role\nana,soon,x\n", "people.csv:2: since: 'soon' is not a day"),
        ("person,since,role\nana,20260302,x\n", "people.csv:2: since: '20260302' is not a day"),
        ("person,acting,role\nana,perhaps,x\n", "acting: 'perhaps' is neither yes nor no"),
        ("person,project\nana,P-1\n", "role: is not given, and project goes with a role"),
        ("person,name\n,Ana\n", "people.csv:2: person: "),
    ],
)
def test_tables_that_cannot_be_read_say_where_and_why(
    peopled: World, tmp_path: Path, text: str, why: str
) -> None:
    with pytest.raises(CommandError) as caught:
        import_people(peopled.governance, table(tmp_path, text), by="bo")
    assert why in str(caught.value)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("people: ana", "people stand in a list under 'people'"),
        ("people: [ana]", "a.yaml:1: is not somebody"),
        ("people: [{id: ana, rolls: [x]}]", "a.yaml:1: the key 'rolls'"),
        ("people: [{id: ana, roles: [{roll: x}]}]", "a.yaml:1: the key 'roll'"),
        ("people: [", "PMO001"),
    ],
)
def test_yaml_that_cannot_be_read_says_where_and_why(
    peopled: World, tmp_path: Path, text: str, why: str
) -> None:
    (tmp_path / "a.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(CommandError) as caught:
        import_people(peopled.governance, tmp_path / "a.yaml", by="bo")
    assert why in str(caught.value)


def test_an_empty_folder_and_another_file_are_told(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="no file in it ends in .yaml or .yml"):
        read_people(tmp_path)
    with pytest.raises(CommandError, match="neither a table"):
        read_people(tmp_path / "people.txt")


def test_two_who_import_the_same_people_at_once(peopled: World, tmp_path: Path) -> None:
    bring = partial(import_people, path=table(tmp_path), by="bo")
    answers = at_once(peopled, bring, bring)
    assert not [each for each in answers if isinstance(each, Failed)]
    assert sorted(each.unchanged for each in answers) == [0, 4]
    assert spans(peopled, "rita") == MADE
    assert gather(peopled).holders("project_manager", "P-1", date(2026, 3, 2)) == ("ana", "rita")


def test_what_somebody_adds_meanwhile_is_looked_at_again(
    peopled: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add, tried = people.add, []

    def overtaken(c: Command, **values: str) -> people.Known:
        tried.append(values["person"])
        if len(tried) == 1:
            raise IdTaken("there is somebody called so already")
        return add(c, **values)

    monkeypatch.setattr(people, "add", overtaken)
    made = import_people(peopled.governance, table(tmp_path), by="bo")
    assert tried[0] == tried[1]  # begun again at the first row
    assert made.added == len(tried) - 1
