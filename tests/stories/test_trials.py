"""Rules on trial: judged, recorded and reported, and nobody is asked for anything."""

from collections.abc import Callable
from datetime import datetime

import pytest

from pmo_engine.queries import audit
from pmo_engine.reports.report import report
from pmo_engine.testing import World, policy_from, story_of
from pmo_engine.work.records import submission as records
from pmo_engine.work.versions.trial import trials
from tests.stories.conftest import CITY

TRIALS = """
---
kind: rules
rules:
  - id: board-sees-scope
    title: The board approves changes of scope
    on: change_request.submitted
    binding: trial
    when: change.category = "scope"
    then:
      - require_approval: {from: portfolio_board, within: 5 working days, ladder: patience}
      - notify: {to: pmo_head, message: The scope moves}
  - id: small-passes
    title: A small change passes by itself
    on: change_request.submitted
    binding: trial
    when: change.cost <= @"100 GBP"
    then: [{auto_approve: {source: "a proposal of the office"}}]
  - id: whoever
    title: Every change is approved and blocked
    on: change_request.submitted
    binding: trial
    then: [{require_approval: {from: least_senior_with_authority}}, {block: not this month}]
  - id: never-judged
    title: A division by nothing
    on: change_request.submitted
    binding: trial
    when: change.cost / (change.cost - change.cost) > 1
    then: [{block: not so}]
"""
BOARD = "The portfolio board would have to approve the change request within 5 working days"


@pytest.fixture
def tried(make_world: Callable[..., World]) -> World:
    world = make_world(policy_from(CITY.read_text() + TRIALS))
    world.project("P-1")
    world.person("ana", "project_manager", project="P-1")
    world.person("petra", "pmo_head")
    world.person("bo", "portfolio_board")
    world.person("sam")
    return world


def submit(world: World, cost: str, **fields: str) -> records.Recorded:
    return world.submit("P-1", "change_requests", "sam", cost=cost, **fields)


def test_a_rule_on_trial_is_recorded_and_asks_nobody(tried: World) -> None:
    made = submit(tried, "20000 GBP", category="scope")
    assert made.decision.status == "waiting"
    assert [(item.kind, item.role) for item in made.decision.obligations] == [
        ("approval", "project_manager")
    ]
    assert tried.waiting_for("bo") == []
    assert tried.inbox("petra").subjects == []
    asked = made.decision.model_dump(mode="json")["trial"]
    assert list(asked) == ["board-sees-scope", "whoever"]
    assert asked["board-sees-scope"] == [
        f"{BOARD} (reminders and escalations by the ladder 'patience').",
        'The PMO head would have to be told ("The scope moves").',
    ]
    assert asked["whoever"] == [
        "The project manager would have to approve the change request.",
        'The change request would not go on ("not this month").',
    ]
    assert list(made.decision.faults) == ["never-judged"]


def test_nothing_passes_by_itself_on_trial(tried: World) -> None:
    made = submit(tried, "100 GBP", category="time")
    assert made.status == "submitted"
    assert made.decision.model_dump(mode="json")["trial"]["small-passes"] == [
        'The change request would be approved automatically ("a proposal of the office").'
    ]


def test_what_is_missing_does_not_wait_for_a_trial(tried: World) -> None:
    made = submit(tried, "0 GBP")
    assert made.decision.unknown["board-sees-scope"] == ["change.category"]
    assert (made.decision.status, made.decision.obligations) == ("clear", [])


def test_it_is_kept_with_the_decision_and_in_the_journal(tried: World) -> None:
    made = submit(tried, "20000 GBP", category="scope")
    wanted = made.decision.model_dump(mode="json")["trial"]
    story = story_of(tried.governance, project="P-1", register="change_requests", key=made.key)
    assert [decision.result.trial for decision in story.decisions] == [wanted]
    with tried.governance.reading() as c:
        (line,) = [entry for entry in c.uow.journal.read("P-1") if entry.kind == "decided"]
    assert line.body["trial"] == wanted
    assert audit.verify(tried.database).intact


def test_the_report_says_what_would_have_been_asked(tried: World) -> None:
    submit(tried, "20000 GBP", category="scope")
    submit(tried, "0 GBP", category="scope")  # nobody is asked, and it is told all the same
    page = report(tried.governance)
    assert page.count(BOARD) == 2
    assert page.count('<span class="binding trial">on trial</span> board-sees-scope') == 2


def test_the_trial_is_added_up(tried: World) -> None:
    submit(tried, "20000 GBP", category="scope")
    tried.forward(hours=1)
    submit(tried, "30000 GBP", category="scope")
    submit(tried, "30000 GBP", category="time")
    submit(tried, "30000 GBP")
    found = {trial.rule: trial for trial in trials(tried.governance)}
    assert list(found) == ["board-sees-scope", "small-passes", "whoever", "never-judged"]
    board = found["board-sees-scope"]
    assert (board.judged, board.fired, board.unknown, board.faults) == (4, 2, 1, 0)
    assert list(board.asked.values()) == [2, 2]
    assert (found["small-passes"].judged, found["small-passes"].fired) == (4, 0)
    assert (found["whoever"].fired, found["never-judged"].faults) == (4, 4)
    assert board.first is not None
    assert board.last is not None
    first, last = map(datetime.fromisoformat, (board.first, board.last))
    assert (last - first).total_seconds() == 3600
