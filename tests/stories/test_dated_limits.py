"""A limit whose day comes while a record waits: it goes to whom it has to by then."""

from datetime import timedelta
from pathlib import Path

import pytest

from pmo_engine.questions.authority import who_about
from pmo_engine.testing import World, policy_from
from pmo_engine.work.approvals.votes import answer
from pmo_engine.work.errors import CommandError, Refusal
from pmo_engine.work.without_rate import amount_without_rate
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


ENDS = """---
kind: rates
rates:
  - {of: EUR, from: 2026-01-01, to: 2026-03-03, rate: 0.5, source: Note 1}
  - {of: EUR, from: 2026-03-06, rate: 0.5, source: Note 2}
"""
LACKING = "there is no rate of EUR on 2026-03-04"


@pytest.fixture
def without_rate(make_world):
    world = office(make_world, CITY + ENDS, "200000 EUR")
    world.clock.set(world.clock.now() + timedelta(days=2))
    return world


def who(world):
    with world.governance.reading() as c:
        return who_about(c, c.uow.entries.by_key("P-1", "change_requests", "CR-1"))


def test_a_rate_that_is_missing_is_said_to_be_and_not_the_amount(without_rate):
    said = {each.person: each.why_not for one in who(without_rate) for each in one.standings}
    assert said["petra"] == f"may not approve it by now: {LACKING}"
    assert said["bo"] == f"has no authority for it: {LACKING}"
    with pytest.raises(Refusal, match=f"may not approve it by now: {LACKING}"):
        without_rate.vote("petra")


def test_a_rate_is_asked_of_who_adopts_the_policy_until_there_is_one(without_rate):
    world = without_rate
    world.sweep()
    [lacking] = [each for each in who(world) if each.kind == "information"]
    assert (lacking.act, lacking.roles) == ("set a rate of EUR", ["pmo_head"])
    assert "waits for a rate of EUR" in str(world.inbox("petra").subjects)
    assert world.waiting_for("ana") == []
    [told] = [each for each in world.inbox("petra").messages if "a rate of EUR" in each.subject]
    assert "Cost: 200,000 EUR" in told.body.splitlines()
    assert (
        "There is no rate of EUR on 2026-03-04, and what the change's cost (200,000 EUR) comes to"
    ) in told.body
    with pytest.raises(CommandError, match="adopt a version of the policy that has a rate of EUR"):
        answer(world.governance, lacking.id, by="petra")
    world.clock.set(world.clock.now() + timedelta(days=2))
    world.sweep()
    assert [each.kind for each in who(world)] == ["approval"] * len(who(world))
    assert "by-authority" in asked(world, "petra")


def test_what_is_decided_lacks_no_rate_of_today(without_rate):
    with without_rate.governance.reading() as c:
        entry = c.uow.entries.by_key("P-1", "change_requests", "CR-1")
        assert str(amount_without_rate(c, entry, "change.cost")) == "200000 EUR"
        assert amount_without_rate(c, entry, "project.cost") is None
        over = entry.model_copy(update={"decided_at": c.now})
        assert amount_without_rate(c, over, "change.cost") is None


def test_whoever_is_asked_no_more_hears_what_is_missing(make_world):
    world = office(make_world, CITY + ENDS, "600000 EUR")
    assert asked(world, "bo") == ["by-authority"]
    world.clock.set(world.clock.now() + timedelta(days=2))
    world.sweep()
    [heard] = [e for e in world.inbox("bo").messages if "no longer waits" in e.subject]
    assert heard.body.startswith("It is not asked of you by now.\nThere is no rate of EUR on")


def test_who_may_decide_is_said_by_the_limit_of_the_day(world):
    world.clock.set(world.clock.now() + timedelta(days=2))
    with world.governance.reading() as c:
        entry = c.uow.entries.by_key("P-1", "change_requests", "CR-1")
        [asked_for] = who_about(c, entry)
        said = {each.person: each.why_not for each in asked_for.standings}
    assert said["petra"].startswith("may not approve it by now: ")
