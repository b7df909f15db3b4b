"""A limit whose day comes while a record waits: it goes to whom it has to by then."""

from datetime import timedelta
from pathlib import Path

import pytest

from pmo_engine.testing import World, policy_from
from pmo_engine.work.authority import who_about
from tests.stories.conftest import DATABASES

pytestmark = DATABASES

CITY = (Path(__file__).parent / "city.yaml").read_text(encoding="utf-8")
LIMIT = '      - {from: 2026-01-01, value: 250000 GBP, source: "Board'
LESS = (
    '      - {from: 2026-01-01, value: 250000 GBP, source: "Board minutes 7"}\n'
    '      - {from: 2026-03-04, value: 20000 GBP, source: "Board'
)


RATES = """---
kind: rates
rates:
  - {of: EUR, from: 2026-01-01, rate: 0.5, source: Note 1}
  - {of: EUR, from: 2026-03-04, rate: 2, source: Note 2}
"""


def office(make_world, text, cost):
    world = make_world(policy_from(text))
    world.project("P-1")
    world.person("ana", "project_manager", project="P-1")
    world.person("petra", "pmo_head")
    world.person("bo", "portfolio_board")
    world.submit("P-1", "change_requests", "ana", cost=cost)
    return world


@pytest.fixture
def world(make_world):
    assert LIMIT in CITY
    return office(make_world, CITY.replace(LIMIT, LESS, 1), "60000 GBP")


def asked(world: World, person: str) -> list[str]:
    return [each.rule for each in world.waiting_for(person)]


def test_what_waits_goes_up_on_the_day_from_which_a_limit_is_lower(world):
    world.forward(working_days=1)
    assert asked(world, "bo") == []
    world.forward(working_days=1)
    assert asked(world, "bo") == ["by-authority"]
    assert len(asked(world, "petra")) == 1  # another rule asks her by her name
    assert "needs your decision" in str(world.inbox("bo").subjects)


def test_what_waits_goes_up_on_the_day_from_which_a_rate_is_higher(make_world):
    world = office(make_world, CITY + RATES, "200000 EUR")
    world.forward(working_days=1)
    assert asked(world, "bo") == []
    world.forward(working_days=1)
    assert asked(world, "bo") == ["by-authority"]


def test_who_may_decide_is_said_by_the_limit_of_the_day(world):
    world.clock.set(world.clock.now() + timedelta(days=2))
    with world.governance.reading() as c:
        entry = c.uow.entries.by_key("P-1", "change_requests", "CR-1")
        [asked_for] = who_about(c, entry)
        said = {each.person: each.why_not for each in asked_for.standings}
    assert said["petra"].startswith("may not approve it by now: ")
