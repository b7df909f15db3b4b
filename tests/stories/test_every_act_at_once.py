"""Every act is carried out twice at the same moment somewhere, on both databases."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from pmo_engine.model.acts import Act
from pmo_engine.model.clock import SimulatedClock
from pmo_engine.notify.errors import NotDeliverable
from pmo_engine.policy import Policy
from pmo_engine.queries import audit
from pmo_engine.reports.declared import making
from pmo_engine.roles.base import Assessment, FunctionalRole, Review
from pmo_engine.roles.registry import roles
from pmo_engine.testing import Failed, World, at_once, policy_from
from pmo_engine.work import acts
from pmo_engine.work.approvals import votes, waiver
from pmo_engine.work.gates import reviews
from pmo_engine.work.governance import Governance
from pmo_engine.work.notices import delivery, sweep, unsent
from pmo_engine.work.permissions import RIGHTS
from pmo_engine.work.records import attachments, endings, happenings, moves, resubmission
from pmo_engine.work.versions import adoption, commenting, drafting
from tests.stories import (
    test_at_once,
    test_delegations,
    test_entering,
    test_gate_criteria,
    test_gate_outcomes,
    test_people,
    test_people_import,
    test_planning,
    test_portfolio,
    test_project_import,
    test_project_states,
    test_rounds,
    test_second_accounts,
    test_tolerances,
    test_trust,
    test_who_may_decide,
)
from tests.stories.test_adoption import NAMED, city, second
from tests.stories.test_answers import POLICY as REPORTS
from tests.stories.test_gates import POLICY as GATED
from tests.work.imports import test_portions

AT_ONCE = test_portfolio.test_a_cycle_that_two_close_and_a_colour_that_two_override_at_once
ELSEWHERE: dict[Act, Callable[..., None]] = {
    acts.SUBMIT: test_at_once.test_a_given_key_is_given_once,
    acts.UPDATE: test_at_once.test_a_vote_is_on_what_was_read,
    acts.VOTE: test_at_once.test_one_vote_of_one_person_counts_once,
    acts.LOOK_AGAIN: test_at_once.test_two_votes_of_one_window_never_pass_its_limit_together,
    acts.OPEN_GATE: test_at_once.test_a_gate_is_opened_once_and_assessed_once,
    acts.ASSESS: test_at_once.test_a_gate_is_opened_once_and_assessed_once,
    acts.SWEEP: test_at_once.test_two_sweeps_fire_each_rung_once,
    acts.IMPORT: test_portions.test_two_who_import_the_same_at_once,
    acts.MAP_ACCOUNT: test_trust.test_an_account_given_to_two_at_once_is_ones,
    acts.ANSWER_ROUND: test_rounds.test_two_last_answers_at_once_close_the_round,
    acts.CLOSE_ROUND: test_rounds.test_an_answer_and_a_close_at_once_leave_nothing_open,
    acts.ADD_PERSON: test_people.test_the_same_command_at_once_is_done_once,
    acts.CHANGE_PERSON: test_people.test_the_same_command_at_once_is_done_once,
    acts.CHANGE_ADDRESS: test_people.test_the_same_command_at_once_is_done_once,
    acts.APPOINT: test_people.test_the_same_command_at_once_is_done_once,
    acts.END: test_people.test_the_same_command_at_once_is_done_once,
    acts.LEAVE: test_people.test_the_same_command_at_once_is_done_once,
    acts.IMPORT_PEOPLE: test_people_import.test_two_who_import_the_same_people_at_once,
    acts.DELEGATE: test_delegations.test_the_same_at_once_is_delegated_once,
    acts.WITHDRAW_DELEGATION: test_delegations.test_the_same_at_once_is_delegated_once,
    acts.DECLARE_INTEREST: test_who_may_decide.test_the_same_interest_is_declared_and_ended_once,
    acts.END_INTEREST: test_who_may_decide.test_the_same_interest_is_declared_and_ended_once,
    acts.CHANGE_ABSENCE: test_delegations.test_two_say_at_once_that_somebody_is_away,
    acts.LINK_PERSON: test_second_accounts.test_two_say_at_once_that_accounts_are_one_person_s,
    acts.ADD_PROJECT: test_people.test_the_same_command_at_once_is_done_once,
    acts.CHANGE_PROJECT: test_people.test_the_same_command_at_once_is_done_once,
    acts.MOVE_PROJECT: test_people.test_the_same_command_at_once_is_done_once,
    acts.IMPORT_PROJECTS: test_project_import.test_two_who_import_the_same_projects_at_once,
    acts.IMPORT_PROGRAMMES: test_project_import.test_two_who_import_the_same_programmes_at_once,
    acts.JUDGE: test_gate_criteria.test_two_who_judge_one_criterion_at_once,
    acts.GIVE_EVIDENCE: test_gate_criteria.test_two_who_give_one_evidence_at_once,
    acts.PUT_TO_GATE: test_gate_outcomes.test_what_two_put_and_rate_at_once_is_all_there,
    acts.RATE_CONFIDENCE: test_gate_outcomes.test_what_two_put_and_rate_at_once_is_all_there,
    acts.REBASELINE: test_tolerances.test_two_who_move_a_baseline_by_one_change_at_once,
    acts.MIGRATE_PROJECT: test_entering.test_two_who_migrate_one_project_at_once,
    acts.PROPOSE_PROJECT: test_project_states.test_the_same_at_once_is_done_once,
    acts.START_PROJECT: test_project_states.test_the_same_at_once_is_done_once,
    acts.HOLD_PROJECT: test_project_states.test_the_same_at_once_is_done_once,
    acts.CLOSE_PROJECT: test_project_states.test_the_same_at_once_is_done_once,
    acts.STOP_PROJECT: test_project_states.test_the_same_at_once_is_done_once,
    acts.PLAN_PROJECT: test_planning.test_two_who_plan_a_project_at_once_enter_it_once,
    acts.TAILOR_PROJECT: test_planning.test_two_who_tailor_a_project_at_once_do_it_once,
    acts.ADD_PROGRAMME: test_project_states.test_the_same_at_once_is_done_once,
    acts.CHANGE_PROGRAMME: test_project_states.test_the_same_at_once_is_done_once,
    acts.OVERRIDE_COLOUR: AT_ONCE,
    acts.CLOSE_CYCLE: AT_ONCE,
}


VARIATION = {"project": "P-1", "register": "variations", "key": "V-1"}


@dataclass(frozen=True)
class Twice:
    """What two do at once: told in the journal ``lines`` times, and ``failing`` of them fail."""

    before: Callable[[World], Callable[[Governance], Any]]
    journal: str
    lines: int = 1
    failing: int = 0
    said: str = ""


class Judgement(FunctionalRole):
    """A role that leaves the assessment to a person."""

    id = "quality"
    title = "Quality"

    def assess(self, review: Review) -> Assessment:
        del review
        return Assessment.asked("pmo_head", "2 days")


REPORTED = """
---
kind: reports
reports:
  - id: weekly
    title: Weekly report
    audience: [pmo_head]
    cycle: week
    sections: [{shows: decisions}]
"""


def reported(world: World) -> Callable[[Governance], Any]:
    asked_for(world)  # the journal begins to tell of the project
    world.forward(working_days=7)
    return making.make_due


def reported_by_hand(world: World) -> Callable[[Governance], Any]:
    return partial(making.make, report="weekly", project="P-1", by="petra")


def answered(world: World) -> Callable[[Governance], Any]:
    world.submit("P-1", "variations", "sam", cost="5 GBP", late="true")
    [report] = world.waiting_for("ana")
    return partial(votes.answer, obligation=report.id, by="ana", note="sent")


def asked_for(world: World) -> None:
    world.submit("P-1", "variations", "sam", cost="5 GBP", late="false")


def taken_back(world: World) -> Callable[[Governance], Any]:
    asked_for(world)
    return partial(endings.withdraw, **VARIATION, by="sam")


def happened_to_it(world: World) -> Callable[[Governance], Any]:
    asked_for(world)
    return partial(happenings.happened, **VARIATION, what="measured", by="ana")


def attached(world: World) -> Callable[[Governance], Any]:
    asked_for(world)
    here = Path(__file__)
    return partial(attachments.attach, **VARIATION, file=here, home=here.parent, by="ana")


def asked_again(world: World) -> Callable[[Governance], Any]:
    asked_for(world)
    world.vote("petra", "reject")
    return partial(resubmission.resubmit, **VARIATION, changes={}, by="sam")


def undone(world: World) -> Callable[[Governance], Any]:
    asked_for(world)
    world.vote("petra")
    return partial(endings.rescind, **VARIATION, by="petra", reason="not the sum that was meant")


def closed(world: World) -> Callable[[Governance], Any]:
    asked_for(world)
    return partial(moves.close, **VARIATION, by="sam", reason="a mistake")


def opened_again(world: World) -> Callable[[Governance], Any]:
    closed(world)(world.governance)
    return partial(moves.reopen, **VARIATION, by="sam")


def moved(world: World) -> Callable[[Governance], Any]:
    asked_for(world)
    return partial(moves.move, **VARIATION, to="priced", by="sam")


def waived(world: World) -> Callable[[Governance], Any]:
    world.submit("P-1", "variations", "sam", cost="5 GBP", late="true")
    [report] = world.waiting_for("ana")
    return partial(waiver.waive, obligation=report.id, by="bo", reason="known")


def assessed_by_a_person(world: World) -> Callable[[Governance], Any]:
    review = reviews.open_gate(world.governance, project="P-1", gate="G2", by="ana")
    world.assess_all(review.id)
    return partial(reviews.answer, review_id=review.id, role="quality", by="petra", met=True)


def flow_asked_again(world: World) -> Callable[[Governance], Any]:
    reviews.open_gate(world.governance, project="P-1", gate="G2", by="ana")
    delivery.deliver(world.governance, handed_over, kind="flow")
    world.clock.forward(timedelta(hours=2))
    return partial(reviews.request_again, older_than=timedelta(hours=1))


def handed_over(message: Any, address: str) -> None:
    """A channel that takes everything."""


def impossible(message: Any, address: str) -> None:
    raise NotDeliverable("no such mailbox")


def sent_again(world: World) -> Callable[[Governance], Any]:
    world.submit("P-1", "variations", "sam", cost="5 GBP", late="false")
    assert delivery.deliver(world.governance, impossible).failed == 1
    return partial(unsent.resend, ids=(), by="petra")


def drafted(world: World) -> Callable[[Governance], Any]:
    return partial(draft_second, by="petra")


def draft_second(governance: Governance, by: str) -> Any:
    return drafting.draft(governance, second(), by=by)


def with_draft(world: World) -> None:
    draft_second(world.governance, "petra")


def circulated(world: World) -> Callable[[Governance], Any]:
    with_draft(world)
    return partial(drafting.circulate, version="2026.2", by="petra", until=date(2026, 3, 3))


def commented(world: World) -> Callable[[Governance], Any]:
    with_draft(world)
    return partial(commenting.comment, version="2026.2", text="Why?", by="ana")


def comment_answered(world: World) -> Callable[[Governance], Any]:
    commented(world)(world.governance)
    return partial(commenting.answer, version="2026.2", number=1, text="So", by="petra")


def put_up(world: World) -> Callable[[Governance], Any]:
    with_draft(world)
    return partial(adoption.adopt, version="2026.2", by="petra")


def withdrawn(world: World) -> Callable[[Governance], Any]:
    put_up(world)(world.governance)
    return partial(drafting.withdraw, version="2026.2", by="petra", reason="too early")


def taken_force(world: World) -> Callable[[Governance], Any]:
    put_up(world)(world.governance)
    world.vote("bo")
    return at_its_day


def at_its_day(governance: Governance) -> Any:
    assert isinstance(governance.clock, SimulatedClock)
    governance.clock.forward(timedelta(days=10))
    return sweep.sweep(governance)


CASES: dict[str, tuple[Act, Twice]] = {
    "a report": (acts.ANSWER, Twice(answered, "answered", failing=1, said="is met already")),
    "a request": (
        acts.WITHDRAW_RECORD,
        Twice(taken_back, "variation.withdrawn", failing=1, said="withdrawn already"),
    ),
    "what happened": (acts.RECORD_EVENT, Twice(happened_to_it, "variation.measured", lines=2)),
    "a file": (acts.ATTACH, Twice(attached, "attached", lines=2)),
    "what was refused": (
        acts.RESUBMIT,
        Twice(asked_again, "variation.submitted", failing=1, said="asked for again already"),
    ),
    "an approval": (
        acts.RESCIND,
        Twice(undone, "variation.rescinded", failing=1, said="is rescinded"),
    ),
    "a closing": (
        acts.CLOSE,
        Twice(closed, "variation.closed", failing=1, said="is closed already"),
    ),
    "what is closed": (
        acts.REOPEN,
        Twice(opened_again, "variation.reopened", failing=1, said="what is closed is opened again"),
    ),
    "a move": (acts.MOVE, Twice(moved, "variation.moved", failing=1, said="is priced already")),
    "a waiver": (acts.WAIVE, Twice(waived, "waived", failing=1, said="is waived already")),
    "an assessment": (
        acts.ANSWER_ASSESSMENT,
        Twice(assessed_by_a_person, "gate.answered", failing=1, said="does not wait for an answer"),
    ),
    "a report that is due": (acts.MAKE_REPORT, Twice(reported, "report.made")),
    "a report by hand": (
        acts.MAKE_REPORT,
        Twice(reported_by_hand, "report.made", failing=1, said="was made by Petra"),
    ),
    "a flow": (acts.REQUEST_FLOW, Twice(flow_asked_again, "gate.requested_again")),
    "what failed": (acts.RESEND, Twice(sent_again, "notices.resent")),
    "a draft": (acts.DRAFT, Twice(drafted, "policy.drafted")),
    "a circulation": (acts.CIRCULATE, Twice(circulated, "policy.circulated")),
    "a comment": (acts.COMMENT, Twice(commented, "policy.commented")),
    "an answer": (
        acts.COMMENT,
        Twice(comment_answered, "policy.answered", failing=1, said="answered already"),
    ),
    "an adoption": (acts.PUT_UP, Twice(put_up, "policy.submitted")),
    "a withdrawal": (
        acts.WITHDRAW,
        Twice(withdrawn, "policy.withdrawn", failing=1, said="cannot be withdrawn"),
    ),
    "a version's day": (acts.TAKE_FORCE, Twice(taken_force, "policy.took_force")),
}
PRICED = """
---
kind: registers
registers:
  - extends: variations
    life_cycle:
      states: [submitted, priced, closed]
      moves:
        - {from: submitted, to: priced}
        - {from: [submitted, priced, approved], to: closed}
"""
GATES = {acts.ANSWER_ASSESSMENT, acts.REQUEST_FLOW}
VERSIONS = {acts.DRAFT, acts.CIRCULATE, acts.COMMENT, acts.PUT_UP, acts.WITHDRAW, acts.TAKE_FORCE}


def test_each_act_has_its_test() -> None:
    here = {act for act, _ in CASES.values()} | {acts.DELIVER}
    assert here | set(ELSEWHERE) == set(RIGHTS)


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest) -> str:
    found: str = request.getfixturevalue(f"{request.param}_url")
    return found


@pytest.fixture
def world_of(url: str) -> Iterator[Callable[..., World]]:
    made: list[World] = []

    def make(policy: Policy, functional: dict[str, FunctionalRole] | None = None) -> World:
        world = World(policy, url, roles=functional)
        made.append(world)
        world.project("P-1", stage="initiation")
        world.person("ana", "project_manager", project="P-1")
        world.person("petra", "pmo_head")
        world.person("bo", "portfolio_board")
        world.person("sam")
        return world

    yield make
    for world in made:
        assert audit.verify(world.database).intact
        world.close()


def world_for(act: Act, world_of: Callable[..., World]) -> World:
    if act in GATES:
        return world_of(policy_from(GATED), {**roles(), "quality": Judgement()})
    if act in VERSIONS:
        return adopted(world_of(city("2026.1", NAMED)))
    named = REPORTS.replace("    fields:", "    events: [measured]\n    fields:", 1)
    more = {acts.MOVE: PRICED, acts.MAKE_REPORT: REPORTED}.get(act, "")
    return world_of(policy_from(named + more))


def adopted(world: World) -> World:
    adoption.adopt(world.governance, world.policy, by="petra")
    world.vote("bo")
    return world


def told(world: World, kind: str) -> int:
    chains = ("office", "P-1")
    return sum(line.kind == kind for each in chains for line in world.journal(each))


@pytest.mark.parametrize("name", CASES)
def test_done_twice_at_once_it_is_done_once(world_of: Callable[..., World], name: str) -> None:
    act, case = CASES[name]
    world = world_for(act, world_of)
    command = case.before(world)
    before = told(world, case.journal)
    answers = at_once(world, command, command)
    failed = [each for each in answers if isinstance(each, Failed)]
    assert len(failed) == case.failing
    assert [each.message for each in failed if case.said not in each.message] == []
    assert told(world, case.journal) - before == case.lines


def put_into(folder: str, message: Any, address: str) -> None:
    (Path(folder) / f"{message.id}-{uuid4()}").write_text(address, encoding="utf-8")


def test_two_deliverers_hand_each_notice_over_once(
    world_of: Callable[..., World], tmp_path: Path
) -> None:
    world = world_of(policy_from(REPORTS))
    for number in range(12):
        world.submit("P-1", "variations", "sam", cost=f"{number + 1} GBP", late="false")
    mailbox = tmp_path / "mailbox"
    mailbox.mkdir()
    deliverer = partial(delivery.deliver, channel=partial(put_into, str(mailbox)))
    one, other = at_once(world, deliverer, deliverer)
    handed = [each.name for each in mailbox.iterdir()]
    assert one.sent + other.sent == len(handed) == 12
    assert len({name.split("-")[0] for name in handed}) == 12
