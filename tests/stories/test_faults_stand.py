"""A rule that could not be judged stays so until it is judged: it holds, is shown, and is told."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from pmo_engine.model.clock import SimulatedClock
from pmo_engine.testing import World, policy_from, story_of
from pmo_engine.work.errors import Refusal
from pmo_engine.work.gates import packs
from pmo_engine.work.gates import reviews as gates
from pmo_engine.work.records.happenings import happened
from pmo_engine.work.records.submission import update

OFFICE = """\
kind: policy
name: faulty
version: "1"
in_force_from: 2026-01-01
currency: GBP
default_within: 5 days
---
kind: roles
roles:
  - {id: project_manager, title: project manager, senior: pmo_head}
  - {id: pmo_head, title: head of the PMO, senior: board}
  - {id: board, title: board}
---
kind: terms_of_reference
for: pmo_head
authority: [{id: any-change, may: approve change, up_to: unlimited}]
---
kind: registers
registers:
  - register: changes
    noun: change
    root: change
    plural: changes
    key_prefix: CR
    events: [looked_at]
    fields: {n: {type: number}, k: {type: number}}
---
kind: gates
stages: [plan, build]
gates:
  - id: G1
    title: Ready to build
    from_stage: plan
    to_stage: build
    assessments: []
    decided_by: board
    outcomes: [go, conditional_go, hold, stop]
    MORE
---
kind: rules
rules:
  - id: asked
    title: The head decides about a change
    on: change.submitted
    binding: shall
    WHEN
    then: [{require_approval: {from: pmo_head}}]
"""
SHARE = "change.n / change.k > 1"
CALM = "count(changes[n / k > 1]) > 0"


def rule(on: str, then: str, when: str = SHARE, binding: str = "shall", name: str = "share") -> str:
    return f"""\
  - id: {name}
    title: The share is small
    {on}
    binding: {binding}
    when: {when}
    then: [{{{then}}}]
"""


@pytest.fixture(params=[("compiled", "sqlite")])
def place(request: pytest.FixtureRequest) -> tuple[str, str]:
    """Judge by one engine on one database: what is kept of a decision is the same in all."""
    backend, database = request.param
    return backend, request.getfixturevalue(f"{database}_url")


@pytest.fixture
def office(make_world: Callable[..., World]) -> Callable[..., World]:
    def make(rules: str = "", more: str = "opened_by: [pmo_head]", **attributes: Any) -> World:
        passing = "auto_approve" in rules  # then the head decides about the others alone
        when = "when: change.n != 1" if passing else "when: true"
        text = OFFICE.replace("MORE", more).replace("WHEN", when)
        world = make_world(policy_from(text + rules))
        world.project("P-1", stage="plan", **attributes)
        world.person("ana", "project_manager", project="P-1")
        world.person("petra", "pmo_head")
        world.person("bo", "board")
        return world

    return make


def told(world: World, person: str) -> list[str]:
    return [each.subject for each in world.inbox(person).messages]


UNJUDGED = "Change CR-1 of P-1: not every rule could be judged"


def test_what_else_happens_to_a_record_takes_no_fault_away(office: Callable[..., World]) -> None:
    seen = rule("on: change.looked_at", "notify: {to: board}", "change.n > 0", name="seen")
    world = office(rule("on: change.submitted", "block: The share is large") + seen)
    world.submit("P-1", "changes", "ana", n="1", k="0")
    assert told(world, "petra").count(UNJUDGED) == 1
    [asked] = world.waiting_for("petra")
    assert "share could not be judged: policy.yaml" in asked.reasons[-1]
    at = {"project": "P-1", "register": "changes", "key": "CR-1"}
    happened(world.governance, **at, what="looked_at", by="ana")
    assert list(story_of(world.governance, **at).faults) == ["share"]
    assert world.vote("petra").status == "submitted"
    assert told(world, "petra")[-1] == "Change CR-1 of P-1 is stuck: nobody may act on it"
    world.update("P-1", "changes", "CR-1", "ana", n="2")
    assert told(world, "petra").count(UNJUDGED) == 1
    world.update("P-1", "changes", "CR-1", "ana", k="4")
    assert story_of(world.governance, **at).faults == {}
    assert world.vote("petra").status == "approved"


def test_a_host_whose_clock_is_behind_has_the_last_word_where_it_spoke_last(
    office: Callable[..., World],
) -> None:
    world = office(rule("on: change.submitted", "block: The share is large"))
    behind = SimulatedClock(world.clock.now() - timedelta(seconds=2))
    other = replace(world.governance, clock=behind)
    at = {"project": "P-1", "register": "changes", "key": "CR-1"}
    world.submit("P-1", "changes", "ana", n="1", k="4")
    update(other, **at, changes={"k": "0"}, by="ana")
    assert list(story_of(world.governance, **at).faults) == ["share"]
    assert world.vote("petra").status == "submitted"
    world.update("P-1", "changes", "CR-1", "ana", k="4")
    update(other, **at, changes={"n": "2"}, by="ana")
    assert [made.event for made in story_of(world.governance, **at).decisions] == [
        "change.submitted",
        *["change.updated"] * 3,
    ]
    assert story_of(world.governance, **at).faults == {}
    assert world.vote("petra").status == "approved"


@pytest.mark.parametrize("on", ["on: change.looked_at", "on: change.approved"])
def test_the_head_hears_of_a_fault_on_any_event(office: Callable[..., World], on: str) -> None:
    world = office(rule(on, "notify: {to: board}", binding="may"))
    world.submit("P-1", "changes", "ana", n="1", k="0")
    assert UNJUDGED not in told(world, "petra")
    at = {"project": "P-1", "register": "changes", "key": "CR-1"}
    happened(world.governance, **at, what="looked_at", by="ana")
    world.vote("petra")
    assert UNJUDGED in told(world, "petra")


def test_a_record_passes_by_itself_only_where_all_was_judged(office: Callable[..., World]) -> None:
    passes = rule(
        "on: change.submitted", "auto_approve: {source: Minutes}", "change.n = 1", name="passes"
    )
    world = office(rule("on: change.looked_at", "block: The share is large") + passes)
    world.submit("P-1", "changes", "ana", n="2", k="0")
    at = {"project": "P-1", "register": "changes", "key": "CR-1"}
    happened(world.governance, **at, what="looked_at", by="ana")
    world.update("P-1", "changes", "CR-1", "ana", n="1")
    assert world.status("P-1", "changes", "CR-1") == "submitted"
    world.update("P-1", "changes", "CR-1", "ana", k="4")
    happened(world.governance, **at, what="looked_at", by="ana")
    world.update("P-1", "changes", "CR-1", "ana", k="5")
    assert world.status("P-1", "changes", "CR-1") == "approved"


@pytest.mark.parametrize("change", [{"k": "0"}, {"k": None}])
def test_what_time_asked_stays_asked_while_it_cannot_be_judged(
    office: Callable[..., World], change: dict[str, Any]
) -> None:
    raised = rule(
        "every: day\n    of: change",
        "raise_exception: {to: board}}, {notify: {to: project_manager}",
    )
    world = office(raised)
    world.submit("P-1", "changes", "ana", n="2", k="1")
    world.forward(hours=24)
    [before] = world.waiting_for("bo")
    world.update("P-1", "changes", "CR-1", "ana", **change)
    world.forward(hours=24)
    assert [each.id for each in world.waiting_for("bo")] == [before.id]
    world.update("P-1", "changes", "CR-1", "ana", k="1")
    world.forward(hours=24)
    assert [each.id for each in world.waiting_for("bo")] == [before.id]
    assert told(world, "bo") == ["Change CR-1 of P-1: exception report"]
    assert told(world, "ana") == ["Change CR-1 of P-1"]
    world.update("P-1", "changes", "CR-1", "ana", k="4")
    world.forward(hours=24)
    assert world.waiting_for("bo") == []


@pytest.mark.parametrize("k", ["0", "1"])
def test_what_two_rules_ask_is_asked_once_where_one_cannot_be_judged(
    office: Callable[..., World], k: str
) -> None:
    ask = "raise_exception: {to: board}"
    share = rule("on: change.submitted", ask)
    world = office(share + rule("on: change.submitted", ask, "change.n > 1", name="size"))
    world.submit("P-1", "changes", "ana", n="2", k="1")
    [before] = world.waiting_for("bo")
    world.update("P-1", "changes", "CR-1", "ana", k=k, n="3")
    assert [each.id for each in world.waiting_for("bo")] == [before.id]
    world.update("P-1", "changes", "CR-1", "ana", k="4", n="1")
    assert world.waiting_for("bo") == []


@pytest.mark.parametrize(
    ("on", "k", "why"),
    [
        ("opened", "0", "share could not be judged: policy.yaml.*division by zero"),
        ("assessed", "0", "share could not be judged: policy.yaml.*division by zero"),
        ("assessed", None, r"rule 'share' cannot be judged: not known: changes\[CR-1\].k"),
        ("assessed", "1", "rule 'share' blocks it: Too much"),
        ("assessed", "4", ""),
    ],
)
def test_a_rule_on_a_gate_keeps_it_from_passing(
    office: Callable[..., World], on: str, k: str | None, why: str
) -> None:
    world = office(rule(f"on: gate.{on}", "block: Too much", CALM))
    world.submit("P-1", "changes", "ana", n="2", **({} if k is None else {"k": k}))
    gates.open_gate(world.governance, project="P-1", gate="G1", by="petra")
    if why:
        with pytest.raises(Refusal, match=f"may not be passed: {why}"):
            world.vote("bo")
        assert ("Gate G1 of P-1: not every rule could be judged" in told(world, "petra")) == (
            k == "0"
        )
    else:
        assert world.vote("bo").status == "go"


@pytest.mark.parametrize(
    ("k", "recommended"), [("0", "hold: whether stop"), (None, "hold: whether stop"), ("4", "go")]
)
def test_advice_that_cannot_be_judged_is_not_passed_over(
    office: Callable[..., World], k: str | None, recommended: str
) -> None:
    world = office(more=f"recommend: [{{outcome: stop, when: '{CALM}', because: Too much}}]")
    world.submit("P-1", "changes", "ana", n="2", **({} if k is None else {"k": k}))
    gates.open_gate(world.governance, project="P-1", gate="G1", by="petra")
    [asked] = world.waiting_for("bo")
    assert any(each.startswith(f"Recommended: {recommended}") for each in asked.reasons)


def test_advice_that_holds_says_what_before_it_could_not_be_judged(
    office: Callable[..., World],
) -> None:
    advice = [
        f"{{outcome: stop, when: '{CALM}', because: Too much}}",
        "{outcome: go, when: count(changes) > 0, because: There are some}",
    ]
    world = office(more=f"recommend: [{', '.join(advice)}]")
    world.submit("P-1", "changes", "ana", n="2", k="0")
    review = gates.open_gate(world.governance, project="P-1", gate="G1", by="petra")
    with world.governance.reading() as c:
        found = packs.recommended(c, c.uow.gate_reviews.get(review.id))
    assert found is not None
    assert (found.outcome, found.reasons[0]) == ("go", "There are some")
    assert "whether stop is recommended (Too much) cannot be judged" in found.reasons[1]


UNOPENED = "Gate G1 of P-1: whether it is to be opened could not be judged"


def test_somebody_hears_where_it_cannot_be_judged_whether_a_gate_opens(
    office: Callable[..., World],
) -> None:
    world = office(more=f"opens: [{{on: change.submitted, when: {SHARE}}}]")
    world.submit("P-1", "changes", "ana", n="2", k="0")
    assert told(world, "petra").count(UNOPENED) == 1
    world.submit("P-1", "changes", "ana", n="2", k="4")
    assert told(world, "petra").count(UNOPENED) == 1


@pytest.mark.parametrize(
    ("of", "wrong"),
    [("project.ends_on", "'soon' is no day"), ("date(project.ends_on)", "'date' has no result")],
)
def test_somebody_hears_where_a_gates_day_is_none(
    office: Callable[..., World], of: str, wrong: str
) -> None:
    world = office(more=f"opens: [{{before: 4 weeks, of: '{of}'}}]", ends_on="soon")
    for _ in range(2):
        world.forward(hours=24)
    assert told(world, "petra") == [UNOPENED]
    assert wrong in world.inbox("petra").messages[0].body
