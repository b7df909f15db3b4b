"""Who holds what, for checks of a policy against appointments."""

import re
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from pmo_engine.authority.people import People
from pmo_engine.authority.units import Units, shared
from pmo_engine.compiler.checks.appointments import appointments
from pmo_engine.compiler.loading import check_policy
from pmo_engine.model.people import RoleHolding
from pmo_engine.source.diagnostics import Diagnostic

DAY = date(2026, 3, 2)
HELD = re.compile(r"^# held: (.*)$", re.MULTILINE)


def holdings(held: dict[str, list[str]]) -> People:
    """Read ``{ana: [sponsor, pmo_head in P-1, risk for office hub]}``."""
    made = []
    for person, roles in held.items():
        for each in roles:
            role, _, unit = each.partition(" for ")
            role, _, project = role.partition(" in ")
            made.append(RoleHolding(person, role, project or None, DAY, unit=unit or None))
    return People(tuple(made))


def findings(folder: Path, held: dict[str, list[str]] | None) -> list[Diagnostic]:
    """Check a folder, and what people hold where that is given; their projects are active."""
    checked = check_policy(folder)
    found: list[Diagnostic] = [*checked.diagnostics]
    if held is not None and checked.policy is not None:
        policy = checked.policy
        served = shared(policy.functional, policy.offices)
        units = Units(policy.offices, {}, {}, served, DAY)
        people = replace(holdings(held), units=units)
        projects = {each.project for each in people.holdings if each.project is not None}
        found += appointments(checked.policy, people, sorted(projects), DAY)
    return sorted(found)


def said_in(text: str) -> Any:
    """Give what an example says of who holds what, in a comment of its own."""
    said = HELD.search(text)
    return None if said is None else yaml.safe_load(said[1])
