"""A strategy laid out for a project: from which day on, and as which records of a register."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias

from pmo_engine.model.frozen import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date

    from pmo_engine.decisions.stage_plans import PlannedDay, StageDays
    from pmo_engine.policy import Register, Strategies, Strategy

From: TypeAlias = Literal["given", "start", "today"]


@dataclass(frozen=True, slots=True)
class Basis:
    """The day on which a stage begins from which a plan counts, and whence that day is known.

    ``since`` is empty for the first stage of the strategy.
    """

    day: date
    since: str
    by: From


@dataclass(frozen=True, slots=True)
class PlannedRecord:
    """Something that is planned, with the key of its record and what that is to say."""

    key: str
    planned: PlannedDay
    fields: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Plan:
    """A strategy laid out for a project; ``now`` is the place of the stage that it is in.

    It is past all stages where the project is behind the last that the strategy plans.
    """

    strategies: Strategies
    strategy: Strategy
    register: Register
    basis: Basis
    stages: tuple[StageDays, ...]
    now: int
    reason: str = ""

    def records(self, stage: StageDays) -> Iterator[PlannedRecord]:
        """Give what is planned in a stage as records."""
        for each in stage.planned:
            days = dict.fromkeys(self.strategies.days_in, each.day.isoformat())
            fields = {self.strategies.title_in: each.item.title, **days, **each.item.sets}
            yield PlannedRecord(key_of(self.register, stage.stage, each.item.id), each, fields)

    @property
    def ahead(self) -> tuple[PlannedRecord, ...]:
        """Give what is planned in the stage that the project is in and in those after it."""
        return tuple(each for stage in self.stages[self.now :] for each in self.records(stage))


def key_of(register: Register, stage: str, item: str) -> str:
    """Give the key of the record of what is planned: the same whichever strategy plans it."""
    return f"{register.key_prefix}-{stage}-{item}"
