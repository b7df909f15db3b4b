"""An inbox with 50 things of one's own, among 5,000 and among 100,000 that wait for others."""

from __future__ import annotations

import sys
from datetime import timedelta
from pathlib import Path
from statistics import median
from time import perf_counter

sys.path.insert(0, str(Path(__file__).parents[2]))

import psycopg
from sqlalchemy import insert

from pmo_engine.compiler.loading import load_policy
from pmo_engine.questions.inbox import inbox
from pmo_engine.store import tables
from pmo_engine.testing import START, World
from tests.benchmarks.bench_recording import databases

POLICY = Path(__file__).parents[1] / "stories" / "city.yaml"
OWN, FEW, MANY, TIMES = 50, 5_000, 100_000, 90
DUE = START + timedelta(days=1)  # what is overdue, and of which nobody is reminded, is stuck


def fill(world: World, role: str, number: int, prefix: str) -> None:
    """Put open approvals for a role, of a record of its own, past the engine into the store."""
    key = world.submit("P-1", "change_requests", "sam", cost="1 GBP").key
    with world.database.unit_of_work("bench", START) as uow:
        decision = uow.decisions.of_project("P-1")[0].id
        subject = uow.entries.by_key("P-1", "change_requests", key).id
    asked = tables.Obligation(
        project="P-1",
        subject_id=subject,
        decision_id=decision,
        kind="approval",
        binding="shall",
        opened_at=START,
        details={"title": "A change", "role": role, "text": ""},
    ).model_dump(exclude={"id", "rule", "target", "due_at"})
    waits = {"role": role, "project": "P-1", "since": START}
    ids = [f"{prefix}-{each:06}" for each in range(number)]
    obligations = [
        {"id": id, "rule": id, "target": id, "due_at": DUE + timedelta(minutes=each), **asked}
        for each, id in enumerate(ids)
    ]
    addressees = [{"id": id, "obligation_id": id, **waits} for id in ids]
    with world.database.rebuilding() as connection:
        connection.execute(insert(tables.Obligation), obligations)
        connection.execute(insert(tables.Addressee), addressees)
    with world.database.rebuilding() as connection:
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("ANALYZE")  # as it does by itself after a while


def seconds(world: World) -> float:
    """Give how long one inbox takes."""
    with world.governance.reading() as c:
        begun = perf_counter()
        found = inbox(c, "petra")
        taken = perf_counter() - begun
    assert len(found.items) == OWN
    return taken


def office(url: str, others: int) -> World:
    """Make an office where things wait for one person, and for others."""
    world = World(load_policy(POLICY), url)
    world.project("P-1")
    world.person("petra", "pmo_head")
    world.person("ana", "project_manager", project="P-1")
    world.person("sam")
    fill(world, "pmo_head", OWN, "own")
    fill(world, "project_manager", others, "other")
    return world


def second(url: str) -> str:
    """Make room for a second store beside the first."""
    if url.startswith("sqlite"):
        return f"{url}.second"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE DATABASE second")
    return url.replace("/postgres?", "/second?")


def main() -> None:
    """Print each time, and the ratio; the two take turns, and the first ones fill caches."""
    with databases() as urls:
        for name, url in urls.items():
            worlds = [office(url, FEW), office(second(url), MANY)]
            turns = [[seconds(world) for world in worlds] for _ in range(TIMES)]
            few, many = (median(taken) for taken in zip(*turns[10:], strict=True))
            print(
                f"{name}: {OWN} of one's own among {FEW:,} {few * 1000:.1f} ms, "
                f"among {MANY:,} {many * 1000:.1f} ms: {many / few:.2f}x (wanted: at most 1.2x)"
            )
            for world in worlds:
                world.close()


if __name__ == "__main__":
    main()
