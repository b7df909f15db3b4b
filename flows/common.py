"""What flows share: the governance they work under, when to try again, the run's name and tags."""

from __future__ import annotations

import asyncio
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from prefect.cache_policies import NO_CACHE
from prefect.client.utilities import get_or_create_client
from prefect.context import FlowRunContext
from prefect.tasks import exponential_backoff

from pmo_engine import app
from pmo_engine.store.errors import DatabaseLocked, StaleVersion, Unreachable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from prefect.client.schemas.objects import State, TaskRun
    from prefect.tasks import Task

    from pmo_engine.work.governance import Governance

P = ParamSpec("P")
R = TypeVar("R")

_given: ContextVar[Governance | None] = ContextVar("governance", default=None)


@contextmanager
def using(governance: Governance) -> Iterator[None]:
    """Let flows called in this context work under this, such as on a simulated clock."""
    token = _given.set(governance)
    try:
        yield
    finally:
        _given.reset(token)


def governance() -> Governance:
    """Give the governance of ``using``, or the one that this process's settings describe."""
    return _given.get() or _own()


@cache
def _own() -> Governance:
    return app.open_governance()


async def call(command: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Carry out a command in a thread, so that others are not held up meanwhile."""
    return await asyncio.to_thread(command, *args, **kwargs)


async def store_was_busy(_task: Task[..., Any], _run: TaskRun, state: State[Any]) -> bool:
    """Say whether it is worth trying again: the store did not answer, or another was quicker."""
    error = await state.aresult(raise_on_failure=False)
    return isinstance(error, DatabaseLocked | StaleVersion | Unreachable)


# What is recorded once needs no cache, and its result is in our store already.
RECORDED: dict[str, Any] = {
    "cache_policy": NO_CACHE,
    "persist_result": False,
    "retries": 4,
    "retry_delay_seconds": exponential_backoff(1),
    "retry_jitter_factor": 0.5,
    "retry_condition_fn": store_was_busy,
}


async def label(name: str, *tags: str) -> None:
    """Name the current run and tag it, beside the tags that it has."""
    context = FlowRunContext.get()
    if context is None or context.flow_run is None:
        return
    client, _ = get_or_create_client()
    kept = sorted({*context.flow_run.tags, *tags})
    await client.update_flow_run(context.flow_run.id, name=name, tags=kept)
