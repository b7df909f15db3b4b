"""Roles as people read them: by their titles, with an article where one belongs."""

import pytest

from pmo_engine.authority.titles import (
    held_in_words,
    role_in_words,
    roles_in_words,
    titled,
    with_the,
    with_titles,
)
from pmo_engine.policy import Policy
from pmo_engine.testing import policy_from

ROLES = """
kind: policy
name: titles
version: "1"
currency: GBP
---
kind: roles
roles:
  - {id: pmo_head, title: head of the office}
  - {id: board, title: The Board, body: true}
  - {id: reviewer_1, title: reviewer 1}
  - {id: group_a, title: group A}
  - {id: plan_b, title: plan Bc}
  - {id: project_manager}
functional: [{role: risk, performed_by: specialist}, {role: group_7, performed_by: specialist}]
"""


@pytest.fixture(scope="module")
def policy() -> Policy:
    return policy_from(ROLES)


@pytest.mark.parametrize(
    ("title", "said"),
    [
        ("board", "the board"),
        ("The Board", "The Board"),
        ("the board", "the board"),
        ("theatre", "the theatre"),
    ],
)
def test_an_article_is_put_before_what_has_none(title: str, said: str) -> None:
    assert with_the(title) == said


@pytest.mark.parametrize(
    ("role", "said"),
    [
        ("pmo_head", "the head of the office"),
        ("board", "The Board"),
        ("reviewer_1", "reviewer 1"),
        ("group_a", "group A"),
        ("plan_b", "the plan Bc"),
        ("project_manager", "the project manager"),
        ("risk", "the risk role"),
        ("group_7", "the group 7 role"),
        ("nobody", "nobody"),
    ],
)
def test_a_role_is_named_by_its_title(policy: Policy, role: str, said: str) -> None:
    assert role_in_words(role, policy) == said


def test_several_are_named_once_each_and_none_as_nothing(policy: Policy) -> None:
    roles = ("pmo_head", "risk", "pmo_head")
    assert roles_in_words(roles, policy) == "the head of the office or the risk role"
    assert roles_in_words(roles, policy, " and ") == "the head of the office and the risk role"
    assert roles_in_words((), policy) == ""


def test_what_somebody_holds_is_said_in_one_or_several(policy: Policy) -> None:
    assert held_in_words((), policy) == "no role"
    assert held_in_words(("risk", "risk"), policy) == "the role of risk"
    held = held_in_words(("pmo_head", "project_manager"), policy)
    assert held == "the roles of head of the office and project manager"


def test_titles_stand_for_ids_in_a_text_and_for_nothing_else(policy: Policy) -> None:
    assert (
        with_titles("2 of pmo_head, risk", policy) == "2 of the head of the office, the risk role"
    )
    for text in ("high-risk", "risk-free", "a.risk", "risk.score", "'risk'", "Risk", "the sponsor"):
        assert with_titles(text, policy) == text


def test_a_title_that_is_not_said_is_the_name_in_words(policy: Policy) -> None:
    assert titled("pmo_head", policy) == "head of the office"
    assert titled("project_manager", policy) == "project manager"
    assert titled("chair_of_board", policy) == "chair of board"
