"""What rules look at may be known only later: they are judged then, wherever that comes from."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from pmo_engine.store.errors import DatabaseLocked
from pmo_engine.store.records.waits import Wait
from pmo_engine.testing import World, policy_from, story_of
from pmo_engine.work import command
from pmo_engine.work.people.projects import change_project
from pmo_engine.work.records import waited
from pmo_engine.work.records.happenings import happened
from tests.stories.test_faults_stand import OFFICE, rule

AT = {"project": "P-1", "register": "changes", "key": "CR-1"}
REPORT = "raise_exception: {to: board}"
LARGE = "change.k > 3"
EFFECTS = {
    REPORT: "exception",
    "require_evidence: {evidence: case, from: board}": "evidence",
    "require_approval: {from: board}": "approval",
}


@pytest.fixture
def office(make_world: Callable[..., World]) -> Callable[..., World]:
    def make(rules: str, **attributes: Any) -> World:
        text = OFFICE.replace("MORE", "").replace("WHEN", "when: change.n > 0")
        fields = text.replace("k: {type: number}", "k: {type: number}, d: {type: date}")
        world = make_world(policy_from(fields + rules))
        world.project("P-1", stage="plan", **attributes)
        world.person("ana", "project_manager", project="P-1")
        world.person("petra", "pmo_head")
        world.person("bo", "board")
        return world

    return make


def waits(world: World, person: str) -> list[str]:
    return [each.kind for each in world.waiting_for(person)]


def wanted_of(world: World) -> list[str]:
    story = story_of(world.governance, **AT)
    return [each.target for each in story.obligations if each.kind == "information"]


def look_at(world: World) -> None:
    happened(world.governance, **AT, what="looked_at", by="ana")


@pytest.mark.parametrize("binding", ["shall", "should", "may"])
@pytest.mark.parametrize("on", ["submitted", "looked_at"])
@pytest.mark.parametrize(("effect", "kind"), EFFECTS.items(), ids=EFFECTS.values())
def test_what_an_update_says_has_the_rule_judged(
    office: Callable[..., World], effect: str, kind: str, on: str, binding: str
) -> None:
    world = office(rule(f"on: change.{on}", effect, LARGE, binding=binding))
    world.submit("P-1", "changes", "ana", n="1")
    if on == "looked_at":
        look_at(world)
    assert waits(world, "ana") == ["information"] * (binding == "shall")
    assert waits(world, "bo") == []
    world.update("P-1", "changes", "CR-1", "ana", n="2")
    assert (waits(world, "ana"), waits(world, "bo")) == (["information"] * (binding == "shall"), [])
    world.update("P-1", "changes", "CR-1", "ana", k="4")
    assert (waits(world, "ana"), waits(world, "bo")) == ([], [kind])
    world.update("P-1", "changes", "CR-1", "ana", n="3")
    assert waits(world, "bo") == [kind]


@pytest.mark.parametrize("on", ["submitted", "looked_at"])
def test_a_notice_and_a_block_come_then_too(office: Callable[..., World], on: str) -> None:
    both = "notify: {to: board, message: Look}}, {block: Too much"
    world = office(rule(f"on: change.{on}", both, LARGE))
    world.submit("P-1", "changes", "ana", n="1")
    if on == "looked_at":
        look_at(world)
    world.update("P-1", "changes", "CR-1", "ana", k="4")
    world.update("P-1", "changes", "CR-1", "ana", n="2")
    assert [each.subject for each in world.inbox("bo").messages] == ["Change CR-1 of P-1"]
    assert waits(world, "ana") == ["block"]


@pytest.mark.parametrize("k", ["3", "0", None], ids=["holds", "fault", "unknown"])
def test_a_block_stays_until_its_rule_is_judged_not_to_hold(
    office: Callable[..., World], k: str | None
) -> None:
    world = office(rule("on: change.looked_at", "block: too few", "10 / change.k > 2"))
    world.submit("P-1", "changes", "ana", n="0", k="4")
    look_at(world)
    assert "block" in waits(world, "ana")
    world.update("P-1", "changes", "CR-1", "ana", k=k)
    assert story_of(world.governance, **AT).standing == "blocked"
    assert "block" in waits(world, "ana")
    world.update("P-1", "changes", "CR-1", "ana", k="10")
    assert story_of(world.governance, **AT).standing != "blocked"
    assert "block" not in waits(world, "ana")


def test_a_fault_that_comes_of_what_is_known_later_is_told(office: Callable[..., World]) -> None:
    world = office(rule("on: change.looked_at", REPORT, "10 / change.k > 2"))
    world.submit("P-1", "changes", "ana", n="1")
    look_at(world)
    before = len(world.inbox("petra").subjects)
    world.update("P-1", "changes", "CR-1", "ana", k="0")
    told = world.inbox("petra").messages[before:]
    assert [each.subject for each in told if "share" in each.body] == [
        "Change CR-1 of P-1: not every rule could be judged"
    ]


@pytest.mark.parametrize(("over", "unknown"), ["kn", "nk"], ids=["the first", "the second"])
def test_what_two_rules_block_stays_until_neither_may_hold(
    office: Callable[..., World], over: str, unknown: str
) -> None:
    both = [("share", "change.k < 5"), ("second", "change.n < 5")]
    rules = (rule("on: change.looked_at", "block: not so", when, name=id) for id, when in both)
    world = office("".join(rules))
    world.submit("P-1", "changes", "ana", n="1", k="1")
    look_at(world)
    world.update("P-1", "changes", "CR-1", "ana", **{over: "9", unknown: None})
    assert story_of(world.governance, **AT).standing == "blocked"
    world.update("P-1", "changes", "CR-1", "ana", **{unknown: "9"})
    assert story_of(world.governance, **AT).standing != "blocked"


def test_what_a_rule_on_the_record_itself_blocked_is_withdrawn_by_a_change(
    office: Callable[..., World],
) -> None:
    world = office(
        rule("on: change.submitted", "block: too few", "change.k < 5")
        + rule("on: change.looked_at", REPORT, LARGE, name="second")
    )
    world.submit("P-1", "changes", "ana", n="0", k="1")
    world.update("P-1", "changes", "CR-1", "ana", k="9")
    story = story_of(world.governance, **AT)
    assert [each.status for each in story.obligations if each.kind == "block"] == ["withdrawn"]


def test_a_block_is_over_once_the_event_happens_again_and_its_rule_holds_no_more(
    office: Callable[..., World],
) -> None:
    once = 'count(history[event = "change.looked_at"]) < 2'
    world = office(rule("on: change.looked_at", "block: look once more", once))
    world.submit("P-1", "changes", "ana", n="0")
    look_at(world)
    assert story_of(world.governance, **AT).standing == "blocked"
    look_at(world)
    assert story_of(world.governance, **AT).standing == "waiting"
    assert "block" not in waits(world, "ana")


def test_what_people_are_to_give_is_waited_for_whatever_a_record_says_since(
    office: Callable[..., World],
) -> None:
    world = office(rule("on: change.looked_at", REPORT, LARGE))
    world.submit("P-1", "changes", "ana", n="1", k="4")
    look_at(world)
    world.update("P-1", "changes", "CR-1", "ana", k="1")
    assert waits(world, "bo") == ["exception"]


def test_what_was_judged_on_its_event_is_not_judged_again(office: Callable[..., World]) -> None:
    other = rule(
        "on: change.looked_at",
        "require_evidence: {evidence: plan, from: board}",
        "change.n > 1",
        name="other",
    )
    world = office(rule("on: change.looked_at", REPORT, LARGE) + other)
    world.submit("P-1", "changes", "ana", n="1")
    look_at(world)
    world.update("P-1", "changes", "CR-1", "ana", n="2", k="4")
    assert waits(world, "bo") == ["exception"]
    assert story_of(world.governance, **AT).faults == {}


def test_a_rule_that_turns_out_not_to_hold_asks_nobody(office: Callable[..., World]) -> None:
    world = office(rule("on: change.looked_at", REPORT, LARGE))
    world.submit("P-1", "changes", "ana", n="1")
    look_at(world)
    world.vote("petra")
    assert world.status("P-1", "changes", "CR-1") == "submitted"
    world.update("P-1", "changes", "CR-1", "ana", k="1")
    assert (waits(world, "ana"), waits(world, "bo")) == ([], [])
    assert world.vote("petra").status == "approved"


def test_a_rule_asks_for_what_is_still_missing(office: Callable[..., World]) -> None:
    world = office(rule("on: change.looked_at", REPORT, "change.k > 3 and change.d < today"))
    world.submit("P-1", "changes", "ana", n="1")
    look_at(world)
    assert len(waits(world, "ana")) == 2
    world.update("P-1", "changes", "CR-1", "ana", k="4")
    [left] = world.waiting_for("ana")
    assert "the change's d is not known" in left.reasons[-1]
    world.update("P-1", "changes", "CR-1", "ana", d="2026-01-05")
    assert (waits(world, "ana"), waits(world, "bo")) == ([], ["exception"])


@pytest.mark.parametrize("on", ["submitted", "looked_at"])
def test_what_the_project_says_has_it_judged(office: Callable[..., World], on: str) -> None:
    world = office(rule(f"on: change.{on}", REPORT, 'project.terrain = "marsh"'))
    world.submit("P-1", "changes", "ana", n="1")
    if on == "looked_at":
        look_at(world)
    [asked] = world.waiting_for("ana")
    assert "the project's terrain is not known" in asked.reasons[-1]
    world.vote("petra")
    change_project(world.governance, project="P-1", attributes={"area": "north"}, by="bo")
    assert waits(world, "ana") == ["information"]
    change_project(world.governance, project="P-1", attributes={"terrain": "marsh"}, by="bo")
    assert (waits(world, "ana"), waits(world, "bo")) == ([], ["exception"])
    assert waits(world, "petra") == []  # the vote stands


@pytest.mark.parametrize("on", ["submitted", "looked_at"])
def test_a_fact_that_a_rule_asks_for_is_met_by_giving_it(
    office: Callable[..., World], on: str
) -> None:
    wanted = "require_information: {facts: [change.d, change.k], from: board}"
    world = office(rule(f"on: change.{on}", wanted, "change.n > 0"))
    world.submit("P-1", "changes", "ana", n="1", k="1")
    if on == "looked_at":
        look_at(world)
    assert wanted_of(world) == ["change.d"]
    world.update("P-1", "changes", "CR-1", "bo", d="2026-01-05")
    assert waits(world, "bo") == []
    assert world.vote("petra").status == "approved"


@pytest.mark.parametrize("on", ["submitted", "looked_at"])
def test_a_fact_of_the_project_that_a_rule_asks_for_is_met_by_it(
    office: Callable[..., World], on: str
) -> None:
    wanted = "require_information: {facts: [project.terrain], from: board}"
    world = office(rule(f"on: change.{on}", wanted, "change.n > 0"))
    world.submit("P-1", "changes", "ana", n="1")
    if on == "looked_at":
        look_at(world)
    assert waits(world, "bo") == ["information"]
    world.vote("petra")
    change_project(world.governance, project="P-1", attributes={"terrain": "marsh"}, by="bo")
    assert waits(world, "bo") == []
    assert world.status("P-1", "changes", "CR-1") == "approved"


def test_what_another_record_says_has_it_judged(office: Callable[..., World]) -> None:
    world = office(rule("on: change.submitted", REPORT, "count(changes[k > 3]) > 0"))
    world.submit("P-1", "changes", "ana", n="1")
    world.submit("P-1", "changes", "ana", n="1", k="1")
    mine = [each for each in world.waiting_for("ana") if "CR-2" in each.title]
    assert [each.reasons[-1] for each in mine] == [
        '"The share is small" cannot be judged: change CR-1\'s k is not known.'
    ]
    world.update("P-1", "changes", "CR-1", "ana", k="4")
    assert (waits(world, "ana"), waits(world, "bo")) == ([], ["exception"] * 2)


def test_a_derived_fact_is_worked_out_then(office: Callable[..., World]) -> None:
    derived = rule(
        "on: [change.submitted, change.looked_at]",
        "derive: {fact: is_big, value: true}",
        LARGE,
        binding="may",
        name="big",
    )
    world = office(derived + rule("on: change.looked_at", REPORT, "is_big"))
    world.submit("P-1", "changes", "ana", n="1")
    look_at(world)
    assert waits(world, "ana") == ["information"]
    world.update("P-1", "changes", "CR-1", "ana", k="4")
    assert (waits(world, "ana"), waits(world, "bo")) == ([], ["exception"])


@pytest.mark.parametrize("binding", ["shall", "may"])
def test_what_time_asks_about_a_day_that_is_given_later(
    office: Callable[..., World], binding: str
) -> None:
    both = f"{REPORT}}}, {{notify: {{to: board, message: Late}}"
    world = office(rule("every: day\n    of: change", both, "change.d < today", binding=binding))
    world.submit("P-1", "changes", "ana", n="1")
    world.forward(hours=24)
    assert (waits(world, "ana"), waits(world, "bo")) == (["information"] * (binding == "shall"), [])
    world.update("P-1", "changes", "CR-1", "ana", d="2026-01-05")
    for _ in range(3):
        world.forward(hours=24)
        assert (waits(world, "ana"), waits(world, "bo")) == ([], ["exception"])
    assert len(world.inbox("bo").messages) == 2  # the report and the notice, once


def test_a_fault_on_what_happened_is_mended_by_an_update(office: Callable[..., World]) -> None:
    world = office(rule("on: change.looked_at", REPORT, "change.n / change.k > 1"))
    world.submit("P-1", "changes", "ana", n="2", k="0")
    look_at(world)
    assert list(story_of(world.governance, **AT).faults) == ["share"]
    world.update("P-1", "changes", "CR-1", "ana", k="1")
    assert story_of(world.governance, **AT).faults == {}
    assert waits(world, "bo") == ["exception"]


def test_what_still_waits_is_kept_once(office: Callable[..., World]) -> None:
    world = office(rule("on: change.looked_at", REPORT, LARGE))
    world.submit("P-1", "changes", "ana", n="1")
    look_at(world)
    for n in ("2", "3"):
        world.update("P-1", "changes", "CR-1", "ana", n=n)
    events = [each.event for each in story_of(world.governance, **AT).decisions]
    assert events.count("change.looked_at") == 1


SHOULD = {
    "the project": ('project.terrain = "marsh"', None),
    "another record": ("count(changes[k > 3]) > 0", "4"),
}


@pytest.mark.parametrize("binding", ["should", "may"])
@pytest.mark.parametrize("on", ["submitted", "looked_at"])
@pytest.mark.parametrize(("when", "k"), SHOULD.values(), ids=SHOULD)
def test_a_recommendation_that_waited_is_made_then_and_told(
    office: Callable[..., World], on: str, binding: str, when: str, k: str | None
) -> None:
    evidence = "require_evidence: {evidence: case, from: board}"
    world = office(rule(f"on: change.{on}", evidence, when, binding=binding))
    world.submit("P-1", "changes", "ana", n="1")
    world.submit("P-1", "changes", "ana", n="1", k="1")
    if on == "looked_at":
        for key in ("CR-1", "CR-2"):
            happened(world.governance, **{**AT, "key": key}, what="looked_at", by="ana")
    asked = len(world.inbox("petra").messages)
    assert (waits(world, "ana"), waits(world, "bo"), asked) == ([], [], 2)
    if k is None:
        change_project(world.governance, project="P-1", attributes={"terrain": "marsh"}, by="bo")
    else:
        world.update("P-1", "changes", "CR-1", "ana", k=k)
    assert waits(world, "bo") == ["evidence"] * 2
    told = [each for each in world.inbox("petra").messages if "more is known" in each.subject]
    assert {each.subject[:11] for each in told} >= {"Change CR-2"}
    assert all("Asked for as well: evidence case." in each.body for each in told)
    before = len(world.inbox("petra").messages)
    change_project(world.governance, project="P-1", attributes={"terrain": "marsh2"}, by="bo")
    world.sweep()
    assert len(world.inbox("petra").messages) == before


def test_what_waits_still_is_decided_no_second_time(office: Callable[..., World]) -> None:
    world = office(
        rule("on: change.submitted", REPORT, 'project.terrain = "marsh" and change.k > 3', "may")
    )
    world.submit("P-1", "changes", "ana", n="1")
    with world.database.read() as uow:
        assert [each.root for each in uow.select(select(Wait.root))] == ["project"]
    for area in ("north", "south"):
        change_project(world.governance, project="P-1", attributes={"area": area}, by="bo")
    assert len(story_of(world.governance, **AT).decisions) == 1
    world.update("P-1", "changes", "CR-1", "ana", k="4")
    change_project(world.governance, project="P-1", attributes={"terrain": "marsh"}, by="bo")
    assert waits(world, "bo") == ["exception"]


@pytest.mark.parametrize("binding", ["shall", "may"])
def test_where_the_store_refuses_the_sweep_sees_to_it(
    office: Callable[..., World], binding: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = office(rule("on: change.submitted", REPORT, 'project.terrain = "marsh"', binding))
    world.submit("P-1", "changes", "ana", n="1")

    def refuse(*_: object, **__: object) -> None:
        raise DatabaseLocked("somebody else writes")

    with monkeypatch.context() as patched:
        patched.setattr(waited, "_look_again", refuse)
        patched.setattr(command, "sleep", lambda _: None)  # nobody would let it go meanwhile
        change_project(world.governance, project="P-1", attributes={"terrain": "marsh"}, by="bo")
        world.sweep()
    assert waits(world, "bo") == []
    world.sweep()
    assert waits(world, "bo") == ["exception"]
    world.sweep()
    assert waits(world, "bo") == ["exception"]


def test_what_happened_is_judged_by_the_fact_it_waits_for_though_others_came_before(
    office: Callable[..., World],
) -> None:
    world = office(rule("on: change.looked_at", REPORT, 'project.terrain = "marsh"', "may"))
    world.submit("P-1", "changes", "ana", n="1")
    look_at(world)
    for area in ("north", "south"):
        change_project(world.governance, project="P-1", attributes={"area": area}, by="bo")
        assert waits(world, "bo") == []
    change_project(world.governance, project="P-1", attributes={"terrain": "marsh"}, by="bo")
    assert waits(world, "bo") == ["exception"]


def test_a_fault_of_another_record_is_mended_there(office: Callable[..., World]) -> None:
    world = office(rule("on: change.looked_at", REPORT, "1 / count(changes[k > 3]) > 0", "may"))
    for key in ("CR-1", "CR-2"):
        world.submit("P-1", "changes", "ana", n="1", k="0")
        happened(world.governance, **{**AT, "key": key}, what="looked_at", by="ana")
    assert list(story_of(world.governance, **{**AT, "key": "CR-2"}).faults) == ["share"]
    world.update("P-1", "changes", "CR-1", "ana", k="4")
    assert story_of(world.governance, **{**AT, "key": "CR-2"}).faults == {}
    assert waits(world, "bo") == ["exception"] * 2


def test_who_is_asked_for_what_comes_besides_hears_of_that_alone(
    office: Callable[..., World],
) -> None:
    evidence = "require_evidence: {evidence: case, from: pmo_head}"
    world = office(rule("on: change.submitted", evidence, 'project.terrain = "marsh"', "may"))
    world.submit("P-1", "changes", "ana", n="1")
    change_project(world.governance, project="P-1", attributes={"terrain": "marsh"}, by="bo")
    assert sorted(waits(world, "petra")) == ["approval", "evidence"]
    subjects = [each.subject for each in world.inbox("petra").messages]
    assert not [each for each in subjects if "more is known" in each]
    assert len(subjects) == 2
