"""One fact missing beside none missing, and obligations of sets that were not seen before."""

from __future__ import annotations

import random
import sys
import time
from typing import TYPE_CHECKING, Any

from bench_compiled import EVENT, best, changes, policy, rules

from pmo_engine.decisions.assembly import Assembler
from pmo_engine.engines.engine import Engine
from pmo_engine.policy.decision import NOTHING, Outcomes
from pmo_engine.policy.events import Event, read_event

if TYPE_CHECKING:
    from collections.abc import Callable

SIZES = (15, 100, 1000)
FACTS = ("cost", "category", "days", "critical")
SETS = 500


def events(engine: Engine, facts: list[dict[str, Any]], without: str = "") -> list[Event]:
    """Make the events of some changes, each without one fact."""
    given = [{**each, "cost": f"{each['cost']} GBP"} for each in facts]
    kept = [{name: value for name, value in each.items() if name != without} for each in given]
    head = {"event": EVENT, "at": "2026-03-02T09:00:00Z"}
    return [read_event(engine.policy, {**head, "facts": {"change": each}}) for each in kept]


def measure(count: int) -> str:
    """Decide with all facts and without each one in turn; goal: a quarter of the speed is left."""
    seed = random.Random(count)
    engine = Engine(policy(rules(count, seed).feel, seed))
    facts = changes(seed)

    def decide(event: Event) -> object:
        return engine.decide(event).obligations

    runs: dict[str, tuple[Callable[[Any], Any], list[Any]]] = {
        "all": (decide, events(engine, facts))
    }
    runs |= {name: (decide, events(engine, facts, name)) for name in FACTS}
    times = best(runs)
    left = ", ".join(f"without {name} {times['all'] / times[name]:.0%}" for name in FACTS)
    return f"{count:5} rules: {1 / times['all']:9,.0f} decisions a second; {left} (goal 25%)"


def unseen(count: int) -> str:
    """Put together obligations of random sets of rules, none of them twice."""
    seed = random.Random(count)
    engine = Engine(policy(rules(count, seed).feel, seed))
    event, *_ = events(engine, changes(seed))
    selection = engine.selection(event)
    names = selection.order
    sets = [tuple(name for name in names if seed.random() < 1 / 2) for _ in range(SETS)]
    found = [Outcomes(names, fired, NOTHING, NOTHING, NOTHING) for fired in sets]
    shortest = min(_assembled(Assembler(selection, engine.zone), found, event) for _ in range(5))
    speed = SETS / shortest
    return f"{count:5} rules: {speed:9,.0f} sets not seen before a second (goal 10,000)"


def _assembled(assembler: Assembler, found: list[Outcomes], event: Event) -> float:
    """Put all sets together once, in seconds; what single rules ask for was seen before."""
    every = Outcomes(found[0].rules, found[0].rules, NOTHING, NOTHING, NOTHING)
    assembler.obligations(every, event.facts)
    start = time.perf_counter()
    for outcomes in found:
        assembler.obligations(outcomes, event.facts)
    return time.perf_counter() - start


def main() -> None:
    """Print a line for each number of rules."""
    print(f"facts missing, compiled engine, Python {sys.version.split()[0]}")
    for count in SIZES:
        print(measure(count))
    print("obligations of sets not seen before")
    for count in SIZES[:2]:
        print(unseen(count))


if __name__ == "__main__":
    main()
