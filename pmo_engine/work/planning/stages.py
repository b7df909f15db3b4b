"""A project comes into a stage that its strategy plans: on which day that is to end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_engine.policy.strategies import STAGE_ENDS, STRATEGY
from pmo_engine.queries.plans import STAGE_PLANNED, told_of
from pmo_engine.work.planning.plans import ends_on, laid_out

if TYPE_CHECKING:
    from pmo_engine.store.tables import Project
    from pmo_engine.work.command import Command


def stage_begins(c: Command, project: Project) -> None:
    """Say of a project that came into a stage when that ends by its plan, if it has one.

    A stage that its strategy does not plan has no such day: that of another one says nothing of it.
    """
    strategies = c.policy.strategies
    way = None if strategies is None else strategies.ways.get(project.attributes.get(STRATEGY, ""))
    if way is None:
        return
    plan = laid_out(c, project, way, told_of(c.uow, project.id))
    ends = ends_on(c, project.id, plan)
    day = None if ends is None else ends.isoformat()
    kept = {name: each for name, each in project.attributes.items() if name != STAGE_ENDS}
    more = {} if day is None else {STAGE_ENDS: day}
    c.uow.projects.change(project, attributes={**kept, **more})
    body = {"strategy": way.id, "stage": project.stage, "stage_ends_on": day}
    c.journal(STAGE_PLANNED, body, project.id)
