"""Where a fact lies: ``change.cost``, ``changes[2].cost``, by number or by key."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from pmo_engine.model.patterns import pattern

if TYPE_CHECKING:
    from collections.abc import Iterable

Steps: TypeAlias = "tuple[str | int, ...]"
"""Names, and numbers of the items of a list, which count from 1, or their keys."""
_STEP = pattern(r"\.?([^\W\d]\w*)|\[(\d+)\]|\[([^\]]+)\]")


class FactPath(str):
    """A path to a fact, written as messages write it; equal to and hashed as that text."""

    __slots__ = ()

    @classmethod
    def of(cls, steps: Iterable[str | int]) -> FactPath:
        """Put a path together: ``("changes", 2, "cost")`` is ``changes[2].cost``."""
        parts = (f"[{step}]" if isinstance(step, int) else f".{step}" for step in steps)
        return cls("".join(parts).removeprefix("."))

    @property
    def steps(self) -> Steps:
        """Take it apart; nothing where it is no path."""
        found = _STEP.findall(self)
        return tuple(name or key or int(number) for name, number, key in found)

    @property
    def root(self) -> str:
        """Name the fact that it begins with, a record or a list for the most part."""
        return str(next(iter(self.steps), ""))

    def field(self, name: str) -> FactPath:
        """Give the path of a field of what lies here."""
        return FactPath(f"{self}.{name}")

    def overlaps(self, other: FactPath) -> bool:
        """Tell whether one of the two lies in the other, or is it."""
        one, another = self.steps, other.steps
        shorter = min(len(one), len(another))
        return one[:shorter] == another[:shorter]
