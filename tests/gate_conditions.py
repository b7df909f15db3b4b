"""A conditional go has conditions: one for tests that decide a gate to be so."""

from pmo_engine.testing import World
from pmo_engine.work.gates.put import Task, add_task


def draft_condition(world: World, review_id: str, by: str = "bo") -> None:
    """Draft a condition that is due in a year."""
    due = world.clock.now().replace(year=world.clock.now().year + 1).date().isoformat()
    task = Task(text="What is not met is settled", owner="project_manager", due=due)
    add_task(world.governance, review_id=review_id, task=task, by=by)
