"""Reading a recorded log beside bare expat parsing of the same file."""

import gzip
import sys
import time
from collections.abc import Callable
from pathlib import Path
from xml.parsers import expat

from pmo_engine.exchange.event_logs import open_log

SHARED = Path(__file__).parents[3] / "shared"
LOG = SHARED / "data" / "travel-declarations" / "DomesticDeclarations.xes.gz"
RUNS = 5


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


def read(path: Path, wanted: frozenset[str] | None) -> int:
    """Read every event of every case."""
    return sum(len(case.events) for case in open_log(path, wanted=wanted))


def best_of_each(jobs: list[Callable[[], object]]) -> list[float]:
    """Time the jobs side by side, each round all of them, and keep each one's best, in seconds."""
    best = [float("inf")] * len(jobs)
    for _ in range(RUNS):
        for number, job in enumerate(jobs):
            start = time.process_time()
            job()
            best[number] = min(best[number], time.process_time() - start)
    return best


def main() -> None:
    """Print the ratios."""
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else LOG
    if not path.is_file():
        print(f"replay, reading: no log at {path}, give one as argument")
        return
    alone, some, everything = best_of_each(
        [
            lambda: bare(path),
            lambda: read(path, frozenset({"(case)_Amount"})),
            lambda: read(path, None),
        ]
    )
    print(f"bare expat parsing of {path.name:33} {alone:.3f} s")
    print(f"reading with one attribute wanted {'':21} {some:.3f} s  {some / alone:.2f}x")
    print(
        f"reading with all attributes wanted {'':20} {everything:.3f} s  {everything / alone:.2f}x"
    )


if __name__ == "__main__":
    main()
