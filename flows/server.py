"""A Prefect server of one's own, as a process that is started, waited for and stopped.

Nothing of Prefect is imported here, so that its start can overlap other work.
"""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.error import URLError
from urllib.request import urlopen

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

HERE = "127.0.0.1"
PORT = 4200
READY_WITHIN = 180.0  # seconds; 8 to 18 are usual, the first start on a slow machine takes longer
STOPPED_WITHIN = 20.0


class ServerError(Exception):
    """A process that cannot be started, or that ended by itself; says so in one line."""


@dataclass
class Process:
    """A process with a log of its own, in a group of its own that goes with it."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    log: Path
    _running: subprocess.Popen[bytes] | None = field(default=None, init=False)

    def start(self) -> None:
        """Start it."""
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("wb") as log:
            self._running = subprocess.Popen(
                self.command,
                env={**os.environ, **self.environment},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # Ctrl-C reaches whoever started it, who stops it in turn
            )

    @property
    def pid(self) -> int:
        """Give the process's id; it must have been started."""
        assert self._running is not None
        return self._running.pid

    def check(self) -> None:
        """Raise ServerError if it ended by itself."""
        if self._running is not None and (status := self._running.poll()) is not None:
            raise ServerError(f"{self.name} ended by itself (status {status}); see {self.log}")

    def stop(self) -> None:
        """Ask it to stop, insist after a while, and leave none of its children behind."""
        if self._running is None:
            return
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._running.wait(STOPPED_WITHIN)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)
        self._running.wait()
        self._running = None


class Server(Process):
    """A Prefect server on this machine; ``home`` keeps its database and logs."""

    def __init__(self, home: Path, port: int = PORT) -> None:
        """Prepare it; ``start`` starts it."""
        self.port = port
        self.url = f"http://{HERE}:{port}"
        command = [sys.executable, "-m", "prefect", "server", "start"]
        super().__init__(
            "the Prefect server",
            [*command, "--host", HERE, "--port", str(port)],
            environment(home, port),
            home / "server.log",
        )

    def start(self) -> None:
        """Start it; raises ServerError if its port is taken."""
        if not is_free(self.port):
            raise ServerError(f"port {self.port} is taken; choose another with --port")
        super().start()

    def wait(self, within: float = READY_WITHIN) -> None:
        """Wait until it answers; raises ServerError if it does not, after ``within`` seconds."""
        end = time.monotonic() + within
        while not self.answers():
            self.check()
            if time.monotonic() > end:
                raise ServerError(f"{self.name} did not answer for {within:.0f} s; see {self.log}")
            time.sleep(0.2)

    def answers(self) -> bool:
        """Say whether it is there."""
        try:
            with urlopen(f"{self.url}/api/health", timeout=5) as response:  # noqa: S310 - http
                return bool(response.status == 200)  # noqa: PLR2004 - OK
        except (URLError, OSError):
            return False


def environment(home: Path, port: int) -> dict[str, str]:
    """Give what Prefect's processes need to know: where things are, and to call nobody."""
    return {
        "PREFECT_HOME": str(home),
        "PREFECT_API_URL": f"http://{HERE}:{port}/api",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "DO_NOT_TRACK": "1",
        # A run whose host crashed gives its place back after a minute.
        "PREFECT_SERVER_CONCURRENCY_INITIAL_DEPLOYMENT_LEASE_DURATION": "60",
        "PYTHONPATH": os.pathsep.join(
            [str(Path(__file__).parents[1]), *filter(None, [os.environ.get("PYTHONPATH")])]
        ),
    }


def is_free(port: int) -> bool:
    """Say whether nobody listens on a port of this machine."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HERE, port))
        except OSError:
            return False
    return True
