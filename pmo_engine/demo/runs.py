"""Flow runs in this process, against the demo's own Prefect server."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
import time
from collections import Counter
from dataclasses import field
from typing import TYPE_CHECKING, Any

from flows.server import HERE, PORT, Server, is_free
from pmo_engine.model.frozen import dataclass
from pmo_engine.notify.errors import DeliveryError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path
    from uuid import UUID

    from prefect.client.schemas.objects import TaskRun

    from pmo_engine.notify.papers import Paper
    from pmo_engine.store.tables import Message
    from pmo_engine.work.governance import Governance

# Seconds. Prefect hears of the end of a task a moment after it ended.
LOOK_EVERY, HEARD_WITHIN = 0.2, 20.0
QUIET = {
    "PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL": "ERROR",  # what the runs log is in Prefect's pages
    "PREFECT_CLI_WRAP_LINES": "false",
}


@dataclass(frozen=True, slots=True)
class Run:
    """A flow run as Prefect's API tells of it."""

    flow: str
    name: str
    state: str
    message: str
    tasks: tuple[tuple[str, int], ...]  # state of the task runs, and how many
    page: str


def server_for(home: Path) -> Server:
    """Prepare a server whose files are in ``home``, on the usual port if that is free."""
    return Server(home, PORT if is_free(PORT) else _free_port())


def end_start(server: Server) -> None:
    """Kill a server that is still starting: it has nothing to lose, and would take its time."""
    if not server.answers():
        os.killpg(server.pid, signal.SIGKILL)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HERE, 0))
        return int(probe.getsockname()[1])


@dataclass
class InProcess:
    """A channel that runs the flow that a message asks for, here and now, on the office's clock."""

    governance: Governance
    server: Server
    runs: list[Run] = field(default_factory=list)

    def __call__(
        self,
        message: Message,
        address: str,  # noqa: ARG002 - a flow has none
        *papers: Paper,  # noqa: ARG002 - nor these
    ) -> None:
        """Run it to its end; raises DeliveryError where it did not come to a good one."""
        os.environ.update({**self.server.environment, **QUIET})
        # Prefect reads its settings when it is imported.
        from flows.common import using  # noqa: PLC0415
        from flows.stage_gate import gate_pack, stage_gate  # noqa: PLC0415

        flows = {flow.name: flow for flow in (stage_gate, gate_pack)}
        flow: Any = flows[message.payload["flow"]]
        with using(self.governance):
            state = asyncio.run(flow(**message.payload["parameters"], return_state=True))
        hand_over()
        self.runs.append(self._described(flow.name, state.state_details.flow_run_id))
        if not state.is_completed():
            raise DeliveryError(f"{flow.name} ended as {state.name}: {state.message}")

    def _described(self, flow: str, run_id: UUID) -> Run:
        from prefect.client.orchestration import get_client  # noqa: PLC0415 - see above
        from prefect.client.schemas.filters import FlowRunFilter  # noqa: PLC0415

        chosen = FlowRunFilter.model_validate({"id": {"any_": [run_id]}})
        with get_client(sync_client=True) as client:
            run = client.read_flow_run(run_id)
            tasks = client.read_task_runs(flow_run_filter=chosen)
            end = time.monotonic() + HEARD_WITHIN
            while not _ended(tasks) and time.monotonic() < end:
                time.sleep(LOOK_EVERY)
                tasks = client.read_task_runs(flow_run_filter=chosen)
        counted = Counter(task.state_name or "unknown" for task in tasks)
        state = run.state
        return Run(
            flow,
            run.name,
            run.state_name or "unknown",
            (state.message if state else None) or "",
            tuple(sorted(counted.items())),
            f"{self.server.url}/runs/flow-run/{run_id}",
        )


def _ended(tasks: Sequence[TaskRun]) -> bool:
    return all(task.state is not None and task.state.is_final() for task in tasks)


def hand_over() -> None:
    """Let the server have what was logged and told, before anybody asks it or stops it."""
    if "prefect" not in sys.modules:
        return
    from prefect.events.worker import EventsWorker  # noqa: PLC0415 - see above
    from prefect.logging.handlers import APILogWorker  # noqa: PLC0415

    APILogWorker.drain_all(timeout=HEARD_WITHIN)
    EventsWorker.drain_all(timeout=HEARD_WITHIN)
