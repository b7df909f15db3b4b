"""What a gate asks: criteria judged by the registers or by people, and evidence that has an age."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from pmo_engine.notify.channel import AppriseChannel
from pmo_engine.notify.inbox import InboxServer
from pmo_engine.policy import Policy
from pmo_engine.queries.journal import Which
from pmo_engine.queries.reviews import review_story
from pmo_engine.queries.timeline import timeline
from pmo_engine.questions.authority import who_at_gate
from pmo_engine.roles.registry import roles
from pmo_engine.testing import World, at_once, policy_from
from pmo_engine.testing.at_once import Failed
from pmo_engine.work.approvals import votes
from pmo_engine.work.errors import CommandError, Refusal
from pmo_engine.work.gates import evidence, judging, packs
from pmo_engine.work.gates import reviews as gates
from pmo_engine.work.gates.evidence import Shown
from pmo_engine.work.notices.delivery import deliver
from pmo_engine.work.records import endings
from pmo_engine.work.records.attachments import attach

POLICY = """\
kind: policy
name: judged
version: "1"
in_force_from: 2026-01-01
currency: GBP
packs: [{use: office}, {use: risk}, {use: quality}]
---
kind: roles
roles: [{id: treasurer, title: treasurer, senior: sponsor}]
functional: [{role: risk, performed_by: specialist}, {role: quality, performed_by: specialist}]
---
kind: gates
stages: [plan, build]
gates:
  - id: G1
    title: Ready to build
    from_stage: plan
    to_stage: build
    assessments: [{role: quality, in_person: true, within: 2 days, independent: true}]
    decided_by: portfolio_board
    within: 5 days
    ladder: standard
    outcomes: [go, conditional_go, stop]
    criteria:
      - id: calm
        text: No risk is severe
        when: not(some r in risks satisfies r.probability * r.impact >= 20)
      - {id: paid, text: The money is there, judged_by: treasurer, evidence: [case]}
      - {id: gain, text: Visitors gain from it, level: should, role: quality, hurdle: 6, weight: 2}
      - id: ready
        text: The site is ready
        level: should
        score: if count(risks) = 0 then 10 else 4
        hurdle: 5
    evidence:
      - {id: case, text: The business case, max_age: 6 months}
      - {id: register, text: The risks as they are, register: risks, from: treasurer, within: 1 day}
"""


SQLITE = ("compiled", "sqlite")
BOTH = [SQLITE, ("compiled", "postgresql")]


@pytest.fixture(params=[SQLITE])
def place(request: pytest.FixtureRequest) -> tuple[str, str]:
    """Judge by one engine on one database, but for what is another there."""
    backend, database = request.param
    return backend, request.getfixturevalue(f"{database}_url")


@pytest.fixture(scope="module")
def policy() -> Policy:
    return policy_from(POLICY)


TWO_OF_THREE = """
---
kind: terms_of_reference
for: portfolio_board
members: 3
quorum: {meet: 2, vote: 2}
"""


@pytest.fixture
def world(make_world: Callable[..., World], policy: Policy) -> World:
    return office(make_world, policy)


def office(make_world: Callable[..., World], policy: Policy) -> World:
    made = make_world(policy, roles=roles())
    made.project("P-1", stage="plan")
    made.person("ana", "project_manager", project="P-1")
    for person, role in (("tom", "treasurer"), ("quinn", "quality"), ("bo", "portfolio_board")):
        made.person(person, role)
    return made


def opened(world: World) -> str:
    id = gates.open_gate(world.governance, project="P-1", gate="G1", by="ana").id
    gates.assess(world.governance, review_id=id, role="quality")
    return id


def judged(world: World, id: str, *, paid: bool = True, gain: int = 7) -> None:
    gates.answer(world.governance, review_id=id, role="quality", by="quinn", met=True)
    judge = partial(judging.judge, world.governance, review_id=id)
    judge(criterion="paid", by="tom", met=paid)
    judge(criterion="gain", by="quinn", score=gain)


def show(world: World, id: str, **days: int) -> None:
    dated = date(2026, 3, 2) - timedelta(**days)
    case = Shown(document="Business case 4", dated=dated)
    evidence.give(world.governance, review_id=id, evidence="case", shown=case, by="ana")
    risk = world.submit("P-1", "risks", "ana", title="Mud", probability="1", impact="1")
    entry = Shown(register="risks", key=risk.key)
    evidence.give(world.governance, review_id=id, evidence="register", shown=entry, by="tom")


def standing(world: World, id: str) -> judging.GateStanding:
    with world.governance.reading() as c:
        return judging.standing_of_review(c, id)


def passes(world: World, outcome: str = "go") -> str:
    (row,) = (each for each in world.waiting_for("bo") if each.kind == "approval")
    chosen = votes.outcome_named(outcome)
    choice = "approve" if outcome != "stop" else "reject"
    return votes.vote(world.governance, row.id, by="bo", choice=choice, outcome=chosen).status


def test_people_are_asked_for_judgements_and_evidence_when_a_gate_opens(world: World) -> None:
    id = opened(world)
    asked = {who: {r.asked_of for r in world.waiting_for(who)} for who in ("ana", "tom", "quinn")}
    assert asked == {
        "ana": {"case"},
        "tom": {"criterion paid", "register"},
        "quinn": {"criterion gain", "quality"},
    }
    assert world.waiting_for("bo") == []
    judged(world, id)
    assert gates.state(world.governance, id).status == "awaiting_decision"
    assert (
        "It may not be passed: evidence 'case' is missing" in world.waiting_for("bo")[0].reasons[-1]
    )


def test_the_id_of_what_is_asked_about_a_gate_leads_to_its_review(world: World) -> None:
    id = opened(world)
    asked = world.waiting_for("tom")[0].id
    with pytest.raises(CommandError, match=f"asked about a gate; its review is {id[:8]}"):
        gates.find(world.governance, asked[:8])


def test_what_a_gate_asks_of_whom_is_said_by_who_may_do_it(world: World) -> None:
    id = opened(world)
    with world.governance.reading() as c:
        found = {each.act: each.roles for each in who_at_gate(c, id)}
    assert found == {
        "judge criterion paid": ["treasurer"],
        "judge criterion gain": ["quality"],
        "give assessment": ["quality"],
        "show case": ["project_manager"],
        "show register": ["treasurer"],
        "decide gate": ["portfolio_board"],
    }


def test_a_gate_passes_when_all_that_it_asks_is_there(world: World) -> None:
    id = opened(world)
    judged(world, id)
    show(world, id, days=10)
    found = standing(world, id)
    assert (found.against, found.left) == ((), ("go", "conditional_go", "stop"))
    assert (found.score, found.hurdle) == ("6.00", "5.67")  # 2 x 7 and 4, against 2 x 6 and 5
    assert passes(world) == "go"
    kept = {each.id: (each.answer, each.by) for each in standing(world, id).criteria}
    assert kept == {
        "calm": ("yes", "pmo-engine"),
        "paid": ("yes", "tom"),
        "gain": ("yes", "quinn"),
        "ready": ("no", "pmo-engine"),
    }


@pytest.mark.parametrize("outcome", ["go", "conditional_go"])
def test_a_must_that_is_no_lets_nothing_pass(world: World, outcome: str) -> None:
    id = opened(world)
    judged(world, id, paid=False)
    show(world, id, days=10)
    with pytest.raises(Refusal, match=r"must 'paid' is no.*The outcomes left are: stop"):
        passes(world, outcome)
    assert passes(world, "stop") == "stop"


def test_a_must_by_the_registers_is_judged_as_they_are_at_the_vote(world: World) -> None:
    id = opened(world)
    judged(world, id)
    show(world, id, days=10)
    world.submit("P-1", "risks", "ana", title="Flood", probability="5", impact="5")
    with pytest.raises(Refusal, match="must 'calm' is no"):
        passes(world)
    world.update("P-1", "risks", "R-2", "ana", impact="1")
    assert passes(world) == "go"
    world.submit("P-1", "risks", "ana", title="Fire", probability="5", impact="5")
    assert standing(world, id).against == ()  # as it stood when it was decided


def test_what_cannot_be_told_is_neither_a_yes_nor_a_no(world: World) -> None:
    id = opened(world)
    judged(world, id)
    show(world, id, days=10)
    world.submit("P-1", "risks", "ana", title="Flood", probability="5")
    with pytest.raises(Refusal, match=r"must 'calm' cannot be told.*not known: risk R-2's impact"):
        passes(world)


def test_evidence_counts_up_to_its_last_day_and_says_so_after_the_gate(world: World) -> None:
    id = opened(world)
    judged(world, id)
    show(world, id, days=180)  # from 2025-09-03
    assert standing(world, id).evidence[0].valid_until == "2026-03-03"
    world.forward(hours=48)
    with pytest.raises(Refusal, match="evidence 'case' of 2025-09-03 counted until 2026-03-03"):
        passes(world)
    fresh = Shown(document="Business case 5", dated=date(2025, 9, 4))
    evidence.give(world.governance, review_id=id, evidence="case", shown=fresh, by="ana")
    assert passes(world) == "go"
    assert standing(world, id).evidence[0].state == "there"
    world.forward(hours=24)
    assert standing(world, id).evidence[0].state == "out of date"


def test_who_voted_on_other_evidence_is_asked_anew(make_world: Callable[..., World]) -> None:
    world = office(make_world, policy_from(POLICY + TWO_OF_THREE))
    for person in ("bea", "cem"):
        world.person(person, "portfolio_board")
    id = opened(world)
    judged(world, id)
    show(world, id, days=1)
    (row,) = (each for each in world.waiting_for("bo") if each.kind == "approval")
    votes.vote(world.governance, row.id, by="bo", choice="approve", outcome="go")
    packs = [line.kind for line in world.journal("P-1")].count("gate.packed")
    other = Shown(document="Business case 5", dated=date(2026, 3, 1))
    evidence.give(world.governance, review_id=id, evidence="case", shown=other, by="ana")
    told = world.inbox("bo").messages[-1]
    assert told.subject == "Gate G1 of P-1 needs your decision: Ready to build"
    assert "Ana shows the evidence 'case' anew: your vote is asked for anew." in told.body
    assert [line.kind for line in world.journal("P-1")].count("gate.packed") == packs + 1
    with world.governance.reading() as c:
        said = [each.text for each in timeline(c, Which(kind="votes.void")).items]
    assert said == [
        "Ana shows the evidence 'case' anew: the votes of Bo count no more, and are asked anew"
    ]
    votes.vote(world.governance, row.id, by="bea", choice="approve", outcome="go")
    last = votes.vote(world.governance, row.id, by="bo", choice="approve", outcome="go")
    assert last.status == "go"


def asked_for_evidence(world: World, id: str) -> list[tuple[str, str]]:
    with world.governance.reading() as c:
        rows = review_story(c, id).obligations
    return [(each.target, each.reasons[-1]) for each in rows if each.status == "open"]


def test_where_what_was_shown_counts_no_more_newer_evidence_is_asked_for(world: World) -> None:
    id = opened(world)
    judged(world, id)
    show(world, id, days=180)  # it counts until 2026-03-03
    world.forward(hours=24)
    world.sweep()
    assert [target for target, _ in asked_for_evidence(world, id)] == ["portfolio_board"]
    world.forward(hours=24)
    world.sweep()
    world.sweep()
    board, case = asked_for_evidence(world, id)
    assert (board[0], case[0]) == ("portfolio_board", "case")
    assert case[1] == "What was shown is of 3 September 2025, and counts no more."
    [waits] = [row for row in world.waiting_for("ana") if row.kind == "evidence"]
    fresh = Shown(document="Business case 5", dated=date(2025, 9, 4))
    evidence.give(world.governance, review_id=id, evidence="case", shown=fresh, by="ana")
    world.sweep()
    assert [target for target, _ in asked_for_evidence(world, id)] == ["portfolio_board"]
    world.forward(hours=24)
    world.sweep()  # and that is of yesterday, too
    assert [target for target, _ in asked_for_evidence(world, id)] == ["portfolio_board", "case"]
    assert waits.id not in {row.id for row in world.waiting_for("ana")}


def test_newer_evidence_is_asked_for_before_the_body_is(world: World) -> None:
    id = opened(world)
    show(world, id, days=180)
    world.forward(hours=48)
    world.sweep()
    assert "case" in dict(asked_for_evidence(world, id))


def test_evidence_that_counts_no_more_is_not_taken(world: World) -> None:
    id = opened(world)
    old = Shown(document="Business case 1", dated=date(2025, 9, 1))
    why = "'case' of 2025-09-01 counted until 2026-03-01; show what is no older than 6 months"
    with pytest.raises(CommandError, match=why):
        evidence.give(world.governance, review_id=id, evidence="case", shown=old, by="ana")
    assert "case" in dict(asked_for_evidence(world, id))
    last = Shown(document="Business case 2", dated=date(2025, 9, 2))
    evidence.give(world.governance, review_id=id, evidence="case", shown=last, by="ana")
    assert "case" not in dict(asked_for_evidence(world, id))


def test_evidence_that_is_none(world: World) -> None:
    id = opened(world)
    today, tomorrow = date(2026, 3, 2), date(2026, 3, 3)
    for wanted, shown, why in [
        ("case", Shown(document="x", dated=tomorrow), "of 2026-03-03, which is yet to come"),
        ("case", Shown(document="x"), "say of which day it is"),
        ("case", Shown(), "show one thing"),
        ("case", Shown(document="x", file="y", dated=today), "show one thing"),
        ("case", Shown(register="risks", key="R-9"), "P-1 has no R-9 in risks"),
        ("case", Shown(register="risks", key="R-1", dated=today), "leave --dated out"),
        ("register", Shown(document="x", dated=today), "is an entry of risks"),
        ("plan", Shown(document="x"), "asks for no evidence 'plan'; it has case, register"),
    ]:
        with pytest.raises(CommandError, match=why):
            evidence.give(world.governance, review_id=id, evidence=wanted, shown=shown, by="ana")


def test_evidence_is_a_file_that_is_attached_by_the_digest_that_it_had(
    world: World, tmp_path: Path
) -> None:
    id = opened(world)
    show(world, id, days=1)
    file = tmp_path / "case.pdf"
    file.write_text("The case", encoding="utf-8")
    risk = {"project": "P-1", "register": "risks", "key": "R-1"}
    attach(world.governance, **risk, file=file, home=tmp_path, by="ana")
    give = partial(evidence.give, world.governance, review_id=id, evidence="case", by="ana")
    case = Shown(register="risks", key="R-1", file="case.pdf")
    given = give(shown=case).given
    assert (given.kind, given.reference) == ("file", "risks/R-1/case.pdf")
    assert (given.digest, given.dated) == (sha256(b"The case").hexdigest(), "2026-03-02")
    file.write_text("Another case", encoding="utf-8")
    attach(world.governance, **risk, file=file, home=tmp_path, by="ana")
    assert standing(world, id).evidence[0].digest == given.digest
    assert give(shown=replace(case, dated=date(2026, 2, 27))).given.dated == "2026-02-27"
    with pytest.raises(CommandError, match="R-1 has no file 'plan.pdf' attached; it has case.pdf"):
        give(shown=replace(case, file="plan.pdf"))


def test_what_the_gate_itself_asks_of_a_role_is_answered_at_the_gate_alone(world: World) -> None:
    id = opened(world)
    asked = {each.id for each in world.waiting_for("quinn") if each.kind == "assessment"}
    for each in asked:
        with pytest.raises(CommandError, match="use 'pmo gate"):
            votes.answer(world.governance, each, by="quinn", note="done")
    gates.answer(world.governance, review_id=id, role="quality", by="quinn", met=True)
    judging.judge(world.governance, review_id=id, criterion="gain", by="quinn", score=7)
    assert len(asked) == 2
    assert not asked & {each.id for each in world.waiting_for("quinn")}


def test_evidence_is_bound_to_the_version_of_an_entry(world: World) -> None:
    id = opened(world)
    show(world, id, days=1)
    world.update("P-1", "risks", "R-1", "ana", impact="2")
    given = standing(world, id).evidence[1]
    assert (given.reference, given.version, given.dated) == ("risks/R-1", 1, "2026-03-02")


RISKS_ARE_DECIDED = """
---
kind: rules
rules:
  - id: seen
    title: A risk is looked at
    on: risk.submitted
    binding: shall
    then: [{require_approval: {from: treasurer, within: 5 days}}]
---
kind: suite
about: [seen]
event: risk.submitted
cases: [{name: one, facts: {risk: {title: Mud}}, expect: {approvals: [treasurer]}}]
"""


def test_what_was_refused_or_taken_back_is_no_evidence(make_world: Callable[..., World]) -> None:
    world = office(make_world, policy_from(POLICY + RISKS_ARE_DECIDED))
    id = opened(world)
    judged(world, id)
    show(world, id, days=1)
    endings.withdraw(
        world.governance, project="P-1", register="risks", key="R-1", reason="none", by="ana"
    )
    assert standing(world, id).evidence[1].state == "void"
    with pytest.raises(Refusal, match="'register' counts no more: risks/R-1 is withdrawn"):
        passes(world)
    world.sweep()
    asked = dict(asked_for_evidence(world, id))
    assert (
        asked["register"] == "What was shown is risks/R-1, which is withdrawn, and counts no more."
    )
    again = Shown(register="risks", key="R-1")
    with pytest.raises(CommandError, match="is risks/R-1, which is withdrawn; show what counts"):
        evidence.give(world.governance, review_id=id, evidence="register", shown=again, by="tom")


def test_a_judgement_that_is_none(world: World) -> None:
    id = opened(world)
    judge = partial(judging.judge, world.governance, review_id=id, by="tom")
    said: dict[str, Any]
    for criterion, said, why in [
        ("paid", {"score": 4}, "is a must: say --yes or --no"),
        ("gain", {"met": True}, "is a should: give --score, from 0 to 10"),
        ("gain", {"score": 11}, "from 0 to 10"),
        ("calm", {"met": True}, "judged by what the registers say"),
        ("fun", {"met": True}, "has no criterion 'fun'; it has calm, paid, gain, ready"),
    ]:
        with pytest.raises(CommandError, match=why):
            judge(criterion=criterion, **said)


def test_a_criterion_is_judged_once_by_whoever_is_asked(world: World) -> None:
    id = opened(world)
    with pytest.raises(Refusal, match="Ana does not hold the role that was asked: the treasurer"):
        judging.judge(world.governance, review_id=id, criterion="paid", by="ana", met=True)
    judging.judge(world.governance, review_id=id, criterion="paid", by="tom", met=False)
    with pytest.raises(Refusal, match="'paid' is judged already"):
        judging.judge(world.governance, review_id=id, criterion="paid", by="tom", met=True)


def test_the_manager_of_a_project_neither_judges_nor_assesses_it(world: World) -> None:
    world.appoint("ana", "treasurer")
    world.appoint("ana", "quality")
    id = opened(world)
    said = "Ana may not assess Gate G1 of P-1: is project manager of P-1"
    with pytest.raises(Refusal, match=said):
        judging.judge(world.governance, review_id=id, criterion="paid", by="ana", met=True)
    with pytest.raises(Refusal, match=said):
        gates.answer(world.governance, review_id=id, role="quality", by="ana", met=True)


def test_only_somebody_without_a_role_in_the_project_is_independent_of_it(world: World) -> None:
    world.person("tess", "quality", project="P-1")
    id = opened(world)
    with pytest.raises(Refusal, match="Tess may not assess .*: is quality of P-1"):
        gates.answer(world.governance, review_id=id, role="quality", by="tess", met=True)
    gates.answer(world.governance, review_id=id, role="quality", by="quinn", met=True)


def test_an_assessment_that_a_gate_does_not_ask_or_that_is_late_is_refused(world: World) -> None:
    id = opened(world)
    for command in (gates.assess, partial(gates.answer, by="quinn", met=True)):
        with pytest.raises(Refusal, match="asks for no assessment by 'risk'; it asks quality"):
            command(world.governance, review_id=id, role="risk")
    judged(world, id)
    passes(world, "stop")
    late = "gate G1 of P-1 is closed, decided on 2026-03-02: stop; an assessment by 'quality' comes"
    with pytest.raises(Refusal, match=late):
        gates.answer(world.governance, review_id=id, role="quality", by="quinn", met=False)
    with pytest.raises(Refusal, match="a judgement of 'paid' comes too late"):
        judging.judge(world.governance, review_id=id, criterion="paid", by="tom", met=True)
    with pytest.raises(Refusal, match="evidence for 'case' comes too late"):
        show(world, id, days=1)


@pytest.mark.parametrize("place", BOTH, indirect=True)
def test_two_who_judge_one_criterion_at_once(world: World) -> None:
    world.person("tia", "treasurer")
    id = opened(world)
    judge = partial(judging.judge, review_id=id, criterion="paid")
    found = at_once(world, partial(judge, by="tom", met=True), partial(judge, by="tia", met=False))
    (lost,) = (each for each in found if isinstance(each, Failed))
    assert "is judged already" in lost.message
    (won,) = (each for each in standing(world, id).criteria if each.id == "paid")
    assert (won.answer, won.by) in {("yes", "tom"), ("no", "tia")}


@pytest.mark.parametrize("place", BOTH, indirect=True)
def test_two_who_give_one_evidence_at_once(world: World) -> None:
    id = opened(world)
    give = partial(evidence.give, review_id=id, evidence="case", by="ana")
    shown = [Shown(document=f"Case {number}", dated=date(2026, 3, 1)) for number in (1, 2)]
    found = at_once(world, *(partial(give, shown=each) for each in shown))
    assert not any(isinstance(each, Failed) for each in found)
    (kept,) = (each for each in standing(world, id).evidence if each.id == "case")
    assert kept.reference in {"Case 1", "Case 2"}


def test_the_body_has_the_pack_with_the_invitation_and_each_reminder(world: World) -> None:
    with InboxServer() as server:
        world.person("bea", "portfolio_board", address=server.address("bea@office.example"))
        id = opened(world)
        judged(world, id)
        deliver(world.governance, AppriseChannel())
        world.forward(hours=24 * 4)
        deliver(world.governance, AppriseChannel())
        mails = server.messages("bea@office.example")
    ends = ("decision: Ready to build", "portfolio board: Ready to build")
    hers = [mail for mail in mails if mail.subject.endswith(ends)]
    assert len(hers) > 1
    for mail in hers:
        (paper,) = mail.message.iter_attachments()
        assert paper.get_filename() == "Gate G1 of P-1.pdf"
        assert paper.get_content().startswith(b"%PDF")
        assert f"The pack is attached; 'pmo gate pack {id[:8]}' writes it, too." in mail.body
    asked = [m for m in world.inbox("tom").messages if "papers" in m.payload]
    assert asked == []  # who judges is asked for no vote


def test_the_pack_is_frozen_when_the_body_is_asked(world: World) -> None:
    id = opened(world)
    with world.governance.reading() as c, pytest.raises(CommandError, match="has no pack yet"):
        packs.pack_of(c, id)
    world.submit("P-1", "risks", "ana", title="Flood", probability="3", impact="5")
    judged(world, id)
    world.submit("P-1", "risks", "ana", title="Later", probability="1", impact="1")
    with world.governance.reading() as c:
        kept = packs.pack_of(c, id)
    assert kept.question.startswith("May P-1 P-1 pass gate G1 into build?")
    assert [(each.key, each.note) for each in kept.risks] == [("R-1", "probability: 3; impact: 5")]
    assert [each.key for each in kept.changes] == ["R-1"]
    assert [(each.role, each.result) for each in kept.assessments] == [("quality", "met")]
    assert kept.recommendation is not None
    assert kept.recommendation.outcome == "stop"
    told = next(line for line in world.journal("P-1") if line.kind == "gate.packed")
    assert told.body["digest"] == kept.digest


def test_what_was_answered_is_waited_for_no_more(world: World) -> None:
    id = opened(world)

    def waits_for() -> tuple[str, ...]:
        with world.governance.reading() as c:
            return review_story(c, id).waits_for

    before = waits_for()
    judging.judge(world.governance, review_id=id, criterion="paid", by="tom", met=True)
    assert set(before) - set(waits_for()) == {judging.target_of("paid")}
    assert judging.target_of("gain") in waits_for()
    with world.governance.reading() as c:
        assert "the quality role on criterion 'gain'" in review_story(c, id).waited_for


def test_the_pack_before_is_that_of_the_gate_decided_last(make_world: Callable[..., World]) -> None:
    """The clock stands still: of what was decided at one moment the journal knows the order."""
    again = "    to_stage: build\n    repeats: true\n"
    world = make_world(policy_from(POLICY.replace("    to_stage: build\n", again)), roles=roles())
    world.project("P-1", stage="plan")
    world.person("ana", "project_manager", project="P-1")
    for person, role in (("tom", "treasurer"), ("quinn", "quality"), ("bo", "portfolio_board")):
        world.person(person, role)
    seen, ids = [], []
    for _ in range(6):
        id = opened(world)
        judged(world, id)
        show(world, id)
        with world.governance.reading() as c:
            made = packs.pack_of(c, id)
        seen += [(each.before, each.now) for each in made.figures if each.label == "open risks"]
        passes(world)
        ids.append(id)
    assert seen == [("", "1"), ("1", "2"), ("2", "3"), ("3", "4"), ("4", "5"), ("5", "6")]
    with world.governance.reading() as c:
        first, second = map(c.uow.gate_reviews.get, ids[:2])
        assert packs.pack_now(c.under(first), first).since is None
        assert packs.pack_now(c.under(second), second).since == "2026-03-02"


def said_to_bo(world: World) -> list[tuple[str, str]]:
    mails = ((each.subject, each.body) for each in world.inbox("bo").messages)
    return [each for each in mails if "else is recommended" in each[0]]


def recommended_to_bo(world: World, id: str) -> list[str]:
    """Read what the inbox shows, which is what the pack says."""
    (row,) = (each for each in world.waiting_for("bo") if each.kind == "approval")
    (said,) = (each for each in row.reasons if each.startswith("Recommended: "))
    with world.governance.reading() as c:
        kept = packs.pack_of(c, id)
    assert kept.recommendation is not None
    outcome, reasons = kept.recommendation.outcome, "; ".join(kept.recommendation.reasons)
    assert said == f"Recommended: {outcome.replace('_', ' ')}: {reasons}."
    return [said.split(": ")[1], *(e for e in row.reasons if e.startswith("It may not be"))]


def test_nobody_is_advised_before_the_body_is_asked(world: World) -> None:
    id = opened(world)
    show(world, id)
    world.sweep()
    with world.governance.reading() as c, pytest.raises(CommandError, match="has no pack yet"):
        packs.pack_of(c, id)


def test_the_body_hears_once_what_is_recommended_otherwise_by_now(world: World) -> None:
    id = opened(world)
    judged(world, id)
    assert recommended_to_bo(world, id)[0] == "stop"
    show(world, id)
    assert recommended_to_bo(world, id) == ["conditional go"]
    [(subject, body)] = said_to_bo(world)
    assert subject == "Gate G1 of P-1: something else is recommended"
    assert body.startswith("Recommended: conditional go: ")
    assert "It was: stop: " in body
    risk = world.submit("P-1", "risks", "ana", title="Flood", probability="5", impact="5")
    world.sweep()
    assert recommended_to_bo(world, id)[0] == "stop"
    assert "It may not be passed: must 'calm' is no" in recommended_to_bo(world, id)[1]
    for _ in range(2):
        world.sweep()
    assert len(said_to_bo(world)) == 2
    world.update("P-1", "risks", risk.key, "ana", impact="1")
    world.sweep()
    assert recommended_to_bo(world, id) == ["conditional go"]
    assert len(said_to_bo(world)) == 3
    digests = [row.body["digest"] for row in world.journal("P-1") if row.kind == "gate.packed"]
    with world.governance.reading() as c:
        assert packs.pack_of(c, id).digest == digests[-1]
    assert passes(world) == "go"
    world.update("P-1", "risks", risk.key, "ana", impact="5")
    world.sweep()
    assert len(said_to_bo(world)) == 3
