"""The flow that empties the outbox: notices to people, flow requests to Prefect."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from prefect import flow, task
from prefect.client.schemas.objects import State
from prefect.states import Completed

from flows.common import RECORDED, call, governance
from flows.starter import FlowStarter, live_reviews
from pmo_engine.app import open_channel
from pmo_engine.work.gates.reviews import request_again
from pmo_engine.work.notices.delivery import deliver

# Time enough for a run that was asked for to show up at Prefect's API.
OLDER_THAN = timedelta(minutes=2)


@flow(name="deliveries")
async def deliveries() -> State[Any]:
    """Send the notices that are due, ask anew for gate flows that were lost, start flows."""
    done = await send_notices()
    lost = await ask_for_lost_flows()
    started = await start_flows()
    if not any((*done.values(), *started.values(), lost)):
        return Completed(name="Nothing due")
    return Completed(name="Delivered", message=_words(done, started, lost))


@task(name="send notices", **RECORDED)
async def send_notices() -> dict[str, int]:
    """Send the notices that are due."""
    return (await call(deliver, governance(), open_channel(), kind="notice")).model_dump()


@task(name="start flows", **RECORDED)
async def start_flows() -> dict[str, int]:
    """Start the flow runs that were asked for."""
    return (await call(deliver, governance(), FlowStarter(), kind="flow")).model_dump()


@task(name="ask for lost flows", **RECORDED)
async def ask_for_lost_flows() -> int:
    """Ask anew for the flows of reviews that no live run assesses."""
    return await call(again)


def again() -> int:
    """Ask anew for the gate flows of which no run is alive."""
    return request_again(governance(), older_than=OLDER_THAN, live=live_reviews())


def _words(done: dict[str, int], started: dict[str, int], lost: int) -> str:
    notices = ", ".join(f"{number} {name}" for name, number in done.items())
    runs = ", ".join(f"{number} {name}" for name, number in started.items())
    return f"notices: {notices}; flow runs: {runs}; {lost} asked for again"
