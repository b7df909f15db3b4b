"""``python -m pmo_engine.demo``: plays the main job from beginning to end.

Exit status: 0 done, 1 the policy cannot be read as one, 2 could not be carried out, 130 stopped.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
import threading
from contextlib import ExitStack, contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from pmo_engine.demo.folder import DemoError, prepared
from pmo_engine.resources import flows_dir, policies_dir

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from types import FrameType

    from pmo_engine.demo.folder import Folder
    from pmo_engine.demo.office import Office

START = datetime(2026, 3, 30, 9, tzinfo=ZoneInfo("Europe/London"))
INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Play the demo; every error is one line."""
    given = _parser().parse_args(arguments)
    stopped = threading.Event()

    def stop(_number: int, _frame: FrameType | None) -> None:
        if not stopped.is_set():  # once is enough: everything is being taken down
            stopped.set()
            raise KeyboardInterrupt

    def untold(found: sys.UnraisableHookArgs) -> None:
        # An interrupt while Python tidies up goes no further: the screen sees to it that all stops.
        if not (stopped.is_set() and isinstance(found.exc_value, KeyboardInterrupt)):
            sys.__unraisablehook__(found)

    sys.unraisablehook = untold
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop)
    # In a wheel the flows are carried inside the package.
    sys.path.append(str(flows_dir().parent))
    many = given.model == "p3o"
    name = "A county of many offices" if many else "Harbour City"
    print(f"{name}, on a simulated clock, in {given.folder}", flush=True)
    policy = given.policy or policies_dir() / ("p3o" if many else "pmo-single")
    try:
        (play_many if many else play)(given.folder, policy.resolve(), stopped.is_set)
    except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001 - the last resort
        if not stopped.is_set():  # libraries make errors of their own of an interrupt
            return _report(error)
        print("stopped; nothing was left running, and it can be run again", file=sys.stderr)
        return INTERRUPTED
    return 0


def play(path: Path, policy: Path, is_stopped: Callable[[], bool]) -> None:
    """Bring up what the story needs, play it, and take everything down again."""
    from pmo_engine.demo.play import Play  # noqa: PLC0415 - --help is quick
    from pmo_engine.demo.runs import end_start, hand_over, server_for  # noqa: PLC0415 - the same
    from pmo_engine.demo.screen import Screen  # noqa: PLC0415 - the same

    screen = Screen(is_stopped=is_stopped)
    with ExitStack() as running:
        folder = running.enter_context(prepared(path))
        server = server_for(folder.prefect)
        running.callback(server.stop)
        server.start()
        running.callback(end_start, server)
        running.callback(hand_over)
        office = running.enter_context(_opened(folder, policy))
        Play(screen, office, folder, server).run()


def play_many(path: Path, policy: Path, is_stopped: Callable[[], bool]) -> None:
    """Play the story of many offices, in which no flow runs."""
    from pmo_engine.demo.p3o.play import ManyOffices  # noqa: PLC0415 - --help is quick
    from pmo_engine.demo.screen import Screen  # noqa: PLC0415 - the same

    with prepared(path) as folder, _opened(folder, policy) as office:
        ManyOffices(Screen(is_stopped=is_stopped), office, folder).run()


@contextmanager
def _opened(folder: Folder, policy: Path) -> Iterator[Office]:
    """Open an office in a folder, with the mail server that gets its notices."""
    from pmo_engine.demo.office import Office, create  # noqa: PLC0415 - --help is quick
    from pmo_engine.model.clock import SimulatedClock  # noqa: PLC0415 - the same
    from pmo_engine.notify.inbox import InboxServer  # noqa: PLC0415 - the same

    folder.write_settings(policy)
    with InboxServer() as inbox, ExitStack() as running:
        governance = create(folder, policy, START)
        running.callback(governance.database.close)
        running.callback(governance.close)
        assert isinstance(governance.clock, SimulatedClock)
        yield Office(governance, governance.clock, inbox, folder.mail)


def _report(error: BaseException) -> int:
    if os.environ.get("PMO_DEBUG") or not isinstance(error, Exception):
        raise error
    from pmo_engine.cli.errors import report  # noqa: PLC0415 - only on failure

    if isinstance(error, DemoError):
        print(f"demo: {error}", file=sys.stderr)
        return 2
    return report(error)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m pmo_engine.demo", description="The main job, played on a simulated clock."
    )
    parser.add_argument(
        "--folder", type=Path, default=Path("demo-out"), help="where to work (%(default)s)"
    )
    parser.add_argument(
        "--model",
        choices=("pmo", "p3o"),
        default="pmo",
        help="one office with a gate run by Prefect, or many offices (%(default)s)",
    )
    parser.add_argument("--policy", type=Path, help="the policy's folder; else the model's own")
    return parser


if __name__ == "__main__":
    sys.exit(main())
