"""Which interests keep whom from deciding, by default and by the terms."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from pmo_engine.authority.interests import BARRED, KINDS, Days, barred
from pmo_engine.policy import Policy
from pmo_engine.policy.selection import head_of
from pmo_engine.testing import policy_from
from tests.small_policy import HEADER

TERMS = """
kind: terms_of_reference
for: pmo_head
may_not: [own project, reviewed]
---
kind: terms_of_reference
for: project_manager
may_despite:
  - {interest: own, source: "Board minutes of November 2025, item 7"}
"""


@pytest.fixture(scope="module")
def policy(make_policy: Callable[[str], Policy]) -> Policy:
    return make_policy(TERMS)


def test_the_default_is_what_was_asked_for_owned_and_produced_and_ones_own_projects_gate(
    policy: Policy,
) -> None:
    for role in ("board", "a role without terms"):
        assert barred(policy, role, gate=False) == BARRED
        assert barred(policy, role, gate=True) == BARRED | {"own project"}


def test_what_keeps_everybody_out_is_named_one_by_one() -> None:
    own = {"requester", "author", "owner"}
    assert own | {"producer", "party", "declared"} == BARRED


def test_a_span_counts_that_shares_a_day_its_ends_among_them() -> None:
    asked = Days(date(2026, 3, 2), date(2026, 3, 9))
    assert asked.meet(date(2026, 1, 1), None)
    assert asked.meet(date(2026, 1, 1), date(2026, 3, 2))
    assert not asked.meet(date(2026, 1, 1), date(2026, 3, 1))
    assert asked.meet(date(2026, 3, 9), None)
    assert not asked.meet(date(2026, 3, 10), None)


def test_terms_forbid_more_than_the_default_does(policy: Policy) -> None:
    assert barred(policy, "pmo_head", gate=False) == BARRED | {"own project", "reviewer"}


def test_terms_allow_despite_an_interest_only_by_its_name(policy: Policy) -> None:
    assert barred(policy, "project_manager", gate=False) == BARRED - KINDS["own"]
    assert "own project" in barred(policy, "project_manager", gate=True)


def test_the_office_has_the_head_that_the_policy_names(
    policy: Policy,
) -> None:
    assert head_of(policy) == "pmo_head"
    assert head_of(replace(policy, named_head="project_manager")) == "project_manager"
    named = HEADER.replace("calendar: house", "calendar: house\nhead: project_manager", 1)
    assert head_of(policy_from(named)) == "project_manager"
    others = {name: role for name, role in policy.roles.items() if name != "pmo_head"}
    assert head_of(replace(policy, roles=others)) == "project_manager"
    assert head_of(replace(policy, roles={"board": policy.roles["board"]})) == "board"
    assert head_of(replace(policy, roles={})) is None
