"""``pmo policy check`` of 1,000 rules with suites, beside ``ruff`` on as many lines of Python.

Cold is a process that finds nothing compiled or remembered from earlier ones, warm one that does:
modules are compiled first, as an installation and ``make setup`` do.
Wall time on a busy machine says little, so processor time stands beside it. At the end: how soon a
language server has checked everything again after a change.
"""

from __future__ import annotations

import compileall
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

import pmo_engine
from pmo_engine.compiler.loading import bind, uncollected
from pmo_engine.compiler.reading import read_folder
from pmo_engine.editor.buffers import Buffers
from pmo_engine.editor.project import Project
from pmo_engine.feel.syntax import parser
from pmo_engine.source.codes import NOTHING_ASKS

RULES = 1_000
CASES = 3
FILES = 10
RUNS = 5
ALLOWED = 2.0
HEAD = """kind: policy
name: large
version: "1"
in_force_from: 2026-01-01
currency: GBP
calendar: office
---
kind: calendar
id: office
zone: Europe/London
holidays: {country: GB, subdivision: ENG}
hours: {mon-fri: "09:00-17:30"}
---
kind: roles
roles:
  - {id: pmo_head, senior: board}
  - {id: board, body: true}
---
kind: registers
registers:
  - register: changes
    noun: change
    root: change
    plural: changes
    fields:
      cost: {type: money}
      weeks: {type: number}
      category: {type: [scope, time, cost, quality]}
---
kind: ladders
ladders:
  - id: standard
    rungs:
      - {at: 50 %, remind: addressee}
      - {after: 1 working day, escalate: senior}
"""
RULE = """  - id: rule-{n}
    title: A change above {limit} pounds or of {weeks} weeks is seen
    on: change.submitted
    binding: shall
    when: change.cost > @"{limit} GBP" and (change.weeks >= {weeks} or change.category in ["scope", "time"])
    then:
      - require_approval: {{from: pmo_head, within: 3 working days, ladder: standard}}
"""  # noqa: E501 - as a policy has it
SUITE = """---
kind: suite
about: [rule-{n}]
event: change.submitted
cases:
"""
CASE = (
    "  - {{name: case {c}, facts: {{change: {{cost: {cost} GBP, weeks: {weeks}, category: time}}}},"
    " expect: {{approvals: [pmo_head], information: []}}}}\n"
)


class Times(NamedTuple):
    """The seconds that a process took: on the wall, and of the processor."""

    wall: float
    cpu: float


def write_policy(folder: Path) -> int:
    """Write the policy; gives its number of lines."""
    (folder / "policy.yaml").write_text(HEAD, encoding="utf-8")
    for number in range(FILES):
        numbers = range(number * RULES // FILES, (number + 1) * RULES // FILES)
        rules = "".join(RULE.format(n=n, limit=1000 + n, weeks=n % 60) for n in numbers)
        suites = "".join(
            SUITE.format(n=n)
            + "".join(CASE.format(c=c, cost=1000 + n + c, weeks=n % 60) for c in range(CASES))
            for n in numbers
        )
        text = f"kind: rules\nrules:\n{rules}{suites}"
        (folder / f"rules{number}.yaml").write_text(text, encoding="utf-8")
    return sum(path.read_text(encoding="utf-8").count("\n") for path in folder.glob("*.yaml"))


def run(command: list[str], **variables: str) -> Times:
    """Give the wall and processor seconds of one process."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    began = time.perf_counter()
    own = {**os.environ, "NO_COLOR": "1", **variables}
    subprocess.run(command, check=True, capture_output=True, env=own)
    wall = time.perf_counter() - began
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return Times(wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


def checked(folder: Path, place: Path) -> tuple[Times, Times]:
    """Check the policy in processes of their own: cold, then the best of some warm ones."""
    main_of = "from pmo_engine.cli.main import main; main()"
    command = [sys.executable, "-c", main_of, "policy", "check", str(folder)]
    cold = run(command, PYTHONPYCACHEPREFIX=str(place / "compiled"))
    return cold, min((run(command) for _ in range(RUNS)), key=lambda each: each.cpu)


def linted(python: Path, place: Path) -> tuple[Times, Times]:
    """Lint the lines of Python: without what was remembered, then the best with it."""
    command = [sys.executable, "-m", "ruff", "check", "--isolated", str(python)]
    cached = [*command, "--cache-dir", str(place / "ruff")]
    cold = min((run([*command, "--no-cache"]) for _ in range(RUNS)), key=lambda each: each.cpu)
    return cold, min((run(cached) for _ in range(RUNS)), key=lambda each: each.cpu)


def parts(folder: Path) -> tuple[float, float]:
    """Give the processor seconds of reading and of binding."""
    parser._remembered.cache_clear()
    with uncollected():
        start = time.process_time()
        reading = read_folder(folder)
        read = time.process_time()
        found = bind(reading, folder)
        bound = time.process_time()
    assert {item.code for item in found.diagnostics} == {NOTHING_ASKS}  # small changes are free
    return read - start, bound - read


def checked_again(folder: Path) -> float:
    """Give the processor seconds in which a language server checks again after a change."""
    project = Project(folder, Buffers())
    project.check()
    file = folder / "rules0.yaml"
    text = file.read_text(encoding="utf-8")
    best = float("inf")
    for number in range(RUNS):
        project.buffers.put(file, text.replace("is seen", f"is seen {number}", 1))
        start = time.process_time()
        project.check()
        best = min(best, time.process_time() - start)
    assert len(project.diagnostics) == 1
    return best


def python_lines(folder: Path, lines: int) -> Path:
    """Write as many lines of plain Python, for a linter beside it."""
    body = '    """Say."""\n    value = argument * {n}\n    return value + {n}\n'
    text = "".join(
        f"def function_{n}(argument: int) -> int:\n{body.format(n=n)}\n\n"
        for n in range(lines // 6)
    )
    path = folder / "lines.py"
    path.write_text(f'"""Lines."""\n\n\n{text.rstrip()}\n', encoding="utf-8")
    return path


def main() -> None:
    """Print the times and their ratios."""
    compileall.compile_dir(Path(pmo_engine.__file__).parent, quiet=1)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "policy"
        folder.mkdir()
        lines = write_policy(folder)
        pmo = checked(folder, Path(name))
        ruff = linted(python_lines(Path(name), lines), Path(name))
        read, bound = (
            min(each) for each in zip(*(parts(folder) for _ in range(RUNS)), strict=True)
        )
        again = checked_again(folder)
    print(f"{RULES} rules, {RULES * CASES} cases, {lines} lines")
    for what, ours, theirs in zip(("cold", "warm"), pmo, ruff, strict=True):
        print(
            f"{what}: pmo policy check {ours.wall:.2f} s (processor {ours.cpu:.2f} s), ruff check"
            f" of as many lines of Python {theirs.wall:.2f} s (processor {theirs.cpu:.2f} s):"
            f" {ours.cpu / theirs.cpu:.0f} times"
        )
    print(
        f"under {ALLOWED:.0f} s wanted; of which reading {read:.2f} s and binding {bound:.2f} s\n"
        f"a language server has checked it again {again:.2f} s (processor) after a change"
    )


if __name__ == "__main__":
    main()
