"""One event under one policy, open to questions: what an expression of its rules comes to."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from pmo_engine.authority.limits import looked_at
from pmo_engine.engines.backend import scope_of
from pmo_engine.engines.tracing import EvaluationLimit, evaluate_in_rule
from pmo_engine.feel import nodes as n
from pmo_engine.feel import types as t
from pmo_engine.feel.functions import ADDING_UP, LEAST_SENIOR, LIMITED
from pmo_engine.feel.walk import walk
from pmo_engine.model.fact_paths import FactPath
from pmo_engine.model.frozen import dataclass
from pmo_engine.policy.decision import NOTHING
from pmo_engine.policy.events import by_the_clocks_of
from pmo_engine.policy.fact_paths import (
    OF_THE_MOMENT,
    fact,
    leaves,
    paths_in,
    with_fact,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import date

    from pmo_engine.decisions.decision import Decision
    from pmo_engine.engines.engine import Engine
    from pmo_engine.engines.traces import Trace
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
        given = scope_of(self.selection, self.event.facts)
        derives = any(True for rule in self.selection.rules for _ in rule.derivations)
        found = self.decision.outcomes
        return {**given, **found.derived, **found.open} if derives else given

    def value(
        self, node: n.Node, trace: Trace | None = None, also: Mapping[str, Any] = NOTHING
    ) -> Any:
        """Work out an expression, with further names; ``None`` where it is too much work."""
        try:
            return evaluate_in_rule(node, {**self.scope, **also}, trace=trace)
        except EvaluationLimit:
            return None

    def looked_at(self, *nodes: n.Node) -> list[FactPath]:
        """Name the single facts that expressions look at, given or not; of lists, those given."""
        found: dict[FactPath, None] = {}
        for node in nodes:
            for path in (*paths_in(node), *self._adding_up(node)):
                found |= dict.fromkeys(self._single_facts(path))
        return [path for path in found if path not in OF_THE_MOMENT]

    def _single_facts(self, path: FactPath) -> Iterable[FactPath]:
        """Name what a path leads to: a fact, or those of each item of a list on the way."""
        steps = path.steps
        for length in range(1, len(steps) + 1):
            above = FactPath.of(steps[:length])
            value = fact(self.event.facts, above)
            if isinstance(value, list):
                return leaves({above: value})
        return (path,)

    def _adding_up(self, node: n.Node) -> Iterator[FactPath]:
        """Name the records that a cumulative authority adds up, and by what it picks them."""
        register = self.selection.register
        asked = {each.name for each in walk(node) if isinstance(each, n.Name)} & LIMITED
        if register is None or not asked:
            return
        if LEAST_SENIOR in asked and register.value is not None:
            yield FactPath.of((register.root, register.value))
        if asked & ADDING_UP:
            yield FactPath(register.plural)
        yield from sorted(looked_at(self.selection, in_sum=bool(asked & ADDING_UP)))

    def having(self, path: FactPath, value: Any) -> Situation:
        """Give the same event with one fact changed; a moment is read by the office's clocks."""
        value = by_the_clocks_of(self.engine.policy.calendar.clocks, value)
        kinds = t.ContextType(tuple(self.engine.policy.facts.items()))
        facts = with_fact(self.event.facts, path, value, kinds)
        return Situation(self.engine, replace(self.event, facts=facts), self.on)
