"""A stage gate, from its opening to the stage that follows."""

from collections.abc import Callable
from functools import partial

import pytest

from pmo_engine.policy import Policy
from pmo_engine.questions.authority import who_at_gate
from pmo_engine.roles.base import Assessment, FunctionalRole, Review
from pmo_engine.roles.registry import roles
from pmo_engine.testing import World, policy_from
from pmo_engine.work.approvals import votes as approvals
from pmo_engine.work.errors import CommandError, Refusal
from pmo_engine.work.gates import reviews as gates
from pmo_engine.work.gates.course import GATE_PACK
from pmo_engine.work.people import appointments
from tests.gate_conditions import draft_condition
from tests.stories.conftest import DATABASES

pytestmark = DATABASES

FIFTEEN = (
    "benefits, commercial, stakeholders, information, performance, finance, issues, "
    "change_control, planning, quality, resources, risk, reporting, secretariat, tools"
)
POLICY = f"""\
kind: policy
name: gated
version: "1"
in_force_from: 2026-01-01
currency: GBP
packs: [{{use: office}}, {", ".join(f"{{use: {name}}}" for name in FIFTEEN.split(", "))}]
---
kind: gates
stages: [initiation, delivery, closure]
gates:
  - id: G2
    title: Delivery may begin
    from_stage: initiation
    to_stage: delivery
    assessments: [{FIFTEEN}]
    decided_by: portfolio_board
    within: 5 days
    ladder: standard
    outcomes: [go, conditional_go, hold, stop]
"""


class Judgement(FunctionalRole):
    """A role that leaves the assessment to a person."""

    id = "quality"
    title = "Quality"

    def assess(self, review: Review) -> Assessment:
        del review
        return Assessment.asked("pmo_head", "2 days")


@pytest.fixture(scope="module")
def policy() -> Policy:
    return policy_from(POLICY)


@pytest.fixture
def gated(make_world: Callable[..., World], policy: Policy) -> World:
    world = make_world(policy, roles=roles())
    world.project("P-1", stage="initiation")
    world.person("ana", "project_manager", project="P-1")
    world.person("petra", "pmo_head")
    world.person("bo", "portfolio_board")
    return world


def test_a_gate_without_assessments_is_put_to_its_body_at_once(
    make_world: Callable[..., World],
) -> None:
    without = POLICY.replace(f"[{FIFTEEN}]\n    decided", "[]\n    decided")
    world = make_world(policy_from(without), roles=roles())
    world.project("P-1", stage="initiation")
    world.person("ana", "project_manager", project="P-1")
    world.person("bo", "portfolio_board")
    review = gates.open_gate(world.governance, project="P-1", gate="G2", by="ana")
    assert (review.status, review.awaited) == ("awaiting_decision", ())
    [asked] = world.waiting_for("bo")
    question, found = asked.reasons
    assert question.startswith("May P-1 P-1 pass gate G2 into delivery? The outcomes: go, ")
    assert found == "No functional role is asked for an assessment."
    with world.governance.reading() as c:
        assert [m.kind for m in c.uow.outbox.with_state("waiting")] == ["notice"]
    assert world.vote("bo").status == "go"
    assert world.journal("P-1")[-1].kind == "gate.closed"
    with pytest.raises(Refusal, match="gate G2 of P-1 is closed"):
        gates.assess(world.governance, review_id=review.id, role="risk")


def test_who_may_decide_a_gate_is_said_before_its_body_is_asked_and_then(gated: World) -> None:
    gated.person("mo", "portfolio_board")
    gated.appoint("mo", "project_manager", project="P-1")
    review = gates.open_gate(gated.governance, project="P-1", gate="G2", by="ana")
    said = "is project manager of P-1, and nobody decides about their own project"
    with gated.governance.reading() as c:
        [first] = who_at_gate(c, review.id)
    assert (first.id, first.act, first.roles) == (None, "decide gate", ["portfolio_board"])
    gated.assess_all(review.id)
    with gated.governance.reading() as c:
        [who] = who_at_gate(c, review.id)
    assert (who.id, who.act) == (gated.waiting_for("bo")[0].id, "decide gate")
    for found in (first, who):
        assert [each.person for each in found.standings if each.may] == ["bo"]
        assert {each.person: each.why_not for each in found.standings}["mo"] == said
    gated.vote("bo")
    with gated.governance.reading() as c:
        assert who_at_gate(c, review.id) == []


def test_who_decides_a_gate_is_said_beside_who_approves_it_too(
    make_world: Callable[..., World],
) -> None:
    rule = """
---
kind: rules
rules:
  - id: head-too
    title: The head of the office approves it too
    on: gate.opened
    binding: shall
    then: [{require_approval: {from: pmo_head, within: 2 days}}]
"""
    world = make_world(policy_from(POLICY + rule), roles=roles())
    world.project("P-1", stage="initiation")
    world.person("ana", "project_manager", project="P-1")
    world.person("petra", "pmo_head")
    world.person("bo", "portfolio_board")
    review = gates.open_gate(world.governance, project="P-1", gate="G2", by="ana")
    with world.governance.reading() as c:
        found = {tuple(each.roles): each.id is None for each in who_at_gate(c, review.id)}
    assert found == {("pmo_head",): False, ("portfolio_board",): True}


def test_a_role_in_another_project_opens_no_gate(gated: World) -> None:
    gated.project("P-9", stage="initiation")
    gated.person("zoe", "project_manager", project="P-9")
    with pytest.raises(Refusal, match="Zoe holds no role in P-1, and may not open gate"):
        gates.open_gate(gated.governance, project="P-1", gate="G2", by="zoe")
    gates.open_gate(gated.governance, project="P-9", gate="G2", by="zoe")


def test_fifteen_roles_assess_and_the_board_moves_the_stage(gated: World) -> None:
    review = gates.open_gate(gated.governance, project="P-1", gate="G2", by="ana")
    assert len(review.awaited) == 15
    state = gated.assess_all(review.id)
    assert (state.status, len(state.assessments)) == ("awaiting_decision", 15)
    assert gated.inbox("bo").subjects == ["Gate G2 of P-1 needs your decision: Delivery may begin"]
    assert gated.vote("bo").status == "go"
    with gated.governance.reading() as c:
        assert c.uow.projects.get("P-1").stage == "delivery"
    assert gated.inbox("ana").subjects == ["Gate G2 of P-1: go"]


def test_an_assessment_is_recorded_once(gated: World) -> None:
    review = gates.open_gate(gated.governance, project="P-1", gate="G2", by="ana")
    first = gates.assess(gated.governance, review_id=review.id, role="risk")
    gated.submit("P-1", "risks", "ana", title="New", probability="5", impact="5")
    assert gates.assess(gated.governance, review_id=review.id, role="risk") == first


def test_opening_asks_for_the_flow_once(gated: World) -> None:
    review = gates.open_gate(gated.governance, project="P-1", gate="G2", by="ana")
    with pytest.raises(Refusal, match="under review already"):
        gates.open_gate(gated.governance, project="P-1", gate="G2", by="ana")
    with gated.governance.reading() as c:
        [request] = [m for m in c.uow.outbox.with_state("waiting") if m.kind == "flow"]
    assert request.payload["parameters"] == {"review_id": review.id}
    assert request.key == f"{review.id}/1/1"


def test_a_gate_out_of_another_stage_is_refused(gated: World) -> None:
    gated.project("P-2", stage="delivery")
    gated.appoint("ana", "project_manager", project="P-2")
    with pytest.raises(Refusal, match="P-2 is in stage 'delivery'"):
        gates.open_gate(gated.governance, project="P-2", gate="G2", by="ana")


@pytest.mark.parametrize(
    ("choice", "outcome", "stage"),
    [
        ("approve", "conditional_go", "delivery"),
        ("reject", None, "initiation"),
        ("reject", "stop", "initiation"),
    ],
)
def test_outcomes(gated: World, choice: str, outcome: str | None, stage: str) -> None:
    review = gates.open_gate(gated.governance, project="P-1", gate="G2", by="ana")
    gated.assess_all(review.id)
    draft_condition(gated, review.id)
    [row] = gated.waiting_for("bo")
    chosen = approvals.outcome_named(outcome)
    voted = approvals.vote(gated.governance, row.id, by="bo", choice=choice, outcome=chosen)  # type: ignore[arg-type]
    assert voted.status == (outcome or "hold")
    with gated.governance.reading() as c:
        assert c.uow.projects.get("P-1").stage == stage


def test_outcomes_that_do_not_fit_are_refused(gated: World) -> None:
    review = gates.open_gate(gated.governance, project="P-1", gate="G2", by="ana")
    gated.assess_all(review.id)
    [row] = gated.waiting_for("bo")
    with pytest.raises(CommandError, match="'recycle' is no outcome of gate G2"):
        approvals.vote(gated.governance, row.id, by="bo", choice="reject", outcome="recycle")
    with pytest.raises(CommandError, match="outcome 'stop': say it with 'reject'"):
        approvals.vote(gated.governance, row.id, by="bo", choice="approve", outcome="stop")
    with pytest.raises(CommandError, match="outcome 'go': say it with 'approve'"):
        approvals.vote(gated.governance, row.id, by="bo", choice="reject", outcome="go")
    assert gates.state(gated.governance, review.id).status == "awaiting_decision"


def test_a_person_who_is_asked_moves_the_review_on(
    make_world: Callable[..., World], policy: Policy
) -> None:
    world = make_world(policy, roles={**roles(), "quality": Judgement()})
    world.project("P-1", stage="initiation")
    for person, role in (("ana", "project_manager"), ("petra", "pmo_head")):
        world.person(person, role)
    world.person("bo", "portfolio_board")
    review = gates.open_gate(world.governance, project="P-1", gate="G2", by="ana")
    assert world.assess_all(review.id).status == "awaiting_assessments"
    assert world.waiting_for("bo") == []
    with pytest.raises(Refusal, match="Ana does not hold the role that was asked: the PMO head"):
        gates.answer(world.governance, review_id=review.id, role="quality", by="ana", met=True)
    state = gates.answer(
        world.governance,
        review_id=review.id,
        role="quality",
        by="petra",
        met=False,
        finding="no plan",
    )
    assert state.status == "awaiting_decision"
    assert len(world.waiting_for("bo")) == 1


RULES = """\
---
kind: rules
rules:
  - id: opening-is-prepared
    title: Papers are sent when a gate opens
    on: gate.opened
    binding: shall
    then:
      - require_evidence: {evidence: papers, from: project_manager, within: 2 days}
  - id: board-decides
    title: The board decides what was assessed
    on: gate.assessed
    binding: shall
    then:
      - require_approval: {from: portfolio_board, within: 3 days}
"""


class Plans(Judgement):
    """Another role that asks a person."""

    id = "planning"
    title = "Planning"


def test_rules_speak_about_gates_once_each(make_world: Callable[..., World]) -> None:
    asking = {**roles(), "quality": Judgement(), "planning": Plans()}
    world = make_world(policy_from(POLICY + RULES), roles=asking)
    world.project("P-1", stage="initiation")
    world.person("ana", "project_manager")
    world.person("petra", "pmo_head")
    world.person("bo", "portfolio_board")
    review = gates.open_gate(world.governance, project="P-1", gate="G2", by="ana")
    assert [row.asked_of for row in world.waiting_for("ana")] == ["papers"]
    assert world.assess_all(review.id).status == "awaiting_assessments"
    assert len(world.waiting_for("petra")) == 2
    for role in ("quality", "planning"):
        gates.answer(world.governance, review_id=review.id, role=role, by="petra", met=True)
    assert [row.rule for row in world.waiting_for("bo")] == ["board-decides"]
    with pytest.raises(Refusal, match="evidence 'papers', which rule 'opening-is-prepared' asks"):
        world.vote("bo")
    [papers] = world.waiting_for("ana")
    approvals.answer(world.governance, papers.id, by="ana", note="sent")
    assert world.vote("bo").status == "go"


@pytest.mark.parametrize(
    ("asked", "whom"),
    [
        ("raise_exception: {to: sponsor, reason: It is late, within: 2 days}", "sponsor"),
        ("require_assessment: {from: risk, within: 2 days}", "risk"),
        ("require_evidence: {evidence: papers, from: sponsor, within: 2 days}", "sponsor"),
    ],
)
def test_what_a_rule_asks_for_at_a_gate_is_answered_and_then_holds_nothing(
    make_world: Callable[..., World], asked: str, whom: str
) -> None:
    rule = (
        f"  - {{id: late, title: It is late, on: gate.opened, binding: shall, then: [{{{asked}}}]}}"
    )
    world = make_world(policy_from(f"{POLICY}---\nkind: rules\nrules:\n{rule}\n"), roles=roles())
    world.project("P-1", stage="initiation")
    world.person("ana", "project_manager")
    world.person("sue", whom)
    world.person("bo", "portfolio_board")
    review = gates.open_gate(world.governance, project="P-1", gate="G2", by="ana")
    [row] = world.waiting_for("sue")
    world.assess_all(review.id)
    with pytest.raises(Refusal, match="which rule 'late' asks for, is not there"):
        world.vote("bo")
    answered = approvals.answer(world.governance, row.id, by="sue", note="seen")
    assert answered.status == "awaiting_decision"
    assert world.waiting_for("sue") == []
    assert not [each for each in world.waiting_for("bo") if each.for_information]
    assert world.vote("bo").status == "go"


SIGNED = """\
---
kind: rules
rules:
  - id: opened-with-consent
    title: The PMO head agrees when a gate opens
    on: gate.opened
    binding: shall
    then:
      - require_approval: {from: pmo_head, within: 3 days}
  - id: signed
    title: The change authority signs what was assessed
    on: gate.assessed
    binding: shall
    then:
      - require_approval: {from: change_authority, act: sign gate, within: 3 days}
---
kind: terms_of_reference
for: change_authority
authority: [{id: signs, may: sign gate, up_to: unlimited}]
"""


@pytest.fixture
def signed(make_world: Callable[..., World]) -> World:
    world = make_world(policy_from(POLICY + SIGNED), roles=roles())
    world.project("P-1", stage="initiation")
    world.person("ana", "project_manager", project="P-1")
    world.person("petra", "pmo_head")
    world.person("carl", "change_authority")
    world.person("bo", "portfolio_board")
    return world


def test_no_other_approval_closes_a_gate_before_its_body_has_decided(signed: World) -> None:
    review = gates.open_gate(signed.governance, project="P-1", gate="G2", by="ana")
    assert signed.vote("petra").status == "assessing"
    signed.assess_all(review.id)
    [asked] = signed.waiting_for("carl")
    approvals.vote(signed.governance, asked.id, by="carl", choice="approve")
    assert gates.state(signed.governance, review.id).status == "awaiting_decision"
    draft_condition(signed, review.id)
    [row] = signed.waiting_for("bo")
    voted = approvals.vote(
        signed.governance, row.id, by="bo", choice="approve", outcome="conditional_go"
    )
    assert voted.status == "conditional_go"


def test_a_body_that_has_decided_waits_for_who_signs_beside_it(signed: World) -> None:
    review = gates.open_gate(signed.governance, project="P-1", gate="G2", by="ana")
    signed.vote("petra")
    signed.assess_all(review.id)
    draft_condition(signed, review.id)
    [row] = signed.waiting_for("bo")
    voted = approvals.vote(
        signed.governance, row.id, by="bo", choice="approve", outcome="conditional_go"
    )
    assert voted.status == "awaiting_decision"
    assert signed.vote("carl").status == "conditional_go"


def test_who_refuses_to_sign_refuses_the_gate(signed: World) -> None:
    review = gates.open_gate(signed.governance, project="P-1", gate="G2", by="ana")
    signed.vote("petra")
    signed.assess_all(review.id)
    assert signed.vote("carl", "reject").status == "hold"
    assert signed.waiting_for("bo") == []


def test_who_opened_a_gate_does_not_decide_it(gated: World) -> None:
    review = gates.open_gate(gated.governance, project="P-1", gate="G2", by="bo")
    gated.assess_all(review.id)
    assert gated.waiting_for("bo") == []
    with gated.governance.reading() as c:
        [asked] = c.uow.obligations.stuck()
    with pytest.raises(Refusal, match="nobody approves a request of their own"):
        approvals.vote(gated.governance, asked.id, by="bo", choice="approve")


def test_the_manager_of_a_project_who_sits_on_the_board_does_not_decide_its_gate(
    gated: World,
) -> None:
    gated.appoint("ana", "portfolio_board")
    review = gates.open_gate(gated.governance, project="P-1", gate="G2", by="petra")
    gated.assess_all(review.id)
    assert gated.waiting_for("ana") == []
    [row] = gated.waiting_for("bo")
    with pytest.raises(Refusal, match="is project manager of P-1, and nobody decides about their"):
        approvals.vote(gated.governance, row.id, by="ana", choice="approve")
    assert gated.vote("bo").status == "go"


def test_who_managed_the_project_in_the_stage_that_ends_does_not_decide_its_gate(
    gated: World,
) -> None:
    gated.person("ann", "project_manager", project="P-1")
    gated.appoint("ann", "portfolio_board")
    end = partial(appointments.end, gated.governance, role="project_manager", project="P-1")
    gated.forward(hours=24)
    end(person="ann", by="bo")
    gated.forward(hours=24 * 30)
    review = gates.open_gate(gated.governance, project="P-1", gate="G2", by="ana")
    gated.assess_all(review.id)
    [asked] = gated.waiting_for("bo")
    with pytest.raises(Refusal, match="Ann was project manager of P-1"):
        approvals.vote(gated.governance, asked.id, by="ann", choice="approve")
    approvals.vote(gated.governance, asked.id, by="bo", choice="reject")
    again = gates.open_gate(gated.governance, project="P-1", gate="G2", by="ana")
    gated.assess_all(again.id)
    with pytest.raises(Refusal, match="Ann was project manager of P-1"):
        approvals.vote(gated.governance, gated.waiting_for("bo")[0].id, by="ann", choice="approve")


def test_closing_asks_for_the_gate_pack(gated: World) -> None:
    review = gates.open_gate(gated.governance, project="P-1", gate="G2", by="ana")
    gated.assess_all(review.id)
    gated.vote("bo")
    with gated.governance.reading() as c:
        message = c.uow.outbox.by_key(f"{notices_key(review.id)}")
    assert message is not None
    assert message.subject == GATE_PACK


def notices_key(review_id: str) -> str:
    return f"{GATE_PACK}/{review_id}"
