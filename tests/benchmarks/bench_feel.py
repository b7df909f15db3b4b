"""Reading and checking expressions, beside Python's own reading and compiling of the same ones.

The floors: ``ast.parse`` builds Python's tree of an equivalent expression, ``compile`` goes on to
code; both are written in C.
"""

from __future__ import annotations

import ast
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from typing import Any

from pmo_engine.feel import types as t
from pmo_engine.feel.checking.checker import check_condition
from pmo_engine.feel.syntax import automaton, parser
from pmo_engine.feel.syntax.builder import Builder

COUNT = 2_000
RUNS = 5
PAIRS = (
    (
        'change.cost > @"{n} GBP" and (change.weeks >= {n} or change.category = "time")',
        'change.cost > money("{n} GBP") and (change.weeks >= {n} or change.category == "time")',
    ),
    (
        "count(changes[weeks > {n} and not(urgent)]) > 3",
        "len([c for c in changes if c.weeks > {n} and not c.urgent]) > 3",
    ),
    (
        'some c in changes satisfies c.cost + @"{n} GBP" > change.cost * 1.1',
        'any(c.cost + money("{n} GBP") > change.cost * 1.1 for c in changes)',
    ),
    (
        'if change.urgent then change.asked_on + @"P{n}D" < today else change.weeks in [1..{n}]',
        "change.asked_on + days({n}) < today if change.urgent else 1 <= change.weeks <= {n}",
    ),
)
CHANGE = t.ContextType(
    (
        ("cost", t.MoneyType("GBP")),
        ("weeks", t.NUMBER),
        ("category", t.EnumType(("scope", "time", "cost"))),
        ("asked_on", t.DATE),
        ("urgent", t.BOOLEAN),
    ),
    "change",
)
NAMES: dict[str, t.Type] = {"change": CHANGE, "changes": t.ListType(CHANGE), "today": t.DATE}


def texts(which: int) -> list[str]:
    """Write the expressions, no two alike."""
    return [PAIRS[n % len(PAIRS)][which].format(n=100 + n) for n in range(COUNT)]


def best(work: Callable[[Any], object], items: Iterable[Any]) -> float:
    """Give the processor seconds of the best of some runs over all items."""
    spent = []
    for _ in range(RUNS):
        parser._remembered.cache_clear()
        began = time.process_time()
        for item in items:
            work(item)
        spent.append(time.process_time() - began)
    return min(spent)


def started(code: str) -> float:
    """Give the wall seconds of a process that runs some code, the best of some."""
    spent = []
    for _ in range(RUNS):
        began = time.perf_counter()
        subprocess.run([sys.executable, "-c", code], check=True)
        spent.append(time.perf_counter() - began)
    return min(spent)


def main() -> None:
    """Print rates and ratios."""
    ours, theirs = texts(0), texts(1)
    parsed = best(parser.parse, ours)
    nodes = [parser.parse(text) for text in ours]
    checked = best(lambda node: check_condition(node, NAMES), nodes)
    if any(check_condition(node, NAMES).problems for node in nodes):
        sys.exit("an expression of the benchmark is not well-typed")
    floor = best(lambda text: ast.parse(text, mode="eval"), theirs)
    compiled = best(lambda text: compile(text, "<bench>", "eval"), theirs)
    print(
        f"parsing {COUNT / parsed:,.0f} expressions a second,"
        f" {parsed / floor:.0f} times ast.parse, {parsed / compiled:.0f} times compile\n"
        f"checking {COUNT / checked:,.0f} a second, {checked / parsed:.2f} times parsing"
    )
    kept = best(lambda _: automaton.load(Builder(visit_tokens=False)), [0])
    made = best(lambda _: automaton.make(Builder(visit_tokens=False)), [0])
    print(f"the automaton: read in {1000 * kept:.0f} ms, made anew in {1000 * made:.0f} ms")
    alone = started("import pmo_engine.feel.checking.checker")
    first = started("from pmo_engine.feel.syntax.parser import parse; parse('a > 1')")
    print(f"a process that reads one expression: {first:.2f} s ({alone:.2f} s with imports alone)")


if __name__ == "__main__":
    main()
