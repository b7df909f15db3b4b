"""What the flows of the sweep share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from prefect.artifacts import acreate_markdown_artifact
from prefect.states import Completed

from flows.common import call, governance
from flows.pages import table
from pmo_engine.work.notices.sweep import sweep

if TYPE_CHECKING:
    from prefect.client.schemas.objects import State

    from pmo_engine.store.tables import RungAction

# A sweep that failed half-way did whole batches; the next one does the rest.
AGAIN: dict[str, Any] = {"retries": 2, "retry_delay_seconds": 20}


async def swept(action: RungAction) -> State[Any]:
    """Fire the rungs of one action that are due; leaves a page only where there were any."""
    done = (await call(sweep, governance(), actions=frozenset({action}))).model_dump()
    if not any(done.values()):
        return Completed(name="Nothing due")
    rows = [(name, number) for name, number in done.items() if number]
    await acreate_markdown_artifact(table(("Done", "Number"), rows), key=f"sweep-{action}")
    return Completed(name="Swept", message=", ".join(f"{number} {name}" for name, number in rows))
