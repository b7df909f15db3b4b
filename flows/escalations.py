"""The flow that escalates what nobody has decided in time."""

from typing import Any

from prefect import flow
from prefect.client.schemas.objects import State

from flows.sweeping import AGAIN, swept


@flow(name="escalations", **AGAIN)
async def escalations() -> State[Any]:
    """Carry out the escalations that are due, each once."""
    return await swept("escalate")
