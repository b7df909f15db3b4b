"""Packs in use: what a policy fixed of their terms, and where it departs from their rules."""

from __future__ import annotations

from dataclasses import field, replace
from typing import TYPE_CHECKING, Any, Literal, Self

from pmo_engine.model.frozen import dataclass
from pmo_engine.policy.expressions import Dated, InForce

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from pmo_engine.feel.types import Type
    from pmo_engine.model.vocabulary import Binding
    from pmo_engine.source.diagnostics import Mark


@dataclass(frozen=True, slots=True)
class DatedValue:
    """A value from a day on (``None``: from ever), with the source that set it."""

    start: date | None
    value: Any
    source: str


@dataclass(frozen=True, slots=True)
class Parameter:
    """A term that a pack leaves to the policy: what it may be, and what it is, since when.

    ``values`` are in the order of their days; where the policy sets none, the pack's default.
    ``default``, ``least`` and ``most`` are ``None`` where the pack declares none.
    """

    pack: str
    name: str
    type: Type
    about: str
    default: Any
    least: Any
    most: Any
    values: tuple[DatedValue, ...]
    bound: bool  # by the policy
    mark: Mark = field(compare=False)

    def on(self, day: date) -> DatedValue | None:
        """Give the latest value that has begun by ``day``, or ``None``."""
        begun = [item for item in self.values if item.start is None or item.start <= day]
        return begun[-1] if begun else None


@dataclass(frozen=True, slots=True)
class Departure(Dated):
    """A rule of a pack that does not hold in this policy, or not at times, and why."""

    pack: str
    rule: str
    title: str
    binding: Binding  # that the rule has in its pack
    replaced_by: str | None
    reason: str
    source: str
    derives: frozenset[str]  # the facts that nobody derives any more, unless another rule does
    in_force: InForce  # of the departure: when the rule does not hold
    mark: Mark = field(compare=False)

    def as_of(self, day: date) -> Self | None:
        """Give the departure as always in force, if it is on ``day``."""
        return replace(self, in_force=InForce()) if day in self.in_force else None

    def turns(self) -> Iterator[date | None]:
        """Give no day: rules are bound with the days of departures left out."""
        yield from ()

    @property
    def how(self) -> Literal["replaced", "switched_off"]:
        """Say whether another rule stands in its place."""
        return "replaced" if self.replaced_by else "switched_off"
