"""A real mail server, and servers that accept a connection and say nothing."""

import asyncio
import contextlib
import socket
import threading
from collections.abc import Callable, Iterator

import pytest

from pmo_engine.notify.inbox import InboxServer


@pytest.fixture
def inbox() -> Iterator[InboxServer]:
    unknown, busy = {"nobody@office.example"}, {"busy@office.example"}
    with InboxServer(unknown=unknown, busy=busy) as server:
        yield server


class Stuck(InboxServer):
    """Never answers about one mailbox."""

    async def handle_RCPT(self, server, session, envelope, address, rcpt_options):  # noqa: N802
        if address == "stuck@office.example":
            await asyncio.sleep(600)
        return await super().handle_RCPT(server, session, envelope, address, rcpt_options)


@pytest.fixture
def half_way() -> Iterator[InboxServer]:
    with Stuck() as server:
        yield server


@pytest.fixture
def drip() -> Iterator[Callable[[bytes, bytes], int]]:
    """Make servers that say something at once and then, every tenth of a second, a piece more."""
    stop = threading.Event()
    listeners: list[socket.socket] = []
    threads: list[threading.Thread] = []

    def serve(listener: socket.socket, first: bytes, piece: bytes) -> None:
        with contextlib.suppress(OSError):
            connection, _ = listener.accept()
            with connection:
                connection.sendall(first)
                while not stop.wait(0.1):
                    connection.sendall(piece)

    def make(first: bytes, piece: bytes) -> int:
        listener = socket.create_server(("127.0.0.1", 0))
        listener.settimeout(30)
        listeners.append(listener)
        threads.append(threading.Thread(target=serve, args=(listener, first, piece)))
        threads[-1].start()
        return int(listener.getsockname()[1])

    yield make
    stop.set()
    for thread, listener in zip(threads, listeners, strict=True):
        thread.join()
        listener.close()


@pytest.fixture
def silent_port() -> Iterator[int]:
    """A port where connections are taken and nothing is ever said."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]


@pytest.fixture
def closed_port() -> int:
    """A port where nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]
