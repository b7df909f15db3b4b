"""Appointments of a day held against a policy."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from pmo_engine.authority.people import People
from pmo_engine.compiler.checks.appointments import appointments
from pmo_engine.model.people import RoleHolding
from pmo_engine.policy import Policy
from tests.held import DAY

APART = """
kind: roles
roles:
  - {id: auditor, not_with: [project_manager]}
"""
NEEDED = """
kind: terms_of_reference
for: board
authority:
  - {id: any, may: appoint, up_to: unlimited}
"""


def test_what_one_person_holds_by_two_accounts_is_held_together(
    make_policy: Callable[[str], Policy],
) -> None:
    held = (
        RoleHolding("ana", "auditor", None, DAY),
        RoleHolding("ana2", "project_manager", "P-1", DAY),
    )
    policy = make_policy(APART)
    assert appointments(policy, People(held), [], DAY) == []
    [found] = appointments(policy, People(held, same={"ana2": "ana"}), [], DAY)
    assert "(as ana2), which nobody holds together" in found.message


def test_only_what_is_held_on_the_day_counts(make_policy: Callable[[str], Policy]) -> None:
    policy = make_policy(NEEDED)
    over = RoleHolding("bo", "board", None, DAY, DAY)
    assert appointments(policy, People((over,)), [], DAY) == []
    [vacant] = appointments(policy, People((over,)), [], DAY + timedelta(days=1))
    assert vacant.message == "nobody holds 'board', whom the policy needs"


def test_terms_are_reviewed_by_their_day(make_policy: Callable[[str], Policy]) -> None:
    policy = make_policy(f"kind: terms_of_reference\nfor: board\nreview_on: {DAY}\n")
    bo = People((RoleHolding("bo", "board", None, DAY),))
    assert appointments(policy, bo, [], DAY) == []
    [found] = appointments(policy, bo, [], DAY + timedelta(days=1))
    assert found.message == f"the terms of 'board' were to be reviewed on {DAY}"
    assert found.code == "PMO114"


RANKED = """
kind: roles
roles:
  - {{id: adviser, senior: pmo_head{specialist}}}
  - {{id: clerk, senior: adviser{officer}}}
functional:
  - {{role: risk, performed_by: specialist}}
  - {{role: issues, performed_by: officer}}
"""
SPECIALIST, OFFICER = ", rank: specialist", ", rank: officer"


@pytest.mark.parametrize(
    ("specialist", "officer", "also", "found"),
    [
        (SPECIALIST, OFFICER, ("adviser",), []),
        (SPECIALIST, OFFICER, ("pmo_head",), []),
        (SPECIALIST, OFFICER, ("clerk",), ["risk"]),
        (SPECIALIST, OFFICER, ("project_manager",), ["risk", "issues"]),
        (SPECIALIST, OFFICER, (), ["risk", "issues"]),
        (SPECIALIST, "", (), ["risk"]),
        ("", OFFICER, (), ["issues"]),
        ("", "", (), []),
    ],
)
def test_who_performs_a_functional_role_is_of_its_rank_or_above(
    make_policy: Callable[[str], Policy],
    specialist: str,
    officer: str,
    also: tuple[str, ...],
    found: list[str],
) -> None:
    policy = make_policy(RANKED.format(specialist=specialist, officer=officer))
    held = [RoleHolding("rita", role, "P-1", DAY) for role in ("risk", "issues")]
    held += [RoleHolding("rita2", role, None, DAY) for role in also]
    people = People(tuple(held), same={"rita2": "rita"})
    told = [each for each in appointments(policy, people, [], DAY) if each.code == "PMO116"]
    assert [each.message.split("'")[1] for each in told] == found
    for each in told:
        assert "holds adviser" in each.message or "holds clerk" in each.message
    over = People(tuple(replace(each, until=DAY) for each in held))
    later = appointments(policy, over, [], DAY + timedelta(days=1))
    assert "PMO116" not in {each.code for each in later}


SEATS = """
kind: terms_of_reference
for: board
members: 2
quorum: {meet: 2}
authority:
  - {id: any, may: appoint, up_to: unlimited}
"""
HOLD = "hold 'board'"


def board(*held: str, project: str | None = None) -> tuple[RoleHolding, ...]:
    return tuple(RoleHolding(each, "board", project, DAY) for each in held)


def too_many(policy: Policy, people: People, projects: tuple[str, ...] = ()) -> list[str]:
    found = appointments(policy, people, projects, DAY)
    return [each.message for each in found if HOLD in each.message and each.code == "PMO126"]


def test_more_members_than_seats_are_told(make_policy: Callable[[str], Policy]) -> None:
    policy = make_policy(SEATS)
    assert too_many(policy, People(board("ana", "bo"))) == []
    [found] = too_many(policy, People(board("ana", "bo", "cem")))
    assert found == (
        "ana, bo, cem hold 'board', and it has 2 seats with a vote in 'board': 1 of them without"
    )
    joined = People(board("ana", "bo", "cem"), same={"cem": "bo"})
    assert too_many(policy, joined) == []
    here = People((*board("ana", "bo"), *board("cem", project="P-1")))
    assert [each.partition(",")[0] for each in too_many(policy, here, ("P-1", "P-2"))] == ["ana"]
    assert "hold 'board' in P-1" in too_many(policy, here, ("P-1", "P-2"))[0]


def test_a_body_without_so_many_seats_has_no_member_too_many(
    make_policy: Callable[[str], Policy],
) -> None:
    three = People(board("ana", "bo", "cem"))
    assert too_many(make_policy(SEATS.replace("members: 2\n", "")), three) == []
    seats = "membership: [{seat: chair, count: 1}, {seat: others, count: 1}]"
    assert len(too_many(make_policy(SEATS.replace("members: 2", seats)), three, ("P-1",))) == 1
    seats = "membership: [{seat: chair, count: 2}, {seat: observer, count: 5, votes: false}]"
    [found] = too_many(make_policy(SEATS.replace("members: 2", seats)), three)
    assert "it has 2 seats with a vote" in found
