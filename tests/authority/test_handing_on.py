"""What the terms let somebody hand on, and which roles nobody holds together."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pmo_engine.authority.delegable import handed_on, kept, no_delegate
from pmo_engine.authority.incompatible import apart, clashes
from pmo_engine.model.people import RoleHolding
from pmo_engine.policy import Policy

DAY = date(2026, 3, 2)
TEXT = """
kind: roles
roles:
  - {id: auditor, not_with: [project_manager, risk]}
  - {id: treasurer, body: true}
  - {id: council, body: true}
functional:
  - {role: risk, performed_by: specialist}
incompatible:
  - {roles: [pmo_head, board, auditor]}
---
kind: terms_of_reference
for: pmo_head
reserved: [{act: adopt policy}]
---
kind: terms_of_reference
for: project_manager
reserved: [{act: appoint board}]
delegation: {acts: [approve change, appoint], to: [pmo_head, board], chains: yes}
---
kind: terms_of_reference
for: auditor
delegation: {acts: []}
---
kind: terms_of_reference
for: council
reserved: [{act: approve change}]
delegation: {}
"""


@pytest.fixture(scope="module")
def policy(make_policy: Callable[[str], Policy]) -> Policy:
    return make_policy(TEXT)


def test_without_a_word_all_goes_but_what_is_reserved_and_a_seat_of_a_body(policy: Policy) -> None:
    assert kept(policy, "pmo_head", "approve change") == ""
    assert kept(policy, "pmo_head", "adopt policy") == "'adopt policy' is reserved to the PMO head"
    assert "a seat of a body is one's own" in kept(policy, "treasurer", "approve change")
    assert kept(policy, "risk", "assess change") == ""


def test_a_body_whose_terms_speak_of_delegation_lets_go_of_what_is_not_reserved(
    policy: Policy,
) -> None:
    assert kept(policy, "council", "appoint board") == ""
    assert (
        kept(policy, "council", "approve change") == "'approve change' is reserved to the council"
    )


def test_acts_that_are_named_go_and_no_others(policy: Policy) -> None:
    assert kept(policy, "project_manager", "approve change") == ""
    assert kept(policy, "project_manager", "appoint board") == ""  # its verb is named
    assert kept(policy, "project_manager", "adopt policy") == (
        "the terms of the project manager let delegate approve change, appoint alone"
    )
    assert kept(policy, "auditor", "approve change").endswith("let delegate nothing")


def test_no_act_at_all_stands_for_whatever_may_be(policy: Policy) -> None:
    gone = [kept(policy, role, "") == "" for role in ("project_manager", "pmo_head", "council")]
    assert gone == [True, True, True]
    assert [kept(policy, role, "") == "" for role in ("auditor", "treasurer")] == [False, False]


def test_a_delegate_holds_a_role_that_the_terms_name(policy: Policy) -> None:
    assert no_delegate(policy, "project_manager", ["board"]) == ""
    assert no_delegate(policy, "project_manager", ["auditor"]) == (
        "the terms of the project manager want a delegate who is PMO head or board"
    )
    assert no_delegate(policy, "council", []) == no_delegate(policy, "treasurer", []) == ""


def test_chains_are_there_only_where_the_terms_say_so(policy: Policy) -> None:
    chains = [handed_on(policy, role) for role in ("project_manager", "council", "pmo_head")]
    assert chains == [True, False, False]


def test_pairs_are_those_of_a_role_and_of_a_list(policy: Policy) -> None:
    pairs = {tuple(sorted(pair)) for pair in apart(policy)}
    assert pairs == {
        ("auditor", "project_manager"),
        ("auditor", "risk"),
        ("auditor", "board"),
        ("auditor", "pmo_head"),
        ("board", "pmo_head"),
    }


spans = st.tuples(st.integers(0, 4), st.none() | st.integers(0, 3))


@st.composite
def holding(
    draw: st.DrawFn, roles: tuple[str, ...] = ("auditor", "risk", "board", "clerk")
) -> RoleHolding:
    first, length = draw(spans)
    since = DAY + timedelta(days=first)
    until = None if length is None else since + timedelta(days=length)
    project = draw(st.sampled_from([None, "P-1", "P-2"]))
    return RoleHolding("ana", draw(st.sampled_from(roles)), project, since, until)


@given(st.lists(holding(), max_size=4))
def test_roles_clash_where_there_is_a_day_and_a_project_that_both_are_of(
    policy: Policy, held: list[RoleHolding]
) -> None:
    def meet(one: RoleHolding, other: RoleHolding) -> bool:
        days = [DAY + timedelta(days=number) for number in range(12)]
        places = ("P-1", "P-2")
        return any(
            one.covers(place, day) and other.covers(place, day) for day in days for place in places
        )

    pairs = apart(policy)
    slow = {
        (one, other)
        for number, one in enumerate(held)
        for other in held[number + 1 :]
        if frozenset({one.role, other.role}) in pairs and meet(one, other)
    }
    assert {(each.one, each.other) for each in clashes(policy, held)} == slow


def test_a_clash_says_who_holds_what_where(policy: Policy) -> None:
    one = RoleHolding("ana", "auditor", "P-1", DAY)
    other = RoleHolding("ana2", "risk", None, DAY)
    [found] = clashes(policy, [one, other])
    assert str(found) == (
        "ana holds auditor in P-1 and risk everywhere (as ana2), which nobody holds together"
    )
