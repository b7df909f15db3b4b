"""What it costs the compiled engine to track faults: beside the same code that lets them through.

Both are written by the engine from the same policy: once as it is, once without what catches an
error in a rule and hands the rule to the reference. Half of the conditions can fault, and by the
facts none does; a line below says what a decision takes in which one rule of all does.
"""

from __future__ import annotations

import random
import statistics
import sys
import time
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest import mock

sys.path.insert(0, str(Path(__file__).parent))

from bench_compiled import EVENT, changes, policy, rules

from pmo_engine.engines.engine import Engine
from pmo_engine.policy.events import read_event

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from pmo_engine.policy.events import Event

SIZES = (15, 100, 1000)
PROGRAM = import_module("pmo_engine.engines.compiled.program")
WRITTEN = PROGRAM._judged
ROUNDS = 41
GOAL = 5.0  # percent
DECISIONS = 60_000  # of rules, in a round
# Conditions that fault where there are no days: {a} is an amount, {d} a number.
FALLIBLE = (
    'change.cost / change.days > @"{a} GBP"',
    "change.days between {d} and 100 / change.days",
    'change.critical and change.cost * 2 / change.days > @"{a} GBP" or change.days > {d}',
)
FAULTY = "100 / (change.days - change.days) > 1"


def conditions(count: int, seed: random.Random) -> list[str]:
    """Make as many conditions that can fault as such that cannot."""
    sure = rules(count, seed).feel
    constants = ({"a": seed.randrange(1, 200) * 100, "d": seed.randrange(1, 60)} for _ in sure)
    may = (FALLIBLE[at % 3].format(**each) for at, each in enumerate(constants))
    return [
        each if at % 2 else other for at, (each, other) in enumerate(zip(sure, may, strict=True))
    ]


def events(engine: Engine, seed: random.Random) -> list[Event]:
    """Make events that the policy has read already."""
    return [
        read_event(
            engine.policy,
            {
                "event": EVENT,
                "at": "2026-03-02T09:00:00Z",
                "facts": {"change": {**each, "cost": f"{each['cost']} GBP"}},
            },
        )
        for each in changes(seed)
    ]


def _bare(
    generator: Any, rule: Any, place: int, open_: dict[tuple[str, ...], int]
) -> Iterator[str]:
    """Write one rule of which an error goes through."""
    lines = list(WRITTEN(generator, rule, place, open_))
    assert lines[0] == " try:"
    assert lines[-2] == " except Exception:"
    yield from (line[1:] for line in lines[1:-2])


def untracked(engine: Engine, first: Event) -> Engine:
    """Give an engine of the same policy whose code was written without tracking."""
    bare = Engine(engine.policy)
    with mock.patch.object(PROGRAM, "_judged", _bare):
        assert bare.decide(first).outcomes == engine.decide(first).outcomes
    return bare


def timed(decide: Callable[[Event], Any], cases: Sequence[Event]) -> float:
    """Give the seconds of the processor that a decision takes."""
    start = time.process_time()
    for each in cases:
        decide(each)
    return (time.process_time() - start) / len(cases)


def medians(runs: Sequence[Callable[[Event], Any]], cases: Sequence[Event]) -> list[list[float]]:
    """Time each in turn, round after round, the first one changing; gives what each took."""
    found: list[list[float]] = [[] for _ in runs]
    for round_ in range(ROUNDS):
        for turn in range(len(runs)):
            at = (round_ + turn) % len(runs)
            found[at].append(timed(runs[at], cases))
    return found


def measure(count: int) -> str:
    """Compare at one number of rules."""
    seed = random.Random(count)
    texts = conditions(count, seed)
    engine = Engine(policy(texts, seed))
    cases = events(engine, seed)
    bare = untracked(engine, cases[0])
    assert not any(engine.decide(each).outcomes.faults for each in cases)
    assert all(engine.decide(each).outcomes == bare.decide(each).outcomes for each in cases)
    one = Engine(policy([FAULTY, *texts[1:]], seed))
    assert all(len(one.decide(each).outcomes.faults) == 1 for each in cases)
    many = cases * max(1, DECISIONS // count // len(cases))
    tracked, through = medians((engine.decide, bare.decide), many)
    cost = 100 * (statistics.median(a / b for a, b in zip(tracked, through, strict=True)) - 1)
    fault = statistics.median(timed(one.decide, cases) for _ in range(5))
    return (
        f"{count:5} rules: {statistics.median(tracked) * 1e6:8.2f} us a decision, "
        f"{statistics.median(through) * 1e6:8.2f} us without tracking: {cost:+5.1f} % "
        f"(goal {GOAL:g} %); {fault * 1e6:.0f} us where one rule faults"
    )


def main() -> None:
    """Print a line for each number of rules."""
    print(f"tracking faults, Python {sys.version.split()[0]}, median of {ROUNDS} rounds in turn")
    for count in SIZES:
        print(measure(count), flush=True)


if __name__ == "__main__":
    main()
