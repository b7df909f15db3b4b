"""The flow in which time passes: what rules on time say of the records that are due."""

from typing import Any

from prefect import flow
from prefect.artifacts import acreate_markdown_artifact
from prefect.client.schemas.objects import State
from prefect.states import Completed

from flows.common import call, governance
from flows.pages import table
from flows.sweeping import AGAIN
from pmo_engine.work.timed.passing import let_time_pass


@flow(name="time", **AGAIN)
async def time_passes() -> State[Any]:
    """Raise what the clock has to raise since the last run; what was missed has its turn first."""
    done = await call(let_time_pass, governance())
    if not done.looked:
        return Completed(name="Nothing due")
    rows = [("records looked at", done.looked), ("said something new", done.said)]
    await acreate_markdown_artifact(table(("Done", "Number"), rows), key="time")
    return Completed(name="Passed", message=f"{done.looked} looked at, {done.said} said")
