"""Starting runs through Prefect's API, and knowing which are still alive."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import httpx
from prefect.client.orchestration import get_client
from prefect.client.schemas.filters import FlowFilter, FlowRunFilter
from prefect.exceptions import ObjectNotFound, PrefectException

from pmo_engine.model.clock import SystemClock
from pmo_engine.notify.errors import DeliveryError
from pmo_engine.work.gates.course import STAGE_GATE

if TYPE_CHECKING:
    from datetime import datetime

    from prefect.client.schemas.objects import FlowRun

    from pmo_engine.notify.papers import Paper
    from pmo_engine.store.tables import Message

# A gate flow takes seconds. One that has run for longer than this was lost with its host: Prefect
# itself would call it running for ever.
LONGEST_RUN = timedelta(minutes=10)
WAITING = ("SCHEDULED", "PENDING", "PAUSED")
BATCH = 200


class FlowStarter:
    """A channel that hands flow requests to Prefect; asked twice with one key it starts one run."""

    def __call__(
        self,
        message: Message,
        address: str,  # noqa: ARG002 - a flow has none
        *papers: Paper,  # noqa: ARG002 - nor these
    ) -> None:
        """Start the run that a message asks for; raises DeliveryError while Prefect cannot."""
        name = f"{message.payload['flow']}/{message.payload['flow']}"
        try:
            with get_client(sync_client=True) as client:
                client.create_flow_run_from_deployment(
                    client.read_deployment_by_name(name).id,
                    parameters=message.payload["parameters"],
                    idempotency_key=message.key,
                )
        except ObjectNotFound:
            raise DeliveryError(f"Prefect has no deployment '{name}' yet") from None
        except (httpx.HTTPError, PrefectException, RuntimeError) as error:
            raise DeliveryError(f"Prefect did not take the run: {_one_line(error)}") from error


def live_reviews() -> frozenset[str]:
    """Give the ids of the gate reviews that a run is assessing, or waits to assess."""
    now = SystemClock().now()  # Prefect's runs are in real time, whatever the office's clock says
    with get_client(sync_client=True) as client:
        runs = client.read_flow_runs(
            flow_filter=FlowFilter.model_validate({"name": {"any_": [STAGE_GATE]}}),
            flow_run_filter=FlowRunFilter.model_validate(
                {"state": {"type": {"any_": [*WAITING, "RUNNING"]}}}
            ),
            limit=BATCH,
        )
    return frozenset(str(run.parameters.get("review_id")) for run in runs if _alive(run, now))


def _alive(run: FlowRun, now: datetime) -> bool:
    started = run.start_time
    return started is None or now - started < LONGEST_RUN


def _one_line(error: BaseException) -> str:
    lines = str(error).strip().splitlines()
    return lines[0] if lines else type(error).__name__
