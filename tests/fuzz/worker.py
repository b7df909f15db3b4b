"""One process of a fuzzing run: ``python -m tests.fuzz.worker HOW TARGET SEED INPUTS FOLDER``.

``generated`` inputs are drawn at random, and what fails is made small; ``guided`` ones come of
atheris, which goes on from those that reached new code; ``engines`` are compared on policies. The
folder gets ``report.json`` and, in ``last``, the input judged last: the one that failed if any did.
"""

from __future__ import annotations

import atexit
import json
import signal
import sys
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from hypothesis.database import InMemoryExampleDatabase

from tests.fuzz.guard import MEMORY, SECONDS, Fault, Guard, bound_memory

if TYPE_CHECKING:
    from collections.abc import Callable

    from hypothesis.strategies import SearchStrategy

    from tests.fuzz.targets import Target

SLOWER = 5  # how much more time code takes that reports where it has been
LONGEST = 64 * 1024
DEPTH = 3
TRIES = 300  # at making an input smaller


def main(how: str, target: str, number: str, inputs: str, folder: str) -> None:
    _WAYS[how](target, int(number), int(inputs), Path(folder))


def drawn(examples: int, number: int, strategy: SearchStrategy[Any], judge: Any) -> None:
    """Call ``judge`` with so many values; raises what failed, with the smallest value last."""

    @seed(number)
    @settings(
        max_examples=examples,
        deadline=None,
        database=InMemoryExampleDatabase(),
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy)
    def one(value: Any) -> None:
        judge(value)

    one()


def inputs_of(target: Target) -> SearchStrategy[bytes]:
    """Draw inputs of a target, which shrink as the choices do that they are made by."""
    return st.randoms(use_true_random=False).map(target.make)


def generated(name: str, number: int, inputs: int, folder: Path) -> None:
    from tests.fuzz.targets import TARGETS

    guard = _guard(TARGETS[name], folder, SECONDS)
    bound_memory()
    for place in range(inputs):
        data = guard.target.make(Random(f"{number}/{place}"))
        try:
            guard(data)
        except Fault as fault:
            print(fault)
            guard.kept.write_bytes(smaller(guard, data))
            raise SystemExit(1) from None


def smaller(guard: Guard, data: bytes) -> bytes:
    """Leave out of an input that fails what it fails without."""
    size, left = len(data) // 2, TRIES
    while size and left:
        for start in range(0, len(data), size):
            shorter = data[:start] + data[start + size :]
            left -= 1
            if left and _fails(guard, shorter):
                data = shorter
                break
        else:
            size //= 2
        left = max(left, 0)
    return data


def _fails(guard: Guard, data: bytes) -> bool:
    try:
        guard(data)
    except Fault:
        return True
    return False


def _guard(target: Target, folder: Path, seconds: float) -> Guard:
    """Make a guard that leaves its report in the folder, however the process ends."""
    guard = Guard(target, folder / "last", seconds)
    atexit.register(lambda: _write(folder, guard.report()))
    return guard


def _write(folder: Path, report: dict[str, Any]) -> None:
    (folder / "report.json").write_text(json.dumps(report))


def guided(name: str, number: int, inputs: int, folder: Path) -> None:
    import atheris

    with atheris.instrument_imports(include=["pmo_engine"], enable_loader_override=False):
        from tests.fuzz.targets import TARGETS

    guard = _guard(TARGETS[name], folder, SLOWER * SECONDS)
    # The engine of atheris leaves its clock running, which would end a process that ends slowly.
    atexit.register(signal.setitimer, signal.ITIMER_REAL, 0)
    options = {
        "atheris_runs": inputs,
        "seed": number + 1,  # 0 asks for any
        "timeout": 2 * SLOWER * SECONDS,
        "rss_limit_mb": MEMORY // 1024**2,
        "max_len": LONGEST,
        "artifact_prefix": f"{folder}/",
    }
    seeds = folder / "seeds"
    seeds.mkdir()
    real = list(guard.target.seeds())
    chosen = Random(number).sample(real, min(len(real), inputs // 2))
    for place, data in enumerate(chosen):
        (seeds / f"real-{place}").write_bytes(data)

    def alter(data: bytes, _: int, chance: int) -> bytes:
        return guard.target.alter(Random(chance), bytes(data))[:LONGEST]

    written = [f"-{option}={value}" for option, value in options.items()]
    atheris.Setup([sys.argv[0], *written, str(seeds)], guard, custom_mutator=alter)
    atheris.Fuzz()


def engines(_: str, number: int, policies: int, folder: Path) -> None:
    """Judge so many random policies in every engine."""
    from tests.engines.strategies import agreed, trials

    drawn(policies, number, trials(depth=DEPTH), agreed)
    _write(folder, {"inputs": policies})


_WAYS: dict[str, Callable[[str, int, int, Path], None]] = {
    "generated": generated,
    "guided": guided,
    "engines": engines,
}

if __name__ == "__main__":
    main(*sys.argv[1:])
