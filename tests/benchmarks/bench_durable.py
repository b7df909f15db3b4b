"""The durable engine beside durable_rules fed the same pairs of rules by hand, and one side only.

Run: python tests/benchmarks/bench_durable.py
"""

from __future__ import annotations

import time
from contextlib import suppress
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from durable import engine

from pmo_engine.engines.durable import Durable
from pmo_engine.model.money import Money
from tests.engines.samples import case, selection

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

SIZES = (15, 100, 300)
ROUNDS, SECONDS = 8, 0.5
RULES_OF_A_SET = 59
CLOSING = {"kind": "evaluate"}


class Quiet(engine.Host):
    """A host without timer threads, as the engine's is."""

    def _run(self) -> None:
        pass


class ByHand:
    """What somebody would write who knows the rules of durable_rules and nothing of policies."""

    def __init__(self, patterns: dict[str, Any]) -> None:
        self.host = Quiet()
        self.fired: set[str] = set()
        self.session = 0
        names = list(patterns)
        self.sets = [
            names[start : start + RULES_OF_A_SET] for start in range(0, len(names), RULES_OF_A_SET)
        ]
        for place, chunk in enumerate(self.sets):
            rules = {name: patterns[name] for name in chunk} | {"closing": CLOSING}
            self.host.set_rulesets({str(place): {k: self._rule(k, v) for k, v in rules.items()}})

    def _rule(self, name: str, pattern: Any) -> dict[str, Any]:
        return {"all": [{"m": pattern}], "run": lambda _c: self.fired.add(name)}

    def run(self, fact: dict[str, Any]) -> set[str]:
        self.fired = set()
        self.session += 1
        sid = str(self.session)
        for place in range(len(self.sets)):
            for number, each in enumerate((fact, CLOSING)):
                with suppress(engine.MessageNotHandledException):
                    self.host.assert_fact(str(place), {**each, "id": number, "sid": sid})
            self.host.delete_state(str(place), sid)
        return self.fired


def conditions(count: int) -> list[str]:
    return [
        f'change.cost > @"{1000 * place} GBP" and change.score <= {count}' for place in range(count)
    ]


def patterns(count: int, *, pairs: bool) -> dict[str, Any]:
    """Write the same conditions by hand: money in pence, and (for pairs) when each is false."""
    rules: dict[str, Any] = {}
    for place in range(count):
        pence = 100_000 * place
        rules[f"{place}"] = {"$and": [{"$gt": {"cost": pence}}, {"$lte": {"score": count}}]}
        if pairs:
            rules[f"{place}/not"] = {"$lte": {"cost": pence}}
            rules[f"{place}/nor"] = {"$gt": {"score": count}}
    return rules


def rates(runs: Sequence[Callable[[], object]]) -> list[float]:
    """Count runs a second of each, in the best of rounds that take turns."""
    best = [0.0] * len(runs)
    for _ in range(ROUNDS):
        for place, run in enumerate(runs):
            start, count = time.perf_counter(), 0
            while (passed := time.perf_counter() - start) < SECONDS:
                run()
                count += 1
            best[place] = max(best[place], count / passed)
    return best


def measure(count: int) -> str:
    chosen, durable = selection(*conditions(count)), Durable()
    middle = count // 2
    facts = case({"cost": Money(Decimal(1000 * middle), "GBP"), "score": Decimal(count)})
    fact = {"cost": 100_000 * middle, "score": count}
    both, one = ByHand(patterns(count, pairs=True)), ByHand(patterns(count, pairs=False))
    found = set(durable.outcomes(chosen, facts).fired)
    by_hand = {f"r{int(name) + 1}" for name in both.run(fact) if name.isdecimal()}
    if found != by_hand:
        raise SystemExit(f"the two differ: {sorted(found ^ by_hand)}")
    ours, paired, single = rates(
        [
            lambda: durable.outcomes(chosen, facts),
            lambda: both.run(fact),
            lambda: one.run(fact),
        ]
    )
    durable.close()
    return (
        f"{count:5} rules: {ours:8.0f}/s, pairs by hand {paired:8.0f}/s "
        f"(ratio {ours / paired:.2f}), one-sided {single:8.0f}/s (pairs: {single / paired:.1f}x)"
    )


if __name__ == "__main__":
    for size in SIZES:
        print(measure(size))
