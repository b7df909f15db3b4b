"""Whatever is asked of somebody is chased by its ladder: they are reminded, and it goes up."""

from collections.abc import Callable

import pytest

from pmo_engine.model.durations import Span
from pmo_engine.testing import World, policy_from
from tests.stories.conftest import CITY, DATABASES

pytestmark = DATABASES

ASKED = """
---
kind: rules
rules:
  - id: looked-at
    title: Every change is looked at
    on: change_request.submitted
    binding: shall
    then:
      - {{{verb}: {{{of}, within: 3 working days}}}}
"""


@pytest.fixture
def town(make_world: Callable[..., World]) -> Callable[[str, str], World]:
    def made(verb: str, of: str) -> World:
        header = "calendar: town-hall\n"
        city = CITY.read_text("utf-8").replace(header, f"{header}default_ladder: patience\n", 1)
        text = city.replace(
            "  - {id: portfolio_board, body: true}\n",
            "  - {id: portfolio_board, body: true}\n"
            "functional: [{role: risk, performed_by: specialist}]\n",
        )
        world = make_world(policy_from(text + ASKED.format(verb=verb, of=of)))
        world.project("P-1")
        world.person("ana", "project_manager", project="P-1")
        world.person("petra", "pmo_head")
        world.person("bo", "portfolio_board")
        world.person("rita", "risk")
        world.person("sam")
        return world

    return made


def wait(world: World, span: str) -> None:
    calendar = world.governance.rules.policy.calendar
    world.clock.set(calendar.deadline(world.clock.now(), Span.parse(span)))
    world.sweep()


@pytest.mark.parametrize(
    ("verb", "of", "addressee", "above"),
    [
        ("require_assessment", "from: risk", "rita", "petra"),
        ("require_evidence", "evidence: plan, from: project_manager", "ana", "petra"),
        ("require_information", "facts: [change.category], from: project_manager", "ana", "petra"),
        ("raise_exception", "to: pmo_head, reason: too late", "petra", "bo"),
        ("require_approval", "from: project_manager", "ana", "petra"),
    ],
)
def test_who_is_asked_is_reminded_and_then_it_goes_up(
    town: Callable[[str, str], World], verb: str, of: str, addressee: str, above: str
) -> None:
    world = town(verb, of)
    world.submit("P-1", "change_requests", "sam", cost="0 GBP")

    def heard(who: str, what: str) -> int:
        return sum(what in each for each in world.inbox(who).subjects)

    def waits(who: str) -> int:
        return sum("CR-1" in each.title for each in world.waiting_for(who))

    assert waits(addressee) == 1
    assert heard(addressee, "Reminder") == heard(above, "still waits for") == 0
    wait(world, "2 working days")
    assert (heard(addressee, "Reminder"), heard(above, "still waits for")) == (1, 0)
    wait(world, "2 working days")
    assert heard(above, "still waits for") == 1
    assert waits(above) == 1
