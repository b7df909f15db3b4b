"""The days of a strategy: when each of its stages begins and ends, and what is planned when."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_engine.model.frozen import dataclass
from pmo_engine.model.working_time.occasions import beginning

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from pmo_engine.model.durations import Span
    from pmo_engine.model.working_time.calendar import WorkingCalendar
    from pmo_engine.policy import Gate, PlannedItem, PlannedStage, Strategy


@dataclass(frozen=True, slots=True)
class PlannedDay:
    """Something that is planned, and the day on which it is to be."""

    item: PlannedItem
    day: date


@dataclass(frozen=True, slots=True)
class StageDays:
    """A stage from the day on which it begins to that on which it ends, and what is in it."""

    stage: str
    starts: date
    ends: date
    planned: tuple[PlannedDay, ...]


def stage_days(
    strategy: Strategy, calendar: WorkingCalendar, begins: date, since: str = ""
) -> tuple[StageDays, ...]:
    """Lay out a strategy, of which the stage ``since`` begins on a day; the first unless named.

    What falls on a day on which the office is closed is on the next one on which it is open, and
    nothing in a stage is after its end. Raises CalendarError past the years that are reckoned.
    """
    found: list[StageDays] = []
    for each in stages_from(strategy, since):
        found.append(_laid_out(each, calendar, begins))
        begins = found[-1].ends
    return tuple(found)


def stages_from(strategy: Strategy, since: str) -> tuple[PlannedStage, ...]:
    """Give the stages of a strategy from one on; all where it has none of that name."""
    names = [each.stage for each in strategy.stages]
    return strategy.stages[names.index(since) :] if since in names else strategy.stages


def _laid_out(stage: PlannedStage, calendar: WorkingCalendar, begins: date) -> StageDays:
    starts, ends = _open_on(calendar, begins), _after(calendar, begins, stage.lasts)

    def day(item: PlannedItem) -> date:
        if item.after is not None:
            return min(_after(calendar, begins, item.after), ends)
        return starts if item.at == "start" else ends

    return StageDays(
        stage.stage, starts, ends, tuple(PlannedDay(each, day(each)) for each in stage.plan)
    )


def _after(calendar: WorkingCalendar, day: date, span: Span) -> date:
    over = calendar.deadline(beginning(calendar, day), span)
    return _open_on(calendar, over.astimezone(calendar.clocks).date())


def _open_on(calendar: WorkingCalendar, day: date) -> date:
    """Give a day on which the office is open, or else the next one."""
    opens = calendar.add_working_days(beginning(calendar, day), 0)
    return opens.astimezone(calendar.clocks).date()


def lead(gates: Iterable[Gate], before: str, after: str) -> bool:
    """Tell whether gates lead from a stage to another one, through any number of stages."""
    ways = {(each.from_stage, each.to_stage) for each in gates}
    reached, last = {before}, {before}
    while last:
        last = {there for here, there in ways if here in last} - reached
        reached |= last
    return before != after and after in reached
