"""Files of records: by where they lie and by their digest; a changed file is told."""

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest

from pmo_engine.testing import World
from pmo_engine.work.errors import CommandError, Refusal
from pmo_engine.work.records.attachments import Attached, Looked, attach, attachments, looked_at
from pmo_engine.work.records.naming import entry_named
from tests.policies import kept
from tests.stories.conftest import CITY

HERE = {"project": "P-1", "register": "change_requests", "key": "CR-1"}


@pytest.fixture
def office(sqlite_url: str) -> Iterator[World]:
    world = World(kept(CITY), sqlite_url)
    world.project("P-1")
    world.person("ana", "project_manager", project="P-1")
    world.person("sam")
    world.submit("P-1", "change_requests", by="ana", cost="5 GBP")
    yield world
    world.close()


def put(world: World, file: Path, home: Path, by: str = "ana", **more: str) -> Attached:
    return attach(world.governance, **HERE, file=file, home=home, by=by, **more)


def found(world: World, home: Path) -> list[Looked]:
    with world.governance.reading() as c:
        entry = entry_named(world.governance, c.uow, *HERE.values())
        return [looked_at(each, home) for each in attachments(c, entry)]


def test_a_file_is_known_by_its_place_and_digest(office: World, tmp_path: Path) -> None:
    (tmp_path / "papers").mkdir()
    survey = tmp_path / "papers" / "survey.txt"
    survey.write_text("rock", "utf-8")
    made = put(office, survey, tmp_path)
    assert (made.key, made.name, made.by) == ("CR-1", "survey.txt", "ana")
    assert (made.reference, made.size) == ("papers/survey.txt", 4)
    assert made.digest == sha256(b"rock").hexdigest()
    assert [each.state for each in found(office, tmp_path)] == ["as it was"]
    survey.write_text("sand", "utf-8")
    assert [each.state for each in found(office, tmp_path)] == ["changed"]
    survey.unlink()
    assert [each.state for each in found(office, tmp_path)] == ["missing"]


def test_a_file_elsewhere_is_known_by_its_whole_path(office: World, tmp_path: Path) -> None:
    home, survey = tmp_path / "home", tmp_path / "survey.txt"
    home.mkdir()
    survey.write_text("rock", "utf-8")
    assert put(office, survey, home).reference == survey.resolve().as_posix()
    assert [each.state for each in found(office, home)] == ["as it was"]


def test_one_of_the_same_name_takes_the_place_of_the_one_before(
    office: World, tmp_path: Path
) -> None:
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_text(name, "utf-8")
    put(office, tmp_path / "a.txt", tmp_path, name="minutes")
    put(office, tmp_path / "a.txt", tmp_path)
    put(office, tmp_path / "b.txt", tmp_path, name="minutes")
    assert [(each.name, each.reference) for each in found(office, tmp_path)] == [
        ("minutes", "b.txt"),
        ("a.txt", "a.txt"),
    ]


def test_what_cannot_be_attached_is_told(office: World, tmp_path: Path) -> None:
    for file in (tmp_path, tmp_path / "none.txt"):
        with pytest.raises(CommandError, match="is no file that can be attached"):
            put(office, file, tmp_path)
    (tmp_path / "a.txt").write_text("a", "utf-8")
    for name in (" ", "a\nb"):
        with pytest.raises(CommandError, match="no name of a file"):
            put(office, tmp_path / "a.txt", tmp_path, name=name)
    assert found(office, tmp_path) == []


def test_who_has_nothing_to_do_with_a_record_attaches_nothing(
    office: World, tmp_path: Path
) -> None:
    (tmp_path / "a.txt").write_text("a", "utf-8")
    with pytest.raises(Refusal, match="Sam"):
        put(office, tmp_path / "a.txt", tmp_path, by="sam")
    assert found(office, tmp_path) == []


def test_the_same_request_attaches_once(office: World, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("a", "utf-8")
    first = put(office, tmp_path / "a.txt", tmp_path, request="r-1")
    assert put(office, tmp_path / "a.txt", tmp_path, request="r-1") == first
    assert len(found(office, tmp_path)) == 1
