"""When the rungs of a ladder are due, and to whom each goes."""

from collections.abc import Callable
from datetime import UTC, datetime

from pmo_engine.policy import Policy
from pmo_engine.policy.ladders import timetable

TEXT = """
kind: terms_of_reference
for: project_manager
deputy: pmo_head
---
kind: ladders
ladders:
  - id: all
    rungs:
      - {at: 50 %, remind: addressee}
      - {at: 100 %, remind: deputy}
      - {after: 1 working day, escalate: senior}
      - {after: 2 working days, escalate: project_manager}
      - {after: 3 working days, escalate: board}
"""
OPENED = datetime(2026, 3, 2, 9, tzinfo=UTC)  # a Monday, when the office opens
DUE = datetime(2026, 3, 6, 9, tzinfo=UTC)


def climbed(policy: Policy, role: str) -> list[tuple[int, str, str]]:
    found = timetable(policy, policy.ladders["all"], role, OPENED, DUE)
    return [(due.number, f"{due.moment:%d %H:%M}", due.role) for due in found]


def test_each_rung_has_its_moment_and_its_role(make_policy: Callable[[str], Policy]) -> None:
    """Of four working days half is over on Tuesday at 17:00."""
    assert climbed(make_policy(TEXT), "project_manager") == [
        (1, "03 17:00", "project_manager"),
        (2, "06 09:00", "pmo_head"),
        (3, "09 09:00", "pmo_head"),
        (5, "11 09:00", "board"),
    ]


FUNCTIONAL = """
---
kind: roles
roles: [{id: clerk, senior: project_manager}]
functional:
  - {role: risk, performed_by: specialist}
"""


def test_what_is_asked_of_a_functional_role_goes_up_to_the_head_and_above(
    make_policy: Callable[[str], Policy],
) -> None:
    assert [
        (number, role) for number, _, role in climbed(make_policy(TEXT + FUNCTIONAL), "risk")
    ] == [
        (1, "risk"),
        (2, "pmo_head"),
        (3, "pmo_head"),
        (5, "board"),
    ]


def test_what_is_asked_of_a_person_goes_up_to_the_head_and_above(
    make_policy: Callable[[str], Policy],
) -> None:
    assert [(number, role) for number, _, role in climbed(make_policy(TEXT), "")] == [
        (1, ""),
        (2, "pmo_head"),
        (3, "pmo_head"),
        (5, "board"),
    ]


def test_an_escalation_never_goes_level_or_down(make_policy: Callable[[str], Policy]) -> None:
    assert [(number, role) for number, _, role in climbed(make_policy(TEXT), "board")] == [
        (1, "board"),
        (2, "board"),
    ]
