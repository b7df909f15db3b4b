"""Records that are kept up to date after an approval: budget lines, contracts, requests."""

from collections.abc import Callable
from typing import Any

import pytest

from pmo_engine.resources import policies_dir
from pmo_engine.testing import World, policy_from, story_of
from pmo_engine.work.approvals import votes
from pmo_engine.work.errors import Refusal
from pmo_engine.work.imports.importing import Sheet, bring_in
from pmo_engine.work.records import moves
from tests.policies import kept
from tests.stories.conftest import CITY

BOARD = ("b1", "b2", "b3")
LINE: dict[str, Any] = {
    "title": "Bridge",
    "baseline": "100000 GBP",
    "funds": "110000 GBP",
    "commitment": "0 GBP",
    "forecast": "100000 GBP",
    "actual": "10 GBP",
    "contingency": "5000 GBP",
    "contingency_drawn": "3000 GBP",
}
CONTRACT: dict[str, Any] = {
    "title": "Steel",
    "supplier": "Acme",
    "original_value": "600000 GBP",
    "competed": "true",
    "notice_date": "2026-06-01",
    "expiry": "2026-09-01",
    "interests_declared": "true",
}


@pytest.fixture
def office(make_world: Callable[..., World]) -> World:
    world = make_world(kept(policies_dir() / "pmo-single"))
    world.project("P-1")
    world.person("ana", "project_manager", project="P-1")
    world.person("sue", "sponsor", project="P-1")
    world.person("petra", "pmo_head")
    for member in BOARD:
        world.person(member, "portfolio_board")
    return world


def story(world: World, register: str, key: str) -> Any:
    return story_of(world.governance, project="P-1", register=register, key=key)


def asked(world: World, register: str, key: str) -> list[str]:
    found = story(world, register, key).obligations
    return sorted(f"{each.kind} {each.rule}" for each in found if each.status == "open")


def approve(world: World, *people: str) -> None:
    for person in people:
        world.vote(person)


def heard(world: World, person: str) -> list[str]:
    return [each.subject for each in world.inbox(person).messages]


def line(world: World, **fields: Any) -> None:
    world.submit("P-1", "budget_lines", "ana", **{**LINE, **fields})
    approve(world, "sue")
    assert story(world, "budget_lines", "BL-1").status == "approved"


def test_the_figures_of_a_month_are_entered_after_a_draw_on_contingency_was_approved(
    office: World,
) -> None:
    line(office)
    before = heard(office, "sue")
    made = office.update("P-1", "budget_lines", "BL-1", "ana", actual="9000 GBP", accrual="5 GBP")
    assert (made.status, made.decided) == ("approved", True)
    assert asked(office, "budget_lines", "BL-1") == []
    assert heard(office, "sue") == before  # what rules judge is no news to who approved


def test_what_rules_say_of_it_later_they_say_as_they_would_have_before_and_once(
    office: World,
) -> None:
    line(office)
    told = "more is spent than is forecast"

    def number() -> int:
        return sum(told in each.body for each in office.inbox("ana").messages)

    office.update("P-1", "budget_lines", "BL-1", "ana", actual="60000 GBP", accrual="50000 GBP")
    assert number() == 1
    office.update("P-1", "budget_lines", "BL-1", "ana", accrual="50001 GBP")
    assert number() == 1
    assert story(office, "budget_lines", "BL-1").status == "approved"


def test_what_was_approved_is_asked_anew_where_it_changes(office: World) -> None:
    line(office)
    made = office.update("P-1", "budget_lines", "BL-1", "ana", contingency_drawn="3100 GBP")
    assert (made.status, made.decided) == ("submitted", False)
    assert asked(office, "budget_lines", "BL-1") == ["approval budget-contingency"]
    [row] = office.waiting_for("sue")
    votes.vote(office.governance, row.id, by="sue", choice="reject", reason="too much")
    assert story(office, "budget_lines", "BL-1").status == "rejected"
    with pytest.raises(Refusal, match="BL-1 is rejected already"):
        office.update("P-1", "budget_lines", "BL-1", "ana", actual="11 GBP")


def test_another_rule_that_asks_later_lets_it_wait_and_the_first_answer_stands(
    office: World,
) -> None:
    office.submit("P-1", "contracts", "ana", **CONTRACT)
    approve(office, *BOARD)
    office.update("P-1", "contracts", "CT-1", "ana", competed="false")
    assert asked(office, "contracts", "CT-1") == ["approval contract-waiver"]
    assert story(office, "contracts", "CT-1").status == "submitted"
    approve(office, "sue")
    assert story(office, "contracts", "CT-1").status == "approved"


def test_a_rule_that_blocks_it_holds_it_until_it_no_longer_does(office: World) -> None:
    line(office)
    office.update("P-1", "budget_lines", "BL-1", "ana", funds="5 GBP")
    assert asked(office, "budget_lines", "BL-1") == ["block budget-funded"]
    with office.governance.reading() as c:
        (entry,) = c.uow.entries.of_project("P-1", "budget_lines")
    assert (entry.standing, entry.decided_at) == ("blocked", None)
    office.update("P-1", "budget_lines", "BL-1", "ana", funds="110000 GBP")
    approve(office, "sue")
    assert story(office, "budget_lines", "BL-1").status == "approved"


def test_a_contract_lives_on_and_its_whole_value_and_supplier_are_the_boards(
    office: World,
) -> None:
    made = office.submit("P-1", "contracts", "ana", **CONTRACT)
    assert [each.kind for each in made.decision.obligations] == ["approval"]  # no variation yet
    approve(office, *BOARD)
    update = office.update("P-1", "contracts", "CT-1", "ana", notice_date="2026-07-01")
    assert (update.status, update.decided) == ("approved", True)
    for change in ({"variations": "1 GBP"}, {"supplier": "Bell"}):
        office.update("P-1", "contracts", "CT-1", "ana", **change)
        assert "approval contract-award" in asked(office, "contracts", "CT-1")
        approve(office, *BOARD)
        assert story(office, "contracts", "CT-1").status == "approved"


def test_who_approved_hears_of_what_no_rule_judges(office: World) -> None:
    line(office)
    office.update("P-1", "budget_lines", "BL-1", "ana", title="Tunnel")
    assert story(office, "budget_lines", "BL-1").status == "approved"
    assert "which you approved, says otherwise now" in heard(office, "sue")[-1]


def test_what_is_closed_is_not_changed_and_what_is_opened_again_lives_on(office: World) -> None:
    line(office)
    here = {"project": "P-1", "register": "budget_lines", "key": "BL-1"}
    moves.close(office.governance, **here, by="ana", reason="paid")
    with pytest.raises(Refusal, match="BL-1 is closed, and is not changed"):
        office.update("P-1", "budget_lines", "BL-1", "ana", actual="11 GBP")
    moves.reopen(office.governance, **here, by="ana", reason="one bill more")
    office.update("P-1", "budget_lines", "BL-1", "ana", actual="11 GBP")
    assert asked(office, "budget_lines", "BL-1") == []


def test_a_sheet_of_figures_is_taken_in_for_lines_of_which_some_were_approved(
    office: World, tmp_path: Any
) -> None:
    line(office)
    sheet = tmp_path / "lines.csv"
    sheet.write_text("key,actual\nBL-1,7000 GBP\n", encoding="utf-8")
    bring_in(office.governance, Sheet(sheet, "budget_lines", "P-1"), by="ana")
    found = story(office, "budget_lines", "BL-1")
    assert (found.status, found.fields_["actual"]) == ("approved", "7000 GBP")


def test_a_change_request_that_is_approved_does_not_live_on(make_world: Any) -> None:
    world = make_world()
    world.project("P-1")
    world.person("ana", "project_manager", project="P-1")
    world.person("petra", "pmo_head")
    world.submit("P-1", "change_requests", "ana", cost="80000 GBP")
    world.vote("petra")
    with pytest.raises(Refusal, match="approved already, on cost among others"):
        world.update("P-1", "change_requests", "CR-1", "ana", cost="80001 GBP")


def test_a_request_for_support_is_assigned_approved_and_answered(office: World) -> None:
    """Whoever assigned it has asked for nothing, and what follows asks nobody anew."""
    wanted = {"title": "A plan", "urgency": "high"}
    office.submit("P-1", "support_requests", "ana", **wanted)
    office.update("P-1", "support_requests", "SR-1", "petra", assigned_to="sue")
    assert asked(office, "support_requests", "SR-1") == ["approval support-fast-track"]
    office.vote("petra")
    office.forward(working_days=1)
    for change in ({"answered_on": "2026-03-03"}, {"assigned_to": "ana"}):
        made = office.update("P-1", "support_requests", "SR-1", "petra", **change)
        assert (made.status, made.decided) == ("approved", True)
    office.forward(working_days=10)
    assert not any("waited for too long" in each.body for each in office.inbox("petra").messages)


def test_a_request_that_nobody_answers_is_noticed_whoever_approved_it(office: World) -> None:
    wanted = {"title": "A plan", "urgency": "high", "assigned_to": "sue"}
    office.submit("P-1", "support_requests", "ana", **wanted)
    office.vote("petra")
    office.forward(working_days=6)
    assert any("waited for too long" in each.body for each in office.inbox("petra").messages)


def test_what_should_be_approved_does_not_hold_it(make_world: Callable[..., World]) -> None:
    world = make_world(policy_from(CITY.read_text("utf-8") + WORKED_OUT + ADVISED))
    world.project("P-1")
    world.person("ana", "project_manager", project="P-1")
    world.person("petra", "pmo_head")
    costs = {"price": "101 GBP", "freight": "0 GBP", "duty": "0 GBP"}
    world.submit("P-1", "orders", "ana", title="Sand", **costs)
    world.vote("petra")
    made = world.update("P-1", "orders", "O-1", "ana", weeks=3)
    assert asked(world, "orders", "O-1") == ["approval slow"]
    assert (made.status, made.decided) == ("approved", False)


def test_what_is_asked_beside_its_decision_leaves_it_approved(
    make_world: Callable[..., World],
) -> None:
    """A ratification that waits, say: a change of something else does not undo the approval."""
    world = make_world(policy_from(CITY.read_text("utf-8") + WORKED_OUT + RATIFIED))
    world.project("P-1")
    world.person("ana", "project_manager", project="P-1")
    world.person("petra", "pmo_head")
    world.person("bo", "portfolio_board")
    costs = {"price": "101 GBP", "freight": "0 GBP", "duty": "0 GBP"}
    world.submit("P-1", "orders", "ana", title="Sand", **costs)
    world.vote("petra")
    assert asked(world, "orders", "O-1") == ["approval ratified"]
    made = world.update("P-1", "orders", "O-1", "ana", weeks=3)
    assert made.status == "approved"
    assert asked(world, "orders", "O-1") == ["approval ratified"]
    made = world.update("P-1", "orders", "O-1", "ana", weeks=4)
    assert made.status == "approved"


def test_a_move_that_waits_leaves_it_approved(make_world: Callable[..., World]) -> None:
    world = make_world(policy_from(CITY.read_text("utf-8") + WORKED_OUT.replace(*SENT)))
    world.project("P-1")
    world.person("ana", "project_manager", project="P-1")
    world.person("petra", "pmo_head")
    world.person("bo", "portfolio_board")
    costs = {"price": "101 GBP", "freight": "0 GBP", "duty": "0 GBP"}
    world.submit("P-1", "orders", "ana", title="Sand", **costs)
    world.vote("petra")
    here = {"project": "P-1", "register": "orders", "key": "O-1"}
    moves.move(world.governance, **here, to="sent", by="ana")
    assert len(asked(world, "orders", "O-1")) == 1
    made = world.update("P-1", "orders", "O-1", "ana", weeks=3)
    assert (made.status, len(asked(world, "orders", "O-1"))) == ("approved", 1)


SENT = (
    "    fields:\n      title",
    """    life_cycle:
      states: [submitted, sent]
      closed: sent
      moves: [{from: [submitted, approved], to: sent, needs: approval of portfolio_board}]
    fields:
      title""",
)
RATIFIED = """
  - id: ratified
    title: The board ratifies what the head approved
    on: order.approved
    binding: shall
    when: order.price > @"1 GBP"
    then: [{require_approval: {from: portfolio_board, within: 2 days}}]
"""
ADVISED = """
  - id: slow
    title: What takes long should be approved by the head, too
    on: order.submitted
    binding: should
    when: order.weeks > 2
    then: [{require_approval: {act: fund order, from: pmo_head, within: 2 days}}]
"""


def test_a_fact_that_is_worked_out_is_asked_for_by_what_it_is_worked_out_from(
    make_world: Callable[..., World],
) -> None:
    text = CITY.read_text("utf-8") + WORKED_OUT
    world = make_world(policy_from(text))
    world.project("P-1")
    world.person("ana", "project_manager", project="P-1")
    world.person("petra", "pmo_head")
    world.submit("P-1", "orders", "ana", title="Sand", price="5 GBP")
    body = world.inbox("ana").messages[-1].body
    said = "It is worked out, and waits for the freight and duty: 'pmo update P-1 orders O-1"
    assert f"{said} freight=... duty=...'." in body


WORKED_OUT = """
---
kind: registers
registers:
  - register: orders
    noun: order
    root: order
    plural: orders
    key_prefix: O
    decided: when asked
    fields:
      title: {type: text}
      price: {type: money}
      freight: {type: money}
      duty: {type: money, label: duty}
      weeks: {type: number}
      whole: {type: money, derived: order.price + order.freight + order.duty}
---
kind: rules
rules:
  - id: dear
    title: What is dear is the head's
    on: order.submitted
    binding: shall
    when: order.whole > @"100 GBP"
    then: [{require_approval: {from: pmo_head, within: 2 days}}]
"""
