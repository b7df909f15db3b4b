"""A project is planned by the strategy that is chosen for it; its stages end as planned."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import cache, partial
from typing import Any

import pytest

from pmo_engine.policy import Policy
from pmo_engine.queries.told import in_words
from pmo_engine.questions.plans import PlanShown, plan_of
from pmo_engine.store.tables import Entry, Project
from pmo_engine.testing import Failed, World, at_once, policy_from
from pmo_engine.work import acts
from pmo_engine.work.errors import CommandError, Refusal
from pmo_engine.work.gates import reviews as gates
from pmo_engine.work.people.project_states import set_state
from pmo_engine.work.people.projects import Place, change_project, move_project
from pmo_engine.work.planning.setting import PlanSet, set_plan
from tests.stories.conftest import DATABASES

POLICY = """
kind: policy
name: office
version: "1"
in_force_from: 2026-01-01
currency: GBP
---
kind: calendar
id: england
zone: Europe/London
holidays: {country: GB, subdivision: ENG}
hours: {mon-fri: "09:00-17:30"}
---
kind: roles
roles:
  - {id: officer, senior: head}
  - {id: lead, senior: head}
  - {id: head, senior: board}
  - {id: board}
---
kind: terms_of_reference
for: officer
authority: [{id: plans, may: plan project, up_to: unlimited}]
---
kind: terms_of_reference
for: head
authority: [{id: tailors, may: tailor project, up_to: unlimited}]
---
kind: registers
registers:
  - register: milestones
    noun: milestone
    root: milestone
    plural: milestones
    key_prefix: M
    decided: when asked
    fields:
      name: {type: text, required: true}
      baseline: {type: date, baseline_of: forecast}
      forecast: {type: date}
      actual: {type: date}
      critical: {type: boolean}
---
kind: rules
rules:
  - id: in-full
    title: A critical milestone of a project that is planned in full is told
    on: milestone.submitted
    binding: should
    when: milestone.critical = true and project.strategy = "full" and project.budget > @"1 GBP"
    then: [{notify: {to: head, message: Critical}}]
    source: Ours
---
kind: gates
stages: [idea, case, build, run, over]
gates:
  - id: G1
    title: Case
    from_stage: idea
    to_stage: case
    assessments: []
    decided_by: board
    outcomes: [go, recycle, stop]
  - id: G2
    title: Build
    from_stage: case
    to_stage: build
    assessments: []
    decided_by: board
    outcomes: [go, stop]
    opens: [{before: 2 weeks, of: project.stage_ends_on}]
  - id: G3
    title: Run
    from_stage: build
    to_stage: run
    assessments: []
    decided_by: board
    outcomes: [go, stop]
  - id: G4
    title: Over
    from_stage: run
    to_stage: over
    assessments: []
    decided_by: board
    outcomes: [go, stop]
---
kind: table
id: planning_strategy
title: The strategy of a project
inputs:
  - {name: budget, type: money}
  - {name: risk, type: [low, high]}
outputs: [{name: strategy, type: [light, full]}]
hit_policy: first
source: Ours
rows:
  - {when: {budget: '< @"50000 GBP"', risk: '"low"'}, then: {strategy: '"light"'}}
  - {when: {}, then: {strategy: '"full"'}}
---
kind: strategies
chosen_by: planning_strategy(project.budget, project.risk)
register: milestones
title_in: name
days_in: [baseline, forecast]
strategies:
  - id: light
    title: Light planning
    stages:
      - stage: case
        lasts: 4 weeks
        plan:
          - {id: written, title: The case is written, after: 3 weeks, sets: {critical: true}}
          - {id: gate, title: The gate of the case, at: end}
      - stage: build
        lasts: 30 working days
        plan:
          - {id: begun, title: The work begins, at: start}
          - {id: gate, title: The gate to run, at: end}
  - id: full
    title: Full planning
    about: For what is large or risky
    stages:
      - stage: idea
        lasts: 10 days
      - stage: case
        lasts: 3 months
        plan:
          - {id: options, title: The options are compared, after: 1 month}
          - {id: written, title: The whole case is written, after: 2 months}
          - {id: gate, title: The gate of the case, at: end}
      - {stage: build, lasts: 1 year, plan: [{id: gate, title: The gate to run, at: end}]}
"""
BEGIN = datetime(2026, 3, 2, 9, tzinfo=UTC)  # a Monday


@cache
def office() -> Policy:
    return policy_from(POLICY)


pytestmark = DATABASES


@pytest.fixture
def world(make_world: Callable[..., World]) -> World:
    return founded(make_world(office(), start=BEGIN))


def founded(world: World) -> World:
    world.project("P-1", stage="case", budget="20000 GBP", risk="low")
    for person, role in (("ola", "officer"), ("hugo", "head"), ("bea", "board")):
        world.person(person, role)
    world.person("mia", "officer", project="P-1")
    return world


def plan(world: World, by: str = "ola", **more: Any) -> PlanSet:
    return set_plan(world.governance, **{"project": "P-1", "by": by, **more})


def shown(world: World, strategy: str | None = None, **more: Any) -> PlanShown:
    with world.governance.reading() as c:
        return plan_of(c, c.uow.projects.get("P-1"), strategy, **more)


def project(world: World) -> Project:
    with world.governance.reading() as c:
        return c.uow.projects.get("P-1")


def milestones(world: World) -> dict[str, Entry]:
    with world.governance.reading() as c:
        return {each.key: each for each in c.uow.entries.of_project("P-1", "milestones")}


def forecasts(world: World) -> dict[str, str]:
    return {key: each.document["forecast"] for key, each in milestones(world).items()}


LIGHT = {
    "M-build-begun": "2026-03-30",
    "M-build-gate": "2026-05-14",  # thirty working days on, over Easter and a bank holiday
    "M-case-gate": "2026-03-30",
    "M-case-written": "2026-03-23",
}


LATER = "baseline 2026-05-14, planned 2027-06-02; forecast 2026-06-01, planned 2027-06-02"


def test_what_the_chosen_strategy_plans_is_entered_with_its_days(world: World) -> None:
    done = plan(world)
    assert (done.strategy, done.reason, done.begins) == ("light", "", date(2026, 3, 2))
    assert sorted(done.entered) == sorted(LIGHT)
    assert forecasts(world) == LIGHT
    written = milestones(world)["M-case-written"]
    assert written.document == {
        "name": "The case is written",
        "baseline": "2026-03-23",
        "forecast": "2026-03-23",
        "first_baseline": "2026-03-23",
        "critical": True,
    }
    assert written.submitted_by == "ola"
    attributes = project(world).attributes
    assert (attributes["strategy"], attributes["stage_ends_on"]) == ("light", "2026-03-30")
    line = next(each for each in world.journal("P-1") if each.kind == "project.planned")
    assert in_words(line.kind, line.body, office()) == (
        "planned by Light planning; 4 records written; the stage ends on 2026-03-30"
    )


def test_said_again_it_changes_nothing(world: World) -> None:
    plan(world)
    before = world.journal("P-1")
    world.forward(working_days=3)
    again = plan(world)
    assert (again.changed, again.entered, again.moved, again.kept) == (False, (), (), ())
    assert again.begins == date(2026, 3, 2)
    assert [each.kind for each in world.journal("P-1")[len(before) :]] == []


def test_what_is_chosen_and_why_is_shown_before_anything_is_entered(world: World) -> None:
    found = shown(world)
    assert (found.chosen, found.strategy, found.set, found.none) == ("light", "light", None, "")
    (why,) = found.why
    assert why == (
        "row 1 of 'The strategy of a project': Where budget is below 50,000 GBP and risk is low,"
        " strategy is light (Ours)"
    )
    assert found.facts == {"project.budget": "20,000 GBP", "project.risk": "low"}
    assert [
        (each.stage, str(each.starts), str(each.ends), each.state) for each in found.stages
    ] == [
        ("case", "2026-03-02", "2026-03-30", "now"),
        ("build", "2026-03-30", "2026-05-14", "ahead"),
    ]
    assert not any(item.entered for each in found.stages for item in each.planned)
    assert milestones(world) == {}
    plan(world)
    assert all(item.entered for each in shown(world).stages for item in each.planned)


def test_facts_that_are_missing_are_asked_for_by_name(world: World) -> None:
    change_project(world.governance, project="P-1", by="bea", attributes={"risk": None})
    assert (shown(world).missing, shown(world).strategy) == (("project.risk",), None)
    with pytest.raises(CommandError, match=r"not known: the project's risk \(project.risk\)"):
        plan(world)
    change_project(world.governance, project="P-1", by="bea", attributes={"risk": "middling"})
    with pytest.raises(CommandError, match="project.risk: 'middling' is none of low, high"):
        plan(world)
    change_project(
        world.governance, project="P-1", by="bea", attributes={"risk": "low", "budget": "some"}
    )
    with pytest.raises(CommandError, match="project.budget: 'some'"):
        plan(world)
    assert milestones(world) == {}


def test_another_strategy_needs_a_reason_and_whoever_may_tailor(world: World) -> None:
    with pytest.raises(CommandError, match="Light planning is chosen for P-1, and another"):
        plan(world, strategy="full")
    with pytest.raises(Refusal, match="Ola may not tailor project.*the head"):
        plan(world, strategy="full", reason="the first of its kind")
    done = plan(world, "hugo", strategy="full", reason="the first of its kind")
    assert (done.strategy, done.reason) == ("full", "the first of its kind")
    assert project(world).attributes["stage_ends_on"] == "2026-06-02"
    again = plan(world)
    assert (again.strategy, again.changed) == ("full", False)
    found = shown(world)
    assert (found.chosen, found.set, found.reason) == ("light", "full", "the first of its kind")
    back = plan(world, strategy="light")
    assert (back.strategy, back.reason) == ("light", "")
    with pytest.raises(CommandError, match="Light planning is what is chosen for P-1"):
        plan(world, strategy="light", reason="so")
    with pytest.raises(CommandError, match="no strategy is called 'ful'.*did you mean 'full'"):
        plan(world, strategy="ful", reason="so")


def test_only_whoever_the_terms_let_plans_a_project(world: World) -> None:
    world.person("lee", "lead")
    with pytest.raises(Refusal, match="Lee may not plan project.*the head or the officer"):
        plan(world, "lee")
    assert plan(world, "hugo").changed  # who may tailor may plan
    assert not plan(world, "mia").changed


def test_another_strategy_moves_what_is_the_plan_s_and_keeps_what_is_not(world: World) -> None:
    plan(world)
    world.update("P-1", "milestones", "M-build-gate", "mia", forecast="2026-06-01")
    change_project(world.governance, project="P-1", by="bea", attributes={"risk": "high"})
    done = plan(world)
    assert (done.strategy, done.entered) == ("full", ("M-case-options",))
    assert done.moved == ("M-case-written", "M-case-gate")
    moved = milestones(world)["M-case-written"]
    assert moved.document == {
        "name": "The whole case is written",
        "baseline": "2026-03-23",
        "first_baseline": "2026-03-23",
        "forecast": "2026-05-05",  # after a bank holiday
    }
    assert milestones(world)["M-build-gate"].document["forecast"] == "2026-06-01"
    rebaseline = "a baseline is moved with 'pmo rebaseline'"
    assert done.kept == (
        f"M-case-written keeps its baseline 2026-03-23, planned 2026-05-05: {rebaseline}",
        f"M-case-gate keeps its baseline 2026-03-30, planned 2026-06-02: {rebaseline}",
        f"M-build-gate stays as somebody changed it: {LATER}",
        "M-build-begun is planned no more; it stays until somebody withdraws or closes it",
    )
    again = plan(world)
    assert (again.changed, again.kept) == (False, done.kept)


def test_the_days_count_from_the_start_of_the_project_or_from_the_day_that_is_said(
    world: World,
) -> None:
    start = Place(starts_on=date(2026, 3, 14))  # a Saturday
    change_project(world.governance, project="P-1", by="bea", place=start)
    assert [str(each.starts) for each in shown(world).stages] == ["2026-03-16", "2026-04-13"]
    plan(world)
    assert forecasts(world)["M-case-written"] == "2026-04-07"  # Easter Monday is the 6th
    moved = plan(world, begins=date(2026, 4, 1))
    assert moved.begins == date(2026, 4, 1)
    assert forecasts(world)["M-case-written"] == "2026-04-22"
    assert plan(world).changed is False  # the day that was said stays
    assert shown(world, begins=date(2026, 5, 1)).stages[0].starts == date(2026, 5, 1)


def test_the_start_is_that_of_the_first_stage_and_what_is_behind_is_not_entered(
    world: World,
) -> None:
    change_project(
        world.governance,
        project="P-1",
        by="bea",
        place=Place(starts_on=date(2026, 1, 5)),
        attributes={"risk": "high"},
    )
    move_project(world.governance, project="P-1", stage="build", by="bea", migrated="it is there")
    assert [each.state for each in shown(world).stages] == ["done", "done", "now"]
    assert plan(world).entered == ("M-build-gate",)
    assert project(world).attributes["stage_ends_on"] == "2027-04-15"


def go(world: World, gate: str) -> None:
    gates.open_gate(world.governance, project="P-1", gate=gate, by="mia")
    world.vote("bea")


def test_the_next_stage_ends_as_planned_once_the_gate_lets_it_begin(world: World) -> None:
    plan(world)
    go(world, "G2")
    found = project(world)
    assert (found.stage, found.attributes["stage_ends_on"]) == ("build", "2026-05-14")
    lines = world.journal("P-1")
    assert [each.kind for each in lines if each.kind.startswith("project.")] == [
        "project.planned",
        "project.stage_planned",
    ]
    told = next(each for each in lines if each.kind == "project.stage_planned")
    assert in_words(told.kind, told.body, office()) == (
        "planned for build; the stage ends on 2026-05-14"
    )
    go(world, "G3")
    found = project(world)
    assert (found.stage, found.attributes.get("stage_ends_on", "none")) == ("run", "none")
    with pytest.raises(CommandError, match="Light planning plans nothing of P-1 from 'run' on"):
        plan(world)
    assert [each.state for each in shown(world).stages] == ["done", "done"]


def test_the_end_of_a_stage_is_what_its_record_says_by_then(world: World) -> None:
    plan(world)
    world.update("P-1", "milestones", "M-build-gate", "mia", forecast="2026-07-01")
    go(world, "G2")
    assert project(world).attributes["stage_ends_on"] == "2026-07-01"


def test_a_project_that_is_not_planned_has_no_end_of_its_stage(world: World) -> None:
    go(world, "G2")
    assert "stage_ends_on" not in project(world).attributes


def test_the_review_opens_so_long_before_the_planned_end(world: World) -> None:
    plan(world)
    world.forward(hours=24 * 13)  # Sunday
    assert [each.kind for each in world.journal("P-1") if each.kind == "gate.opened"] == []
    world.forward(hours=24)
    (opened,) = [each for each in world.journal("P-1") if each.kind == "gate.opened"]
    assert opened.body["why"] == "it goes by 2026-03-30"


def test_an_end_that_somebody_changed_stays(world: World) -> None:
    plan(world)
    change_project(
        world.governance, project="P-1", by="bea", attributes={"stage_ends_on": "2026-04-20"}
    )
    again = plan(world, begins=date(2026, 3, 9))
    assert project(world).attributes["stage_ends_on"] == "2026-04-20"
    assert again.kept[-1] == (
        "stage_ends_on stays 2026-04-20, as somebody changed it; planned is 2026-04-07"
    )
    go(world, "G2")
    assert project(world).attributes["stage_ends_on"] == "2026-05-20"


def test_the_strategy_is_not_said_by_hand(world: World) -> None:
    with pytest.raises(CommandError, match="'strategy' is set by 'pmo plan set'"):
        change_project(world.governance, project="P-1", by="bea", attributes={"strategy": "full"})


def test_rules_see_the_strategy(world: World) -> None:
    change_project(world.governance, project="P-1", by="bea", attributes={"risk": "high"})
    plan(world)
    assert world.inbox("hugo").subjects == []
    world.submit("P-1", "milestones", "mia", name="More", critical=True)
    assert len(world.inbox("hugo").subjects) == 1


def test_two_who_plan_a_project_at_once_enter_it_once(world: World) -> None:
    twice = partial(set_plan, project="P-1", by="ola")
    found = at_once(world, twice, twice)
    assert not any(isinstance(each, Failed) for each in found), found
    assert sorted(each.changed for each in found) == [False, True]
    assert forecasts(world) == LIGHT
    assert [each.kind for each in world.journal("P-1")].count("project.planned") == 1


def test_the_same_request_gives_the_first_answer(world: World) -> None:
    first = plan(world, request="r-1")
    assert plan(world, request="r-1") == first
    with pytest.raises(CommandError, match="used to plan project"):
        plan(world, request="r-1", begins=date(2026, 5, 1))


def test_a_project_on_hold_is_not_planned(world: World) -> None:
    set_state(world.governance, act=acts.HOLD_PROJECT, project="P-1", by="bea", reason="money")
    with pytest.raises(Refusal, match="P-1 is on hold"):
        plan(world)


def test_two_who_tailor_a_project_at_once_do_it_once(world: World) -> None:
    tailored = partial(set_plan, project="P-1", by="hugo", strategy="full", reason="the first")
    found = at_once(world, tailored, tailored)
    assert not any(isinstance(each, Failed) for each in found), found
    assert sorted(each.changed for each in found) == [False, True]
    assert [each.kind for each in world.journal("P-1")].count("project.planned") == 1
