"""The flow of a gate with fifteen assessments, beside an empty Prefect flow of fifteen tasks.

CPU seconds that a run adds: in this process, and in this process and the server together. Then the
MB that Prefect's database gains by a run.
"""

from __future__ import annotations

import asyncio
import os
import socket
import sqlite3
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flows.server import Server
from pmo_engine.roles.registry import roles
from pmo_engine.testing import World, policy_from
from pmo_engine.work.gates import reviews as gates

if TYPE_CHECKING:
    from collections.abc import Callable

ROUNDS = 10
SETTLED = 2.0  # seconds in which the server hears of a run's last events
POLICY = """\
kind: policy
name: benchmark
version: "1"
in_force_from: 2026-01-01
currency: GBP
packs:
  - use: office
{packs}
---
kind: gates
stages: [definition, delivery]
gates:
  - id: G2
    title: Ready to deliver
    from_stage: definition
    to_stage: delivery
    assessments: [{roles}]
    decided_by: portfolio_board
    outcomes: [go, stop]
"""


def main() -> None:
    """Print the ratios."""
    with tempfile.TemporaryDirectory() as folder, socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
        probe.close()
        server = Server(Path(folder) / "prefect", port)
        os.environ |= {**server.environment, "PREFECT_LOGGING_LEVEL": "ERROR"}
        server.start()
        try:
            server.wait()
            home = Path(folder) / "prefect"
            asyncio.run(compare(server, home, office(f"sqlite:///{folder}/bench.db")))
        finally:
            server.stop()


def office(url: str) -> World:
    """Make an office with a gate for each round, which all fifteen roles assess."""
    names = list(roles())
    packs = "\n".join(f"  - use: {name}" for name in names)
    policy = policy_from(POLICY.format(packs=packs, roles=", ".join(names)))
    world = World(policy, url, roles=roles())
    for number in range(ROUNDS + 1):
        world.project(f"P-{number}", stage="definition")
    world.person("petra", "portfolio_board")
    return world


async def compare(server: Server, home: Path, world: World) -> None:
    """Run both flows in turn, the first time unmeasured, and keep the least of each."""
    from prefect import flow, task

    from flows.common import using
    from flows.stage_gate import stage_gate

    @task
    async def nothing(number: int) -> None:
        """Do nothing."""

    @flow
    async def empty() -> None:
        """Do nothing fifteen times."""
        await asyncio.gather(*(nothing(number) for number in range(15)))

    bare, gate = [], []
    rows: list[list[float]] = [[], []]
    with using(world.governance):
        for number in range(ROUNDS + 1):
            review = gates.open_gate(world.governance, project=f"P-{number}", gate="G2", by="petra")
            before = kept(home)
            bare.append(await spent(server.pid, empty))
            between = kept(home)
            gate.append(await spent(server.pid, stage_gate, review.id))
            rows[0].append(between - before)
            rows[1].append(kept(home) - between)
            assert gates.state(world.governance, review.id).status == "awaiting_decision"
    for place, name in enumerate(("this process", "with the server")):
        show(name, min(one[place] for one in bare[1:]), min(one[place] for one in gate[1:]))
    empty_mb, gate_mb = (sum(each[1:]) / ROUNDS for each in rows)
    said = f"empty {empty_mb:.2f} MB, gate {gate_mb:.2f} MB: {gate_mb / empty_mb:.2f}x"
    print(f"{'Prefect keeps':16} {said} (at most 0.3 MB)")


async def spent(server: int, called: Callable[..., Any], *given: str) -> tuple[float, float]:
    """Give the CPU seconds of a run in this process, and with those of the server added."""
    here, there = time.process_time(), cpu(server)
    await called(*given, return_state=True)
    here = time.process_time() - here
    await asyncio.sleep(SETTLED)
    return here, here + cpu(server) - there


def kept(home: Path) -> float:
    """Give the MB that Prefect's database holds, what it could use again left out."""
    (path,) = home.glob("**/*.db")
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as database:
        pages, free, size = (
            database.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("page_count", "freelist_count", "page_size")
        )
    return float((pages - free) * size) / 1e6


def cpu(pid: int) -> float:
    """Read the CPU seconds of a process."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def show(name: str, bare: float, gate: float) -> None:
    """Print one ratio."""
    print(f"{name:16} empty {bare:.3f} s, gate {gate:.3f} s: {gate / bare:.2f}x (at most 1.3x)")


if __name__ == "__main__":
    main()
