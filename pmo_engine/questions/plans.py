"""How a project is planned, or would be: the strategy and why, days, and what is entered."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Literal

from pmo_engine.model.shape import Shape
from pmo_engine.policy.strategies import STAGE_ENDS
from pmo_engine.prose.strategies import unchosen_in_words
from pmo_engine.prose.tables import cited_in_words
from pmo_engine.prose.values import value_in_words
from pmo_engine.queries.plans import told_of
from pmo_engine.work.planning.plans import (
    chosen,
    document_of,
    ends_on,
    laid_out,
    records_there,
    strategies_of,
    strategy_named,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pmo_engine.decisions.plans import Plan, PlannedRecord
    from pmo_engine.store.tables import Entry, Project
    from pmo_engine.work.governance import Context


class ItemShown(Shape):
    """What is planned for a day, by the key of its record, and what of it is otherwise."""

    key: str
    title: str
    day: date
    entered: bool
    otherwise: tuple[str, ...] = ()


class StageShown(Shape):
    """A stage of a plan from day to day, and how it stands."""

    stage: str
    starts: date
    ends: date
    state: Literal["done", "now", "ahead"]
    planned: tuple[ItemShown, ...]


class PlanShown(Shape):
    """How a project is planned, or would be.

    ``chosen``: the strategy that is chosen, ``why`` by which rows of which tables, and by which
    ``facts``; ``none``: why it is none. ``set``: the one that it was planned by last, ``reason``
    why by another than is chosen.
    """

    project: str
    name: str
    stage: str
    chosen: str | None
    why: tuple[str, ...]
    facts: dict[str, str]
    none: str
    missing: tuple[str, ...]
    set: str | None
    reason: str
    strategy: str | None
    title: str
    begins: date | None = None
    stage_ends_on: str | None = None
    planned_end: date | None = None
    stages: tuple[StageShown, ...] = ()


def registers_read(c: Context) -> list[str]:
    """Name the registers of whose records a plan speaks, and those by which one is chosen."""
    strategies = strategies_of(c)
    seen = {strategies.register, *strategies.chosen_by.names}
    return [id for id, each in c.policy.registers.items() if not seen.isdisjoint({id, each.plural})]


def plan_of(
    c: Context, project: Project, strategy: str | None = None, begins: date | None = None
) -> PlanShown:
    """Tell how a project is planned, by the strategy that it has, is named, or is chosen."""
    strategies, choice, told = strategies_of(c), chosen(c, project), told_of(c.uow, project.id)
    stays = told.strategy if told.reason and told.strategy in strategies.ways else None
    id = strategy or stays or choice.strategy
    way = None if id is None else strategy_named(strategies, id)
    shown = PlanShown(
        project=project.id,
        name=project.name,
        stage=project.stage,
        chosen=choice.strategy,
        why=tuple(cited_in_words(c.policy.tables[t], n, c.policy) for t, n in choice.rows),
        facts={name: value_in_words(each) for name, each in choice.facts.items()},
        none=""
        if choice.strategy
        else unchosen_in_words(project.id, choice.missing, choice.faults, c.policy),
        missing=choice.missing,
        set=told.strategy or None,
        reason=told.reason,
        strategy=id,
        title="" if way is None else way.title,
        stage_ends_on=project.attributes.get(STAGE_ENDS),
    )
    if way is None:
        return shown
    plan = laid_out(c, project, way, told, begins)
    return shown.model_copy(
        update={
            "begins": plan.basis.day,
            "planned_end": ends_on(c, project.id, plan),
            "stages": tuple(_stages(c, project, plan)),
        }
    )


def _stages(c: Context, project: Project, plan: Plan) -> Iterator[StageShown]:
    keys = [each.key for stage in plan.stages for each in plan.records(stage)]
    there = records_there(c, project.id, plan.register, keys)
    for place, stage in enumerate(plan.stages):
        state: Any = "done" if place < plan.now else "now" if place == plan.now else "ahead"
        yield StageShown(
            stage=stage.stage,
            starts=stage.starts,
            ends=stage.ends,
            state=state if stage.stage == project.stage or state != "now" else "ahead",
            planned=tuple(_item(c, plan, each, there) for each in plan.records(stage)),
        )


def _item(c: Context, plan: Plan, record: PlannedRecord, there: dict[str, Entry]) -> ItemShown:
    entry = there.get(record.key)
    otherwise = () if entry is None else tuple(_otherwise(c, plan, record, entry))
    return ItemShown(
        key=record.key,
        title=record.planned.item.title,
        day=record.planned.day,
        entered=entry is not None,
        otherwise=otherwise,
    )


def _otherwise(c: Context, plan: Plan, record: PlannedRecord, entry: Entry) -> Iterator[str]:
    for name, value in document_of(c, plan, record).items():
        if entry.document.get(name) != value:
            yield f"{name} {entry.document.get(name, 'nothing')}"
