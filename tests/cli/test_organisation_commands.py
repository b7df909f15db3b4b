"""Programmes, projects, the organisation and what an office keeps, as typed and as answered."""

from pathlib import Path

import pytest

from tests.cli.conftest import CITY, Pmo, Result

OFFICES = """
---
kind: offices
offices:
  - {id: hub, kind: portfolio, head: pmo_head}
  - {id: spoke, kind: project, under: hub, roles: [project_manager]}
---
kind: registers
registers:
  - register: courses
    noun: course
    root: course
    plural: courses
    of: office
    fields: {title: {type: text}, places: {type: number}}
"""


@pytest.fixture
def town(office: Pmo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Pmo:
    policy = tmp_path / "town.yaml"
    policy.write_text(CITY.read_text(encoding="utf-8") + OFFICES, encoding="utf-8")
    monkeypatch.setenv("PMO_POLICY", str(policy))
    return office


def one_line(result: Result) -> str:
    """Give what is said on standard error, which is one line."""
    assert result.status == 2, result
    [line] = result.err.strip().splitlines()
    return line


def add(town: Pmo) -> None:
    for step in (
        ("programme", "add", "city", "The city", "--kind", "portfolio", "--by", "petra"),
        ("programme", "add", "north", "North", "--within", "city", "--by", "petra"),
        ("project", "propose", "P-2", "Quay", "--stage", "delivery", "--by", "petra"),
    ):
        assert town(*step).status == 0


def test_programmes_are_added_changed_and_listed(town: Pmo) -> None:
    add(town)
    changed = town("programme", "change", "north", "--office", "spoke", "--by", "petra")
    assert changed.out.startswith("north: office changed")
    again = town("programme", "change", "north", "--office", "spoke", "--by", "petra")
    assert again.out == "north is so already\n"
    rows = town("programme", "list", "--json").json
    assert [(e["id"], e["within"], e["office"]) for e in rows] == [
        ("city", None, None),
        ("north", "city", "spoke"),
    ]


NO_PROGRAMME = (
    (("add", "north", "North again"), "there is a programme or portfolio 'north' already"),
    (("add", "south", "South", "--within", "cty"), "called 'cty' (did you mean 'city'?)"),
    (("add", "south", "South", "--office", "spok"), "called 'spok' (did you mean 'spoke'?)"),
    (("change", "city", "--within", "north"), "'city' is a portfolio, and cannot be within"),
    (("change", "north", "--within", "north"), "north within north"),
    (("change", "north"), "nothing to change: give --name, --within or --office"),
    (("change", "south", "--name", "South"), "no programme 'south'"),
    (("import", "none.csv"), "none.csv"),
)


def test_what_no_programme_can_be_is_said_in_a_line(town: Pmo) -> None:
    add(town)
    for typed, said in NO_PROGRAMME:
        assert said in one_line(town("programme", *typed, "--by", "petra"))


def test_programmes_come_from_a_table_in_any_order_and_once(town: Pmo, tmp_path: Path) -> None:
    file = tmp_path / "programmes.csv"
    file.write_text(
        "programme,name,kind,within,office\n"
        "quay,The quay,,north,\nnorth,North,programme,city,spoke\ncity,The city,portfolio,,hub\n",
        encoding="utf-8",
    )
    tried = town("programme", "import", file, "--dry-run", "--by", "petra")
    assert tried.out.splitlines()[-1] == "3 added, 0 changed, 0 as they were (nothing was kept)"
    assert town("programme", "list", "--json").json == []
    assert town("programme", "import", file, "--by", "petra").out == (
        "3 added, 0 changed, 0 as they were\n"
    )
    file.write_text(file.read_text().replace("The quay", "Quay"), encoding="utf-8")
    assert town("programme", "import", file, "--by", "petra").out == (
        "0 added, 1 changed, 2 as they were\n"
    )


WRONG_ROWS = (
    ("a,A,,b,\nb,B,,a,\n", "a programme cannot be within itself"),
    ("a,A,,,\na,A,,,\n", "programme 'a' stands in programmes.csv:2 already"),
    ("a,A,program,,\n", "kind: there is no 'program' (did you mean 'programme'?)"),
    ("a,,,,\n", "name: is empty, and there is no programme 'a' yet"),
    ("a,A,,,spok\n", "no office is called 'spok'"),
    ("a,A,,z,\n", "no programme or portfolio is called 'z'"),
)


def test_a_table_with_something_wrong_brings_nothing_in(town: Pmo, tmp_path: Path) -> None:
    file = tmp_path / "programmes.csv"
    for rows, said in WRONG_ROWS:
        file.write_text("programme,name,kind,within,office\n" + rows, encoding="utf-8")
        refused = town("programme", "import", file, "--by", "petra")
        assert refused.status == 2
        assert said in refused.err
        assert refused.err.splitlines()[-1].startswith("nothing was imported: ")
    assert town("programme", "list", "--json").json == []


def test_a_project_goes_through_its_states(town: Pmo) -> None:
    add(town)
    assert town("project", "start", "P-2", "--by", "petra").out.startswith("P-2 started")
    assert "a project is held for a reason" in one_line(
        town("project", "hold", "P-2", "--reason", " ", "--by", "petra")
    )
    assert town("project", "hold", "P-2", "--reason", "frost", "--by", "petra").status == 0
    refused = one_line(town("submit", "P-2", "change_requests", "cost=1 GBP", "--by", "ana"))
    assert "P-2 is on hold; 'pmo project start P-2' lets it go on" in refused
    assert town("project", "start", "P-2", "--by", "petra").status == 0
    assert town("project", "close", "P-2", "--by", "petra").status == 0
    assert "P-2 is closed, and cannot become stopped; active can" in one_line(
        town("project", "stop", "P-2", "--reason", "done", "--by", "petra")
    )
    rows = town("project", "list", "--json").json
    assert [(each["id"], each["status"]) for each in rows] == [("P-1", "active"), ("P-2", "closed")]


def test_the_organisation_is_shown_in_text_as_json_and_drawn(town: Pmo, tmp_path: Path) -> None:
    add(town)
    shown = town("org", "show").out
    assert "hub; portfolio; PMO head: Petra Lang" in shown
    assert "spoke; project; project manager: nobody" in shown
    found = town("org", "show", "--json").json
    assert [each["id"] for each in found["offices"]] == ["hub"]
    assert [each["id"] for each in found["programmes"]] == ["city"]
    assert any(
        "nobody holds the role of project manager for spoke" in each for each in found["findings"]
    )
    picture = tmp_path / "org.svg"
    assert town("org", "show", "--svg", picture).status == 0
    drawn = picture.read_text(encoding="utf-8")
    assert drawn.startswith("<svg")
    assert all(f">{each}" in drawn or each in drawn for each in ("hub", "spoke", "P-2", "city"))


def test_what_an_office_keeps_is_entered_shown_and_written(town: Pmo, tmp_path: Path) -> None:
    made = town("submit", "hub", "courses", "title=Estimating", "places=8", "--by", "ana")
    assert made.out.splitlines()[0] == "C-1 of office hub: submitted (version 1)"
    assert "C-1" in town("show", "hub", "courses", "--by", "petra").out
    assert "Estimating" in town("show", "hub", "courses", "C-1", "--by", "petra").out
    assert town("show", "spoke", "courses", "--by", "petra", "--json").json == []
    assert "no office is called 'hb'" in one_line(town("show", "hb", "courses", "--by", "petra"))
    file = tmp_path / "courses.csv"
    assert town("records", "export", "hub", "courses", file, "--by", "petra").status == 0
    again = town("import", "courses", file, "--project", "hub", "--by", "petra")
    assert again.out == "0 added, 0 changed, 1 as they were\n"
    assert [each["id"] for each in town("project", "list", "--json").json] == ["P-1"]
    assert "course.submitted" in town("audit", "log", "office hub", "--by", "petra").out


def test_who_leads_a_project_stands_beside_it(town: Pmo) -> None:
    for role in ("project_manager", "analyst", "sponsor"):
        for person in ("ana", "sam")[: 2 if role == "analyst" else 1]:
            town("person", "hold", person, role, "--project", "P-1", "--by", "petra")
    shown = town("org", "show")
    [line] = [each for each in shown.out.splitlines() if "P-1;" in each]
    assert "project manager: Ana" in line
    assert "analyst" not in line
