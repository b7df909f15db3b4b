"""What is asked of a functional role goes to who holds it there, and up where nobody does."""

from collections.abc import Callable

import pytest

from pmo_engine.model.durations import Span
from pmo_engine.testing import World
from pmo_engine.testing.world import policy_from
from pmo_engine.work.approvals.votes import answer
from pmo_engine.work.errors import Refusal
from pmo_engine.work.people.absences import absent
from pmo_engine.work.people.appointments import hold, leave
from tests.stories.conftest import DATABASES

from .conftest import CITY

pytestmark = DATABASES

MORE = """
functional:
  - {role: risk, performed_by: specialist}
---
kind: rules
rules:
  - id: risk-looks
    title: Risk looks at every change
    on: change_request.submitted
    binding: shall
    then:
      - require_assessment: {from: risk, within: 3 working days, ladder: patience}
"""
TERMS = """
---
kind: terms_of_reference
for: risk
deputy: project_manager
reports_to: portfolio_board
"""


@pytest.fixture
def peopled(make_world: Callable[..., World]) -> World:
    return office(make_world, "")


def office(make_world: Callable[..., World], terms: str) -> World:
    text = CITY.read_text(encoding="utf-8")
    board = "  - {id: portfolio_board, body: true}\n"
    world = make_world(policy_from(text.replace(board, board.rstrip("\n") + MORE) + terms))
    for project in ("P-1", "P-2"):
        world.project(project)
    world.person("ana", "project_manager", project="P-1")
    world.person("petra", "pmo_head")
    world.person("bo", "portfolio_board")
    for person in ("rita", "rolf", "sam"):
        world.person(person)
    return world


def waits(world: World, person: str) -> list[str]:
    return [each.title for each in world.waiting_for(person) if each.kind == "assessment"]


def test_an_assessment_goes_to_who_holds_the_role_in_the_project(peopled: World) -> None:
    hold(peopled.governance, person="rita", role="risk", project="P-1", by="bo")
    hold(peopled.governance, person="rolf", role="risk", project="P-2", by="bo")
    peopled.submit("P-1", "change_requests", "sam", cost="5 GBP")
    assert len(waits(peopled, "rita")) == 1
    assert waits(peopled, "rolf") == waits(peopled, "petra") == []
    assert any("needs your assessment" in each for each in peopled.inbox("rita").subjects)
    [asked] = [each for each in peopled.waiting_for("rita") if each.kind == "assessment"]
    with pytest.raises(Refusal, match="Rolf holds no role in P-1"):
        answer(peopled.governance, asked.id, by="rolf", note="done")
    answer(peopled.governance, asked.id, by="rita", note="done")
    assert waits(peopled, "rita") == []


def test_where_nobody_holds_it_the_head_of_the_office_is_asked(peopled: World) -> None:
    peopled.submit("P-1", "change_requests", "sam", cost="5 GBP")
    assert len(waits(peopled, "petra")) == 1
    [asked] = [each for each in peopled.waiting_for("petra") if each.kind == "assessment"]
    answer(peopled.governance, asked.id, by="petra", note="done")


@pytest.mark.parametrize("terms", ["", TERMS])
def test_what_nobody_answers_in_time_goes_up_by_the_ladder(
    make_world: Callable[..., World], terms: str
) -> None:
    world, above = office(make_world, terms), "bo" if terms else "petra"
    hold(world.governance, person="rita", role="risk", project="P-1", by="bo")
    world.submit("P-1", "change_requests", "sam", cost="5 GBP")
    assert waits(world, above) == []
    wait(world, "3 working days")
    assert waits(world, above) == []
    wait(world, "1 working day")
    assert len(waits(world, above)) == len(waits(world, "rita")) == 1
    assert any("still waits for" in each for each in world.inbox(above).subjects)
    [asked] = [each for each in world.waiting_for(above) if each.kind == "assessment"]
    answer(world.governance, asked.id, by=above)
    assert waits(world, "rita") == []


def wait(world: World, span: str) -> None:
    calendar = world.governance.rules.policy.calendar
    world.clock.set(calendar.deadline(world.clock.now(), Span.parse(span)))
    world.sweep()


def test_its_terms_say_who_stands_in_and_to_whom_it_goes_up(
    make_world: Callable[..., World],
) -> None:
    world = office(make_world, TERMS)
    world.submit("P-2", "change_requests", "sam", cost="5 GBP")
    assert (len(waits(world, "bo")), waits(world, "petra")) == (1, [])  # nobody holds it there
    hold(world.governance, person="rita", role="risk", project="P-1", by="bo")
    world.submit("P-1", "change_requests", "sam", cost="5 GBP")
    assert (len(waits(world, "rita")), waits(world, "ana")) == (1, [])
    absent(world.governance, person="rita", by="rita")
    assert (waits(world, "rita"), len(waits(world, "ana"))) == ([], 1)


def test_who_takes_the_role_later_finds_what_was_asked_before(peopled: World) -> None:
    hold(peopled.governance, person="rita", role="risk", by="bo")
    peopled.submit("P-2", "change_requests", "sam", cost="5 GBP")
    leave(peopled.governance, person="rita", by="bo")
    assert waits(peopled, "rita") == []
    hold(peopled.governance, person="rolf", role="risk", by="bo")
    assert len(waits(peopled, "rolf")) == 1
