"""What should be given is departed from for a reason; whoever is asked no more hears of it."""

from collections.abc import Callable

import pytest

from pmo_engine.queries.told import in_words
from pmo_engine.roles.registry import roles
from pmo_engine.testing import World, policy_from, story_of
from pmo_engine.work.approvals import votes, waiver
from pmo_engine.work.errors import Refusal
from pmo_engine.work.gates import reviews
from pmo_engine.work.records import endings
from pmo_engine.work.versions import adoption, drafting
from tests.stories.conftest import CITY, DATABASES
from tests.stories.test_promises import BOARD_SHOULD

pytestmark = DATABASES

CR_1 = {"project": "P-1", "register": "change_requests", "key": "CR-1"}
REPORT = """
  - id: report-shall
    title: A test report is there
    on: change_request.submitted
    binding: shall
    then: [{require_evidence: {evidence: test report, from: project_manager, within: 9 days}}]
"""
IN_ITS_TIME = "within: 3 working days"
LAPSES = "within: 3 working days, when_time_is_up: lapses"
TITLE = "Change request CR-1 of P-1"
ASKED, OVER = f"{TITLE} needs your decision", f"{TITLE} no longer waits for you"


@pytest.fixture
def make_city(make_world: Callable[..., World]) -> Callable[[str], World]:
    def make(rules: str) -> World:
        world = make_world(policy_from(CITY.read_text("utf-8") + rules))
        world.project("P-1")
        for person, role in {"ana": "project_manager", "petra": "pmo_head"}.items():
            world.person(person, role)
        world.person("bo", "portfolio_board")
        world.person("sam")
        world.submit("P-1", "change_requests", "sam", cost="80000 GBP")
        return world

    return make


def vote(world: World, person: str, reason: str = "", **more: str) -> votes.Voted:
    (row,) = (each for each in world.waiting_for(person) if each.kind == "approval")
    choice = {"choice": "approve", **more}
    return votes.vote(world.governance, row.id, by=person, reason=reason, **choice)


def heard(world: World, person: str) -> dict[str, str]:
    """What somebody was told, by its subject line: those of one moment have no order."""
    return {each.subject: each.body for each in world.inbox(person).messages}


def statuses(world: World) -> dict[str, str]:
    told = story_of(world.governance, **CR_1)
    return {each.target: each.status for each in told.obligations}


def journalled(world: World, kind: str, chain: str = "P-1") -> list[dict[str, object]]:
    return [line.body for line in world.journal(chain) if line.kind == kind]


def test_who_decides_without_it_says_why(make_city: Callable[[str], World]) -> None:
    world = make_city(BOARD_SHOULD)
    with pytest.raises(Refusal, match="should have the approval of the portfolio board") as refused:
        vote(world, "petra")
    assert "(board-should-see) first, which is not there: say with --reason" in str(refused.value)
    assert statuses(world) == {"pmo_head": "open", "portfolio_board": "open"}
    assert journalled(world, "departed") == []
    assert vote(world, "petra", "The board does not meet").status == "approved"
    (line,) = journalled(world, "departed")
    assert (line["rule"], line["reason"]) == ("board-should-see", "The board does not meet")
    assert in_words("departed", dict(line), world.governance.rules.policy) == (
        "decided without the approval of the portfolio board, which should be there: "
        "The board does not meet"
    )


def test_who_was_asked_hears_that_nobody_waits_any_more(
    make_city: Callable[[str], World],
) -> None:
    world = make_city(BOARD_SHOULD)
    vote(world, "petra", "The board does not meet")
    assert heard(world, "bo")[OVER] == "It is approved by Petra."
    (line,) = journalled(world, "obligation.withdrawn")
    assert (line["target"], line["asked"]) == ("portfolio_board", ["bo"])


def test_a_fact_that_a_rule_does_not_know_only_warns(make_city: Callable[[str], World]) -> None:
    asks = "    binding: should\n"
    world = make_city(BOARD_SHOULD.replace(asks, f'{asks}    when: change.category = "scope"\n'))
    assert statuses(world) == {"pmo_head": "open"}
    assert vote(world, "petra").status == "approved"


def test_a_fact_that_should_be_given_is_departed_from_too(
    make_city: Callable[[str], World],
) -> None:
    asked = "require_approval: {from: portfolio_board,"
    told = "require_information: {facts: [change.category], from: project_manager,"
    world = make_city(BOARD_SHOULD.replace(asked, told))
    with pytest.raises(Refusal, match="should have the change's category \\(board-should-see"):
        vote(world, "petra")
    assert vote(world, "petra", "It is plain").status == "approved"


def test_what_is_given_in_time_is_not_departed_from(make_city: Callable[[str], World]) -> None:
    world = make_city(BOARD_SHOULD)
    vote(world, "bo")
    assert vote(world, "petra").status == "approved"
    assert journalled(world, "departed") == []


def test_a_refusal_asks_for_no_reason(make_city: Callable[[str], World]) -> None:
    world = make_city(BOARD_SHOULD)
    assert vote(world, "petra", choice="reject").status == "rejected"
    assert heard(world, "bo")[OVER] == "It is rejected by Petra."
    assert not any("no longer waits" in each for each in world.inbox("sam").subjects)


def test_what_comes_last_decides_by_the_reason_of_whoever_approved(
    make_city: Callable[[str], World],
) -> None:
    world = make_city(BOARD_SHOULD + REPORT)
    assert vote(world, "petra", "The board does not meet").status == "submitted"
    (report,) = (each for each in world.waiting_for("ana") if each.kind == "evidence")
    assert votes.answer(world.governance, report.id, by="ana", note="done").status == "approved"
    (line,) = journalled(world, "departed")
    assert line["reason"] == "The board does not meet"


MINUTE_SHOULD = """
  - id: minute-should
    title: A minute should be there
    on: change_request.submitted
    binding: should
    then: [{require_evidence: {evidence: minute, from: project_manager, within: 9 days}}]
"""


def test_each_thing_that_is_not_waited_for_is_told(make_city: Callable[[str], World]) -> None:
    world = make_city(BOARD_SHOULD + MINUTE_SHOULD)
    assert vote(world, "petra", "Both are for May").status == "approved"
    lines = journalled(world, "departed")
    assert sorted(str(each["rule"]) for each in lines) == ["board-should-see", "minute-should"]
    assert {each["reason"] for each in lines} == {"Both are for May"}


def test_why_somebody_abstained_is_no_reason_to_depart(make_world: Callable[..., World]) -> None:
    hands = "members: 3\nquorum: {meet: 3, vote: 2}\n"
    text = CITY.read_text("utf-8").replace("voting: A show of hands.\n", hands)
    world = make_world(policy_from(text + BOARD_SHOULD + REPORT + MINUTE_SHOULD))
    world.project("P-1")
    for person, role in {"ana": "project_manager", "petra": "pmo_head"}.items():
        world.person(person, role)
    for person in ("bo", "bea", "cem"):
        world.person(person, "portfolio_board")
    world.person("sam")
    world.submit("P-1", "change_requests", "sam", cost="300000 GBP")
    vote(world, "petra")
    vote(world, "bo", "No view", choice="abstain")
    vote(world, "bea")
    assert vote(world, "cem").status == "submitted"
    (report,) = (e for e in world.waiting_for("ana") if e.rule == "report-shall")
    assert votes.answer(world.governance, report.id, by="ana", note="done").status == "submitted"
    assert journalled(world, "departed") == []


def test_without_a_reason_it_waits_until_whoever_decided_gives_one(
    make_city: Callable[[str], World],
) -> None:
    world = make_city(BOARD_SHOULD + REPORT)
    assert vote(world, "petra").status == "submitted"
    (report,) = (each for each in world.waiting_for("ana") if each.kind == "evidence")
    assert votes.answer(world.governance, report.id, by="ana", note="no. 7").status == "submitted"
    (board,) = world.waiting_for("bo")
    for person in ("ana", "sam", "bo"):
        with pytest.raises(Refusal, match="no terms let anybody waive approval"):
            waiver.waive(world.governance, board.id, by=person, reason="quick")
    assert (
        waiver.waive(world.governance, board.id, by="petra", reason="Urgent").status == "approved"
    )
    assert world.inbox("bo").messages[-1].body == "Waived by Petra: Urgent"


def test_whoever_decided_waives_nothing_that_shall_be_given(
    make_city: Callable[[str], World],
) -> None:
    world = make_city(REPORT.replace("  - id", "---\nkind: rules\nrules:\n  - id", 1))
    vote(world, "petra")
    (report,) = (each for each in world.waiting_for("ana") if each.kind == "evidence")
    with pytest.raises(Refusal, match="Petra may not waive evidence"):
        waiver.waive(world.governance, report.id, by="petra", reason="Urgent")


def test_a_version_that_says_something_else_is_decided_anew(
    make_city: Callable[[str], World],
) -> None:
    world = make_city(BOARD_SHOULD + REPORT)
    vote(world, "petra", "The board does not meet")
    world.update("P-1", "change_requests", "CR-1", "sam", cost="81000 GBP")
    with pytest.raises(Refusal, match="no terms let anybody waive approval"):
        waiver.waive(world.governance, world.waiting_for("bo")[0].id, by="petra", reason="Urgent")
    (report,) = (each for each in world.waiting_for("ana") if each.kind == "evidence")
    votes.answer(world.governance, report.id, by="ana", note="done")
    with pytest.raises(Refusal, match="should have the approval"):
        vote(world, "petra")


def test_what_lapses_is_not_waited_for(make_city: Callable[[str], World]) -> None:
    world = make_city((BOARD_SHOULD + REPORT).replace(IN_ITS_TIME, LAPSES))
    vote(world, "petra")
    (report,) = (each for each in world.waiting_for("ana") if each.kind == "evidence")
    assert votes.answer(world.governance, report.id, by="ana", note="done").status == "submitted"
    world.forward(working_days=4)
    assert statuses(world)["portfolio_board"] == "lapsed"
    assert world.status(**CR_1) == "approved"


def test_who_is_asked_no_more_after_a_change_hears_why(make_city: Callable[[str], World]) -> None:
    world = make_city("")
    world.update("P-1", "change_requests", "CR-1", "sam", cost="20000 GBP")
    said = "It is not asked for any more: cost: 80000 GBP, now 20000 GBP."
    assert heard(world, "petra")[OVER] == said
    assert world.inbox("ana").subjects == [f"{ASKED}: 20,000 GBP"]


def test_who_takes_it_back_tells_each_once(make_city: Callable[[str], World]) -> None:
    world = make_city(BOARD_SHOULD)
    ended = endings.withdraw(world.governance, **CR_1, by="sam")
    assert ended.told == ("bo", "petra")
    assert sorted(world.inbox("bo").subjects) == [f"{TITLE} is withdrawn", f"{ASKED}: 80,000 GBP"]


def test_who_adopts_hears_that_a_version_is_withdrawn(make_city: Callable[[str], World]) -> None:
    world = make_city("")
    policy = policy_from(CITY.read_text("utf-8").replace('"2026.1"', '"2026.2"'))
    adoption.adopt(world.governance, policy, by="petra")
    drafting.withdraw(world.governance, "2026.2", by="petra", reason="A slip")
    assert "It is withdrawn by Petra: A slip" in heard(world, "bo").values()


GATED = """\
kind: policy
name: gated
version: "1"
in_force_from: 2026-01-01
currency: GBP
packs: [{use: office}]
---
kind: gates
stages: [design, delivery]
gates:
  - id: G1
    title: Delivery may begin
    from_stage: design
    to_stage: delivery
    assessments: []
    decided_by: portfolio_board
    within: 2 working days
    outcomes: [go, stop]
---
kind: rules
rules:
  - id: head-should
    title: The head should look at the gate
    on: gate.assessed
    binding: should
    then: [{require_approval: {from: pmo_head, within: 3 working days}}]
"""


def test_a_gate_is_passed_without_it_for_a_reason(make_world: Callable[..., World]) -> None:
    world = make_world(policy_from(GATED), roles=roles())
    world.project("P-1", stage="design")
    world.person("ana", "project_manager", project="P-1")
    world.person("petra", "pmo_head")
    world.person("bo", "portfolio_board")
    review = reviews.open_gate(world.governance, project="P-1", gate="G1", by="ana")
    world.assess_all(review.id)
    with pytest.raises(Refusal, match="Gate G1 of P-1 should have the approval"):
        vote(world, "bo")
    assert vote(world, "bo", "The head is away").status == "go"
    assert "It is decided by Bo: go." in heard(world, "petra").values()
    (line,) = journalled(world, "departed")
    assert line["rule"] == "head-should"
