"""One event under one policy, open to questions: what an expression of its rules comes to."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from pmo_engine.engines.backend import scope_of
from pmo_engine.engines.tracing import EvaluationLimit, Trace, evaluate
from pmo_engine.policy.facts import OF_THE_MOMENT, fact, leaves, paths_in, with_fact
from pmo_engine.policy.feel import nodes as n
from pmo_engine.policy.feel import types as t
from pmo_engine.policy.feel.functions import ADDING_UP, LEAST_SENIOR
from pmo_engine.policy.feel.walk import walk
from pmo_engine.policy.governance import cumulative_fields

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date

    from pmo_engine.engines.engine import Engine
    from pmo_engine.policy.decision import Decision
    from pmo_engine.policy.events import Event
    from pmo_engine.policy.selection import Selection


@dataclass(frozen=True, eq=False)
class Situation:
    """An event as an engine decides it, with the values of its day or of the day ``on``."""

    engine: Engine
    event: Event
    on: date | None = None

    @cached_property
    def selection(self) -> Selection:
        """Give the rules in force."""
        return self.engine.selection(self.event, self.on)

    @cached_property
    def decision(self) -> Decision:
        """Give what the engine says."""
        return self.engine.decide(self.event, self.on)

    @cached_property
    def scope(self) -> Mapping[str, Any]:
        """Give what an expression can see: facts, derived facts, functions of governance."""
        return {**scope_of(self.selection, self.event.facts), **self.decision.outcomes.derived}

    def value(self, node: n.Node, trace: Trace | None = None) -> Any:
        """Work out an expression; ``None`` where it is too much work."""
        try:
            return evaluate(node, self.scope, trace)
        except EvaluationLimit:
            return None

    def looked_at(self, *nodes: n.Node) -> list[str]:
        """Name the single facts that expressions look at, given or not; of lists, those given."""
        found: dict[str, None] = {}
        for node in nodes:
            for path in (*paths_in(node), *self._adding_up(node)):
                value = fact(self.event.facts, path)
                within = leaves({path: value}) if isinstance(value, list) else (path,)
                found |= dict.fromkeys(within)
        return [path for path in found if path not in OF_THE_MOMENT]

    def _adding_up(self, node: n.Node) -> Iterator[str]:
        """Name the records that a cumulative authority adds up, and by what it picks them."""
        register = self.selection.register
        asked = {each.name for each in walk(node) if isinstance(each, n.Name)} & ADDING_UP
        if register is not None and LEAST_SENIOR in asked and register.value is not None:
            yield f"{register.root}.{register.value}"
        if register is not None and asked:
            yield register.plural
            yield from (f"{register.root}.{name}" for name in cumulative_fields(self.selection))

    def having(self, path: str, value: Any) -> Situation:
        """Give the same event with one fact changed."""
        kinds = t.ContextType(tuple(self.engine.policy.facts.items()))
        facts = with_fact(self.event.facts, path, value, kinds)
        return Situation(self.engine, replace(self.event, facts=facts), self.on)
