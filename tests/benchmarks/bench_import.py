"""An import of many rows beside a bare bulk insert of all the rows that it wrote.

Imported: a table of risks, with the rules of the risk pack, and one of change requests, for which
somebody is asked and limits add up what waits; each row typed, held against what is there, judged,
journalled, and what follows opened, in a process that runs on. Bare: what those imports wrote, read
back, and put into the same tables of an empty store, a statement for each table of so many rows as
a portion writes, in one transaction with the same care for what is committed. Reading the file and
checking it, and the pass of the rules, are timed apart: neither is the writing of rows.
"""

from __future__ import annotations

import csv
import sys
import tempfile
from pathlib import Path
from time import perf_counter, process_time
from typing import Any, NamedTuple, Self

sys.path.insert(0, str(Path(__file__).parents[2]))

from sqlalchemy import create_engine, insert, select

from pmo_engine.compiler.loading import load_policy
from pmo_engine.engines.engine import Engine
from pmo_engine.store.base import Table
from pmo_engine.store.columns import canonical
from pmo_engine.store.database import Database
from pmo_engine.testing import World
from pmo_engine.work.imports import importing
from tests.benchmarks.bench_inbox import second
from tests.benchmarks.bench_recording import databases

ROOT = Path(__file__).parents[2]
ROWS, OF_PROJECT = 3_000, 100
RISKS = (ROOT / "policies" / "pmo-single", "risks")
CHANGES = (ROOT / "tests" / "stories" / "city.yaml", "change_requests")
SERVICE = frozenset({"import_rows", "imports", "settings", "counters"})
"""What an import works with, and what is there before it."""


def office(policy: Path, url: str, rows: int) -> World:
    """Make a store with the projects of a table, and whom its records ask."""
    world = World(load_policy(policy), url)
    for number in range(max(1, rows // OF_PROJECT)):
        world.project(f"P-{number}")
    world.person("ana")
    for who in ("petra", "paul"):  # she imports, so that it is for him to decide
        world.person(who, "pmo_head")
    return world


def table(path: Path, register: str, rows: int) -> Path:
    """Write a table of a register, whose rows go through the projects in turn."""
    own = {"risks": ["type", "probability", "impact", "owner"], "change_requests": ["cost"]}
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["key", "project", *own[register]])
        for number in range(rows):
            place = [f"K-{number}", f"P-{number % max(1, rows // OF_PROJECT)}"]
            said: list[Any] = ["threat", 1 + number % 4, 1 + number % 3, "ana"]
            writer.writerow([*place, *(said if register == "risks" else [f"{60 + number} GBP"])])
    return path


class Seconds(NamedTuple):
    """By the clock on the wall, and of this process's processor: other work slows the first."""

    wall: float = 0.0
    processor: float = 0.0

    @classmethod
    def now(cls) -> Self:
        return cls(perf_counter(), process_time())

    def __sub__(self, other: Seconds) -> Seconds:
        return Seconds(self.wall - other.wall, self.processor - other.processor)

    def and_then(self, other: Seconds) -> Seconds:
        return Seconds(self.wall + other.wall, self.processor + other.processor)

    def __str__(self) -> str:
        return f"{self.wall:.1f} s ({self.processor:.1f} s of processor)"


class Apart:
    """The seconds that the pass of the rules took, and reading and checking the file."""

    def __init__(self) -> None:
        self.rules = self.reading = Seconds()

    def __enter__(self) -> Self:
        self._decide, self._staged = Engine.decide, importing._staged
        Engine.decide = self._timed(self._decide, "rules")  # type: ignore[method-assign]
        importing._staged = self._timed(self._staged, "reading")
        return self

    def __exit__(self, *_: object) -> None:
        Engine.decide, importing._staged = self._decide, self._staged  # type: ignore[method-assign]

    def _timed(self, work: Any, name: str) -> Any:
        def timed(*args: Any, **named: Any) -> Any:
            begun = Seconds.now()
            try:
                return work(*args, **named)
            finally:
                setattr(self, name, getattr(self, name).and_then(Seconds.now() - begun))

        return timed


def imported(world: World, path: Path, register: str) -> tuple[Seconds, Apart]:
    """Give the seconds for writing the rows, and what was timed apart."""
    with Apart() as apart:
        begun = Seconds.now()
        importing.bring_in(world.governance, importing.Sheet(path, register), by="petra")
        taken = Seconds.now() - begun
    return taken - apart.rules - apart.reading, apart


def written(engine: Any) -> dict[str, list[dict[str, Any]]]:
    """Read all rows of what an import wrote, by table."""
    tables = (each for each in Table.metadata.sorted_tables if each.name not in SERVICE)
    with engine.connect() as connection:
        found = {each.name: connection.execute(select(each)).mappings().all() for each in tables}
    return {name: [dict(row) for row in rows] for name, rows in found.items() if rows}


def bare(engine: Any, rows: dict[str, list[dict[str, Any]]]) -> Seconds:
    """Give the seconds for putting rows into an empty store."""
    portions = 1 + max(map(len, rows.values())) // importing.PORTION
    begun = Seconds.now()
    with engine.begin() as connection:
        if engine.dialect.name == "sqlite":
            connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
        for number in range(portions):
            for name, all_of_it in rows.items():
                size = -(-len(all_of_it) // portions)
                if some := all_of_it[number * size : (number + 1) * size]:
                    connection.execute(insert(Table.metadata.tables[name]), some)
    return Seconds.now() - begun


def plain(url: str) -> Any:
    """Give an engine on a database, without a session."""
    return create_engine(
        url.replace("postgresql://", "postgresql+psycopg://"), json_serializer=canonical
    )


def empty(url: str) -> Any:
    """Give an engine on a store with its tables and nothing in them."""
    Database(url).migrate()
    return plain(url)


def compare(name: str, url: str, of: tuple[Path, str], rows: int, folder: Path) -> None:
    """Print the ratio for a table of one register, in one database."""
    policy, register = of
    world = office(policy, url, rows)
    path = table(folder / f"{name}-{register}.csv", register, rows)
    ours, apart = imported(world, path, register)
    world.close()
    source = plain(url)
    made = written(source)
    source.dispose()
    target = empty(second(url))
    floor = bare(target, made)
    target.dispose()
    ratios = (our / their for our, their in zip(ours, floor, strict=True))
    ratio, of_processor = (f"{each:.1f}" for each in ratios)
    print(
        f"{name:<11} {register:<16} {rows:,} rows: {ours}"
        f" ({ours.wall / rows * 1e6:.0f} us a row), bare {floor} of"
        f" {sum(map(len, made.values())):,} rows, ratio {ratio}, of processor {of_processor}"
        f" (at most 3 wanted); rules {apart.rules}, reading and checking {apart.reading}"
    )


def main(rows: int = ROWS) -> None:
    """Compare on both databases, one register after the other."""
    for of in (RISKS, CHANGES):
        with databases() as urls, tempfile.TemporaryDirectory() as folder:
            for name, url in urls.items():
                compare(name, url, of, rows, Path(folder))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]))
