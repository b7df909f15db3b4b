"""What a recorded case tells in the policy's words: events, the record as it stood, its history."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from pmo_engine.exchange.event_logs import HistoryError, RecordedCase, RecordedEvent
from pmo_engine.feel import types as t
from pmo_engine.feel.values import Record
from pmo_engine.feel.wire import WireError, from_wire
from pmo_engine.model.frozen import dataclass
from pmo_engine.model.working_time.calendar import YEARS
from pmo_engine.policy.events import by_the_clocks_of
from pmo_engine.policy.registers import record_type

if TYPE_CHECKING:
    from datetime import datetime, tzinfo

    from pmo_engine.model.event_names import EventName
    from pmo_engine.policy import EventLog, Policy

Reader: TypeAlias = Callable[[str], Any]
# The event's name, its moment, and the facts that its rules may look at (the clock's apart). The
# facts are good until the next one is asked for: their history grows.
Told: TypeAlias = "tuple[str, datetime, dict[str, Any]]"


@dataclass(frozen=True, slots=True)
class Step:
    """What an activity stands for: an event, facts that it fixes, and what is read beside them."""

    event: EventName
    root: str
    constants: dict[str, Any]
    readers: tuple[tuple[str, str, Reader], ...]  # attribute of the log, field, text to value


class Teller:
    """Tells recorded cases as the events and facts of one policy, by the clocks of its office.

    A record holds what the log has told of it so far: attributes stay until they are told anew,
    constant facts are those of their event alone. An activity that nothing maps stands in the
    history under its own name, with no record of its own.
    """

    def __init__(self, policy: Policy, log: EventLog, path: Path) -> None:
        self.mapped = frozenset({*log.activities, *log.ignore})
        self._path = path
        self._closed = log.closed
        self._clocks = policy.calendar.clocks
        self._fields = _fields_of_history(policy)
        self._steps = {
            activity: _step(policy, log, mapped.event, dict(mapped.facts))
            for activity, mapped in log.activities.items()
        }

    def told(self, case: RecordedCase) -> Iterator[Told]:
        """Tell one case; raises HistoryError for an attribute that is not of its field's type."""
        history: list[Record] = []
        known: dict[str, dict[str, Any]] = {}
        for event in case.events:
            step, at = self._steps.get(event.activity), self._moment(event)
            if step is None:
                self._add(history, event.activity, at, {})
                continue
            record = self._record(case, event, step, known)
            yield step.event, at, {step.root: Record(step.root, record), "history": history}
            self._add(history, step.event, at, record)
        if self._closed is not None and case.events:
            yield self._closed, self._moment(case.events[-1]), {"history": history}

    def _moment(self, event: RecordedEvent) -> datetime:
        """Give the moment of an event by the office's clocks; HistoryError beyond its calendar."""
        if event.at.year not in YEARS:
            message = f"the time {event.at.isoformat()} is not between {YEARS[0]} and {YEARS[-1]}"
            raise HistoryError(str(self._path), event.line, 1, message, "put the year right")
        return event.at.astimezone(self._clocks)

    def _add(self, history: list[Record], event: str, at: datetime, values: dict[str, Any]) -> None:
        path = f"history[{len(history) + 1}]"
        history.append(Record(path, {**values, "event": str(event), "at": at}, self._fields))

    def _record(
        self,
        case: RecordedCase,
        event: RecordedEvent,
        step: Step,
        known: dict[str, dict[str, Any]],
    ) -> dict[str, Any]:
        record = known.get(step.root)
        if record is None:
            record = known[step.root] = {"key": case.id}
        for attribute, field, read in step.readers:
            text = event.attributes.get(attribute) or case.attributes.get(attribute)
            if text:
                try:
                    record[field] = read(text)
                except WireError as error:
                    raise self._wrong(event, attribute, error) from None
        return {**record, **step.constants}

    def _wrong(self, event: RecordedEvent, attribute: str, error: WireError) -> HistoryError:
        message = f"attribute '{attribute}' as {error}"
        hint = "put it right, or map the attribute to a field of another type"
        return HistoryError(str(self._path), event.line, 1, message, hint)


def _step(policy: Policy, log: EventLog, event: EventName, constants: dict[str, Any]) -> Step:
    register, clocks = policy.register_of(event.noun), policy.calendar.clocks
    constants = {name: by_the_clocks_of(clocks, value) for name, value in constants.items()}
    if register is None:
        return Step(event, event.noun, constants, ())
    kinds = dict(record_type(register).entries)
    readers = tuple(
        (attribute, field, _reader(kinds[field], f"{register.root}.{field}", clocks))
        for attribute, field in log.attributes
        if field in kinds
    )
    return Step(event, register.root, constants, readers)


def _reader(kind: t.Type, path: str, clocks: tzinfo) -> Reader:
    """Read text as ``kind``; the events of a case mostly repeat what the one before told."""
    return lru_cache(maxsize=256)(
        lambda text: by_the_clocks_of(clocks, from_wire(kind, text, path))
    )


def _fields_of_history(policy: Policy) -> frozenset[str]:
    kind = policy.facts["history"]
    if isinstance(kind, t.ListType) and isinstance(kind.item, t.ContextType):
        return frozenset(name for name, _ in kind.item.entries)
    return frozenset()
