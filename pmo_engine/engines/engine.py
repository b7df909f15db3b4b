"""The engine: one policy, a chosen back-end, one decision for each event."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from pmo_engine.decisions.decision import Decision
from pmo_engine.policy.events import Event, read_event
from pmo_engine.policy.selection import Selection, Selector

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from pmo_engine.decisions.assembly import Assembler
    from pmo_engine.engines.backend import Backend
    from pmo_engine.policy import Policy

BACKENDS = ("compiled", "durable", "tracing")


def make_backend(name: str) -> Backend:
    """Make a back-end by name; each is imported only when it is asked for."""
    match _known(name):
        case "durable":
            from pmo_engine.engines.durable import Durable  # noqa: PLC0415

            return Durable()
        case "compiled":
            from pmo_engine.engines.compiled import Compiled  # noqa: PLC0415

            return Compiled()
        case _:
            from pmo_engine.engines.reference import Tracing  # noqa: PLC0415

            return Tracing()


def _known(name: str) -> str:
    if name not in BACKENDS:
        raise ValueError(f"no engine is called '{name}'; there are {', '.join(BACKENDS)}")
    return name


class Engine:
    """Decides events by one bound policy; the same event gives the same decision."""

    def __init__(self, policy: Policy, backend: str = "compiled") -> None:
        self.policy = policy
        self.called = _known(backend)
        self._selector = Selector(policy, self.zone)
        self._assemblers: dict[Selection, Assembler] = {}

    def decide(self, event: Event | Mapping[str, Any], on: date | None = None) -> Decision:
        """Decide an event; ``on`` pins the dated values to a day. Raises EventError."""
        if not isinstance(event, Event):
            event = read_event(self.policy, event)
        selection = self.selection(event, on)
        assembler = self._assemblers.get(selection) or self._assembler(selection)
        return Decision(self.backend.outcomes(selection, event.facts), assembler, event, on)

    def selection(self, event: Event, on: date | None = None) -> Selection:
        """Give the rules that judge an event, with the values of its day or of the day ``on``."""
        if on is None:
            return self._selector.at(event.name, event.at)
        return self._selector.select(event.name, on)

    @cached_property
    def zone(self) -> ZoneInfo:
        """Give the office's time zone, in which days are counted."""
        return ZoneInfo(self.policy.calendar.zone)

    @cached_property
    def backend(self) -> Backend:
        """Give the back-end; it is made when something is decided for the first time."""
        return make_backend(self.called)

    def close(self) -> None:
        """Give back what the back-end holds, if there was one."""
        if "backend" in vars(self):
            self.backend.close()

    def _assembler(self, selection: Selection) -> Assembler:
        from pmo_engine.decisions.assembly import Assembler  # noqa: PLC0415 - with all of prose

        return self._assemblers.setdefault(selection, Assembler(selection, self.zone))
