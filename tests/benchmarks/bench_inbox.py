"""An inbox with 50 things of one's own, among 5,000 and among 100,000 that wait for others."""

from __future__ import annotations

import sys
import tempfile
from datetime import timedelta
from pathlib import Path
from statistics import median
from time import perf_counter

sys.path.insert(0, str(Path(__file__).parents[2]))

from pmo_engine.compiler.loading import load_policy
from pmo_engine.queries.inbox import inbox
from pmo_engine.store import tables
from pmo_engine.testing import START, World
from tests.benchmarks.bench_recording import databases

POLICY = Path(__file__).parents[1] / "stories" / "city.yaml"
OWN, FEW, MANY, TIMES = 50, 5_000, 100_000, 15


def fill(world: World, role: str, number: int, prefix: str) -> None:
    """Put open approvals for a role into the store, past the engine."""
    with world.database.unit_of_work("bench", START) as uow:
        decision = uow.decisions.of_project("P-1")[0].id
        subject = uow.entries.of_project("P-1")[0].id
        rows = [
            tables.Obligation(
                id=f"{prefix}-{each:06}",
                project="P-1",
                subject_id=subject,
                decision_id=decision,
                rule=f"{prefix}-{each}",
                kind="approval",
                target=f"{role}-{prefix}-{each}",
                binding="shall",
                opened_at=START,
                due_at=START + timedelta(minutes=each),
                details={"title": f"Change {each}", "role": role, "text": ""},
            )
            for each in range(number)
        ]
        for row in rows:
            uow.obligations.add(row)
        uow.flush()
        uow.addressees.add_new(
            tables.Addressee(obligation_id=row.id, role=role, project="P-1", since=START)
            for row in rows
        )


def seconds(world: World) -> float:
    """Give how long one inbox takes."""
    taken = []
    for _ in range(TIMES):
        with world.governance.reading() as c:
            begun = perf_counter()
            found = inbox(c, "petra").items
            taken.append(perf_counter() - begun)
        assert len(found) == OWN
    return median(taken)


def main() -> None:
    """Print each time, and the ratio."""
    with tempfile.TemporaryDirectory(), databases() as urls:
        for name, url in urls.items():
            world = World(load_policy(POLICY), url)
            world.project("P-1")
            world.person("petra", "pmo_head")
            world.person("ana", "project_manager", project="P-1")
            world.person("sam")
            world.submit("P-1", "change_requests", "sam", cost="1 GBP")
            fill(world, "pmo_head", OWN, "own")
            fill(world, "project_manager", FEW, "few")
            few = seconds(world)
            fill(world, "project_manager", MANY - FEW, "many")
            many = seconds(world)
            print(
                f"{name}: {OWN} of one's own among {FEW:,} {few * 1000:.1f} ms, "
                f"among {MANY:,} {many * 1000:.1f} ms: {many / few:.2f}x (wanted: at most 1.2x)"
            )
            world.close()


if __name__ == "__main__":
    main()
