"""A real mail server, and servers that accept a connection and say nothing."""

import socket
from collections.abc import Iterator

import pytest

from pmo_engine.notify.inbox import InboxServer


@pytest.fixture
def inbox() -> Iterator[InboxServer]:
    with InboxServer(unknown={"nobody@office.example"}) as server:
        yield server


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
