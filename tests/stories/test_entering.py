"""A project begins before its first gate, or is brought in by who may, for a reason."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from pmo_engine.policy import Policy
from pmo_engine.testing import Failed, World, at_once, policy_from
from pmo_engine.work.errors import Refusal
from pmo_engine.work.people.importing.projects import import_projects
from pmo_engine.work.people.projects import add_project, move_project, propose_project

POLICY = """\
kind: policy
name: entered
version: "1"
in_force_from: 2026-01-01
currency: GBP
packs: [{use: office}]
---
kind: terms_of_reference
for: pmo_head
purpose: Leads the office
authority:
  - {id: adds, may: add project, up_to: unlimited}
  - {id: moves, may: move project, up_to: unlimited}
---
kind: gates
stages: [idea, plan, build]
gates:
  - id: G0
    title: Worth it
    from_stage: idea
    to_stage: plan
    assessments: []
    decided_by: portfolio_board
    outcomes: [go, stop]
  - id: G1
    title: Ready
    from_stage: plan
    to_stage: build
    assessments: []
    decided_by: portfolio_board
    outcomes: [go, stop]
"""
SQLITE = ("compiled", "sqlite")
BOTH = [SQLITE, ("compiled", "postgresql")]
TENDER = "Tendered before the office was set up; minute 12"


@pytest.fixture(params=[SQLITE])
def place(request: pytest.FixtureRequest) -> tuple[str, str]:
    """By one engine on one database, but for what two do at once."""
    backend, database = request.param
    return backend, request.getfixturevalue(f"{database}_url")


@pytest.fixture(scope="module")
def policy() -> Policy:
    return policy_from(POLICY)


@pytest.fixture
def world(make_world: Callable[..., World], policy: Policy) -> World:
    made = make_world(policy)
    made.project("P-1", stage="idea")
    made.person("petra", "pmo_head")
    made.person("bo", "portfolio_board")
    return made


def test_a_project_begins_before_its_first_gate(world: World) -> None:
    add = partial(add_project, world.governance, name="Two", by="petra")
    assert add(project="P-2", stage="idea").stage == "idea"
    said = "P-3 enters in stage 'idea', before gate G0; what is in 'build' already is brought in"
    for command in (add, partial(propose_project, world.governance, name="Three", by="petra")):
        with pytest.raises(Refusal, match=said):
            command(project="P-3", stage="build")
    with pytest.raises(Refusal, match=said):
        add(project="P-3", stage="build", migrated=" ")


def test_what_is_under_way_is_brought_in_by_who_may_migrate_it(world: World) -> None:
    add = partial(add_project, world.governance, project="P-3", name="T", stage="build")
    with pytest.raises(Refusal, match="Petra may not migrate project: .* for the portfolio board"):
        add(by="petra", migrated=TENDER)
    with pytest.raises(Refusal, match="Bo may not add project: .* that is for the PMO head"):
        add(by="bo", migrated=TENDER)
    world.appoint("bo", "pmo_head")
    assert add(by="bo", migrated=f" {TENDER}").stage == "build"
    assert world.journal("P-3")[-1].body["migrated"] == TENDER


def test_no_hand_moves_a_project_past_its_gate_without_saying_why(world: World) -> None:
    move = partial(move_project, world.governance, project="P-1")
    with pytest.raises(Refusal, match="enters in stage 'idea'"):
        move(stage="plan", by="petra")
    with pytest.raises(Refusal, match="Petra may not migrate project"):
        move(stage="plan", by="petra", migrated=TENDER)
    world.appoint("bo", "pmo_head")
    assert move(stage="plan", by="bo", migrated=TENDER).stage == "plan"
    assert world.journal("P-1")[-1].body == {"from": "idea", "to": "plan", "migrated": TENDER}
    assert move(stage="idea", by="petra").stage == "idea"


def test_a_table_is_under_the_same_rule(world: World, tmp_path: Path) -> None:
    path = tmp_path / "projects.csv"
    path.write_text("project,name,stage\nP-8,Eight,plan\n", encoding="utf-8")
    with pytest.raises(Refusal, match="P-8 enters in stage 'idea'"):
        import_projects(world.governance, path, by="petra")
    world.appoint("bo", "pmo_head")
    assert import_projects(world.governance, path, by="bo", migrated=TENDER).added == 1
    path.write_text("project,stage\nP-8,build\n", encoding="utf-8")
    with pytest.raises(Refusal, match="P-8 enters in stage 'idea'"):
        import_projects(world.governance, path, by="bo")


@pytest.mark.parametrize("place", BOTH, indirect=True)
def test_two_who_migrate_one_project_at_once(world: World) -> None:
    world.appoint("bo", "pmo_head")
    move = partial(move_project, project="P-1", stage="plan", by="bo", migrated=TENDER)
    answers = at_once(world, move, move)
    assert not any(isinstance(each, Failed) for each in answers)
    assert [line.kind for line in world.journal("P-1")].count("project.moved") == 1
