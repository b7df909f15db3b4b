"""A vote that decides a record, beside the recorded decision of `bench_recording.py`.

Recorded: a change request is submitted, decided and kept. The vote: the project manager approves
the one that waits longest; whether they may, their limits, the outcome, the record's next version,
notices and journal lines are all in it. The two take turns.
"""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from pmo_engine.testing import World, waiting_for
from pmo_engine.work.approvals import votes
from pmo_engine.work.records.submission import submit
from tests.benchmarks.bench_recording import databases, office, timed, usual

TIMES = 200
WAITING = 20  # of the same project


def recorded(world: World) -> str:
    """Submit one change request; gives its key."""
    fields = {"cost": "2 GBP", "category": "cost"}
    to = {"project": "P-1", "register": "change_requests"}
    return submit(world.governance, **to, fields=fields, by="sam").key


def compare(name: str, url: str) -> None:
    """Print one database's ratio."""
    world = office(url)
    world.person("max", "project_manager")
    waiting = [recorded(world) for _ in range(WAITING)]
    made, decided = [], []
    for _ in range(TIMES):
        made.append(timed(lambda: waiting.append(recorded(world))))
        key = waiting.pop(0)
        rows = waiting_for(world.governance, "max")
        asked = next(each.id for each in rows if each.title.split()[2] == key)
        cast = partial(votes.vote, world.governance, asked, by="max", choice="approve")
        decided.append(timed(cast))
    best, floor = usual(decided), usual(made)
    print(
        f"{name:<11} vote {best * 1e3:.2f} ms, recorded {floor * 1e3:.2f} ms,"
        f" ratio {best / floor:.2f} (at most 1.3 wanted)"
    )
    world.close()


def main() -> None:
    """Compare on both databases."""
    with databases() as urls:
        for name, url in urls.items():
            compare(name, url)


if __name__ == "__main__":
    main()
