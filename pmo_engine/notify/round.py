"""The postman's process from outside: started when it is needed, given errands, given up."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import weakref
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pmo_engine.notify.errors import DeliveryError, NotDeliverable, TimedOut

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pmo_engine.notify.addresses import Place

_HOME = Path(__file__).parents[2]
_COMMAND = (sys.executable, "-P", "-m", "pmo_engine.notify.postman")


class Round:
    """Errands for one postman, one at a time; another takes over where one did not come back."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[str] | None = None
        self._turn = threading.Lock()

    def carry(
        self, place: Place, within: float, text: Mapping[str, Any] | None = None
    ) -> tuple[list[str], DeliveryError | None]:
        """Have a notice carried to a place, or (without ``text``) only the URL read.

        Gives those who took it, and what went wrong.
        """
        errand = {"url": place.url, "reach": place.reach, "within": within, **(text or {})}
        with self._turn:
            process = self._started()
            try:
                return self._answers(process, json.dumps(errand), within)
            except BaseException:
                self._give_up()
                raise

    def _answers(
        self, process: subprocess.Popen[str], errand: str, within: float
    ) -> tuple[list[str], DeliveryError | None]:
        assert process.stdin is not None
        assert process.stdout is not None
        print(errand, file=process.stdin, flush=True)
        took: list[str] = []
        for line in process.stdout:
            answer = json.loads(line)
            if "end" in answer:
                kind = NotDeliverable if answer["end"] == "refused" else DeliveryError
                return took, None if answer["end"] is None else kind(answer["why"])
            took.append(answer["took"])
        status = process.wait()
        self._process = None
        if status == -signal.SIGALRM:
            return took, TimedOut(f"not delivered: no end within {within:g} seconds")
        return took, DeliveryError(f"not delivered: the attempt broke off (status {status})")

    def _started(self) -> subprocess.Popen[str]:
        if self._process is None or self._process.poll() is not None:
            path = os.pathsep.join(filter(None, [str(_HOME), os.environ.get("PYTHONPATH")]))
            self._process = subprocess.Popen(
                _COMMAND,
                env={**os.environ, "PYTHONPATH": path},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                text=True,
                start_new_session=True,  # Ctrl-C is for whoever waits, who gives it up in turn
            )
            weakref.finalize(self, _end, self._process)
        return self._process

    def _give_up(self) -> None:
        if self._process is not None:
            self._process.kill()
            _end(self._process)
            self._process = None


def _end(process: subprocess.Popen[str]) -> None:
    """Close its pipes, at which it ends, and wait for that; an errand in hand is broken off."""
    process.kill()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            pipe.close()
    process.wait()
