"""Time passes to a day on which 100 records are due, among 1,000 and among 10,000 open ones."""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from time import perf_counter

sys.path.insert(0, str(Path(__file__).parents[2]))

from pmo_engine.compiler.loading import load_policy
from pmo_engine.store import tables
from pmo_engine.testing import World
from pmo_engine.work.timed.passing import let_time_pass
from tests.benchmarks.bench_inbox import second
from tests.benchmarks.bench_recording import databases

POLICY = Path(__file__).parents[1] / "stories" / "time.yaml"
START = datetime(2026, 3, 2, 10, tzinfo=UTC)  # a Monday
DUE, FEW, MANY = 100, 1_000, 10_000
WORKING_DAYS = (1, 2, 3, 4, 8, 9)
LATER = "2030-01-01"


def office(url: str, number: int) -> World:
    """Make an office with so many open records, of which 100 become stale on each of the days."""
    world = World(load_policy(POLICY), url, start=START)
    world.project("P-1")
    world.person("ana", "project_manager", project="P-1")
    world.person("petra", "pmo_head")
    seen = [START.date() + timedelta(days=day - 31) for day in WORKING_DAYS]
    stale = [str(day) for day in seen for _ in range(DUE)]
    reviewed = [*stale, *[LATER] * (number - len(stale))]
    with world.database.unit_of_work("bench", START) as uow:
        for place, day in enumerate(reviewed):
            row = tables.Entry(
                project="P-1",
                register_name="risks",
                key=f"R-{place}",
                status="submitted",
                document={"reviewed_on": day},
                submitted_by="ana",
                submitted_at=START,
            )
            uow.entries.add(row, f"Risk R-{place}", "ana")
    let_time_pass(world.governance)
    return world


def seconds(world: World, day: int) -> float:
    """Give how long the rules on time of a day take, that say something of 100 records."""
    world.clock.set(START + timedelta(days=day, hours=3))
    begun = perf_counter()
    passed = let_time_pass(world.governance)
    taken = perf_counter() - begun
    assert passed.said == DUE
    return taken


def main() -> None:
    """Print each time, and the ratio; on the first day everything is looked at for once."""
    with databases() as urls:
        for name, url in urls.items():
            worlds = [office(url, FEW), office(second(url), MANY)]
            turns = [[seconds(world, day) for world in worlds] for day in WORKING_DAYS]
            few, many = (median(taken) for taken in zip(*turns[1:], strict=True))
            print(
                f"{name}: {DUE} due among {FEW:,} {few * 1000:.0f} ms, among {MANY:,} "
                f"{many * 1000:.0f} ms: {many / few:.2f}x (wanted: at most 1.3x)"
            )
            for world in worlds:
                world.close()


if __name__ == "__main__":
    main()
