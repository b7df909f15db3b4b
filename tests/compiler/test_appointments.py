"""Appointments of a day held against a policy."""

from collections.abc import Callable
from datetime import timedelta

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
