"""What follows of a project's move is done by the next sweep where the store refused it."""

from datetime import date
from pathlib import Path

import pytest
import yaml

from pmo_engine.model.people import unit_of
from pmo_engine.store import tables
from pmo_engine.store.errors import DatabaseLocked
from pmo_engine.testing import World, policy_from
from pmo_engine.work.approvals import moved
from pmo_engine.work.people.programmes import change_programme
from pmo_engine.work.people.projects import Place, change_project

DAY = date(2026, 1, 1)
TOWN = Path(__file__).parents[1] / "bypasses" / "moved_to_a_friend.yaml"


@pytest.fixture
def town(request: pytest.FixtureRequest, sqlite_url: str) -> World:
    project = getattr(request, "param", "P-1")
    text = yaml.safe_load(TOWN.read_text(encoding="utf-8"))["policy"]
    made = World(policy_from(text), sqlite_url)
    made.project(project)
    for person in ("cleo", "eve", "ada", "bob"):
        made.person(person)
    with made.database.unit_of_work("test", made.clock.now()) as uow:
        for id, within in (("land", None), ("north", None), ("city", "land")):
            uow.programmes.add(tables.Programme(id=id, name=id, kind="programme", within=within))
        uow.write()
        uow.projects.change(uow.projects.get(project), programme="north")
        held = {"cleo": ("clerk", None), "eve": ("council", None)}
        held |= {
            "ada": ("manager", unit_of(programme="north")),
            "bob": ("manager", unit_of(programme="city")),
        }
        for person, (role, programme) in held.items():
            uow.people.hold(
                tables.RoleHolding(person=person, role=role, unit=programme, from_date=DAY)
            )
    made.submit(project, "changes", "cleo", cost="10 GBP")
    return made


def told(world: World) -> list[str]:
    mails = (each.subject for each in world.inbox("eve").messages)
    return [each for each in mails if "Bob may decide" in each]


@pytest.mark.parametrize("what", ["project", "programme"])
def test_what_the_store_refused_the_sweep_does_once(
    town: World, what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if what == "programme":
        with town.database.unit_of_work("test", town.clock.now()) as uow:
            uow.people.hold(
                tables.RoleHolding(
                    person="bob", role="manager", unit=unit_of(programme="land"), from_date=DAY
                )
            )

    def refuse(*_: object, **__: object) -> None:
        raise DatabaseLocked("somebody else writes")

    with monkeypatch.context() as patched:
        patched.setattr(moved, "look_at_all", refuse)
        if what == "project":
            change_project(town.governance, project="P-1", place=Place(programme="city"), by="cleo")
        else:
            change_programme(town.governance, programme="north", within="land", by="cleo")
    assert told(town) == []
    for _ in range(2):
        town.sweep()
        assert len(told(town)) == 1
    town.close()


@pytest.mark.parametrize("town", ["P{1}", "{by}"], indirect=True)
def test_a_project_whose_id_has_braces_is_moved_as_any_other(town: World) -> None:
    with town.governance.reading() as c:
        [project] = (each.id for each in c.uow.projects.all())
    change_project(town.governance, project=project, place=Place(programme="city"), by="cleo")
    assert len(told(town)) == 1
    town.close()


def test_of_who_might_decide_before_nobody_hears_that_they_may_by_the_move(town: World) -> None:
    with town.database.unit_of_work("test", town.clock.now()) as uow:
        post = {"role": "manager", "unit": unit_of(programme="north")}
        uow.people.hold(tables.RoleHolding(person="bob", from_date=DAY, **post))
    assert town.sweep().asked == 1
    change_project(town.governance, project="P-1", place=Place(programme="city"), by="cleo")
    assert told(town) == []
    town.close()
