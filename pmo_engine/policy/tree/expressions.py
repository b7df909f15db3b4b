"""What every part of a policy is made of: expressions, and spans of days."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pmo_engine.policy.source import Text

if TYPE_CHECKING:
    from datetime import date

    from pmo_engine.policy.diagnostics import Mark
    from pmo_engine.policy.feel.nodes import Node
    from pmo_engine.policy.feel.types import Type


@dataclass(frozen=True, slots=True)
class Expression:
    """A FEEL expression as written, parsed and typed, with its place."""

    text: str
    node: Node
    type: Type
    mark: Mark = field(compare=False)

    def place(self, node: Node) -> Mark:
        """Give the place in the file of a part of it."""
        return self.text.place(node.start) if isinstance(self.text, Text) else self.mark


@dataclass(frozen=True, slots=True)
class InForce:
    """From when (inclusive) to when (exclusive) something holds; ``None`` is open."""

    start: date | None = None
    end: date | None = None

    def __contains__(self, day: date) -> bool:
        """Say whether it holds on ``day``."""
        return (self.start is None or self.start <= day) and (self.end is None or day < self.end)
