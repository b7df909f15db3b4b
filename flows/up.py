"""The office at work on one machine: a Prefect server, the flows and their schedules.

``python -m flows.up`` runs until Ctrl-C. Exit status: 0 stopped as asked, 2 could not go on.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import signal
import sys
import threading
import time
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.request import Request, urlopen

from flows.server import PORT, READY_WITHIN, Process, Server, ServerError
from pmo_engine.app import open_governance
from pmo_engine.settings import SettingsError
from pmo_engine.source.diagnostics import PolicyError
from pmo_engine.store.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

LOOK_EVERY = 0.5  # seconds
MOST_PORT = 65_535


def main(arguments: Sequence[str] | None = None) -> int:
    """Bring everything up, keep it up until a signal, take it down."""
    given = _parser().parse_args(arguments)
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    try:
        opened = open_governance()
        opened.rules.policy  # noqa: B018 - a policy that cannot be read is said at once
        opened.database.close()
        run(given.home.resolve(), given.port, given.limit, stop)
    except (SettingsError, PolicyError, StoreError, ServerError, OSError) as error:
        print(f"pmo up: {_one_line(error)}", file=sys.stderr)  # noqa: T201 - it is a command
        return 2
    return 0


def run(home: Path, port: int, limit: int, stop: threading.Event) -> None:
    """Run the server and the flows until ``stop`` is set; raises ServerError if one ends."""
    server = Server(home, port)
    command = [sys.executable, "-m", "flows.serve", "--limit", str(limit)]
    flows = Process("the flows' process", command, server.environment, home / "flows.log")
    with ExitStack() as running:
        _say(f"starting the Prefect server on port {port}; its log is {server.log}")
        _start(server, running)
        _until(server.answers, [server], stop)
        if stop.is_set():
            return
        _say(f"starting the flows; their log is {flows.log}")
        _start(flows, running)
        _until(lambda: served(server.url), [server, flows], stop)
        if not stop.is_set():
            _say(f"up: {server.url} shows the runs; Ctrl-C stops everything")
        _until(lambda: False, [server, flows], stop, within=math.inf)


def served(url: str) -> bool:
    """Say whether deployments are being served, with their schedules at work."""
    ready = {"deployments": {"paused": {"eq_": False}}}
    asked = Request(  # noqa: S310 - http
        f"{url}/api/deployments/count",
        data=json.dumps(ready).encode(),
        headers={"Content-Type": "application/json"},
    )
    with urlopen(asked, timeout=30) as answer:  # noqa: S310 - http
        return int(answer.read()) > 0


def _start(process: Process, running: ExitStack) -> None:
    process.start()
    running.callback(lambda: _say(f"{process.name} has stopped"))
    running.callback(process.stop)


def _until(
    ready: Callable[[], bool],
    processes: Sequence[Process],
    stop: threading.Event,
    within: float = READY_WITHIN,
) -> None:
    """Wait for something, or for ``stop``; raises ServerError if a process ends meanwhile."""
    end = time.monotonic() + within
    while not ready() and not stop.wait(LOOK_EVERY):
        for process in processes:
            process.check()
        if time.monotonic() > end:
            raise ServerError(f"{processes[-1].name} was not ready in {within:.0f} s")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="pmo up", description="Server, flows and schedules.")
    home = Path(os.environ.get("PREFECT_HOME", ".prefect"))
    parser.add_argument("--port", type=_port, default=PORT, help="of the server (%(default)s)")
    parser.add_argument("--limit", type=_number, default=3, help="runs at once (%(default)s)")
    parser.add_argument("--home", type=Path, default=home, help="its files (%(default)s)")
    return parser


def _port(text: str) -> int:
    port = _number(text)
    if port > MOST_PORT:
        raise argparse.ArgumentTypeError(f"a port is 1 to {MOST_PORT}")
    return port


def _number(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError("a whole number from 1 on")
    return int(text)


def _say(text: str) -> None:
    print(text, flush=True)  # noqa: T201 - it is a command


def _one_line(error: Exception) -> str:
    return str(error).strip().partition("\n")[0]


if __name__ == "__main__":
    sys.exit(main())
