"""The engines against one another on many random policies.

Run: python tests/fuzz/run.py [--examples N] [--seed N]

Examples are drawn in batches, each in a process of its own, because durable_rules keeps some
memory for good. A batch is repeated exactly by giving its seed again.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.database import InMemoryExampleDatabase

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from tests.engines.strategies import Trial, agreed, trials  # noqa: E402 - found from the root

BATCH = 2000
DEPTH = 3


def main() -> int:
    arguments = _arguments()
    if arguments.worker:
        explore(arguments.seed, arguments.examples)
        return 0
    return spread(arguments.examples, arguments.seed, arguments.jobs)


def explore(number: int, examples: int) -> None:
    """Judge so many random trials in every engine; raises what hypothesis found, shrunk."""

    @seed(number)
    @settings(
        max_examples=examples,
        deadline=None,
        database=InMemoryExampleDatabase(),
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )
    @given(trials(depth=DEPTH))
    def engines_agree(trial: Trial) -> None:
        agreed(trial)

    engines_agree()


def spread(examples: int, first: int, jobs: int) -> int:
    """Run the batches, some at a time; give 1 after printing the first that failed."""
    sizes = [min(BATCH, examples - start) for start in range(0, examples, BATCH)]
    begun, done = time.monotonic(), 0
    with ThreadPoolExecutor(jobs) as pool:
        batches = {pool.submit(_batch, first + i, size): size for i, size in enumerate(sizes)}
        for batch in as_completed(batches):
            failure = batch.result()
            if failure:
                pool.shutdown(cancel_futures=True, wait=False)
                print(failure, flush=True)
                return 1
            done += batches[batch]
            print(f"{done:,} of {examples:,} agree ({time.monotonic() - begun:.0f} s)", flush=True)
    return 0


def _batch(number: int, examples: int) -> str:
    """Run one batch in a process of its own; give its error, and how to see it again."""
    again = [__file__, "--worker", "--seed", str(number), "--examples", str(examples)]
    worker = subprocess.run(
        [sys.executable, *again], capture_output=True, text=True, cwd=ROOT, check=False
    )
    if worker.returncode == 0:
        return ""
    said = worker.stdout + worker.stderr or f"the process ended with {worker.returncode}"
    return f"{said}\nto repeat it: {sys.executable} {' '.join(again)}"


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--examples", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=0, help="of the first batch")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="batches at a time")
    parser.add_argument("--worker", action="store_true", help="one batch, in this process")
    return parser.parse_args()


if __name__ == "__main__":
    raise SystemExit(main())
