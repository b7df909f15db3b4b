"""Server, flows and schedules brought up and taken down by one command."""

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from pmo_engine.work.gates import reviews as gates
from pmo_engine.work.notices.delivery import deliver

HOME = Path(__file__).parents[2]


@pytest.fixture
def up(office):
    """Start `pmo up` at the office; it must be gone at the end."""
    started = []

    def start(port, **environment):
        process = subprocess.Popen(
            [sys.executable, "-m", "flows.up", "--port", str(port)],
            cwd=office.folder,
            env={**own_environment(), **office.environment, **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        if process.poll() is None:
            process.terminate()
        process.communicate(timeout=60)


def own_environment():
    """This process's environment, without the other tests' server, and with the flows."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")}
    path = [str(HOME), *filter(None, [os.environ.get("PYTHONPATH")])]
    return {**kept, "PYTHONPATH": os.pathsep.join(path)}


def family(pid):
    """A process and all that come from it."""
    yield pid
    for children in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in children.read_text().split():
            yield from family(int(child))


def read_until(process, word):
    lines = []
    for line in process.stdout:
        lines.append(line)
        if word in line:
            return lines
    raise AssertionError("".join([*lines, process.stderr.read()]))


def test_up_serves_the_flows_until_it_is_interrupted(up, office, free_port, eventually):
    from prefect.settings import PREFECT_API_URL, temporary_settings

    from flows.starter import FlowStarter

    process = up(free_port)
    (*_, last) = read_until(process, "up:")
    assert last == f"up: http://127.0.0.1:{free_port} shows the runs; Ctrl-C stops everything\n"

    governance = office.governance()
    review = gates.open_gate(governance, project="P-1", gate="G2", by="ana")
    with temporary_settings({PREFECT_API_URL: f"http://127.0.0.1:{free_port}/api"}):
        assert deliver(governance, FlowStarter(), kind="flow").sent == 1
    eventually(lambda: gates.state(governance, review.id).status == "awaiting_decision", 90)
    governance.database.close()

    running = list(family(process.pid))
    process.send_signal(signal.SIGINT)
    out, errors = process.communicate(timeout=60)
    assert (process.returncode, errors) == (0, "")
    assert out.splitlines() == [
        "the flows' process has stopped",
        "the Prefect server has stopped",
    ]
    assert len(running) > 2
    assert not [pid for pid in running if Path(f"/proc/{pid}").exists()]


def test_it_can_be_stopped_while_it_starts(up, free_port):
    process = up(free_port)
    read_until(process, "starting")
    process.terminate()
    out, errors = process.communicate(timeout=60)
    assert (process.returncode, out, errors) == (0, "the Prefect server has stopped\n", "")


def refused(process):
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 2
    assert errors.startswith("pmo up: ")
    assert errors.count("\n") == 1
    return errors


def test_a_port_that_is_taken(up):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        assert f"port {port} is taken" in refused(up(port))


def test_a_policy_that_is_not_there(up, free_port):
    assert "nowhere" in refused(up(free_port, PMO_POLICY="nowhere"))


def test_a_database_that_cannot_be_reached(up, free_port):
    gone = "sqlite:////nowhere/pmo.db"
    assert "/nowhere/pmo.db" in refused(up(free_port, PMO_DATABASE=gone))
