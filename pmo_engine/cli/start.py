"""Where ``pmo`` begins and ends: Ctrl-C at any moment is one word, and a full disk one line.

This module imports next to nothing, so that it is there before anything slow is.
"""

from __future__ import annotations

import gc
import os
import signal
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:  # typing takes longer to load than all that this module needs
    from types import FrameType
    from typing import NoReturn

STOPPED = 130
"""The exit status after Ctrl-C, as shells have it."""
NOT_WRITTEN = 2
MADE = 400_000
"""How many objects are made before unused ones are looked for: most of a command's live on."""


def main() -> NoReturn:
    """Run ``pmo`` with the arguments of the process, and end with its exit status."""
    signal.signal(signal.SIGINT, _stop_at_once)  # while modules load, nothing has begun
    gc.set_threshold(MADE)
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "1")  # else all packages are asked for them
    from pmo_engine.cli.main import run

    interruption = Interruption()
    signal.signal(signal.SIGINT, interruption)
    status = run(interrupted=interruption)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # what is done is done
    status = _flushed(status)
    if interruption:  # what was stopped half way is not asked to end in order
        os._exit(status)
    gc.freeze()  # all ends with the process: to look through it for what is unused takes its time
    sys.exit(status)


class Interruption:
    """The first Ctrl-C ends the command in order, the second at once. True once it came."""

    def __init__(self) -> None:
        self._came = False

    def __bool__(self) -> bool:
        return self._came

    def __call__(self, number: int, frame: FrameType | None) -> None:
        """Take the signal."""
        if self._came:
            _stop_at_once(number, frame)
        self._came = True
        sys.unraisablehook = lambda _: None  # some code cannot be stopped, and says so
        raise KeyboardInterrupt


def _stop_at_once(number: int, frame: FrameType | None) -> NoReturn:
    del number, frame
    os.write(2, b"stopped\n")
    os._exit(STOPPED)


def _flushed(status: int) -> int:
    """Write what is left to write; give the exit status for that."""
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        _give_up()
    except OSError as error:
        _give_up()
        if status != NOT_WRITTEN:
            os.write(2, f"standard output cannot be written: {error.strerror}\n".encode())
        return NOT_WRITTEN
    return status


def _give_up() -> None:
    """Let what is left go nowhere, so that nothing tries again."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
