"""Who is asked for a rate that there is not: who adopts the policy, or else the office's head."""

import pytest

from pmo_engine.testing import World, policy_from
from pmo_engine.work.without_rate import who_sets_rates

POLICY = """
kind: policy
name: rates
version: "1"
currency: GBP
head: pmo_head
---
kind: roles
roles:
  - {id: pmo_head, senior: director}
  - {id: director, senior: council}
  - {id: council}
"""
NAMED = """
---
kind: terms_of_reference
for: director
authority: [{id: adopts, may: adopt policy, up_to: unlimited}]
"""
RESERVED = """
---
kind: terms_of_reference
for: council
reserved: [{act: adopt policy}]
"""


@pytest.mark.parametrize(
    ("terms", "role"),
    [("", "pmo_head"), (NAMED, "director"), (RESERVED, "council"), (NAMED + RESERVED, "council")],
)
def test_a_rate_is_asked_of_who_adopts_the_policy(sqlite_url: str, terms: str, role: str) -> None:
    world = World(policy_from(POLICY + terms), sqlite_url)
    with world.governance.reading() as c:
        assert who_sets_rates(c) == role
    world.close()
