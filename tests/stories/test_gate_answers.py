"""What a gate itself asks of a role is answered at the gate, and nowhere else."""

from collections.abc import Callable

import pytest

from pmo_engine.roles.registry import roles
from pmo_engine.testing import World, policy_from
from pmo_engine.work.approvals import votes
from pmo_engine.work.errors import CommandError
from pmo_engine.work.gates import reviews as gates

from .conftest import DATABASES

POLICY = """\
kind: policy
name: asking
version: "1"
in_force_from: 2026-01-01
currency: GBP
packs: [{use: office}, {use: risk}, {use: quality}]
---
kind: roles
roles: []
functional: [{role: risk, performed_by: specialist}, {role: quality, performed_by: specialist}]
---
kind: gates
stages: [plan, build]
gates:
  - id: G1
    title: Ready to build
    from_stage: plan
    to_stage: build
    assessments: [{role: risk, in_person: true, within: 2 days, ladder: standard}]
    decided_by: portfolio_board
    outcomes: [go, hold, stop]
"""


@DATABASES
def test_what_the_gate_itself_asks_is_answered_at_the_gate(
    make_world: Callable[..., World],
) -> None:
    world = make_world(policy_from(POLICY), roles=roles())
    world.project("P-1", stage="plan")
    world.person("ana", "project_manager", project="P-1")
    world.person("rita", "risk")
    review = gates.open_gate(world.governance, project="P-1", gate="G1", by="ana")
    gates.assess(world.governance, review_id=review.id, role="risk")
    [own] = (row for row in world.waiting_for("rita") if row.kind == "assessment")
    with pytest.raises(CommandError, match="use 'pmo gate answer'"):
        votes.answer(world.governance, own.id, by="rita")
    gates.answer(world.governance, review_id=review.id, role="risk", by="rita", met=True)
    assert world.waiting_for("rita") == []
