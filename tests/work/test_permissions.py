"""Which roles the terms let do an act."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from pmo_engine.model.acts import Act
from pmo_engine.policy import Policy
from pmo_engine.work.acts import CHANGE_PROJECT, START_PROJECT
from pmo_engine.work.permissions import acts_that_let, most_senior, who_may

DAY = date(2026, 3, 2)
TERMS = """
kind: roles
roles:
  - {id: chief}
  - {id: helper, senior: pmo_head}
  - {id: council, body: true}
  - {id: adviser, accountable: false}
---
kind: terms_of_reference
for: helper
authority:
  - {id: closes-changes, may: close change, up_to: unlimited}
  - {id: moves, may: move, up_to: [{from: 2026-04-01, value: unlimited}]}
  - {id: appoints, may: appoint project_manager, up_to: unlimited}
---
kind: terms_of_reference
for: pmo_head
authority:
  - {id: closes, may: close, up_to: unlimited}
  - {id: reopens, may: reopen, up_to: unlimited}
---
kind: terms_of_reference
for: board
membership:
  - {role: board, count: 2, appointed_by: pmo_head}
  - {seat: guest, appointed_by: The mayor}
reserved: [{act: reopen change}]
"""


@pytest.mark.parametrize(
    ("wanted", "may"),
    [
        (["close change", "close"], ["helper", "pmo_head"]),
        (["close"], ["pmo_head"]),
        (["reopen change", "reopen"], ["board"]),
        (["reopen"], ["pmo_head"]),
        (["close change", "reopen change", "reopen"], ["board", "helper"]),
        (["move"], ["board"]),
        (["appoint project_manager", "appoint"], ["helper"]),
        (["appoint board", "appoint"], ["pmo_head"]),
        (["end board"], ["board"]),
        (["appoint pmo_head"], ["board"]),
    ],
)
def test_acts_are_of_whom_the_terms_name_else_of_the_most_senior(
    make_policy: Callable[[str], Policy], wanted: list[str], may: list[str]
) -> None:
    assert who_may(make_policy(TERMS), map(Act.parse, wanted), DAY) == may


def test_a_right_is_there_from_its_day_on(make_policy: Callable[[str], Policy]) -> None:
    policy = make_policy(TERMS)
    assert who_may(policy, [Act("move")], date(2026, 4, 1)) == ["helper"]


def test_the_most_senior_is_accountable_and_a_body_before_others(
    make_policy: Callable[[str], Policy],
) -> None:
    policy = make_policy(TERMS)
    assert most_senior(policy) == ["board"]
    roles = {name: role for name, role in policy.roles.items() if name != "board"}
    assert most_senior(replace(policy, roles=roles)) == ["council"]
    assert most_senior(replace(policy, roles={"adviser": roles["adviser"]})) == []


@pytest.mark.parametrize(
    ("act", "let"),
    [
        ("end board", ["appoint board", "appoint"]),
        ("close change", ["close change", "close"]),
        (str(START_PROJECT), [str(START_PROJECT), str(CHANGE_PROJECT), "start"]),
    ],
)
def test_an_act_is_let_by_the_narrowest_that_terms_name(act: str, let: list[str]) -> None:
    assert [str(each) for each in acts_that_let(Act.parse(act))] == let
