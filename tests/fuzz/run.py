"""Everything that reads what people write, fuzzed; then the engines against one another.

Run: python tests/fuzz/run.py [--inputs N] [--policies N] [--seed N] [--target NAME ...]
                                 [--part K/N]
     python tests/fuzz/run.py --repeat TARGET FILE

Inputs are shared among the reader, the parser, the checker, the evaluator, whole documents, models,
and the command line with the files that it reads; half are drawn at random, half come of
atheris, which is led by the code that they reach. Each batch is a process of its own, with bounds
on time and memory. An input that fails is made small, kept in ``fuzz-failures`` and printed.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from tests.fuzz.guard import Guard  # noqa: E402 - found from the root
from tests.fuzz.targets import TARGETS  # noqa: E402

KEPT = Path("fuzz-failures")
SIZES = {"generated": 2_500, "guided": 2_500, "engines": 2_000}
PATIENCE = 3_600  # seconds for a batch, should all other bounds fail
SHOWN = 500


@dataclass(frozen=True)
class Batch:
    """So many inputs made in one way for one target; the seed makes them the same again."""

    how: str
    target: str
    seed: int
    inputs: int


@dataclass(frozen=True)
class Report:
    """What came of a batch: inputs, seconds for the slowest, memory in MiB, and what failed.

    Judging added so much of the memory; the rest is what made the inputs.
    """

    batch: Batch
    inputs: int = 0
    slowest: float = 0.0
    added: int = 0
    peak: int = 0
    failure: str = ""

    def __str__(self) -> str:
        """Say it in a line."""
        batch, outcome = self.batch, "FAILED" if self.failure else "ok"
        memory = f"{self.added} of {self.peak} MiB by judging"
        bounds = f", slowest {self.slowest:.2f} s, {memory}" if self.peak else ""
        return f"{batch.target}, {batch.how}: {self.inputs:,} {outcome}{bounds}"


def main() -> int:
    arguments = _arguments()
    if arguments.repeat:
        return repeat(*arguments.repeat)
    begun = time.monotonic()
    fuzzing = list(_batches(arguments.target or list(TARGETS), arguments.inputs, arguments.seed))
    comparing = list(_cut("engines", "engines", arguments.policies, arguments.seed))
    part, parts = arguments.part
    reports = spread([*fuzzing, *comparing][part - 1 :: parts], arguments.jobs)
    _summarise(reports, time.monotonic() - begun)
    return int(any(report.failure for report in reports))


def repeat(name: str, file: str) -> int:
    """Judge one input that was kept."""
    with tempfile.TemporaryDirectory() as folder:
        Guard(TARGETS[name], Path(folder) / "last")(Path(file).read_bytes())
    print(f"{name} bears it")
    return 0


def _batches(names: Sequence[str], inputs: int, first: int) -> Iterator[Batch]:
    """Share the inputs among targets, and each one's among the ways to make them."""
    whole = sum(TARGETS[name].share for name in names)
    ways = ["generated", "guided"]
    if importlib.util.find_spec("atheris") is None:
        print("atheris is not installed: all inputs are drawn at random", flush=True)
        ways.remove("guided")
    for name in names:
        for how in ways:
            mine = inputs * TARGETS[name].share // whole // len(ways)
            yield from _cut(how, name, mine, first)


def _cut(how: str, target: str, inputs: int, first: int) -> Iterator[Batch]:
    size = SIZES[how]
    for number, start in enumerate(range(0, inputs, size)):
        yield Batch(how, target, first + number, min(size, inputs - start))


def spread(batches: Sequence[Batch], jobs: int) -> list[Report]:
    """Run the batches, some at a time, and tell of each as it ends."""
    reports: list[Report] = []
    begun, wanted = time.monotonic(), sum(batch.inputs for batch in batches)
    with ThreadPoolExecutor(jobs) as pool:
        for running in as_completed([pool.submit(_run, batch) for batch in batches]):
            report = running.result()
            reports.append(report)
            done = sum(each.inputs for each in reports)
            passed = f"{done:,} of {wanted:,}, {time.monotonic() - begun:.0f} s"
            print(f"{report} ({passed}){report.failure and f'{os.linesep}{report.failure}'}")
            sys.stdout.flush()
    return reports


def _run(batch: Batch) -> Report:
    """Run one batch in a process of its own; a failure says how to see it again."""
    with tempfile.TemporaryDirectory(prefix="pmo-fuzz-") as folder:
        asked = (batch.how, batch.target, str(batch.seed), str(batch.inputs), folder)
        worker = [sys.executable, "-m", "tests.fuzz.worker", *asked]
        try:
            done = subprocess.run(
                worker, capture_output=True, text=True, cwd=ROOT, check=False, timeout=PATIENCE
            )
            failed = done.returncode != 0
            said = f"{done.stdout}{done.stderr}\nended with {done.returncode}"
        except subprocess.TimeoutExpired:
            failed, said = True, f"still running after {PATIENCE} s"
        file = Path(folder) / "report.json"
        counts = json.loads(file.read_text()) if file.exists() else {}
        if failed or not counts:
            return Report(batch, **counts, failure=f"{said}\n{_again(batch, Path(folder))}")
        return Report(batch, **counts)


def _again(batch: Batch, folder: Path) -> str:
    """Keep the input that failed, and say how to repeat it."""
    script = f"{sys.executable} {__file__}"
    last = folder / "last"
    if not last.exists():
        return f"to repeat it: {script} --inputs 0 --policies {batch.inputs} --seed {batch.seed}"
    data = last.read_bytes()
    kept = KEPT / f"{batch.target}-{sha256(data).hexdigest()[:12]}"
    kept.parent.mkdir(exist_ok=True)
    kept.write_bytes(data)
    more = "..." if len(data) > SHOWN else ""
    return f"input: {data[:SHOWN]!r}{more}\nto repeat it: {script} --repeat {batch.target} {kept}"


def _summarise(reports: Sequence[Report], seconds: float) -> None:
    inputs, faults = Counter[str](), Counter[str]()
    for report in reports:
        inputs[report.batch.target] += report.inputs
        faults[report.batch.target] += bool(report.failure)
    print(f"{'':12}{'inputs':>10}{'failed':>8}{'slowest':>10}{'memory':>10}")
    for name, count in inputs.items():
        mine = [report for report in reports if report.batch.target == name]
        slowest, added = max(each.slowest for each in mine), max(each.added for each in mine)
        bounds = f"{slowest:>8.2f} s{added:>6} MiB" if slowest else ""
        print(f"{name:12}{count:>10,}{faults[name]:>8}{bounds}")
    print(f"{inputs.total():,} inputs in {seconds:.0f} s, {faults.total()} batches failed")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    count = {"type": int, "default": 100_000, "metavar": "N"}
    parser.add_argument("--inputs", **count, help="of all targets together")
    parser.add_argument("--policies", **count, help="on which the engines are compared")
    parser.add_argument("--seed", type=int, default=0, help="of each first batch")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="batches at a time")
    parser.add_argument("--target", action="append", choices=TARGETS, help="only this one")
    parser.add_argument(
        "--part", type=_part, default=(1, 1), metavar="K/N", help="every Nth batch, from the Kth"
    )
    parser.add_argument("--repeat", nargs=2, metavar=("TARGET", "FILE"), help="one input again")
    return parser.parse_args()


def _part(text: str) -> tuple[int, int]:
    part, _, parts = text.partition("/")
    if not 1 <= int(part) <= int(parts):
        raise ValueError(text)
    return int(part), int(parts)


if __name__ == "__main__":
    raise SystemExit(main())
