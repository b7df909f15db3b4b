"""Registers of offices: their records are governed like a project's, by the office's people."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest

from pmo_engine.queries import audit, people
from pmo_engine.queries.organisation import organisation
from pmo_engine.queries.portfolio import portfolio
from pmo_engine.queries.records import records
from pmo_engine.questions.authority import register_with
from pmo_engine.source.diagnostics import PolicyError
from pmo_engine.store import tables
from pmo_engine.store.errors import NotFound
from pmo_engine.testing import Failed, World, at_once
from pmo_engine.testing.world import policy_from, story_of
from pmo_engine.work.errors import CommandError, Refusal
from pmo_engine.work.imports.importing import ImportRefused, Sheet, bring_in
from pmo_engine.work.people.projects import change_project
from pmo_engine.work.records import moves, submission
from pmo_engine.work.records.homes import home_named

from .conftest import CITY

OFFICES = """
---
kind: offices
offices:
  - {id: hub, kind: portfolio, head: pmo_head}
  - {id: spoke, kind: project, under: hub, until: 2026-03-31}
"""
COURSES = """
---
kind: registers
registers:
  - register: courses
    noun: course
    root: course
    plural: courses
    of: office
    fields:
      title: {type: text}
      valid_until: {type: date}
      price: {type: money}
---
kind: rules
rules:
  - id: course-approved
    title: A course is approved by a project manager of the office
    on: course.submitted
    binding: shall
    when: course.price > @"0 GBP"
    then: [{require_approval: {from: project_manager, within: 2 working days, ladder: patience}}]
  - id: change-with-course
    title: Who asks for a change hears that there are courses
    on: change_request.submitted
    binding: may
    when: count(courses) > 1
    then: [{notify: {to: pmo_head, message: There is a course for this}}]
---
kind: suite
about: [course-approved]
event: course.submitted
cases: [{name: priced, facts: {course: {price: 1 GBP}}, expect: {approvals: [project_manager]}}]
---
kind: suite
about: [change-with-course]
event: change_request.submitted
cases:
  - name: two
    facts: {courses: [{title: A}, {title: B}], change: {cost: 1 GBP}}
    expect: {notices: [pmo_head]}
"""
FREE = {"title": "First aid", "price": "0 GBP"}


@pytest.fixture
def city(make_world: Callable[..., World]) -> World:
    world = make_world(policy_from(CITY.read_text(encoding="utf-8") + OFFICES + COURSES))
    for person in ("ana", "nora", "sam"):
        world.person(person)
    world.person("petra", "pmo_head")
    for person, office in (("ana", "spoke"), ("nora", "hub")):
        span = {"person": person, "role": "project_manager", "from_date": "2026-03-01"}
        row = tables.RoleHolding(**{**span, "from_date": datetime(2026, 3, 1, tzinfo=UTC).date()})
        row.unit = f"office {office}"
        world._put(row)
    return world


def listed(world: World, office: str) -> list[str]:
    with world.governance.reading() as c:
        home = home_named(c, c.policy.registers["courses"], office)
        return [each.key for each in records(c, home, "courses").items]


def test_a_record_of_an_office_is_decided_by_its_people(city: World) -> None:
    made = city.submit("spoke", "courses", "sam", title="Better business cases", price="900 GBP")
    assert (made.project, made.key, made.status) == ("office spoke", "C-1", "submitted")
    assert [each.title for each in city.waiting_for("ana")] == ["Course C-1 of office spoke"]
    assert city.waiting_for("nora") == []
    city.vote("ana")
    assert city.status("spoke", "courses", "C-1") == "approved"
    kinds = [line.kind for line in city.journal("office spoke")]
    assert kinds[0] == "course.submitted"
    assert "course.approved" in kinds
    assert audit.verify(city.database).intact


def test_each_office_has_its_own_keys_and_no_project_shows_among_the_offices(city: World) -> None:
    for office in ("hub", "spoke", "hub"):
        city.submit(office, "courses", "sam", **FREE)
    assert listed(city, "hub") == ["C-1", "C-2"]
    assert listed(city, "spoke") == listed(city, "office spoke") == ["C-1"]
    with city.governance.reading() as c:
        assert portfolio(c).items == people.projects(c).items == ()
        assert organisation(c).offices[0].under[0].under == ()
        assert c.uow.projects.all() == []
        assert register_with(c, "hub", "C-2") == "courses"
        with pytest.raises(CommandError, match="C-2 of spoke is in no register"):
            register_with(c, "spoke", "C-2")
        with pytest.raises(NotFound):
            register_with(c, "spok", "C-2")


def test_it_is_changed_moved_and_shown_by_whoever_holds_a_role_there(city: World) -> None:
    city.submit("spoke", "courses", "sam", **FREE)
    with pytest.raises(Refusal, match="Nora holds no role in office spoke"):
        city.update("spoke", "courses", "C-1", "nora", title="Second aid")
    assert city.update("spoke", "courses", "C-1", "ana", title="Second aid").version == 2
    moves.close(city.governance, project="spoke", register="courses", key="C-1", by="ana")
    told = story_of(city.governance, project="office spoke", register="courses", key="C-1")
    assert (told.status, told.fields_["title"]) == ("closed", "Second aid")


@pytest.mark.parametrize(
    ("name", "register", "said"),
    [
        ("P-1", "courses", "no office is called 'P-1'"),
        ("spok", "courses", "no office is called 'spok' .did you mean 'spoke'"),
        ("office", "courses", "no office is called 'office' .there are hub, spoke"),
        ("office hub", "change_requests", "change_requests is a register of a project"),
        (
            "hub",
            "change_requests",
            "change_requests is a register of projects, and hub is an office",
        ),
        ("hbu", "change_requests", "no project 'hbu'"),
    ],
)
def test_what_is_no_place_of_a_register_is_said(
    city: World, name: str, register: str, said: str
) -> None:
    city.project("P-1")
    city.submit("hub", "courses", "sam", **FREE)
    with pytest.raises((CommandError, NotFound), match=said):
        city.submit(name, register, "petra")


def test_the_place_of_an_office_is_no_project_to_change(city: World) -> None:
    city.submit("hub", "courses", "sam", **FREE)
    with pytest.raises(NotFound, match="no project 'office hub'"):
        change_project(city.governance, project="office hub", name="Mine", by="petra")


def test_an_office_that_is_over_takes_no_new_record_and_keeps_what_it_has(city: World) -> None:
    city.submit("spoke", "courses", "sam", title="Dear", price="900 GBP")
    city.clock.set(datetime(2026, 4, 1, 9, tzinfo=UTC))
    with pytest.raises(Refusal, match="the office 'spoke' ended on 2026-03-31; 'hub' is above it"):
        city.submit("spoke", "courses", "sam", **FREE)
    city.update("spoke", "courses", "C-1", "sam", price="901 GBP")
    assert [each.title for each in city.waiting_for("nora")] == ["Course C-1 of office spoke"]


def test_a_project_sees_what_the_office_that_serves_it_keeps(city: World) -> None:
    for project, office in (("P-1", "spoke"), ("P-2", "hub")):
        city._put(
            tables.Project(
                id=project, name=project, stage="delivery", office=office, status="active"
            )
        )
    for _ in range(2):
        city.submit("hub", "courses", "sam", **FREE)
    fired = {
        project: city.submit(project, "change_requests", "petra", cost="1 GBP").decision.fired
        for project in ("P-1", "P-2")
    }
    assert "change-with-course" in fired["P-2"]
    assert "change-with-course" not in fired["P-1"]


def test_a_table_goes_into_an_office_and_again_changes_nothing(city: World, tmp_path: Path) -> None:
    file = tmp_path / "courses.csv"
    file.write_text("key,title,price\nC-7,First aid,0 GBP\n", encoding="utf-8")
    sheet = Sheet(file, "courses", "spoke")
    assert bring_in(city.governance, sheet, by="petra").added == 1
    assert bring_in(city.governance, sheet, by="petra").unchanged == 1
    assert listed(city, "spoke") == ["C-7"]
    with pytest.raises(ImportRefused, match="no office 'spok'"):
        bring_in(city.governance, Sheet(file, "courses", "spok"), by="petra")


def test_two_who_enter_the_first_record_at_once_enter_two(city: World) -> None:
    named = {"project": "hub", "register": "courses", "fields": FREE, "by": "sam"}
    enter = partial(submission.submit, **named)
    answers = at_once(city, enter, enter)
    assert not [each for each in answers if isinstance(each, Failed)]
    assert listed(city, "hub") == ["C-1", "C-2"]


@pytest.mark.parametrize(
    ("condition", "hint"),
    [('project.id = "P-1"', "is about an office"), ("count(changes) > 1", "is about an office")],
)
def test_an_office_has_no_project_to_look_at(condition: str, hint: str) -> None:
    text = CITY.read_text(encoding="utf-8") + COURSES.replace('course.price > @"0 GBP"', condition)
    with pytest.raises(PolicyError) as error:
        policy_from(text)
    assert hint in error.value.diagnostics[0].hint


def test_without_offices_there_is_one(make_world: Callable[..., World]) -> None:
    world = make_world(policy_from(CITY.read_text(encoding="utf-8") + COURSES))
    world.person("petra", "pmo_head")
    assert world.submit("office", "courses", "petra", **FREE).project == "the office"
    with pytest.raises(CommandError, match="no office is called 'hub': the policy declares none"):
        world.submit("hub", "courses", "petra", **FREE)
