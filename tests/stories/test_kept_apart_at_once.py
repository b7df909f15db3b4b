"""Roles that are kept apart do not meet by two commands at the same moment, nor on a later day."""

from collections.abc import Iterator
from datetime import timedelta
from functools import partial

import pytest

from pmo_engine.testing import Failed, World, at_once, policy_from
from pmo_engine.work.errors import Refusal
from pmo_engine.work.people.appointments import appoint, hold
from pmo_engine.work.people.places import programmes_of
from pmo_engine.work.people.posts import Post
from pmo_engine.work.people.programmes import add_programme, change_programme
from pmo_engine.work.people.projects import Place, change_project

POLICY = """
kind: policy
name: town
version: "1"
currency: GBP
---
kind: roles
roles:
  - {id: council}
  - {id: manager, senior: council, not_with: [auditor]}
  - {id: auditor, senior: council}
---
kind: offices
offices:
  - {id: hub, kind: portfolio, title: The hub, head: council}
  - {id: yard, kind: project, title: The yard, under: hub, head: manager, from: 2026-09-01}
"""
ROUNDS = 4


@pytest.fixture(params=["sqlite", "postgresql"])
def town(request: pytest.FixtureRequest) -> Iterator[World]:
    world = World(policy_from(POLICY), request.getfixturevalue(f"{request.param}_url"))
    world.person("eve", "council")
    world.person("cleo", "council")
    for programme in ("north", "city"):
        add_programme(world.governance, programme=programme, name=programme, by="eve")
    yield world
    world.close()


def everybody_clear(world: World, who: str, project: str) -> bool:
    """Tell whether somebody is not both, where a project stands."""
    with world.governance.reading() as c:
        above = {each.id for each in programmes_of(c, c.uow.projects.get(project))}
        held = c.uow.people.all_holdings(who)
    return not any(each.unit == f"programme {id}" for each in held for id in above)


@pytest.mark.parametrize("moved", ["project", "programme"])
def test_an_appointment_and_a_move_do_not_both_pass(town: World, moved: str) -> None:
    people = [f"ada{number}" for number in range(ROUNDS)]
    appointing, moving = [], []
    for number, who in enumerate(people):
        project, programme = f"P-{number}", f"north-{number}"
        add_programme(town.governance, programme=programme, name=programme, by="eve")
        town.project(project)
        town.person(who, "auditor", project=project)
        place = Place(programme=programme)
        change_project(town.governance, project=project, place=place, by="eve")
        post = Post("manager", None, unit="programme city")
        appointing.append(partial(appoint, person=who, post=post, by="eve"))
        if moved == "project":
            to = Place(programme="city")
            moving.append(partial(change_project, project=project, place=to, by="cleo"))
        else:
            moving.append(partial(change_programme, programme=programme, within="city", by="cleo"))
    done = at_once(town, appointing, moving)
    for number, (one, other) in enumerate(zip(*done, strict=True)):
        refused = [each for each in (one, other) if isinstance(each, Failed)]
        assert [each.kind for each in refused] == ["Refusal"]
        assert "which nobody holds together" in refused[0].message
        assert everybody_clear(town, people[number], f"P-{number}")


def test_a_move_is_judged_by_roles_that_begin_later(town: World) -> None:
    town.project("P-1")
    town.person("ada")
    town.person("bob")
    later = town.clock.now().date() + timedelta(days=30)
    give = partial(appoint, town.governance, by="eve")
    give(person="ada", post=Post("auditor", "P-1"), since=later)
    give(person="ada", post=Post("manager", None, unit="programme city"))
    give(person="bob", post=Post("auditor", "P-1"), until=later)
    give(
        person="bob",
        post=Post("manager", None, unit="programme city"),
        since=later + timedelta(days=1),
    )
    move = partial(change_project, town.governance, project="P-1", by="eve")
    with pytest.raises(Refusal) as refused:
        move(place=Place(programme="city"))
    assert str(refused.value) == (
        "where P-1 is moved there, Ada holds auditor in P-1 and manager for the programme city, "
        "which nobody holds together: end the one first"
    )
    give(
        person="ada",
        post=Post("manager", None, unit="programme city"),
        until=later - timedelta(days=1),
    )
    move(place=Place(programme="city"))


def test_roles_for_an_office_that_opens_later_are_judged_for_its_days(town: World) -> None:
    town.project("P-1")
    change_project(town.governance, project="P-1", place=Place(office="yard"), by="eve")
    town.person("ada", "auditor", project="P-1")
    give = partial(appoint, town.governance, person="ada", by="eve")
    yard = Post("manager", None, unit="office yard")
    with pytest.raises(Refusal, match="manager for the office yard and auditor in P-1"):
        give(post=yard)
    before = town.clock.now().date().replace(month=8, day=31)
    assert give(post=yard, until=before).changed


def test_roles_that_meet_nobody_else_s_are_given_as_before(town: World) -> None:
    town.project("P-1")
    town.person("ada", "auditor", project="P-1")
    assert hold(town.governance, person="ada", role="council", by="eve").changed
