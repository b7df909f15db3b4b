"""Where a fact lies: ``change.cost``, ``changes[2].cost``, by number or by key.

A key that is all figures stands in quotes, as in ``changes["17"]``: it is no place in a list.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, TypeAlias

from pmo_engine.model.patterns import pattern

if TYPE_CHECKING:
    from collections.abc import Iterable

Steps: TypeAlias = "tuple[str | int, ...]"
"""Names, and numbers of the items of a list, which count from 1, or their keys."""
_QUOTED = r"\"(?:[^\"\\]|\\.)*\""
_STEP = pattern(rf"\.?([^\W\d]\w*)|\[(\d+)\]|\[({_QUOTED})\]|\[([^\]]+)\]")
_NAME = pattern(r"[^\W\d]\w*")
_PLAIN = pattern(r"(?!\d+\Z)[^\[\]\"]+")


class FactPath(str):
    """A path to a fact, written as messages write it; equal to and hashed as that text."""

    __slots__ = ()

    @classmethod
    def of(cls, steps: Iterable[str | int]) -> FactPath:
        """Put a path together: ``("changes", 2, "cost")`` is ``changes[2].cost``."""
        return cls("".join(map(_written, steps)).removeprefix("."))

    @property
    def steps(self) -> Steps:
        """Take it apart; nothing where it is no path."""
        found = _STEP.findall(self)
        return tuple(
            name or key or (json.loads(quoted) if quoted else int(number))
            for name, number, quoted, key in found
        )

    @property
    def root(self) -> str:
        """Name the fact that it begins with, a record or a list for the most part."""
        return str(next(iter(self.steps), ""))

    def field(self, name: str) -> FactPath:
        """Give the path of a field of what lies here."""
        return FactPath(f"{self}.{name}")

    def record(self, key: str) -> FactPath:
        """Give the path of the record with a key in the list that lies here."""
        return FactPath(f"{self}{_in_brackets(key)}")

    def overlaps(self, other: FactPath) -> bool:
        """Tell whether one of the two lies in the other, or is it."""
        one, another = self.steps, other.steps
        shorter = min(len(one), len(another))
        return one[:shorter] == another[:shorter]


def _written(step: str | int) -> str:
    return f".{step}" if isinstance(step, str) and _NAME.fullmatch(step) else _in_brackets(step)


def is_plain(key: str) -> bool:
    """Tell whether a key stands in brackets as it is, without quotes."""
    return _PLAIN.fullmatch(key) is not None


def _in_brackets(step: str | int) -> str:
    return (
        f"[{step}]"
        if isinstance(step, int) or is_plain(step)
        else f"[{json.dumps(step, ensure_ascii=False)}]"
    )
