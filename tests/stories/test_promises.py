"""Promises of the pages that one changed line of code would break."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest

from pmo_engine.policy import Policy
from pmo_engine.roles.registry import roles
from pmo_engine.testing import World, policy_from, story_of
from pmo_engine.work.approvals import votes
from pmo_engine.work.errors import Refusal
from pmo_engine.work.gates import reviews
from pmo_engine.work.governance import BEGAN
from pmo_engine.work.notices import sweep
from pmo_engine.work.notices.delivery import deliver
from pmo_engine.work.versions import adoption, catalogue
from pmo_engine.work.versions.coming_into_force import bring_into_force
from tests.stories.test_gates import POLICY as GATED

CITY = (Path(__file__).parent / "city.yaml").read_text(encoding="utf-8")
BOARD_SHOULD = """
---
kind: rules
rules:
  - id: board-should-see
    title: The board should look at it too
    on: change_request.submitted
    binding: should
    then: [{require_approval: {from: portfolio_board, within: 3 working days}}]
"""


def city(more: str = "", version: str = "2026.1") -> Policy:
    return policy_from(CITY.replace('version: "2026.1"', f'version: "{version}"') + more)


def office(world: World, **people: str) -> World:
    world.project("P-1")
    for person, role in people.items():
        world.person(person, *([role] if role else []))
    return world


def test_what_should_be_approved_holds_nothing_up_for_a_reason(
    make_world: Callable[..., World],
) -> None:
    world = office(make_world(city(BOARD_SHOULD)), petra="pmo_head", bo="portfolio_board", sam="")
    key = world.submit("P-1", "change_requests", "sam", cost="80000 GBP").key
    voted = votes.vote(
        world.governance,
        world.waiting_for("petra")[0].id,
        by="petra",
        choice="approve",
        reason="The board meets next month",
    )
    assert voted.status == "approved"
    told = story_of(world.governance, project="P-1", register="change_requests", key=key)
    assert {item.target: item.status for item in told.obligations} == {
        "pmo_head": "met",
        "portfolio_board": "withdrawn",
    }


def test_what_should_be_approved_approves_nothing_that_shall(
    make_world: Callable[..., World],
) -> None:
    world = office(make_world(city(BOARD_SHOULD)), petra="pmo_head", bo="portfolio_board", sam="")
    world.submit("P-1", "change_requests", "sam", cost="80000 GBP")
    assert world.vote("bo").status == "submitted"
    assert world.vote("petra").status == "approved"


def test_where_nobody_holds_the_role_it_goes_up_and_can_be_decided(
    make_world: Callable[..., World],
) -> None:
    world = office(make_world(city()), bo="portfolio_board", sam="")
    world.submit("P-1", "change_requests", "sam", cost="20000 GBP")
    assert world.inbox("bo").subjects == [
        "Change request CR-1 of P-1 needs your decision: 20,000 GBP"
    ]
    assert [row.asked_of for row in world.waiting_for("bo")] == ["project_manager"]
    world.forward(working_days=2)
    assert world.inbox("bo").subjects[-1].startswith("Reminder: ")
    assert world.vote("bo").status == "approved"


def test_an_approval_counts_for_what_it_was_given_to(make_world: Callable[..., World]) -> None:
    world = office(make_world(city()), petra="pmo_head", bo="portfolio_board", sam="")
    key = world.submit("P-1", "change_requests", "sam", cost="300000 GBP").key
    world.vote("petra")
    world.update("P-1", "change_requests", key, "sam", cost="310000 GBP")
    assert world.vote("bo").status == "submitted"
    assert world.vote("petra").status == "approved"


def test_an_approval_of_what_it_was_approves_nothing_of_which_nobody_is_asked(
    make_world: Callable[..., World],
) -> None:
    world = office(make_world(city()), petra="pmo_head", bo="portfolio_board", sam="")
    key = world.submit("P-1", "change_requests", "sam", cost="300000 GBP").key
    world.vote("petra")
    assert world.update("P-1", "change_requests", key, "sam", cost="0 GBP").status == "submitted"
    assert world.waiting_for("bo") == []


def test_what_is_asked_anew_is_reminded_of_when_the_first_asking_would_have_been(
    make_world: Callable[..., World],
) -> None:
    world = office(make_world(city()), petra="pmo_head", bo="portfolio_board", sam="")
    key = world.submit("P-1", "change_requests", "sam", cost="80000 GBP").key
    world.forward(working_days=1)
    world.update("P-1", "change_requests", key, "sam", cost="90000 GBP")
    world.forward(working_days=1)
    assert world.inbox("petra").subjects[-1].startswith("Reminder: ")


def test_what_changes_nothing_takes_no_approval_back(make_world: Callable[..., World]) -> None:
    world = office(make_world(city()), petra="pmo_head", bo="portfolio_board", sam="")
    key = world.submit("P-1", "change_requests", "sam", cost="300000 GBP").key
    world.vote("petra")
    made = world.update("P-1", "change_requests", key, "sam", cost="300000 GBP")
    assert made.version == 1
    assert world.waiting_for("petra") == []
    assert world.vote("bo").status == "approved"


def test_a_sweep_goes_on_until_nothing_is_due(
    make_world: Callable[..., World], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweep, "BATCH", 2)
    world = office(make_world(city()), petra="pmo_head", bo="portfolio_board", sam="")
    for _ in range(5):
        world.submit("P-1", "change_requests", "sam", cost="80000 GBP")
    world.clock.forward(timedelta(days=60))
    done = sweep.sweep(world.governance)
    assert (done.reminded + done.escalated) % 5 == 0
    assert done.escalated >= 5
    assert sweep.sweep(world.governance) == sweep.Swept(reminded=0, escalated=0, stuck=5)


def test_a_sweep_with_nothing_to_do_is_nobodys_either(make_world: Callable[..., World]) -> None:
    world = office(make_world(city()), petra="pmo_head", sam="")
    with pytest.raises(Refusal, match="nobody here is called 'zoe'"):
        sweep.sweep(world.governance, by="zoe")
    with pytest.raises(Refusal, match="Sam holds no role in office, and may not sweep"):
        sweep.sweep(world.governance, by="sam")
    assert sweep.sweep(world.governance, by="petra") == sweep.Swept(reminded=0, escalated=0)


def test_a_flow_that_still_waits_in_the_outbox_is_not_asked_for_again(
    make_world: Callable[..., World],
) -> None:
    world = make_world(policy_from(GATED), roles=roles())
    world.project("P-1", stage="initiation")
    world.person("ana", "project_manager", project="P-1")
    reviews.open_gate(world.governance, project="P-1", gate="G2", by="ana")
    world.clock.forward(timedelta(hours=1))
    again = timedelta(minutes=10)
    assert reviews.request_again(world.governance, older_than=again) == 0
    deliver(world.governance, lambda _message, _address: None, kind="flow")
    assert reviews.request_again(world.governance, older_than=timedelta(hours=2)) == 0
    [review] = reviews.reviews(world.governance)
    assert reviews.request_again(world.governance, older_than=again, live=[review.id]) == 0
    assert reviews.request_again(world.governance, older_than=again) == 1
    assert reviews.request_again(world.governance, older_than=again) == 0


def test_a_version_never_binds_before_it_was_adopted(make_world: Callable[..., World]) -> None:
    world = office(make_world(city()), petra="pmo_head", bo="portfolio_board")
    adoption.adopt(world.governance, city(version="2026.2"), by="petra")
    world.clock.forward(timedelta(days=30))
    [row] = world.waiting_for("bo")
    votes.vote(world.governance, row.id, by="bo", choice="approve")
    state = catalogue.show(world.governance, "2026.2")
    assert state.in_force_from == "2026-01-01"
    assert state.binds_from == state.decided_at == world.clock.now().isoformat()


@pytest.mark.parametrize("body_first", [True, False])
def test_a_body_adopts_before_a_person_of_the_same_standing(*, body_first: bool) -> None:
    tops = ["  - {id: board, body: true}", "  - {id: chief}"]
    both = "\n".join(tops if body_first else reversed(tops))
    policy = policy_from(
        f'kind: policy\nname: x\nversion: "1"\nin_force_from: 2026-01-01\ncurrency: GBP\n'
        f"---\nkind: roles\nroles:\n{both}\n"
    )
    assert [each.role for each in adoption.adopters(policy, date(2026, 3, 2))] == ["board"]


def test_a_version_takes_force_once(make_world: Callable[..., World]) -> None:
    world = office(make_world(city()), petra="pmo_head", bo="portfolio_board")
    later = policy_from(
        CITY.replace('version: "2026.1"', 'version: "2026.2"').replace(
            "in_force_from: 2026-01-01", "in_force_from: 2026-03-09", 1
        )
    )
    adoption.adopt(world.governance, later, by="petra")
    [row] = world.waiting_for("bo")
    votes.vote(world.governance, row.id, by="bo", choice="approve")
    world.clock.forward(timedelta(days=20))
    with world.database.read() as uow:
        terms = uow.opening(BEGAN).terms
    bring_into_force(world._governance, terms)
    bring_into_force(world._governance, terms)
    assert world.governance.rules.policy.version == "2026.2"
    kinds = [line.kind for line in world.journal("office")]
    assert kinds.count("policy.took_force") == 1
