"""What else becomes of a record: taken back, asked for again, undone; what was asked is waived."""

from collections.abc import Callable
from functools import partial

import pytest

from pmo_engine.queries.records import RecordStory
from pmo_engine.testing import World, policy_from, story_of
from pmo_engine.work import acts
from pmo_engine.work.approvals import votes, waiver
from pmo_engine.work.errors import CommandError, Refusal
from pmo_engine.work.governance import SYSTEM
from pmo_engine.work.people.project_states import set_state
from pmo_engine.work.records import endings, moves, resubmission, submission
from tests.stories.conftest import CITY, DATABASES

pytestmark = DATABASES

CR_1 = {"project": "P-1", "register": "change_requests", "key": "CR-1"}
SET_BY = """
---
kind: registers
registers:
  - extends: change_requests
    fields:
      baseline: {type: money, set_by: pmo_head}
---
kind: rules
rules:
  - id: impact-first
    title: The impact of a change in time is known before anybody decides
    on: change_request.submitted
    binding: shall
    when: change.category = "time"
    then: [{require_evidence: {evidence: impact study, from: project_manager}}]
---
kind: terms_of_reference
for: waiver_board
authority:
  - {id: waivers, may: waive evidence, up_to: unlimited}
---
kind: roles
roles:
  - {id: waiver_board}
"""


@pytest.fixture
def _sam(world: World) -> None:
    world.person("sam")


@pytest.fixture
def wider(make_world: Callable[..., World]) -> World:
    world = make_world(policy_from(CITY.read_text("utf-8") + SET_BY))
    world.project("P-1")
    world.person("ana", "project_manager", project="P-1")
    world.person("petra", "pmo_head")
    world.person("wim", "waiver_board")
    world.person("sam")
    return world


def submit(world: World, cost: str = "40000 GBP", **fields: str) -> str:
    return world.submit("P-1", "change_requests", "sam", cost=cost, **fields).key


def story(world: World, key: str) -> RecordStory:
    return story_of(world.governance, project="P-1", register="change_requests", key=key)


@pytest.mark.usefixtures("_sam")
def test_who_rescinds_what_they_approved_themself_is_not_told(world: World) -> None:
    submit(world, "80000 GBP")
    world.vote("petra")
    assert endings.rescind(world.governance, **CR_1, reason="late", by="petra").told == ("sam",)
    assert "Change request CR-1 of P-1 is rescinded" not in world.inbox("petra").subjects


def test_the_engine_asks_for_nothing_of_itself(world: World) -> None:
    with pytest.raises(Refusal, match="pmo-engine itself may not submit"):
        world.submit("P-1", "change_requests", SYSTEM, cost="5 GBP")


@pytest.mark.usefixtures("_sam")
def test_a_request_is_taken_back_by_who_asked_and_whoever_was_asked_is_told(world: World) -> None:
    submit(world)
    with pytest.raises(Refusal, match="Ana may not withdraw CR-1: Sam asked for it"):
        endings.withdraw(world.governance, **CR_1, by="ana")
    ended = endings.withdraw(world.governance, **CR_1, by="sam", reason="not needed")
    assert (ended.status, ended.told) == ("withdrawn", ("ana",))
    assert world.waiting_for("ana") == []
    told = {each.subject: each.body for each in world.inbox("ana").messages}
    assert told["Change request CR-1 of P-1 is withdrawn"] == "Withdrawn by Sam: not needed"
    with pytest.raises(Refusal, match="CR-1 is withdrawn already"):
        endings.withdraw(world.governance, **CR_1, by="sam")
    with pytest.raises(Refusal, match="submit a new change_request instead"):
        world.update("P-1", "change_requests", "CR-1", "sam", cost="1 GBP")


@pytest.mark.usefixtures("_sam")
def test_what_is_decided_is_not_withdrawn(world: World) -> None:
    submit(world)
    world.vote("ana")
    with pytest.raises(Refusal, match="CR-1 is approved already"):
        endings.withdraw(world.governance, **CR_1, by="sam")


@pytest.mark.usefixtures("_sam")
def test_what_was_refused_is_asked_again_and_whoever_decides_hears_of_it(world: World) -> None:
    submit(world, "80000 GBP", category="time")
    with pytest.raises(Refusal, match="CR-1 is submitted: change it with 'pmo update'"):
        resubmission.resubmit(world.governance, **CR_1, changes={}, by="sam")
    waiting = world.waiting_for("petra")[0]
    votes.vote(world.governance, waiting.id, by="petra", choice="reject", reason="too dear")
    again = resubmission.resubmit(world.governance, **CR_1, changes={"cost": "60000 GBP"}, by="sam")
    told = story(world, again.key)
    assert told.fields_ == {"cost": "60000 GBP", "category": "time"}
    [asked] = world.waiting_for("petra")
    assert asked.reasons[-1] == (
        "It follows CR-1 (80,000 GBP), rejected on 02 March 2026: too dear"
    )
    assert any(asked.reasons[-1] in each.body for each in world.inbox("petra").messages)
    with pytest.raises(Refusal, match="asked for again already, as CR-2"):
        resubmission.resubmit(world.governance, **CR_1, changes={}, by="sam")


@pytest.mark.usefixtures("_sam")
def test_a_refused_sum_that_comes_back_in_two_parts_is_told(world: World) -> None:
    submit(world, "80000 GBP")
    world.vote("petra", "reject")
    submit(world, "40000 GBP")
    [asked] = world.waiting_for("ana")
    assert asked.reasons[-1] == (
        "The same person asked for CR-1 (80,000 GBP), rejected on 02 March 2026."
    )
    world.forward(hours=24 * 91)
    submit(world, "40000 GBP")
    assert not any("CR-1" in reason for reason in world.waiting_for("ana")[-1].reasons)


@pytest.mark.usefixtures("_sam")
def test_of_what_was_refused_the_last_five_are_told_beside_what_it_follows(world: World) -> None:
    for number in range(7):
        submit(world, f"{number + 1} GBP")
        world.vote("ana", "reject")
        world.forward(hours=24)
    again = resubmission.resubmit(world.governance, **CR_1, changes={"cost": "9 GBP"}, by="sam")
    [asked] = world.waiting_for("ana")
    told = [reason for reason in asked.reasons if "rejected on" in reason]
    assert again.key == "CR-8"
    assert [told[0].split()[2], *(each.split()[5] for each in told[1:])] == [
        f"CR-{number}" for number in (1, 7, 6, 5, 4, 3)
    ]


@pytest.mark.usefixtures("_sam")
def test_an_approval_is_undone_by_who_gave_it_or_is_above(world: World) -> None:
    submit(world)
    undo = {**CR_1, "reason": "the wrong supplier", "source": "minute 4"}
    with pytest.raises(Refusal, match="CR-1 is submitted; what is approved can be rescinded"):
        endings.rescind(world.governance, **undo, by="ana")
    world.vote("ana")
    world.person("eve", "project_manager", project="P-2" if world.project("P-2") else None)
    for person in ("eve", "sam"):
        with pytest.raises(Refusal, match=person.title()):
            endings.rescind(world.governance, **undo, by=person)
    with pytest.raises(CommandError, match="give one with --reason"):
        endings.rescind(world.governance, **{**undo, "reason": " "}, by="petra")
    ended = endings.rescind(world.governance, **undo, by="petra")
    assert (ended.status, ended.told) == ("rescinded", ("ana", "sam"))
    line = world.journal("P-1")[-1]
    assert line.kind == "change_request.rescinded"
    assert line.body["source"] == "minute 4"
    assert any("By minute 4." in each.body for each in world.inbox("sam").messages)


@pytest.fixture
def voting(make_world: Callable[..., World]) -> World:
    board = "members: 3\nquorum: {meet: 2}\nvoting: {count: members}"
    text = CITY.read_text("utf-8").replace("voting: A show of hands.", board)
    world = make_world(policy_from(text))
    world.project("P-1")
    world.person("petra", "pmo_head")
    for member in ("bo", "bea", "ben"):
        world.person(member, "portfolio_board")
    world.person("sam")
    submit(world, "250000.01 GBP")
    for person in ("petra", "bo", "bea"):
        world.vote(person)
    assert world.status("P-1", "change_requests", "CR-1") == "approved"
    return world


def test_what_a_body_decided_by_its_ballot_one_member_does_not_undo(voting: World) -> None:
    undo = {**CR_1, "reason": "the wrong supplier"}
    assert endings.rescind(voting.governance, **undo, by="bo").status == "approved"
    with pytest.raises(Refusal, match="put to the vote of the portfolio board already"):
        endings.rescind(voting.governance, **undo, by="bea")
    [motion] = voting.waiting_for("ben")
    assert motion.reasons == ["Bo moves that it be rescinded: the wrong supplier"]
    voting.vote("ben")
    assert voting.status("P-1", "change_requests", "CR-1") == "approved"
    voting.vote("bea")
    assert voting.status("P-1", "change_requests", "CR-1") == "rescinded"
    assert "Change request CR-1 of P-1 is rescinded" in voting.inbox("sam").subjects


def test_a_body_that_votes_against_it_lets_its_approval_stand(voting: World) -> None:
    endings.rescind(voting.governance, **CR_1, reason="the wrong supplier", by="bo")
    for member in ("ben", "bea"):
        voting.vote(member, "reject")
    assert voting.status("P-1", "change_requests", "CR-1") == "approved"
    assert voting.waiting_for("bo") == []


@pytest.mark.usefixtures("_sam")
def test_nobody_undoes_or_waives_for_themself_by_a_second_account(world: World) -> None:
    world.person("sam-board", "portfolio_board", address="mailto://sam@office.example")
    world.person("samuel", address="mailto://sam@office.example")
    key = world.submit("P-1", "change_requests", "samuel", cost="40000 GBP").key
    world.vote("ana")
    own = {"project": "P-1", "register": "change_requests", "key": key}
    with pytest.raises(Refusal, match="nobody rescinds what was decided for them"):
        endings.rescind(world.governance, **own, reason="another use", by="sam-board")


@pytest.mark.usefixtures("_sam")
def test_who_makes_themself_the_owner_takes_nothing_back(world: World) -> None:
    submit(world)
    world.update("P-1", "change_requests", "CR-1", "ana", owner="ana")
    with pytest.raises(Refusal, match="Sam asked for it"):
        endings.withdraw(world.governance, **CR_1, by="ana")


@pytest.mark.usefixtures("_sam")
def test_what_is_undone_counts_in_no_sum(world: World) -> None:
    world.person("rita", "pmo_head")
    for number in range(1, 4):
        submit(world, "200000 GBP")
        world.vote("petra")
        assert world.status("P-1", "change_requests", f"CR-{number}") == "approved"
    endings.rescind(world.governance, **CR_1, by="bo", reason="stopped")
    assert submit(world, "200000 GBP") == "CR-4"
    assert [item.target for item in story(world, "CR-4").obligations] == ["pmo_head"]


def test_what_was_asked_for_is_waived_by_whom_the_terms_name(wider: World) -> None:
    submit(wider, category="time")
    study = next(row for row in wider.waiting_for("ana") if row.kind == "evidence")
    how = {"obligation": study.id, "reason": "known from CR-7"}
    for person, why in (("petra", "that is for the waiver board"), ("sam", "Sam asked for this")):
        with pytest.raises(Refusal, match=why):
            waiver.waive(wider.governance, by=person, **how)
    with pytest.raises(CommandError, match="give one with --reason"):
        waiver.waive(wider.governance, study.id, by="wim", reason="")
    assert waiver.waive(wider.governance, by="wim", **how).status == "submitted"
    assert any("waived" in each for each in wider.inbox("ana").subjects)
    approval = wider.waiting_for("ana")[0]
    with pytest.raises(Refusal, match="no terms let anybody waive approval"):
        waiver.waive(wider.governance, approval.id, by="wim", reason="quick")
    wider.vote("ana")
    assert wider.status("P-1", "change_requests", "CR-1") == "approved"


def test_who_may_waive_at_all_waives_what_nothing_narrower_is_said_of(
    make_world: Callable[..., World],
) -> None:
    wide = SET_BY.replace("may: waive evidence", "may: waive")
    world = make_world(policy_from(CITY.read_text("utf-8") + wide))
    world.project("P-1")
    world.project("P-2")
    world.person("ana", "project_manager", project="P-1")
    world.person("petra", "pmo_head")
    world.person("wim", "waiver_board")
    world.person("wil", "waiver_board", project="P-2")
    world.person("sam")
    submit(world, category="time")
    [study] = [each for each in world.waiting_for("ana") if each.kind == "evidence"]
    with pytest.raises(Refusal, match="Wil may not waive evidence"):
        waiver.waive(world.governance, study.id, by="wil", reason="known")
    assert waiver.waive(world.governance, study.id, by="wim", reason="known").status == "submitted"


def test_the_last_thing_that_was_waited_for_is_waived(wider: World) -> None:
    submit(wider, category="time")
    approval = next(
        number for number, row in enumerate(wider.waiting_for("ana")) if row.kind == "approval"
    )
    wider.vote("ana", number=approval)
    [study] = wider.waiting_for("ana")
    assert waiver.waive(wider.governance, study.id, by="wim", reason="known").status == "approved"
    last = story(wider, "CR-1").versions[-1]
    assert (last.by, last.name) == ("wim", "Ana"), "who approved it, not who gave what was missing"


def test_what_is_opened_again_is_said_so_and_asks_nobody_anew(noted: World) -> None:
    submit(noted, "80000 GBP")
    noted.vote("petra")
    here = {"project": "P-1", "register": "change_requests", "key": "CR-1"}
    moves.close(noted.governance, **here, by="ana", reason="done")
    moves.reopen(noted.governance, **here, by="ana", reason="to look at it again")
    became = [(each.became or each.status, each.name) for each in story(noted, "CR-1").versions]
    assert became[1:] == [("approved", "Petra"), ("closed", "Ana"), ("opened again", "Ana")]
    update = partial(noted.update, "P-1", "change_requests", "CR-1", "petra")
    assert update(minutes="item 4").decided
    assert noted.waiting_for("petra") == []
    submit(noted, "80000 GBP")
    asked = noted.update("P-1", "change_requests", "CR-2", "petra", minutes="item 4")
    assert not asked.decided


def test_a_field_that_is_anothers_to_set(wider: World) -> None:
    refused = "change.baseline is set by the PMO head, and Sam holds no role in P-1"
    with pytest.raises(Refusal, match=refused):
        submit(wider, baseline="5 GBP")
    submit(wider)
    with pytest.raises(Refusal, match="Ana holds the role of project manager"):
        wider.update("P-1", "change_requests", "CR-1", "ana", baseline="5 GBP")
    wider.update("P-1", "change_requests", "CR-1", "petra", baseline="5 GBP")
    wider.update("P-1", "change_requests", "CR-1", "sam", cost="6 GBP", baseline="5 GBP")
    with pytest.raises(Refusal, match="set by the PMO head"):
        wider.update("P-1", "change_requests", "CR-1", "sam", baseline=None)


ASSESSED = """
---
kind: registers
registers:
  - extends: change_requests
    fields:
      assessed: {type: boolean, set_by: waiver_board}
---
kind: rules
rules:
  - id: assessed-first
    title: What is not assessed goes to the head
    on: change_request.submitted
    binding: shall
    when: not(change.assessed)
    then: [{require_approval: {from: pmo_head}}]
"""


def test_a_fact_is_asked_of_whom_alone_may_set_it(make_world: Callable[..., World]) -> None:
    world = make_world(policy_from(CITY.read_text("utf-8") + SET_BY + ASSESSED))
    world.project("P-1")
    world.person("ana", "project_manager", project="P-1")
    world.person("petra", "pmo_head")
    world.person("sam")
    world.person("wim", "waiver_board")
    submit(world)
    assert [each.asked_of for each in world.waiting_for("wim")] == ["change.assessed"]
    assert [each.asked_of for each in world.waiting_for("sam")] == ["change.category"]
    world.update("P-1", "change_requests", "CR-1", "wim", assessed="true")
    assert world.waiting_for("wim") == []


def test_what_nobody_holds_the_role_to_set_is_set_by_who_is_above(
    make_world: Callable[..., World],
) -> None:
    up = SET_BY + ASSESSED.replace("set_by: waiver_board", "set_by: project_manager")
    world = make_world(policy_from(CITY.read_text("utf-8") + up))
    world.project("P-1")
    world.person("petra", "pmo_head")
    world.person("bo", "portfolio_board")
    world.person("sam")
    submit(world)
    assert "information" in [each.kind for each in world.waiting_for("petra")]
    with pytest.raises(Refusal, match="set by the PMO head, and Bo holds the role"):
        world.update("P-1", "change_requests", "CR-1", "bo", assessed="true")
    world.update("P-1", "change_requests", "CR-1", "petra", assessed="true")


EMERGENCY = """
---
kind: registers
registers:
  - extends: change_requests
    fields:
      emergency: {type: boolean}
---
kind: acts
acts:
  - {id: ratify, does: decides}
---
kind: roles
roles:
  - {id: council, senior: portfolio_board}
---
kind: terms_of_reference
for: council
authority:
  - {id: ratifies, may: ratify change_request, up_to: unlimited}
---
kind: rules
rules:
  - id: emergency-is-reported
    title: Who authorised in an emergency reports within 72 hours, and the council ratifies
    on: change_request.approved
    binding: shall
    when: change.emergency
    then:
      - require_evidence: {evidence: full report, from: pmo_head, within: 72 hours}
      - require_approval:
          from: council
          act: ratify change_request
          within: 10 working days
          when_time_is_up: counts as refused
"""


@pytest.fixture
def urgent(make_world: Callable[..., World]) -> World:
    world = make_world(policy_from(CITY.read_text("utf-8") + EMERGENCY))
    world.project("P-1")
    world.person("ana", "project_manager", project="P-1")
    world.person("petra", "pmo_head")
    world.person("cy", "council")
    world.person("sam")
    submit(world, "60000 GBP", emergency="true")
    world.vote("petra")
    return world


def test_what_was_authorised_in_an_emergency_is_reported_and_ratified(urgent: World) -> None:
    assert urgent.status("P-1", "change_requests", "CR-1") == "approved"
    [report] = urgent.waiting_for("petra")
    assert (report.kind, report.due) == ("evidence", "2026-03-05T09:00:00+00:00")
    votes.answer(urgent.governance, report.id, by="petra", note="report 4")
    with pytest.raises(Refusal):
        votes.vote(urgent.governance, urgent.waiting_for("cy")[0].id, by="petra", choice="approve")
    urgent.vote("cy")
    assert urgent.status("P-1", "change_requests", "CR-1") == "approved"


@pytest.mark.parametrize("ratified", [False, True])
def test_what_a_ratification_is_about_is_not_changed_any_more(
    urgent: World, *, ratified: bool
) -> None:
    if ratified:
        urgent.vote("cy")
    with pytest.raises(Refusal, match="CR-1 is approved already, on emergency among others"):
        urgent.update("P-1", "change_requests", "CR-1", "sam", emergency="false")


def test_a_ratification_is_asked_whether_or_not_the_project_is_stopped(urgent: World) -> None:
    state = partial(set_state, urgent.governance, project="P-1", by="petra", reason="no money")
    urgent.person("bo", "portfolio_board")
    state(act=acts.STOP_PROJECT, by="bo")
    state(act=acts.START_PROJECT, by="bo")
    assert [each.kind for each in urgent.waiting_for("petra")] == ["evidence"]
    state(act=acts.STOP_PROJECT, by="bo")
    urgent.forward(working_days=11)
    assert urgent.status("P-1", "change_requests", "CR-1") == "rescinded"


def test_what_is_not_ratified_stands_no_longer(urgent: World) -> None:
    urgent.vote("cy", "reject")
    assert urgent.status("P-1", "change_requests", "CR-1") == "rescinded"
    assert "Change request CR-1 of P-1 is rescinded" in urgent.inbox("sam").subjects
    assert urgent.waiting_for("petra") == []


NOTED = """
---
kind: registers
registers:
  - extends: change_requests
    fields:
      minutes: {type: text, asks_anew: false}
      remark: {type: text}
"""


@pytest.fixture
def noted(make_world: Callable[..., World]) -> World:
    world = make_world(policy_from(CITY.read_text("utf-8") + NOTED))
    world.project("P-1")
    for person, role, project in (
        ("ana", "project_manager", "P-1"),
        ("petra", "pmo_head", None),
        ("bo", "portfolio_board", None),
    ):
        world.person(person, role, project=project)
    world.person("sam")
    return world


def test_a_field_that_nobody_decides_on_asks_nobody_anew(noted: World) -> None:
    submit(noted, "80000 GBP")
    [asked] = noted.waiting_for("petra")
    heard = len(noted.inbox("petra").messages)
    noted.update("P-1", "change_requests", "CR-1", "petra", minutes="item 4")
    [still] = noted.waiting_for("petra")
    assert (still.id, still.version) == (asked.id, 2)
    assert len(noted.inbox("petra").messages) == heard
    noted.update("P-1", "change_requests", "CR-1", "sam", remark="late")
    [anew] = noted.waiting_for("petra")
    assert anew.id != asked.id
    with pytest.raises(Refusal, match="read it again"):
        votes.vote(noted.governance, anew.id, by="petra", choice="approve", version=2)
    noted.update("P-1", "change_requests", "CR-1", "sam", minutes="item 5")
    votes.vote(noted.governance, anew.id, by="petra", choice="approve", version=3)
    assert story(noted, "CR-1").status == "approved"


def test_what_was_given_stands_through_it_and_what_is_decided_on_does_not(noted: World) -> None:
    submit(noted, "250000.01 GBP")
    by_role = {each.asked_of: each.id for each in noted.waiting_for("petra")}
    votes.vote(noted.governance, by_role["pmo_head"], by="petra", choice="approve")
    noted.update("P-1", "change_requests", "CR-1", "sam", minutes="item 4")
    assert noted.waiting_for("petra") == []
    noted.update("P-1", "change_requests", "CR-1", "sam", minutes="item 4", cost="300000 GBP")
    assert [each.asked_of for each in noted.waiting_for("petra")] == ["pmo_head"]
    noted.vote("petra")
    noted.update("P-1", "change_requests", "CR-1", "sam", minutes=None)
    noted.vote("bo")
    assert story(noted, "CR-1").status == "approved"


def test_what_lapsed_is_not_asked_anew_by_a_note(noted: World) -> None:
    submit(noted, "80000 GBP")
    row = noted.waiting_for("petra")[0]
    with noted.database.unit_of_work("test", noted.clock.now()) as uow:
        uow.obligations.close(uow.obligations.get(row.id), "lapsed")
    noted.update("P-1", "change_requests", "CR-1", "sam", minutes="item 4")
    assert [each.stuck for each in noted.waiting_for("petra")] == [True]
    noted.update("P-1", "change_requests", "CR-1", "sam", cost="80001 GBP")
    assert [each.kind for each in noted.waiting_for("petra")] == ["approval"]


def test_who_writes_what_is_decided_on_is_its_author_and_a_note_makes_nobody_one(
    noted: World,
) -> None:
    submit(noted, "80000 GBP")
    noted.update("P-1", "change_requests", "CR-1", "petra", remark="late")
    assert noted.waiting_for("petra") == []
    noted.update("P-1", "change_requests", "CR-1", "bo", minutes="item 4")
    assert len(noted.waiting_for("bo")) == 1


REQUIRED = """
---
kind: registers
registers:
  - extends: change_requests
    fields:
      benefit: {type: text, required: true}
"""


def test_what_is_asked_again_says_what_has_to_be_said(make_world: Callable[..., World]) -> None:
    world = make_world(policy_from(CITY.read_text("utf-8") + REQUIRED))
    world.project("P-1")
    world.person("ana", "project_manager", project="P-1")
    world.person("sam")
    submit(world, benefit="Dry feet")
    endings.withdraw(world.governance, **CR_1, by="sam")
    with pytest.raises(CommandError, match=r"change\.benefit: has to be given"):
        resubmission.resubmit(world.governance, **CR_1, changes={"benefit": None}, by="sam")


def test_what_is_waived_is_waived_once(wider: World) -> None:
    submit(wider, category="time")
    (study,) = (each for each in wider.waiting_for("ana") if each.kind == "evidence")
    waiver.waive(wider.governance, study.id, by="wim", reason="known")
    with pytest.raises(Refusal, match="this evidence is waived already"):
        waiver.waive(wider.governance, study.id, by="wim", reason="known")


@pytest.mark.usefixtures("_sam")
def test_what_is_asked_again_has_the_owner_and_the_day_it_had(world: World) -> None:
    submit(world, owner="ana", due="2026-05-01")
    endings.withdraw(world.governance, **CR_1, by="sam")
    again = resubmission.resubmit(world.governance, **CR_1, changes={}, by="sam")
    told = story(world, again.key)
    assert (told.owner, told.due) == ("ana", "2026-05-01")


GIVEN = """
---
kind: rules
rules:
  - id: scope-for-the-board
    title: The board approves what changes the scope
    on: change_request.submitted
    binding: shall
    when: change.category = "scope"
    then: [{require_approval: {from: portfolio_board}}]
  - id: quality-for-either
    title: One of the two approves what changes the quality
    on: change_request.submitted
    binding: shall
    when: change.category = "quality"
    then: [{require_approval: {any: [project_manager, pmo_head]}}]
"""


@pytest.fixture
def given(make_world: Callable[..., World]) -> World:
    world = make_world(policy_from(CITY.read_text("utf-8") + GIVEN))
    world.project("P-1")
    world.person("ana", "project_manager", project="P-1")
    world.person("petra", "pmo_head")
    world.person("bo", "portfolio_board")
    world.person("sam")
    return world


def test_who_approved_what_was_changed_since_undoes_nothing(given: World) -> None:
    submit(given, category="scope")
    given.vote("ana")
    given.update("P-1", "change_requests", "CR-1", "sam", cost="60000 GBP")
    given.vote("petra")
    given.vote("bo")
    assert given.status("P-1", "change_requests", "CR-1") == "approved"
    with pytest.raises(Refusal, match="it is for the PMO head or the portfolio board"):
        endings.rescind(given.governance, **CR_1, reason="too dear", by="ana")


def test_who_was_against_what_others_approved_undoes_nothing(given: World) -> None:
    submit(given, "0 GBP", category="quality")
    given.vote("ana", "reject")
    given.vote("petra")
    assert given.status("P-1", "change_requests", "CR-1") == "approved"
    with pytest.raises(Refusal, match="it is for the PMO head or the portfolio board"):
        endings.rescind(given.governance, **CR_1, reason="too dear", by="ana")


def test_keys_that_differ_in_capitals_alone_are_not_beside_each_other(world: World) -> None:
    world.person("sam")
    put = partial(
        submission.submit,
        world.governance,
        project="P-1",
        register="change_requests",
        fields={"cost": "40000 GBP"},
        by="sam",
    )
    with pytest.raises(CommandError, match="cr-7 would be taken for CR-7: keys here begin with"):
        put(key="cr-7")
    assert put(key="Bridge").key == "Bridge"
    with pytest.raises(CommandError, match="of P-1 has a Bridge already, so no bridge"):
        put(key="bridge")
    assert put(key="CR-7").key == "CR-7"


def test_a_blank_text_is_no_value(world: World) -> None:
    world.person("sam")
    with pytest.raises(CommandError, match="change.category: is blank; leave it out, or say it"):
        submit(world, category="  ")


def test_what_is_approved_is_asked_for_anew_as_another_record(world: World) -> None:
    world.person("sam")
    submit(world)
    world.vote("ana")
    with pytest.raises(Refusal, match="CR-1 is approved: submit a new change request with"):
        resubmission.resubmit(world.governance, **CR_1, changes={}, by="sam")


def test_what_went_up_at_once_says_to_whom(world: World) -> None:
    world.person("sam")
    submit(world)
    world.submit("P-1", "change_requests", "ana", cost="40000 GBP")
    first, second = (story(world, key).obligations[0] for key in ("CR-1", "CR-2"))
    assert (first.went_up_to, second.went_up_to) == ((), ("pmo_head",))
    assert second.escalated_to == []


WAIVES_APPROVALS = "\n  - {id: approvals, may: waive approval, up_to: unlimited}\n---\nkind: roles"


def test_the_only_approval_is_not_waived(make_world: Callable[..., World]) -> None:
    both = SET_BY.replace("\n---\nkind: roles", WAIVES_APPROVALS)
    world = make_world(policy_from(CITY.read_text("utf-8") + both))
    world.project("P-1")
    for person, role in {"ana": "project_manager", "petra": "pmo_head"}.items():
        world.person(person, role)
    world.person("wim", "waiver_board")
    world.person("sam")
    submit(world, "80000 GBP", category="cost")
    (row,) = world.waiting_for("petra")
    with pytest.raises(Refusal, match="no other approval would decide it, and a waiver decides no"):
        waiver.waive(world.governance, row.id, by="wim", reason="quick")
    assert [each.id for each in world.waiting_for("petra")] == [row.id]
    world.vote("petra")
    assert story(world, "CR-1").status == "approved"
