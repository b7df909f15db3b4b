"""What generated code is made of."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Protocol, TypeAlias

from pmo_engine.feel import types as t
from pmo_engine.model.frozen import dataclass

if TYPE_CHECKING:
    from pmo_engine.engines.compiled.generator import Generator
    from pmo_engine.engines.compiled.openness import Open
    from pmo_engine.feel.nodes import Call

Names: TypeAlias = Mapping[str, "Code"]


class Unspecialised(Exception):
    """Something that generated code leaves to the reference altogether."""


@dataclass(frozen=True, slots=True)
class Code:
    """Python source of an operand, and the type that its value has (money: its amount).

    That of a parameter ``is_ready``; that of a loop's item is looked at anew each time. What is
    ``open`` has no source: facts are missing.
    """

    source: str
    type: t.Type
    is_ready: bool = False
    open: Open | None = None


@dataclass(frozen=True, slots=True)
class Made:
    """A function made of a table: the types of its arguments and its answer, its work at most."""

    name: str
    parameters: tuple[t.Type, ...]
    type: t.Type
    work: int


class TableCall(Protocol):
    """Writes the call of a table, or of one output of it; Unspecialised where it cannot."""

    def __call__(
        self, generator: Generator, node: Call, name: str, output: str, names: Names, /
    ) -> Code:
        """Write it over names that code has values for."""


def plain(type_: t.Type) -> t.Type:
    """Give the type that code works with: words are texts."""
    return t.STRING if isinstance(type_, t.EnumType) else type_
