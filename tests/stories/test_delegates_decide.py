"""A delegate and a deputy decide for others, shown as such, and no further than these could."""

from functools import partial

import pytest

from pmo_engine.testing import World
from pmo_engine.work.approvals import votes
from pmo_engine.work.errors import Refusal
from pmo_engine.work.people.absences import absent, back
from pmo_engine.work.people.appointments import end
from pmo_engine.work.people.delegations import Bounds, delegate, withdraw
from tests.stories.conftest import DATABASES

pytestmark = DATABASES

CHANGE = "approve change_request"


@pytest.fixture
def peopled(world: World) -> World:
    for person in ("ben", "sam"):
        world.person(person)
    return world


def vote(world: World, person: str, beside: str = "petra") -> votes.Voted:
    [asked] = [each for each in world.waiting_for(beside) if each.kind == "approval"]
    return votes.vote(world.governance, asked.id, by=person, choice="approve")


GIVE = partial(delegate, owner="petra", delegate="ben", by="petra")


def test_a_delegate_decides_and_the_decision_says_for_whom(peopled: World) -> None:
    GIVE(peopled.governance, bounds=Bounds((CHANGE,)))
    peopled.submit("P-1", "change_requests", "sam", cost="60000 GBP")
    assert len(peopled.waiting_for("ben")) == 1
    assert vote(peopled, "ben").status == "approved"
    [line] = [line for line in peopled.journal("P-1") if line.kind == "voted"]
    assert (line.actor, line.body["capacity"], line.body["on_behalf_of"]) == (
        "ben",
        "delegate",
        "petra",
    )


def test_who_delegated_decides_all_the_same(peopled: World) -> None:
    GIVE(peopled.governance)
    peopled.submit("P-1", "change_requests", "sam", cost="60000 GBP")
    assert vote(peopled, "petra").status == "approved"


def test_what_is_withdrawn_decides_no_more(peopled: World) -> None:
    made = GIVE(peopled.governance)
    peopled.submit("P-1", "change_requests", "sam", cost="60000 GBP")
    withdraw(peopled.governance, delegation=made.id, by="petra")
    with pytest.raises(Refusal, match="Ben"):
        vote(peopled, "ben")


def test_a_delegate_may_no_more_than_the_owner_may_then(peopled: World) -> None:
    GIVE(peopled.governance, bounds=Bounds((CHANGE,)))
    peopled.submit("P-1", "change_requests", "sam", cost="60000 GBP")
    [asked] = peopled.waiting_for("ben")
    end(peopled.governance, person="petra", role="pmo_head", by="bo")
    with pytest.raises(Refusal, match="Ben"):
        votes.vote(peopled.governance, asked.id, by="ben", choice="approve")


def test_a_delegate_may_no_more_than_the_bound(peopled: World) -> None:
    GIVE(peopled.governance, bounds=Bounds((CHANGE,), ("P-1",), "59999.99 GBP"))
    peopled.submit("P-1", "change_requests", "sam", cost="60000 GBP")
    assert peopled.waiting_for("ben") == []
    with pytest.raises(Refusal, match="Ben"):
        vote(peopled, "ben")


def test_a_named_deputy_is_asked_at_once_and_until_somebody_is_back(peopled: World) -> None:
    absent(peopled.governance, person="petra", deputy="ben", by="petra")
    peopled.submit("P-1", "change_requests", "sam", cost="60000 GBP")
    [asked] = peopled.waiting_for("ben")
    assert any("needs your decision" in each for each in peopled.inbox("ben").subjects)
    back(peopled.governance, person="petra", by="petra")
    with pytest.raises(Refusal, match="Ben"):
        votes.vote(peopled.governance, asked.id, by="ben", choice="approve")
    assert vote(peopled, "petra").status == "approved"


def needing_a_decision(world: World, person: str) -> list[str]:
    return [each for each in world.inbox(person).subjects if "needs your decision" in each]


def test_whoever_may_decide_by_a_new_delegation_hears_of_it_at_once(peopled: World) -> None:
    peopled.submit("P-1", "change_requests", "sam", cost="60000 GBP")
    peopled.submit("P-1", "change_requests", "sam", cost="5000 GBP")
    GIVE(peopled.governance)
    assert needing_a_decision(peopled, "ben") == [
        "Change request CR-1 of P-1 needs your decision: 60,000 GBP"
    ]
    peopled.sweep()
    assert len(needing_a_decision(peopled, "ben")) == 1


def test_what_nobody_else_may_decide_goes_up_at_once(
    peopled: World,
) -> None:
    made = GIVE(peopled.governance)
    peopled.submit("P-1", "change_requests", "sam", cost="60000 GBP")
    absent(peopled.governance, person="petra", upward=True, by="petra")
    assert needing_a_decision(peopled, "bo") == []
    withdraw(peopled.governance, delegation=made.id, by="petra")
    assert len(needing_a_decision(peopled, "bo")) == 1


def test_a_deputy_hears_at_once_of_what_waits_already(peopled: World) -> None:
    peopled.submit("P-1", "change_requests", "sam", cost="60000 GBP")
    absent(peopled.governance, person="petra", deputy="ben", by="petra")
    assert len(needing_a_decision(peopled, "ben")) == 1
    back(peopled.governance, person="petra", by="petra")
    assert len(needing_a_decision(peopled, "petra")) == 1
