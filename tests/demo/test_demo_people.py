"""Whom the demonstration's policy needs, somebody holds."""

from datetime import date
from pathlib import Path

from pmo_engine.authority.people import People
from pmo_engine.compiler.checks.appointments import appointments
from pmo_engine.demo.data import read_people, read_projects
from pmo_engine.model.people import RoleHolding
from tests.policies import kept

DEMO = Path(__file__).parents[2] / "policies" / "pmo-single"


def test_every_role_that_the_policy_needs_is_held_and_no_other() -> None:
    policy = kept(DEMO)
    since, people = read_people()
    held = [
        RoleHolding(person.id, role, project, since)
        for person in people
        for role, project in person.held
    ]
    projects = [project.id for project in read_projects()]
    assert len(policy.functional) == 15
    assert appointments(policy, People(tuple(held)), projects, date(2026, 3, 2)) == []
