"""The dashboard of 1,000 projects with 100,000 entries, beside SQL by hand for the same figures."""

from __future__ import annotations

import random
import sys
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

sys.path.insert(0, str(Path(__file__).parents[2]))

from sqlalchemy import insert

from pmo_engine.store import tables
from pmo_engine.testing import START, World

if TYPE_CHECKING:
    from collections.abc import Iterator

PROJECTS, PROGRAMMES = 1_000, 20
PREFIXES = {
    "budget_lines": ("BL", 20),
    "milestones": ("M", 20),
    "risks": ("R", 25),
    "benefits": ("B", 10),
    "demands": ("DM", 10),
    "capacities": ("CP", 5),
    "dependencies": ("DP", 5),
    "reports": ("RP", 5),
}
SUBJECT = {"requester": "ana", "created_at": START}
SKILLS = ("analyst", "engineer", "planner", "tester")


def fields(register: str, chance: random.Random) -> dict[str, Any]:
    """Make up what a record says."""
    amount = chance.randrange(1_000, 900_000)
    day = START.date() + timedelta(days=chance.randrange(-200, 400))
    later = day + timedelta(days=chance.randrange(60))
    match register:
        case "budget_lines":
            forecast = round(amount * chance.uniform(0.9, 1.3))
            return {
                "title": "A line of the budget",
                "baseline": f"{amount} GBP",
                "forecast": f"{forecast} GBP",
                "actual": f"{amount // 3} GBP",
                "accrual": f"{amount // 50}.50 GBP",
                "contingency": f"{amount // 10} GBP",
                "contingency_drawn": f"{amount // 30} GBP",
            }
        case "milestones":
            reached = {"actual": str(later)} if later < START.date() else {}
            return {"title": "A step", "baseline": str(day), "forecast": str(later), **reached}
        case "risks":
            return {
                "title": "What may come",
                "type": chance.choice(["threat", "threat", "opportunity"]),
                "probability": str(chance.randrange(1, 6)),
                "impact": str(chance.randrange(1, 6)),
                "chance": f"0.{chance.randrange(1, 10)}",
                "impact_cost": f"{amount} GBP",
            }
        case "benefits":
            return {
                "title": "What it is for",
                "planned_value": f"{amount} GBP",
                "forecast_value": f"{round(amount * chance.uniform(0.8, 1.1))} GBP",
                "realised_value": f"{amount // 9} GBP",
            }
        case "demands" | "capacities":
            wanted = {"filled": "0.5"} if register == "demands" else {}
            span = {"starts_on": str(day), "ends_on": str(later)}
            return {"skill": chance.choice(SKILLS), "fte": "1", **wanted, **span}
        case "dependencies":
            other = f"P-{chance.randrange(PROJECTS) + 1}"
            return {"of_project": other, "needed_by": str(day), "promised_for": str(later)}
        case _:
            return {"colour": chance.choice(["green", "amber", "red"]), "submitted_on": str(day)}


def rows(chance: random.Random) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Give the row of each entry's subject, and its own."""
    entered = 0
    for project in range(1, PROJECTS + 1):
        for register, (prefix, number) in PREFIXES.items():
            for place in range(1, number + 1):
                entered += 1
                id, key = f"e-{entered}", f"{prefix}-{place}"
                chain = f"P-{project}"
                yield (
                    {"id": id, "kind": "entry", "project": chain, "title": key, **SUBJECT},
                    {
                        "id": id,
                        "project": chain,
                        "register_name": register,
                        "key": key,
                        "key_length": len(key),
                        "status": "submitted",
                        "standing": "approved",
                        "version": 1,
                        "matter_version": 1,
                        "entered": entered,
                        "document": fields(register, chance),
                    },
                )


def fill(world: World) -> None:
    """Write all rows at once: nobody waits for 100,000 commands."""
    with world.database._engine.begin() as here:
        programmes = [
            {"id": f"G-{n}", "name": f"Programme {n}", "kind": "programme", "version": 1}
            for n in range(PROGRAMMES)
        ]
        here.execute(insert(tables.Programme), programmes)
        projects = [
            {
                "id": f"P-{n}",
                "name": f"Project {n}",
                "stage": "delivery",
                "office": "office",
                "status": "active",
                "version": 1,
                "programme": f"G-{n % PROGRAMMES}",
                "attributes": {},
                "is_office": False,
            }
            for n in range(1, PROJECTS + 1)
        ]
        here.execute(insert(tables.Project), projects)
        subjects, entries = zip(*rows(random.Random(11)), strict=True)
        here.execute(insert(tables.Subject), list(subjects))
        here.execute(insert(tables.Entry), list(entries))
