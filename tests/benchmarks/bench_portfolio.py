"""The dashboard of 1,000 projects with 100,000 entries, beside SQL by hand for the same figures."""

# ruff: noqa: S608 - the statements are made of what stands here
from __future__ import annotations

import random
import sys
import tempfile
from datetime import timedelta
from pathlib import Path
from time import process_time
from typing import TYPE_CHECKING, Any

sys.path.insert(0, str(Path(__file__).parents[2]))

from sqlalchemy import insert, text

from pmo_engine.compiler.loading import load_policy
from pmo_engine.queries.dashboard.board import board
from pmo_engine.store import tables
from pmo_engine.testing import START, World

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

MODEL = Path(__file__).parents[2] / "policies" / "p3o"
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


def field(name: str) -> str:
    """Write a field of a record."""
    return f"json_extract(document, '$.{name}')"


def number(name: str) -> str:
    """Write a field that begins with a number."""
    return f"CAST({field(name)} AS real)"


def of(register: str, what: str, function: str = "sum") -> str:
    """Write what the records of one register come to."""
    return f"{function}(CASE WHEN register_name = '{register}' THEN {what} END)"


REACHED = f"julianday(coalesce({field('actual')}, max({field('forecast')}, :day)))"
FIRST = f"julianday(coalesce({field('first_baseline')}, {field('baseline')}))"
THREAT = f"{field('type')} = 'threat'"
SCORE = f"{field('probability')} * {field('impact')}"
SOON = f"{field('starts_on')} <= :horizon"
PARTS = (
    of("budget_lines", number("baseline")),
    of("budget_lines", number("forecast")),
    of("budget_lines", f"{number('actual')} + {number('accrual')}"),
    of("budget_lines", f"{number('contingency')} - {number('contingency_drawn')}"),
    of("milestones", f"{REACHED} - julianday({field('baseline')})", "max"),
    of("milestones", f"{REACHED} - {FIRST}", "max"),
    of("milestones", f"{field('baseline')} < :day AND {field('actual')} IS NULL"),
    of("benefits", number("planned_value")),
    of("benefits", number("forecast_value")),
    of("benefits", number("realised_value")),
    of("risks", f"{number('impact_cost')} * {number('chance')} * iif({THREAT}, 1, -1)"),
    of("risks", f"CASE WHEN {THREAT} THEN {SCORE} END", "max"),
    of("risks", "1"),
    of("demands", f"CASE WHEN {SOON} THEN {number('fte')} END"),
    of("demands", f"CASE WHEN {SOON} THEN {number('filled')} END"),
)
COUNTED = "standing NOT IN ('blocked', 'rejected', 'withdrawn', 'rescinded')"
MONTHS = """WITH RECURSIVE months(first) AS (SELECT date(:day, 'start of month') UNION ALL
  SELECT date(first, '+1 month') FROM months WHERE first < date(:day, '+10 months'))"""
TOUCHES = f"{field('starts_on')} < date(first, '+1 month') AND {field('ends_on')} >= first"
WAITS = ", ".join(field(each) for each in ("of_project", "needed_by", "promised_for"))
SQL = (
    f"SELECT project, {', '.join(PARTS)} FROM entries WHERE {COUNTED} GROUP BY project",
    (
        f"{MONTHS} SELECT register_name, {field('skill')}, first, sum({number('fte')}),"
        f" group_concat(DISTINCT project) FROM entries JOIN months ON {TOUCHES}"
        " WHERE register_name IN ('demands', 'capacities') GROUP BY 1, 2, 3"
    ),
    f"SELECT project, key, {WAITS} FROM entries WHERE register_name = 'dependencies'",
    (
        f"SELECT project, max({field('submitted_on')}), {field('colour')} FROM entries"
        " WHERE register_name = 'reports' GROUP BY project"
    ),
    (
        "SELECT project, kind, count(*), sum(due_at < :day) FROM obligations"
        " WHERE status = 'open' GROUP BY project, kind"
    ),
    "SELECT id, programme, office, stage FROM projects WHERE status = 'active'",
)
"""The same figures by hand, as binary fractions and without a reason where one is not known."""


def taken(do: Callable[[], Any]) -> float:
    """Give the processor seconds that something takes."""
    begun = process_time()
    do()
    return process_time() - begun


def main() -> None:
    """Print processor time, and how many times that of the queries by hand it is."""
    with tempfile.TemporaryDirectory() as folder:
        world = World(load_policy(MODEL), f"sqlite:///{folder}/portfolio.db")
        governance = world.governance
        fill(world)
        day = START.date()
        known = {"day": str(day), "horizon": str(day + timedelta(days=90))}

        def by_hand() -> None:
            with world.database._engine.connect() as here:
                for statement in SQL:
                    here.execute(text(statement), known).all()

        def shown() -> None:
            with governance.reading() as c:
                board(c, governance.sheets)

        by_hand()  # the pages of the file are in memory for both
        hand = min(taken(by_hand) for _ in range(3))
        first = taken(shown)
        world.person("ana", "project_manager")
        again = []
        for number in range(3):
            world.submit(f"P-{number + 1}", "risks", "ana", title="New", type="threat")
            again.append(taken(shown))
        print(f"by hand: {hand:.2f} s")
        print(f"the first time: {first:.2f} s, {first / hand:.1f}x")
        print(f"after a change in one project: {min(again):.2f} s, {min(again) / hand:.1f}x")
        world.close()


if __name__ == "__main__":
    main()
