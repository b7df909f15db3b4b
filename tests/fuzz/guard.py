"""Bounds around each input: time, memory, and a copy of it kept in case the process dies."""

from __future__ import annotations

import resource
import signal
import time
import traceback
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.fuzz.targets import Target

SECONDS = 10  # of the processor, for one input
MEMORY = 2 * 1024**3  # of a process, in bytes
ADDED = 512 * 1024  # by one input to the most that a process ever used, in KiB


class TooSlow(BaseException):
    """An input took more time than one may; no code under test catches it."""


class Fault(AssertionError):
    """An input that a target does not bear."""


@dataclass
class Guard:
    """Judge inputs of one target, each within bounds; count them.

    ``added`` is what judging, and not making inputs, added to the most memory in use, in KiB.
    """

    target: Target
    kept: Path
    seconds: float = SECONDS
    inputs: int = 0
    slowest: float = 0.0
    added: int = 0

    def __call__(self, data: bytes) -> None:
        """Judge one input; Fault with its traceback if anything but what is allowed came out."""
        self.inputs += 1
        self.kept.write_bytes(data)
        before, begun = _peak(), time.process_time()
        try:
            with _timed(self.seconds):
                self.target.judge(data)
        except (Exception, TooSlow) as error:  # noqa: BLE001 - whatever it is, it is a fault
            told = "".join(traceback.format_exception(error))
            raise Fault(f"{self.target.name}: {told}") from None
        self.slowest = max(self.slowest, time.process_time() - begun)
        taken = _peak() - before
        self.added += taken
        if taken > ADDED:
            raise Fault(f"{self.target.name}: one input took {taken // 1024} MiB")

    def report(self) -> dict[str, Any]:
        """Give what a run of inputs came to."""
        counts = {"inputs": self.inputs, "slowest": self.slowest}
        return {**counts, "added": self.added // 1024, "peak": _peak() // 1024}


def _peak() -> int:
    """Give the most memory that this process ever used, in KiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def bound_memory() -> None:
    """Let this process use no more memory than ``MEMORY``: a MemoryError is a fault like others."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


@contextmanager
def _timed(seconds: float) -> Iterator[None]:
    def stop(*_: object) -> None:
        raise TooSlow(f"more than {seconds} s")

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
