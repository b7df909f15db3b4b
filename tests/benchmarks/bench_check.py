"""``pmo policy check`` of 1,000 rules with their suites: the whole process, and where time goes.

Wall time on a busy machine says little, so processor time stands beside it.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from pmo_engine.policy.feel.parser import parse
from pmo_engine.policy.loading import bind
from pmo_engine.policy.reading import read_folder

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


def run(command: list[str]) -> tuple[float, float]:
    """Give the wall and processor seconds of one process."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    began = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True, env={**os.environ, "NO_COLOR": "1"})
    wall = time.perf_counter() - began
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def parts(folder: Path) -> tuple[float, float]:
    """Give the processor seconds of reading and of binding."""
    parse.cache_clear()
    start = time.process_time()
    reading = read_folder(folder)
    read = time.process_time()
    checked = bind(reading, folder)
    assert checked.diagnostics == ()
    return read - start, time.process_time() - read


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
    """Print the best of some runs."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "policy"
        folder.mkdir()
        lines = write_policy(folder)
        main_of = "from pmo_engine.cli.main import main; main()"
        runs = [
            run([sys.executable, "-c", main_of, "policy", "check", str(folder)])
            for _ in range(RUNS)
        ]
        python = python_lines(Path(name), lines)
        ruff = [sys.executable, "-m", "ruff", "check", "--no-cache", "--isolated", str(python)]
        linted = min(run(ruff)[0] for _ in range(RUNS))
        read, bound = (
            min(each) for each in zip(*(parts(folder) for _ in range(RUNS)), strict=True)
        )
    wall, cpu = min(w for w, _ in runs), min(c for _, c in runs)
    print(
        f"pmo policy check, {RULES} rules, {RULES * CASES} cases, {lines} lines:"
        f" {wall:.2f} s, processor {cpu:.2f} s (under {ALLOWED:.0f} s wanted)\n"
        f"of which reading {read:.2f} s and binding {bound:.2f} s;"
        f" ruff check of as many lines of Python: {linted:.2f} s"
    )


if __name__ == "__main__":
    main()
