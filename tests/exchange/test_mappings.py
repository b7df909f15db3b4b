"""A table of another organisation: its headings proposed, saved, and used again by name."""

from pathlib import Path
from typing import Any

import pytest

from pmo_engine.exchange.errors import MappingError
from pmo_engine.exchange.mappings import Proposal, propose, saved, written
from pmo_engine.policy import Register
from pmo_engine.testing import World, policy_from
from pmo_engine.work.errors import CommandError
from pmo_engine.work.governance import SYSTEM
from pmo_engine.work.imports.importing import Sheet, bring_in
from pmo_engine.work.imports.owners import People
from tests.stories.conftest import CITY

RISKS = """
---
kind: registers
registers:
  - register: threats
    noun: threat
    root: threat
    plural: threats
    key_prefix: T
    fields:
      title: {type: text, required: true}
      probability: {type: whole number, from: 1, to: 5}
      impact_cost: {type: money}
      response: {type: text}
    imports:
      - {id: own, key: No, columns: {title: What}}
"""
THEIRS = (
    "Risk log of the county;;;;;\n"
    "Ref;Threat title;Likelihood (1-5);Impact cost (GBP);Due date;Comments\n"
    "A1;Ice;3;£5,000;01/03/2027;cold\n"
    "A2;Snow;4;;;\n"
)


@pytest.fixture(scope="module")
def policy() -> Any:
    return policy_from(CITY.read_text(encoding="utf-8") + RISKS)


@pytest.fixture
def register(policy: Any) -> Register:
    found: Register = policy.registers["threats"]
    return found


@pytest.fixture
def theirs(tmp_path: Path) -> Path:
    path = tmp_path / "theirs.csv"
    path.write_text(THEIRS, "utf-8")
    return path


def test_columns_are_proposed_by_what_others_call_the_fields(
    register: Register, theirs: Path
) -> None:
    found = propose(register, theirs, {})
    assert list(found.columns.items()) == [
        ("key", "Ref"),
        ("title", "Threat title"),
        ("probability", "Likelihood (1-5)"),
        ("impact_cost", "Impact cost (GBP)"),
        ("due", "Due date"),
    ]
    assert (found.left_out, found.lacking) == (("Comments",), ())
    assert found.first["Threat title"] == "Ice"


def test_what_is_called_so_goes_before_what_is_like_it(register: Register, tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("Ref;Titles;Title\nA1;Mr;Ice\n", "utf-8")
    found = propose(register, path, {})
    assert (found.columns["title"], found.left_out) == ("Title", ("Titles",))


def test_a_name_that_two_have_means_neither(policy: Any, sqlite_url: str) -> None:
    world = World(policy, sqlite_url)
    for id, name in (("ana", "Ana Sousa"), ("ana2", "Ana Sousa"), ("bo", "Bo Lund")):
        world.person(id, "pmo_head")
        with world.database.unit_of_work(SYSTEM, world.clock.now()) as uow:
            uow.people.change(uow.people.get(id), name=name)
    with world.governance.reading() as c:
        people = People(c)
    world.close()
    found = {each: people.called(each) for each in ("ana", "Ana Sousa", "bo LUND", "zoe")}
    assert found == {"ana": "ana", "Ana Sousa": None, "bo LUND": "bo", "zoe": None}


def test_what_is_said_goes_before_what_is_like_it(register: Register, theirs: Path) -> None:
    found = propose(register, theirs, {"comments": "title", "Ref": ""})
    assert found.columns["title"] == "Comments"
    assert "key" not in found.columns
    assert found.left_out == ("Ref", "Threat title")
    assert propose(register, theirs, {"Threat title": ""}).lacking == ("title",)


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"Comments": "respnse"}, "no field .did you mean 'response'"),
        ({"Coments": "response"}, "no column 'coments'; it has "),
        ({"Comments": "title", "Threat title": "title"}, "cannot both be 'title'"),
    ],
)
def test_what_cannot_be_mapped_is_told(
    register: Register, theirs: Path, said: dict[str, str], why: str
) -> None:
    with pytest.raises(MappingError, match=why):
        propose(register, theirs, said)


def test_a_table_without_rows_maps_nothing(register: Register, tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("Ref;Threat title\n", "utf-8")
    with pytest.raises(MappingError, match="no rows below the heading"):
        propose(register, path, {})


def test_what_is_saved_is_read_again(register: Register, theirs: Path, tmp_path: Path) -> None:
    found = propose(register, theirs, {})
    (tmp_path / "theirs.yaml").write_text(written(register, "theirs", found, "%d/%m/%Y"), "utf-8")
    layout = saved(register, "theirs", tmp_path)
    assert layout is not None
    assert (layout.key, layout.project, layout.dates) == ("Ref", None, "%d/%m/%Y")
    assert dict(layout.columns)["probability"] == "Likelihood (1-5)"
    assert saved(register, "others", tmp_path) is None


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("kind: registers\nregisters: [", "PMO001"),
        ("kind: registers\nregisters: [{extends: risks, imports: []}]\n", "no import 'bad'"),
        (
            """kind: registers
registers: [{extends: threats, imports: [{id: bad, columns: {ttle: T}}]}]
""",
            "bad.yaml:2:.*unknown field 'ttle' .did you mean 'title'",
        ),
    ],
)
def test_what_was_spoilt_by_hand_is_told_with_its_place(
    register: Register, tmp_path: Path, text: str, why: str
) -> None:
    (tmp_path / "bad.yaml").write_text(text, "utf-8")
    with pytest.raises(MappingError, match=why):
        saved(register, "bad", tmp_path)


def test_a_table_is_imported_by_the_name_of_its_mapping(
    policy: Any, sqlite_url: str, register: Register, theirs: Path, tmp_path: Path
) -> None:
    proposal: Proposal = propose(register, theirs, {})
    (tmp_path / "theirs.yaml").write_text(
        written(register, "theirs", proposal, "%d/%m/%Y"), "utf-8"
    )
    world = World(policy, sqlite_url)
    world.project("P-1")
    world.person("petra", "pmo_head")

    def bring(mapping: str) -> Any:
        sheet = Sheet(theirs, "threats", "P-1", mapping=mapping, mappings=tmp_path)
        return bring_in(world.governance, sheet, by="petra")

    first, second = bring("theirs"), bring("theirs")
    with world.governance.reading() as c:
        documents = [each.document for each in c.uow.entries.of_project("P-1", "threats")]
    with pytest.raises(CommandError, match="has no import 'others'; it has own, and 'pmo records"):
        bring("others")
    world.close()
    assert (first.added, second.added, second.changed, second.unchanged) == (2, 0, 0, 2)
    assert documents == [
        {"title": "Ice", "probability": "3", "impact_cost": "5000 GBP"},
        {"title": "Snow", "probability": "4"},
    ]
