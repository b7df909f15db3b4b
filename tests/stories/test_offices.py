"""Offices: roles for an office or a programme, who decides where, and by whose calendar."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import partial

import pytest

from pmo_engine.store import tables
from pmo_engine.testing import Failed, World, at_once
from pmo_engine.testing.world import policy_from
from pmo_engine.work.approvals.reach import Reach, line_above
from pmo_engine.work.errors import CommandError, Refusal
from pmo_engine.work.figures import projects_of
from pmo_engine.work.people.appointments import appoint, end
from pmo_engine.work.people.posts import Post
from pmo_engine.work.people.programmes import change_programme
from pmo_engine.work.people.projects import Place, change_project

from .conftest import CITY

TODAY = date(2026, 3, 2)
BOARD = """voting: A show of hands.
authority:
"""
APPOINTS = "  - {id: board-appoints, may: appoint, up_to: unlimited}\n"
OFFICES = """
---
kind: offices
offices:
  - {id: town_office, kind: portfolio, head: pmo_head, form: hub}
  - id: north_office
    kind: programme
    under: town_office
    form: spoke
    head: office_head
    roles: [project_manager, risk]
    serves: [north]
    calendar: night
    until: 2026-03-31
  - {id: lagos_office, kind: project, under: town_office, zone: Africa/Lagos}
  - {id: centre, kind: centre of excellence, under: town_office}
---
kind: calendar
id: night
zone: Europe/London
hours: {mon-sun: "00:00-24:00"}
---
kind: roles
roles:
  - {id: office_head, senior: pmo_head}
functional:
  - {role: risk, performed_by: specialist}
  - {role: quality, performed_by: officer, office: centre}
---
kind: terms_of_reference
for: office_head
authority:
  - {id: managers, may: appoint project_manager, up_to: unlimited}
---
kind: rules
rules:
  - id: risk-looks
    title: Risk looks at large changes
    on: change_request.submitted
    binding: shall
    when: change.cost > @"70000 GBP"
    then: [{require_assessment: {from: risk, within: 5 working days}}]
---
kind: suite
about: [risk-looks]
event: change_request.submitted
cases: [{name: large, facts: {change: {cost: 70000.01 GBP}}, expect: {fired: [risk-looks]}}]
"""


def placed(world: World, project: str, office: str, programme: str | None = None) -> None:
    row = tables.Project(
        id=project,
        name=project,
        stage="delivery",
        office=office,
        programme=programme,
        status="active",
    )
    world._put(row)


@pytest.fixture
def towns(make_world: Callable[..., World]) -> World:
    text = CITY.read_text(encoding="utf-8").replace(BOARD, BOARD + APPOINTS)
    world = make_world(policy_from(text + OFFICES))
    with world.database.unit_of_work("petra", world.clock.now()) as uow:
        uow.programmes.add(tables.Programme(id="north", name="North", kind="programme"))
        uow.programmes.add(tables.Programme(id="city", name="City", kind="programme"))
    placed(world, "N-1", "north_office", "north")
    placed(world, "L-1", "lagos_office")
    placed(world, "T-1", "office", "north")
    world.person("petra", "pmo_head")
    world.person("bo", "portfolio_board")
    for person in ("ana", "nora", "rita", "sam", "lou"):
        world.person(person)
    return world


def test_figures_of_an_office_or_a_portfolio_take_in_all_below_it(towns: World) -> None:
    with towns.database.unit_of_work("petra", towns.clock.now()) as uow:
        uow.programmes.add(tables.Programme(id="all", name="All", kind="portfolio"))
        uow.write()
        uow.programmes.add(
            tables.Programme(id="quays", name="Quays", kind="programme", within="north")
        )
        uow.programmes.get("north").within = "all"
        uow.write()
    placed(towns, "Q-1", "north_office", "quays")
    with towns.governance.reading() as c:
        assert projects_of(c, programme="quays") == ["Q-1"]
        assert projects_of(c, programme="all") == ["N-1", "Q-1", "T-1"]
        assert projects_of(c, office="north_office") == ["N-1", "Q-1"]
        assert {"L-1", "N-1", "Q-1"} <= set(projects_of(c, office="town_office"))


def held(world: World, person: str, role: str, by: str = "bo", **place: str | None):
    return appoint(
        world.governance, person=person, post=Post(role, **{"project": None, **place}), by=by
    )


def deciders(world: World, project: str, cost: str) -> set[str]:
    world.submit(project, "change_requests", "sam", cost=cost)
    return {p for p in ("ana", "nora", "petra", "bo", "rita", "lou") if world.waiting_for(p)}


def test_a_role_for_an_office_decides_in_the_projects_that_it_serves(towns: World) -> None:
    made = held(towns, "ana", "project_manager", unit="office north_office")
    assert str(made.appointment) == (
        "ana holds project_manager for the office north_office from 2026-03-02 on"
    )
    assert deciders(towns, "N-1", "1 GBP") == {"ana"}
    towns.vote("ana")
    assert towns.status("N-1", "change_requests", "CR-1") == "approved"
    assert deciders(towns, "T-1", "1 GBP") == {"ana"}, "by the programme that the office serves"
    towns.vote("ana")
    assert deciders(towns, "L-1", "1 GBP") == {"petra"}, "nobody holds it there, and it goes up"


def test_a_role_for_a_programme_decides_in_its_projects_alone(towns: World) -> None:
    held(towns, "ana", "project_manager", unit="programme north")
    assert deciders(towns, "N-1", "1 GBP") == {"ana"}
    towns.vote("ana")
    assert deciders(towns, "L-1", "1 GBP") == {"petra"}


def test_a_role_that_ended_for_an_office_decides_there_no_more(towns: World) -> None:
    held(towns, "ana", "project_manager", unit="office north_office")
    ended = end(
        towns.governance, person="ana", role="project_manager", unit="office north_office", by="bo"
    )
    assert ended.vacant == (("project_manager", "office north_office"),)
    assert deciders(towns, "N-1", "1 GBP") == {"petra"}


def test_an_office_head_appoints_for_the_office_and_nowhere_else(towns: World) -> None:
    held(towns, "nora", "office_head", unit="office north_office")
    here = held(towns, "ana", "project_manager", by="nora", unit="office north_office")
    assert here.changed
    for place in ({"unit": "office lagos_office"}, {"project": "L-1"}, {}):
        with pytest.raises(Refusal, match="Nora may not appoint the project manager"):
            held(towns, "lou", "project_manager", by="nora", **place)
    assert held(towns, "lou", "project_manager", by="nora", project="N-1").changed


def test_what_a_functional_role_cannot_do_goes_up_the_offices_to_their_heads(towns: World) -> None:
    held(towns, "nora", "office_head", unit="office north_office")
    towns.submit("N-1", "change_requests", "sam", cost="80000 GBP")
    assert [each.kind for each in towns.waiting_for("nora")] == ["assessment"]
    towns.submit("L-1", "change_requests", "sam", cost="80000 GBP")
    kinds = {each.project: each.kind for each in towns.waiting_for("petra")}
    assert kinds["L-1"] in {"assessment", "approval"}
    assert ("L-1", "assessment") in {(e.project, e.kind) for e in towns.waiting_for("petra")}


def test_nothing_goes_up_to_a_head_who_answers_to_who_was_asked(towns: World) -> None:
    with towns.governance.reading() as c:
        up = {
            role: list(line_above(c, Reach(c, "answer exception", None), role, "N-1"))
            for role in ("portfolio_board", "pmo_head", "risk", "office_head")
        }
    assert up["portfolio_board"] == []
    assert "office_head" not in up["pmo_head"]
    assert up["risk"][:2] == ["office_head", "pmo_head"]
    assert up["office_head"][0] == "pmo_head"


def test_a_shared_role_is_performed_by_one_office_for_all(towns: World) -> None:
    held(towns, "rita", "quality", unit="office centre")
    held(towns, "lou", "risk", unit="office centre")
    with towns.governance.reading() as c:
        from pmo_engine.work.people.held import holders

        assert holders(c, "quality", "N-1") == holders(c, "quality", "L-1") == ["rita"]
        assert holders(c, "risk", "N-1") == []


def test_time_allowed_runs_by_the_calendar_and_zone_of_the_office(towns: World) -> None:
    towns.clock.set(datetime(2026, 3, 6, 17, tzinfo=UTC))  # Friday, half an hour before the end
    due = {}
    for project in ("T-1", "N-1", "L-1"):
        towns.submit(project, "change_requests", "sam", cost="1 GBP")
    for each in towns.waiting_for("petra"):
        due[each.project] = each.due
    assert due == {
        "T-1": "2026-03-11T17:00:00+00:00",  # three days later, at the time of day
        "N-1": "2026-03-09T17:00:00+00:00",  # the weekend is worked
        "L-1": "2026-03-12T08:00:00+00:00",  # it was evening in Lagos: from Monday's opening on
    }


def test_the_work_of_an_office_past_its_end_goes_up(towns: World) -> None:
    held(towns, "ana", "project_manager", unit="office north_office")
    held(towns, "lou", "project_manager", unit="office town_office")
    assert deciders(towns, "N-1", "1 GBP") == {"ana"}
    towns.vote("ana")
    towns.clock.set(datetime(2026, 4, 1, 9, tzinfo=UTC))
    assert deciders(towns, "N-1", "1 GBP") == {"lou"}
    with pytest.raises(CommandError, match="'north_office' ended on 2026-03-31, and nobody begins"):
        held(towns, "rita", "risk", unit="office north_office")


@pytest.mark.parametrize(
    ("role", "where", "said"),
    [
        ("risk", {"unit": "office nort_office"}, "no office is called 'nort_office' .did you mean"),
        (
            "quality",
            {"unit": "office north_office"},
            "'north_office' has no role 'quality' .it has",
        ),
        ("risk", {"unit": "programme nort"}, "no programme or portfolio is called 'nort' .did you"),
    ],
)
def test_a_place_that_there_is_not_is_said_with_the_nearest(
    towns: World, role: str, where: dict[str, str], said: str
) -> None:
    with pytest.raises(CommandError, match=said):
        held(towns, "ana", role, **where)


def test_an_office_has_one_head_at_a_time(towns: World) -> None:
    held(towns, "nora", "office_head", unit="office north_office")
    with pytest.raises(Refusal, match="two heads: Nora heads the office 'north_office'"):
        held(towns, "lou", "office_head", unit="office north_office")
    acting = Post("office_head", None, acting=True, unit="office north_office")
    assert appoint(towns.governance, person="lou", post=acting, by="bo").changed
    end(towns.governance, person="nora", role="office_head", unit="office north_office", by="bo")
    assert held(towns, "ana", "office_head", unit="office north_office").changed


def test_two_heads_appointed_at_once_are_one(towns: World) -> None:
    post = Post("office_head", None, unit="office north_office")
    answers = at_once(
        towns,
        partial(appoint, person="nora", post=post, by="bo"),
        partial(appoint, person="lou", post=post, by="bo"),
    )
    failed = [each for each in answers if isinstance(each, Failed)]
    assert [("two heads" in each.message) for each in failed] == [True]


def test_a_role_that_is_new_to_a_place_is_not_the_one_that_is_held(towns: World) -> None:
    held(towns, "ana", "project_manager", unit="office north_office")
    assert held(towns, "ana", "project_manager", unit="programme north").changed
    assert held(towns, "ana", "project_manager", project="N-1").changed
    assert not held(towns, "ana", "project_manager", unit="office north_office").changed


def test_the_end_of_an_office_is_told_once_to_the_head_of_the_one_above(towns: World) -> None:
    towns.clock.set(datetime(2026, 3, 31, 12, tzinfo=UTC))
    towns.sweep()
    assert towns.inbox("petra").subjects == []
    towns.clock.set(datetime(2026, 4, 1, 9, tzinfo=UTC))
    towns.sweep()
    towns.sweep()
    assert towns.inbox("petra").subjects == ["north office ended on 2026-03-31"]
    body = towns.inbox("petra").messages[0].body
    assert body == "The work of north_office is done by town_office from then on: N-1."
    told = [line.body for line in towns.journal("office") if line.kind == "office.ended"]
    assert [each["told"] for each in told] == [["petra"]]


def test_what_waits_when_an_office_ends_is_asked_of_those_above(towns: World) -> None:
    held(towns, "ana", "project_manager", unit="office north_office")
    held(towns, "lou", "project_manager", unit="office town_office")
    towns.clock.set(datetime(2026, 3, 31, 12, tzinfo=UTC))
    assert deciders(towns, "N-1", "1 GBP") == {"ana"}
    towns.clock.set(datetime(2026, 4, 1, 9, tzinfo=UTC))
    towns.sweep()
    assert "Change request CR-1 of N-1 needs your decision: 1 GBP" in towns.inbox("lou").subjects
    towns.vote("lou")
    assert towns.status("N-1", "change_requests", "CR-1") == "approved"


def test_who_may_decide_by_where_a_project_moves_is_asked_at_once(towns: World) -> None:
    held(towns, "ana", "project_manager", unit="office lagos_office")
    towns.submit("N-1", "change_requests", "sam", cost="1 GBP")
    assert not towns.waiting_for("ana")
    before = len(towns.inbox("ana").subjects)
    place = Place(office="lagos_office")
    change_project(towns.governance, project="N-1", place=place, by="bo")
    assert towns.waiting_for("ana")
    assert len(towns.inbox("ana").subjects) == before + 1


def test_so_it_is_where_its_programme_moves(towns: World) -> None:
    held(towns, "ana", "project_manager", unit="programme city")
    towns.submit("N-1", "change_requests", "sam", cost="1 GBP")
    assert not towns.waiting_for("ana")
    change_programme(towns.governance, programme="north", within="city", by="bo")
    assert towns.inbox("ana").subjects == ["Change request CR-1 of N-1 needs your decision: 1 GBP"]
