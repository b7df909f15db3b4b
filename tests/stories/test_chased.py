"""Whatever is asked of somebody is chased by its ladder: they are reminded, and it goes up."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from pmo_engine.model.durations import Span
from pmo_engine.roles.registry import roles
from pmo_engine.testing import World, policy_from
from pmo_engine.work.acts import HOLD_PROJECT
from pmo_engine.work.approvals.stuck import stuck
from pmo_engine.work.gates import reviews as gates
from pmo_engine.work.people.project_states import set_state
from tests.stories.conftest import CITY, DATABASES
from tests.stories.test_gates import Judgement

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

GATED = """
kind: policy
name: gated
version: "1"
currency: GBP
packs: [{use: office}, {use: quality}]
---
kind: roles
roles: [{id: treasurer, title: treasurer, senior: sponsor}]
functional: [{role: quality, performed_by: specialist}]
---
kind: ladders
ladders:
  - id: soon
    rungs: [{at: 100 %, remind: addressee}, {after: 1 day, escalate: senior}]
---
kind: gates
stages: [plan, build]
gates:
  - id: G1
    title: Ready to build
    from_stage: plan
    to_stage: build
    assessments: [{role: quality, in_person: true, within: 2 days, ladder: soon}]
    decided_by: portfolio_board
    within: 5 days
    ladder: soon
    outcomes: [go, stop]
    criteria: []
    evidence:
      - {id: case, text: The business case, from: treasurer, within: 2 days, ladder: soon}
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
        ("require_information", "facts: [change.category]", "sam", "petra"),
        ("require_evidence", "evidence: plan", "sam", "petra"),
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


@pytest.mark.parametrize("ladder", ["patience", "none"])
def test_what_is_overdue_at_the_top_stands_on_the_list_of_what_is_stuck(
    make_world: Callable[..., World], ladder: str
) -> None:
    text = CITY.read_text("utf-8")
    by = "calendar: town-hall\ndefault_ladder: patience\n"
    text = text.replace("calendar: town-hall\n", by, 1) if ladder == "patience" else text
    of = "from: portfolio_board, act: approve the plan"
    world = make_world(policy_from(text + ASKED.format(verb="require_approval", of=of)))
    world.project("P-1")
    for person, *role in (("petra", "pmo_head"), ("bo", "portfolio_board"), ("sam",)):
        world.person(person, *role)
    world.submit("P-1", "change_requests", "sam", cost="0 GBP")

    def listed() -> list[tuple[str, list[str], list[str]]]:
        with world.governance.reading() as c:
            return [(each.title, each.may, each.why) for each in stuck(c)]

    wait(world, "2 working days")
    assert listed() == []
    wait(world, "1 working day")
    why = "it is overdue, nobody is reminded of it any more, and Bo may act on it"
    assert listed() == [("Change request CR-1 of P-1", ["bo"], [why])]
    assert world.sweep().stuck == 1
    [shown] = world.waiting_for("petra")
    assert (shown.stuck, shown.for_information, shown.reasons) == (True, True, [why])
    [own] = world.waiting_for("bo")
    assert (own.stuck, own.for_information) == (False, False)
    world.vote("bo")
    assert listed() == []


def test_a_head_who_may_act_on_what_is_overdue_has_it_once_and_for_themself(
    town: Callable[[str, str], World],
) -> None:
    world = town("require_approval", "from: pmo_head, act: approve the plan")
    world.submit("P-1", "change_requests", "sam", cost="0 GBP")
    for _ in range(3):
        wait(world, "2 working days")
    [own] = [each for each in world.waiting_for("petra") if each.kind == "approval"]
    assert (own.stuck, own.for_information) == (False, False)
    with world.governance.reading() as c:
        assert [each.may for each in stuck(c)] == [["petra", "bo"]]
    set_state(world.governance, project="P-1", act=HOLD_PROJECT, reason="no money", by="bo")
    assert world.sweep().stuck == 0


def test_what_a_gate_asks_for_is_chased_each_by_its_own_ladder(
    make_world: Callable[..., World],
) -> None:
    world = make_world(policy_from(GATED), roles=roles())
    world.project("P-1", stage="plan")
    world.person("ana", "project_manager", project="P-1")
    people = {"quinn": "quality", "petra": "pmo_head", "tom": "treasurer", "spo": "sponsor"}
    for person, role in {**people, "bo": "portfolio_board"}.items():
        world.person(person, role)

    def heard(what: str) -> set[str]:
        return {who for who in (*people, "bo") if any(what in e for e in world.inbox(who).subjects)}

    id = gates.open_gate(world.governance, project="P-1", gate="G1", by="ana").id
    gates.assess(world.governance, review_id=id, role="quality")
    world.forward(hours=24)
    assert heard("Reminder") == set()
    world.forward(hours=24)
    assert (heard("Reminder"), heard("still waits for")) == ({"quinn", "tom"}, set())
    world.forward(hours=24)
    assert heard("still waits for") == {"quinn", "petra", "tom", "spo"}
    gates.answer(world.governance, review_id=id, role="quality", by="quinn", met=True)
    world.forward(hours=96)
    assert "bo" not in heard("Reminder")
    world.forward(hours=24)
    assert "bo" in heard("Reminder")


def test_a_gate_asks_in_person_when_it_is_opened_and_no_flow_is_needed(
    make_world: Callable[..., World],
) -> None:
    world = make_world(policy_from(GATED), roles=roles())
    world.project("P-1", stage="plan")
    world.person("ana", "project_manager", project="P-1")
    world.person("quinn", "quality")
    world.person("petra", "pmo_head")
    review = gates.open_gate(world.governance, project="P-1", gate="G1", by="ana")
    assert (review.status, review.awaited) == ("awaiting_assessments", ())
    [asked] = world.waiting_for("quinn")
    assert (asked.kind, asked.due is not None) == ("assessment", True)
    gates.assess(world.governance, review_id=review.id, role="quality")
    gates.assess_awaited(world.governance, review_id=review.id, by="ana")
    assert [each.id for each in world.waiting_for("quinn")] == [asked.id]
    world.forward(hours=72)
    assert sum("needs your assessment" in each for each in world.inbox("quinn").subjects) == 1
    assert any("still waits for" in each for each in world.inbox("petra").subjects)


def test_what_a_role_leaves_to_a_person_is_chased_by_the_policys_ladder(
    make_world: Callable[..., World],
) -> None:
    in_person = "{role: quality, in_person: true, within: 2 days, ladder: soon}"
    text = GATED.replace(in_person, "quality")
    text = text.replace("currency: GBP", "currency: GBP\ndefault_ladder: soon", 1)
    world = make_world(policy_from(text), roles={**roles(), "quality": Judgement()})
    world.project("P-1", stage="plan")
    world.person("ana", "project_manager", project="P-1")
    world.person("petra", "pmo_head")
    world.person("quinn", "quality")
    id = gates.open_gate(world.governance, project="P-1", gate="G1", by="ana").id
    gates.assess(world.governance, review_id=id, role="quality")
    assert "assessment" in [each.kind for each in world.waiting_for("petra")]
    assert world.waiting_for("quinn") == []
    world.forward(hours=48)
    reminders = [each for each in world.inbox("petra").subjects if each.startswith("Reminder")]
    assert any("the quality role" in each for each in reminders)


def test_a_sweep_assesses_what_no_flow_came_for(make_world: Callable[..., World]) -> None:
    in_person = "{role: quality, in_person: true, within: 2 days, ladder: soon}"
    text = GATED.replace(in_person, "quality")
    world = make_world(policy_from(text), roles=roles())
    world.project("P-1", stage="plan")
    world.person("ana", "project_manager", project="P-1")
    world.person("bo", "portfolio_board")
    review = gates.open_gate(world.governance, project="P-1", gate="G1", by="ana")
    world.clock.forward(timedelta(minutes=59))
    world.sweep()
    assert gates.state(world.governance, review.id).status == "assessing"
    world.clock.forward(timedelta(minutes=1))
    world.sweep()
    assert gates.state(world.governance, review.id).status == "awaiting_decision"
    assert "approval" in [each.kind for each in world.waiting_for("bo")]
