"""A page of each list over the journal and the portfolio, at 1,000 lines and at 100,000."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))

from pmo_engine.compiler.loading import load_policy
from pmo_engine.queries.decisions import decisions
from pmo_engine.queries.journal import Which, lines
from pmo_engine.queries.paging import Page
from pmo_engine.queries.portfolio import portfolio
from pmo_engine.queries.records import records, story
from pmo_engine.queries.timeline import timeline
from pmo_engine.testing import START, World
from tests.benchmarks.bench_recording import databases
from tests.queries.conftest import statements

POLICY = Path(__file__).parents[1] / "stories" / "city.yaml"
FEW, MANY, TIMES, PROJECTS, PAGE = 1_000, 100_000, 15, 10, Page(limit=50)
KINDS = ("decided", "obligation.opened", "obligation.met", "reminded", "gate.assessed")

Query = Callable[[Any], Any]


def queries(subject: str) -> dict[str, Query]:
    """Give what is timed; what is rare is in the store once or twice, at its beginning."""
    key = ("P-1", "change_requests", "CR-1")
    return {
        "a project's chain": lambda c: lines(c.uow, Which(chain="P-1"), PAGE),
        "its middle": lambda c: lines(c.uow, Which(chain="P-1"), Page(limit=50, after="60")),
        "its newest": lambda c: lines(c.uow, Which(chain="P-1", newest=True), PAGE),
        "everything": lambda c: lines(c.uow, Which(), PAGE),
        "everything, newest": lambda c: lines(c.uow, Which(newest=True), PAGE),
        "in words": lambda c: timeline(c, Which(newest=True), PAGE),
        "a record's": lambda c: timeline(c, Which(subject=subject), PAGE),
        "a person's": lambda c: lines(c.uow, Which(actor="sam"), PAGE),
        "a rare kind": lambda c: lines(c.uow, Which(kind="voted"), PAGE),
        "a rare kind of a chain": lambda c: lines(c.uow, Which(chain="P-1", kind="voted"), PAGE),
        "a person's of a chain": lambda c: lines(c.uow, Which(chain="P-1", actor="ana"), PAGE),
        "a day": lambda c: lines(
            c.uow, Which(since=START, until=START + timedelta(minutes=5)), PAGE
        ),
        "records": lambda c: records(c, "P-1", "change_requests", PAGE),
        "a record": lambda c: story(c, c.uow.entries.by_key(*key)),
        "decisions": lambda c: decisions(c, PAGE),
        "portfolio": lambda c: portfolio(c, page=PAGE),
    }


def fill(world: World, start: int, end: int) -> None:
    """Write lines by nobody in particular, a minute apart, into the chains of all projects."""
    for first in range(start, end, 10_000):
        at = START + timedelta(minutes=first)
        with world.database.unit_of_work("engine", at) as uow:
            for number in range(first, min(end, first + 10_000)):
                body = {"obligation": f"o-{number}", "rule": "r", "note": "x" * 200}
                chain = f"P-{number % PROJECTS + 1}"
                uow.journal.add(chain, KINDS[number % len(KINDS)], body, f"s-{number // 20}")


def timed(world: World, query: Query) -> tuple[float, int]:
    """Give seconds, and the number of statements."""
    taken = []
    for _ in range(TIMES):
        with world.governance.reading() as c:
            begun = perf_counter()
            query(c)
            taken.append(perf_counter() - begun)
    return median(taken), statements(world, query)


def main() -> None:
    """Print each time, the number of statements, and the ratio."""
    with tempfile.TemporaryDirectory(), databases() as urls:
        for name, url in urls.items():
            world = World(load_policy(POLICY), url)
            for number in range(PROJECTS):
                world.project(f"P-{number + 1}")
            world.person("ana", "project_manager", project="P-1")
            world.person("sam")
            world.submit("P-1", "change_requests", "sam", cost="1 GBP")
            world.vote("ana")
            with world.database.read() as uow:
                subject = uow.entries.by_key("P-1", "change_requests", "CR-1").id
            fill(world, 0, FEW)
            few = {each: timed(world, query) for each, query in queries(subject).items()}
            fill(world, FEW, MANY)
            for each, query in queries(subject).items():
                (before, least), (after, most) = few[each], timed(world, query)
                print(
                    f"{name}: {each}: {before * 1000:.1f} ms and {least} statements at {FEW:,} "
                    f"lines, {after * 1000:.1f} ms and {most} at {MANY:,}: {after / before:.2f}x"
                )
            world.close()


if __name__ == "__main__":
    main()
