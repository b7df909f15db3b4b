"""What every part of a policy is made of: expressions, and spans of days."""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING, Self

from pmo_engine.feel.nodes import Name
from pmo_engine.feel.walk import walk
from pmo_engine.model.frozen import dataclass
from pmo_engine.source.marked import Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from pmo_engine.feel.nodes import Node
    from pmo_engine.feel.types import Type
    from pmo_engine.source.diagnostics import Mark


class _Named:
    """Has a place for what a tree is gone through for: no field, it follows from the others."""

    __slots__ = ("_names",)
    _names: frozenset[str]


@dataclass(frozen=True, slots=True)
class Expression(_Named):
    """A FEEL expression as written, parsed and typed, with its place."""

    text: str
    node: Node
    type: Type
    mark: Mark = field(compare=False)

    @property
    def names(self) -> frozenset[str]:
        """Name everything that it mentions, variables of its own included."""
        try:
            return self._names
        except AttributeError:
            found = frozenset(each.name for each in walk(self.node) if isinstance(each, Name))
            object.__setattr__(self, "_names", found)
            return found

    def place(self, node: Node) -> Mark:
        """Give the place in the file of a part of it."""
        return self.place_at(node.start)

    def place_at(self, offset: int) -> Mark:
        """Give the place in the file of a character of it."""
        return self.text.place(offset) if isinstance(self.text, Text) else self.mark


@dataclass(frozen=True, slots=True)
class InForce:
    """From when (inclusive) to when (exclusive) something holds; ``None`` is open."""

    start: date | None = None
    end: date | None = None

    def __contains__(self, day: date) -> bool:
        """Say whether it holds on ``day``."""
        return (self.start is None or self.start <= day) and (self.end is None or day < self.end)

    def __str__(self) -> str:
        """Say when: "from 2026-01-01 until 2026-07-01", or "always"."""
        start = f"from {self.start}" if self.start is not None else ""
        end = f"until {self.end}" if self.end is not None else ""
        return f"{start} {end}".strip() or "always"

    def __bool__(self) -> bool:
        """Say whether it holds on any day."""
        return self.start is None or self.end is None or self.start < self.end

    def __and__(self, other: InForce) -> InForce:
        """Give when both hold."""
        starts = [day for day in (self.start, other.start) if day is not None]
        ends = [day for day in (self.end, other.end) if day is not None]
        return InForce(max(starts, default=None), min(ends, default=None))

    def without(self, others: Iterable[InForce]) -> tuple[InForce, ...]:
        """Give when this holds and none of ``others`` does."""
        left: tuple[InForce, ...] = (self,) if self else ()
        for other in filter(None, others):
            left = tuple(both for span in left for part in _around(other) if (both := span & part))
        return left

    def cut(self, days: Iterable[date]) -> tuple[InForce, ...]:
        """Give the same time in parts that begin on ``days``."""
        inside = [day for day in sorted(set(days)) if day in self and day != self.start]
        starts, ends = [self.start, *inside], [*inside, self.end]
        return tuple(InForce(start, end) for start, end in zip(starts, ends, strict=True))


class Dated:
    """A part of a policy that holds, or says something, from days on or until them."""

    __slots__ = ()

    def as_of(self, day: date) -> Self | None:
        """Give what of it is in force on ``day``, as though that were always; ``None`` if not."""
        raise NotImplementedError

    def turns(self) -> Iterator[date | None]:
        """Give the days on which it begins to say something else, for what is decided."""
        raise NotImplementedError


def _around(span: InForce) -> Iterator[InForce]:
    if span.start is not None:
        yield InForce(None, span.start)
    if span.end is not None:
        yield InForce(span.end, None)
