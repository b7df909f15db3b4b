"""The flow that reminds people of what waits for them."""

from typing import Any

from prefect import flow
from prefect.client.schemas.objects import State

from flows.sweeping import AGAIN, swept


@flow(name="reminders", **AGAIN)
async def reminders() -> State[Any]:
    """Carry out the reminders that are due, each once."""
    return await swept("remind")
