"""The flows of a stage gate: its assessment, and the pack that remains once it is decided."""

from __future__ import annotations

import asyncio
from typing import Any

from prefect import flow, task
from prefect.artifacts import acreate_markdown_artifact
from prefect.client.schemas.objects import State
from prefect.states import Completed

from flows.common import RECORDED, call, governance, label
from flows.pages import pack_page, review_page, title
from pmo_engine.queries.obligations import VoteCast
from pmo_engine.queries.reviews import ReviewState, review_story
from pmo_engine.work.gates import reviews as gates
from pmo_engine.work.gates.packs import in_words

STATES = {
    "awaiting_decision": "Awaiting decision",
    "awaiting_assessments": "Awaiting assessments",
    "closed": "Closed",
}
RESULTS = {"met": "Met", "not_met": "Not met", "cannot_tell": "Cannot tell", "asked": "Asked"}


@flow(name="stage-gate")
async def stage_gate(review_id: str) -> State[Any]:
    """Let every functional role that is awaited assess a gate; ends when people are to act."""
    review = await call(gates.state, governance(), review_id)
    await label(title(review), f"gate:{review.gate}", f"project:{review.project}")
    if review.status != "closed":
        made = (assess(review.id, role, review.project, review.gate) for role in review.awaited)
        faults = await asyncio.gather(*made, return_exceptions=True)
        review = await call(gates.state, governance(), review_id)
        await show(review, review_page(review, await call(in_words, governance(), review.id)))
        _raise_first(faults, unless=review.status == "closed")
    return ended(review)


@task(name="assess", task_run_name="assess {role} of {project} {gate}", **RECORDED)
async def assess(review_id: str, role: str, project: str, gate: str) -> State[str]:  # noqa: ARG001 - named
    """Let one functional role assess a gate; the state's name says what is recorded."""
    result = (await call(gates.assess, governance(), review_id=review_id, role=role)).result
    return Completed(name=RESULTS[result], data=result)


@flow(name="gate-pack")
async def gate_pack(review_id: str) -> State[Any]:
    """Put together what a closed gate was decided on."""
    review = await call(gates.state, governance(), review_id)
    await label(f"Pack of {title(review)}", f"gate:{review.gate}", f"project:{review.project}")
    said = await call(in_words, governance(), review_id)
    await show(review, pack_page(review, await call(_votes, review_id), said))
    return ended(review)


def ended(review: ReviewState) -> State[Any]:
    """Say in the state's name what a review waits for."""
    name = STATES.get(review.status, "Awaiting assessments")
    return Completed(name=name, message=f"{title(review)}: {len(review.assessments)} assessed")


async def show(review: ReviewState, page: str) -> None:
    """Keep a page about a review among Prefect's artifacts, as the latest version of one key."""
    await acreate_markdown_artifact(
        page, key=f"gate-review-{review.id[:12]}", description=title(review)
    )


def _votes(review_id: str) -> list[VoteCast]:
    with governance().reading() as c:
        return [vote for each in review_story(c, review_id).obligations for vote in each.votes]


def _raise_first(results: list[State[str] | BaseException], *, unless: bool) -> None:
    """Let the run fail with the first fault; on a gate that was closed meanwhile none matters."""
    for result in results:
        if isinstance(result, BaseException) and not unless:
            raise result
