"""When a rule holds, and with which values: the spans of days in which it says the same."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from pmo_engine import policy as tree
from pmo_engine.model.frozen import dataclass

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from pmo_engine.compiler import schema as s
    from pmo_engine.feel import types as t


@dataclass(frozen=True, slots=True)
class Norms:
    """What a policy fixes: parameters of packs by pack and name, departures, tolerances."""

    parameters: Mapping[str, Mapping[str, tree.Parameter]]
    departures: tuple[tree.Departure, ...]
    tolerances: Mapping[tuple[str, str], tree.Tolerance]  # by level and kind
    in_force_from: date | None

    def without_value(self) -> dict[str, t.Type]:
        """Give the type of each parameter that nobody set, so that the binding of rules goes on."""
        every = (each for pack in self.parameters.values() for each in pack.values())
        return {each.name: each.type for each in every if not each.values}

    def of(self, document: s.Rules) -> Mapping[str, tree.Parameter]:
        """Give the parameters that the rules of a document can see."""
        return {} if document.pack is None else self.parameters.get(str(document.pack), {})

    def values(self, document: s.Rules, day: date) -> dict[str, Any]:
        """Give the values on ``day`` of the parameters that the rules of a document can see."""
        found = ((name, each.on(day)) for name, each in self.of(document).items())
        return {name: dated.value for name, dated in found if dated is not None}

    def held(self, document: s.Rules, entry: s.RuleEntry) -> tuple[tree.InForce, ...]:
        """Give when a rule holds, the departures from it left out."""
        rule = (document.pack, entry.id)
        apart = [each.in_force for each in self.departures if (each.pack, each.rule) == rule]
        return tree.InForce(entry.in_force_from, entry.in_force_to).without(apart)

    def spans(
        self, document: s.Rules, entry: s.RuleEntry, mentioned: Collection[str]
    ) -> tuple[tree.InForce, ...]:
        """Give when a rule holds, in parts: in each, what it mentions has one value."""
        dated = [each for name, each in self.of(document).items() if name in mentioned]
        days = [value.start for each in dated for value in each.values if value.start is not None]
        parts = (part for span in self.held(document, entry) for part in span.cut(days))
        return tuple(part for part in parts if all(_has_value(each, part) for each in dated))

    def is_dated(self, document: s.Rules) -> bool:
        """Say whether any parameter that a document's rules can see has a value with a day."""
        return any(
            value.start is not None for each in self.of(document).values() for value in each.values
        )


def first_day(span: tree.InForce) -> date:
    """Give the first day of a span."""
    return span.start or date.min


def _has_value(parameter: tree.Parameter, span: tree.InForce) -> bool:
    return not parameter.values or parameter.on(first_day(span)) is not None
