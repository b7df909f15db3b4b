"""Approvals of several, and of other acts than to approve: the same decision in every engine."""

import json
from collections.abc import Callable

import pytest

from pmo_engine.decisions.decision import Decision
from pmo_engine.engines.engine import BACKENDS, Engine
from pmo_engine.policy import Policy
from pmo_engine.prose.rules import obligation_in_words, rule_in_words
from pmo_engine.testing import policy_from
from tests.small_policy import HEADER

Make = Callable[[str], Policy]

HEAD = """
kind: acts
acts:
  - {id: endorse, does: is asked, label: give technical approval to}
  - {id: release, does: decides}
---
kind: terms_of_reference
for: project_manager
authority:
  - {id: own, may: approve change, up_to: [{value: 50 GBP}]}
---
kind: terms_of_reference
for: pmo_head
authority:
  - {id: more, may: approve change, up_to: unlimited}
  - {id: funds, may: fund change, up_to: [{value: 20 GBP}]}
---
kind: terms_of_reference
for: board
members: 7
authority: [{id: funds-more, may: fund change, up_to: unlimited}]
---
kind: table
id: signers
title: Who signs
inputs: [{name: category, type: [scope, time, cost]}]
outputs: [{name: role, type: role}]
rows:
  - {when: scope, then: pmo_head}
  - {when: time, then: project_manager}
  - {when: cost, then: nobody}
---
kind: table
id: all_signers
title: All who sign
hit_policy: collect
inputs: [{name: weeks, type: number}]
outputs: [{name: role, type: [project_manager, pmo_head, board]}]
rows:
  - {when: '> 1', then: project_manager}
  - {when: '> 2', then: pmo_head}
  - {when: '> 3', then: board}
---
kind: rules
rules:
  - id: r
    title: A change is signed
    on: change.submitted
    binding: shall
    then:
"""


@pytest.fixture(params=BACKENDS)
def decide(request: pytest.FixtureRequest, make_policy: Make) -> Callable[..., Decision]:
    def decide(*approvals: str, **change: object) -> Decision:
        effects = [f"      - require_approval: {each}\n" for each in approvals]
        engine = Engine(make_policy(HEAD + "".join(effects)), request.param)
        request.addfinalizer(engine.close)
        facts = {"category": "scope", "cost": "10 GBP", **change}
        event = {"event": "change.submitted", "at": "2026-03-02T09:00:00Z"}
        given = {name: value for name, value in facts.items() if value is not None}
        return engine.decide({**event, "facts": {"change": given}})

    return decide


SAID = ("from", "needs", "sequence", "distinct", "act")


def asked(decision: Decision) -> list[dict[str, object]]:
    published = decision.published().model_dump(mode="json", by_alias=True)
    json.dumps(published)
    return [
        {key: each[key] for key in SAID if key in each}
        for each in published["obligations"]
        if each["kind"] == "approval"
    ]


@pytest.mark.parametrize(
    ("approval", "said"),
    [
        ("{from: board}", {"from": "board"}),
        ("{from: [board]}", {"from": "board"}),
        ("{from: [board, pmo_head]}", {"from": ["board", "pmo_head"], "needs": "all"}),
        ("{all: [board, pmo_head]}", {"from": ["board", "pmo_head"], "needs": "all"}),
        ("{any: [board, pmo_head]}", {"from": ["board", "pmo_head"], "needs": "any"}),
        (
            "{all: [pmo_head, 2 of board], in: sequence}",
            {"from": ["pmo_head", "2 of board"], "needs": "all", "sequence": True},
        ),
        ("{of: 2 of board}", {"from": "board", "needs": "2 of board"}),
        ("{from: board, of: '2'}", {"from": "board", "needs": "2 of board"}),
        ("{of: 2/3 of board}", {"from": "board", "needs": "5 of board"}),
        (
            '{of: "2 of [board, pmo_head, project_manager]"}',
            {"from": ["board", "pmo_head", "project_manager"], "needs": "2 of 3"},
        ),
        (
            '{of: "1/2 of [board, pmo_head, project_manager]"}',
            {"from": ["board", "pmo_head", "project_manager"], "needs": "2 of 3"},
        ),
        (
            "{all: [board, pmo_head], distinct: false}",
            {"from": ["board", "pmo_head"], "needs": "all", "distinct": False},
        ),
        ("{from: board, act: approve change}", {"from": "board"}),
        ("{from: board, act: fund change}", {"from": "board", "act": "fund change"}),
        (
            "{all: [{chosen_by: signers(change.category)}, board]}",
            {"from": ["pmo_head", "board"], "needs": "all"},
        ),
        ("{from: {chosen_by: signers(change.category)}}", {"from": "pmo_head"}),
        ('{from: {chosen_by: \'["board", "board"]\'}}', {"from": "board"}),
        (
            "{any: [least_senior_with_authority, board]}",
            {"from": ["project_manager", "board"], "needs": "any"},
        ),
    ],
)
def test_who_signs_and_how_many_of_them(
    decide: Callable[..., Decision], approval: str, said: dict[str, object]
) -> None:
    assert asked(decide(approval)) == [said]


def test_a_list_that_an_expression_gives_is_asked_as_a_list_is(
    decide: Callable[..., Decision],
) -> None:
    chosen = "{from: {chosen_by: all_signers(change.weeks)}}"
    assert asked(decide(chosen, weeks="4")) == [
        {"from": ["project_manager", "pmo_head", "board"], "needs": "all"}
    ]
    some = "{from: {chosen_by: all_signers(change.weeks)}, of: '2'}"
    assert asked(decide(some, weeks="4"))[0]["needs"] == "2 of 3"
    assert asked(decide("{any: {chosen_by: all_signers(change.weeks)}}", weeks="2")) == [
        {"from": "project_manager"}
    ]


def test_too_few_to_choose_from_are_a_fault_and_nobody_is_asked(
    decide: Callable[..., Decision],
) -> None:
    decision = decide("{from: {chosen_by: all_signers(change.weeks)}, of: '2'}", weeks="2")
    assert (asked(decision), decision.status) == ([], "waiting")
    assert "of 1 who may sign, 2 have to" in decision.faults["r"]


def test_nobody_is_said_and_an_empty_list_is_a_fault(decide: Callable[..., Decision]) -> None:
    chosen = "{from: {chosen_by: signers(change.category)}}"
    nobody = decide(chosen, category="cost")
    assert (nobody.obligations, nobody.faults, nobody.status) == ((), {}, "clear")
    both = decide("{all: [{chosen_by: signers(change.category)}, board]}", category="cost")
    assert asked(both) == [{"from": "board"}]
    empty = decide("{from: {chosen_by: all_signers(change.weeks)}}", weeks="0")
    assert empty.status == "waiting"
    assert "the list of who signs is empty" in empty.faults["r"]


def test_a_fault_or_a_missing_fact_leaves_the_other_approvals(
    decide: Callable[..., Decision],
) -> None:
    effects = ("{from: {chosen_by: all_signers(change.weeks)}}", "{from: board}")
    faulty = decide(*effects, weeks="0")
    assert (asked(faulty), faulty.fired) == ([{"from": "board"}], ("r",))
    missing = decide(*effects)
    assert [(each.kind, each.target) for each in missing.obligations] == [
        ("information", "change.weeks"),
        ("approval", "board"),
    ]


def test_the_least_senior_who_holds_that_act_is_asked(decide: Callable[..., Decision]) -> None:
    funded = "{from: least_senior_with_authority, act: fund change}"
    approved = "{from: least_senior_with_authority}"
    small = decide(funded, approved)
    assert asked(small) == [{"from": "project_manager"}, {"from": "pmo_head", "act": "fund change"}]
    assert [each.clause for each in small.obligations] == ["own", "funds"]
    assert asked(decide(funded, approved, cost="60 GBP")) == [
        {"from": "pmo_head"},
        {"from": "board", "act": "fund change"},
    ]
    unknown = decide(funded, approved, cost=None)
    assert [each.target for each in unknown.obligations] == ["change.cost"]


def test_approvals_of_different_acts_are_never_one(decide: Callable[..., Decision]) -> None:
    decision = decide("{from: board}", "{from: board, act: fund change}", "{from: board}")
    assert asked(decision) == [{"from": "board"}, {"from": "board", "act": "fund change"}]
    ids = [each.id for each in decision.published().obligations]
    assert ids == ["r/approval/board", "r/approval/board/fund change"]
    assert [each.target for each in decision.published().obligations] == ["board", "board"]


def test_who_is_told_gets_a_notice_and_approves_nothing(decide: Callable[..., Decision]) -> None:
    decision = decide("{from: [board, pmo_head], act: advise change}")
    assert [(each.kind, each.role, each.act) for each in decision.obligations] == [
        ("notice", "pmo_head", "advise change"),  # the most senior comes last
        ("notice", "board", "advise change"),
    ]
    assert decision.status == "clear"


TWO = (
    HEAD
    + "      - require_approval: {}\n"
    + (
        "  - id: also\n    title: Another\n    on: change.submitted\n    binding: shall\n"
        "    then: [require_approval: {}]\n"
    )
)


@pytest.mark.parametrize(
    ("one", "other", "said"),
    [
        ("{all: [board, pmo_head]}", "{all: [pmo_head, board]}", 1),
        ("{any: [board, pmo_head]}", "{any: [pmo_head, board]}", 1),
        ("{any: [board, pmo_head]}", "{all: [pmo_head, board]}", 2),
        ("{all: [board, pmo_head], in: sequence}", "{all: [pmo_head, board], in: sequence}", 2),
        ("{of: 2 of board}", "{of: 2 of board}", 1),
        ("{of: 2 of board}", "{from: board}", 2),
        ("{from: board}", "{from: board, act: sign change}", 2),
    ],
)
def test_the_same_approval_of_two_rules_is_one_and_another_is_added(
    make_policy: Make, one: str, other: str, said: int
) -> None:
    text = TWO.replace("{}", one, 1).replace("{}", other, 1)
    event = {"event": "change.submitted", "at": "2026-03-02T09:00:00Z", "facts": {}}
    assert len(Engine(make_policy(text)).decide(event).obligations) == said


def test_of_two_rules_the_one_that_asks_for_distinct_persons_prevails(make_policy: Make) -> None:
    text = TWO.replace("{}", "{all: [board, pmo_head], distinct: false}", 1)
    text = text.replace("{}", "{all: [board, pmo_head]}", 1)
    event = {"event": "change.submitted", "at": "2026-03-02T09:00:00Z", "facts": {}}
    assert asked(Engine(make_policy(text)).decide(event)) == [
        {"from": ["board", "pmo_head"], "needs": "all"}
    ]


WORDS = (
    (
        "{all: [pmo_head, 2 of board], in: sequence}",
        "The PMO head and, after them, two members of the board must approve the change.",
    ),
    ("{any: [pmo_head, board]}", "The PMO head or the board must approve the change."),
    ("{of: 1 of board}", "One member of the board must approve the change."),
    ("{of: 1 of board, distinct: false}", "One member of the board must approve the change."),
    (
        "{of: 2 of project_manager}",
        "Two people who are each the project manager must approve the change.",
    ),
    (
        '{of: "2 of [board, pmo_head, project_manager]"}',
        "Two of the board, the PMO head and the project manager must approve the change.",
    ),
    (
        "{all: [board, pmo_head], distinct: false}",
        (
            "The board and the PMO head (one person may sign for several of them) must approve the"
            " change."
        ),
    ),
    ("{from: board, act: fund change}", "The board must fund the change."),
    (
        "{from: board, act: endorse change}",
        "The board must, before it is decided, give technical approval to the change.",
    ),
    ("{from: board, act: advise change}", "The board must be told, to advise on the change."),
    ("{from: board, act: sign contract}", "The board must sign a contract."),
)


@pytest.mark.parametrize(("approval", "words"), WORDS)
def test_an_obligation_in_words(make_policy: Make, approval: str, words: str) -> None:
    policy = make_policy(HEAD + f"      - require_approval: {approval}\n")
    event = {"event": "change.submitted", "at": "2026-03-02T09:00:00Z", "facts": {}}
    (found,) = Engine(policy).decide(event).obligations
    assert obligation_in_words(found, policy) == words


def test_a_rule_in_words(make_policy: Make) -> None:
    approvals = (
        "{all: [pmo_head, 2 of board], in: sequence}",
        "{of: 2/3 of board}",
        "{any: [least_senior_with_authority, {chosen_by: signers(change.category)}]}",
        "{from: board, act: endorse change}",
        "{from: board, act: advise change}",
    )
    effects = "".join(f"      - require_approval: {each}\n" for each in approvals)
    policy = make_policy(HEAD + effects)
    assert rule_in_words(policy.rules[0], policy) == (
        "When a change is submitted, the PMO head and, after them, two members of the board must"
        " approve it, 2/3 of the members of the board must approve it, the least senior role whose"
        " authority covers it or the role that the table 'Who signs' gives for the change's"
        " category must approve it, the board must, before it is decided, give technical approval"
        " to it and the board must be told, to advise on it."
    )


def test_what_names_no_time_and_no_ladder_has_the_policys() -> None:
    text = HEADER.replace("calendar: house", "default_within: 4 days\ndefault_ladder: standard", 1)
    text += HEAD.lstrip() + "      - require_approval: {from: board}\n"
    text += "      - require_approval: {from: pmo_head, within: 2 days, ladder: quick}\n"
    text += "      - require_assessment: {from: risk}\n"
    text += "      - require_approval: {from: {chosen_by: signers(change.category)}}\n"
    text += "---\nkind: ladders\nladders: [{id: quick, rungs: [{at: 50 %, remind: addressee}]}]\n"
    event = {"event": "change.submitted", "at": "2026-03-02T09:00:00Z", "facts": {}}
    decision = Engine(policy_from(text)).decide(event).published()
    assert [(each.kind, str(each.within), each.ladder) for each in decision.obligations] == [
        ("information", "4 days", "standard"),
        ("assessment", "4 days", "standard"),
        ("approval", "2 days", "quick"),
        ("approval", "4 days", "standard"),
    ]
