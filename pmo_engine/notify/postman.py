"""Carries notices in a process of its own, which ends when an attempt takes too long.

Whatever a service's code or its server does, it does it here: raise, hang, drip, answer without
end. The process takes one errand per line (JSON) and answers in lines: ``{"took": where}`` for each
mailbox or service that took the notice, then ``{"end": null}``, or with what went wrong
``{"end": "refused" | "failed", "why": text}``. An alarm of the system ends it when an errand's time
is over, so that no code has to heed it.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import sys
from typing import TYPE_CHECKING, Any, NoReturn

from pmo_engine.model.lines import LONGEST_REASON, one_line
from pmo_engine.notify.errors import DeliveryError, NotDeliverable
from pmo_engine.notify.hosts import Reach, may_be_reached
from pmo_engine.notify.papers import of_text
from pmo_engine.notify.redaction import redact

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_MEMORY = 1024**3  # bytes
# What an address must never bring about, by the names of Python's audit events.
_FORBIDDEN = frozenset(
    {"os.exec", "os.fork", "os.forkpty", "os.posix_spawn", "os.spawn", "os.system"}
    | {"pty.spawn", "subprocess.Popen"}
)


class Guard:
    """Watches where this process connects to, whatever names were given and how they resolve."""

    def __init__(self) -> None:
        self.reach = Reach.PUBLIC
        self.refused: str | None = None

    def __call__(self, event: str, arguments: tuple[Any, ...]) -> None:
        """Python's audit hook; raises ConnectionRefusedError."""
        if event in {"socket.connect", "socket.sendto"}:
            self._check(arguments[1])
        elif event in _FORBIDDEN:
            self._refuse(f"{event} is not for an address to ask for")

    def _check(self, address: Any) -> None:
        host = str(address[0]) if isinstance(address, tuple) else ""
        try:
            allowed = may_be_reached(host, self.reach)
        except ValueError:
            allowed = False
        if not allowed:
            self._refuse(f"the address leads to {host or 'a local socket'}, which is internal")

    def _refuse(self, why: str) -> NoReturn:
        self.refused = why
        raise ConnectionRefusedError(why)


def carry(errand: dict[str, Any], guard: Guard) -> Iterator[dict[str, str | None]]:
    """Carry out one errand; gives the lines of the answer."""
    from pmo_engine.notify import sending  # noqa: PLC0415 - in this process only

    guard.reach, guard.refused = Reach(errand["reach"]), None
    url = errand["url"]
    try:
        if "body" not in errand:
            sending.read(url)
        else:
            papers = [of_text(each) for each in errand.get("papers", ())]
            said = errand["subject"], errand["body"], errand["id"]
            for taker in sending.send(url, *said, papers):
                yield {"took": taker}
        yield {"end": None}
    except Exception as error:  # noqa: BLE001 - whatever it is, it is one failed attempt
        hopeless = isinstance(error, NotDeliverable) or guard.refused is not None
        known = isinstance(error, DeliveryError)
        why = str(error) if known else f"not delivered: {type(error).__name__}: {error}"
        told = one_line(redact(guard.refused or why, url))[:LONGEST_REASON]
        yield {"end": "refused" if hopeless else "failed", "why": told}


def main() -> None:
    """Carry errands until standard input ends."""
    answers = os.fdopen(os.dup(1), "w", encoding="ascii")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, resource.getrlimit(resource.RLIMIT_AS)[1]))
    from pmo_engine.notify import sending  # noqa: F401, PLC0415 - before any errand's time begins

    guard = Guard()
    sys.addaudithook(guard)
    for line in sys.stdin:
        errand = json.loads(line)
        signal.setitimer(signal.ITIMER_REAL, errand["within"])
        for answer in carry(errand, guard):
            if "end" in answer:
                signal.setitimer(signal.ITIMER_REAL, 0)
            print(json.dumps(answer), file=answers, flush=True)


if __name__ == "__main__":
    main()
