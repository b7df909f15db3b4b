"""Replaying a recorded log against its policy beside bare expat parsing of the same file."""

import gzip
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from xml.parsers import expat

from pmo_engine.compiler.loading import load_policy
from pmo_engine.replays.replay import replay
from pmo_engine.resources import policies_dir

SHARED = Path(__file__).parents[3] / "shared"
LOG = SHARED / "data" / "travel-declarations" / "DomesticDeclarations.xes.gz"
RUNS = 5
PARTS = ("baseline", "replay")


def bare(path: Path) -> int:
    """Parse with handlers that count."""
    count = 0

    def start(_name: str, _attributes: dict[str, str]) -> None:
        nonlocal count
        count += 1

    def end(_name: str) -> None:
        nonlocal count
        count += 1

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    with gzip.open(path) as file:
        parser.ParseFile(file)
    return count


def best_of_each(jobs: list[Callable[[], object]]) -> list[float]:
    """Time the jobs side by side, each round all of them, and keep each one's best, in seconds."""
    best = [float("inf")] * len(jobs)
    for _ in range(RUNS):
        for number, job in enumerate(jobs):
            start = time.process_time()
            job()
            best[number] = min(best[number], time.process_time() - start)
    return best


def peak(part: str, path: Path) -> int:
    """Run one part in a process of its own and give its peak memory, in MiB."""
    command = [sys.executable, __file__, str(path), part]
    return int(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def print_peak(part: str, path: Path) -> None:
    """Print the peak memory of this process after loading the policy, or after a replay too."""
    policy = load_policy(policies_dir() / "travel-approvals")
    if part == "replay":
        replay(policy, path)
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)


def main() -> None:
    """Print the ratios."""
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else LOG
    if not path.is_file():
        print(f"replay: no log at {path}, give one as argument")
        return
    if sys.argv[2:]:
        print_peak(sys.argv[2], path)
        return
    policy = load_policy(policies_dir() / "travel-approvals")
    alone, dated, pinned = best_of_each(
        [
            lambda: bare(path),
            lambda: replay(policy, path),
            lambda: replay(policy, path, on=date(2018, 6, 1)),
        ]
    )
    before, after = (peak(part, path) for part in PARTS)
    print(f"bare expat parsing of {path.name:33} {alone:.3f} s")
    print(f"replay, rules in force at each event {'':18} {dated:.3f} s  {dated / alone:.2f}x")
    print(f"replay, all rules in force {'':28} {pinned:.3f} s  {pinned / alone:.2f}x")
    print(f"peak memory with the policy loaded {before} MiB, after a replay {after} MiB")


if __name__ == "__main__":
    main()
