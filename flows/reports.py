"""The flow that makes the reports whose cycle is over."""

from typing import Any

from prefect import flow
from prefect.artifacts import acreate_markdown_artifact
from prefect.client.schemas.objects import State
from prefect.states import Completed

from flows.common import call, governance
from flows.pages import table
from flows.sweeping import AGAIN
from pmo_engine.reports.declared.making import make_due


@flow(name="reports", **AGAIN)
async def reports() -> State[Any]:
    """Make each report once for the cycle that is over; a run that failed goes on with the rest."""
    made = await call(make_due, governance())
    if not made:
        return Completed(name="Nothing due")
    await acreate_markdown_artifact(
        table(("Done", "Number"), [("reports made", made)]), key="reports"
    )
    return Completed(name="Made", message=f"{made} reports")
