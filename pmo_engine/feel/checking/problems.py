"""What static checking finds, by the codes of the policy's diagnostics."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import NamedTuple

from pmo_engine.feel.nodes import Node
from pmo_engine.feel.types import Type
from pmo_engine.model.frozen import dataclass
from pmo_engine.source.codes import Code, Severity


class Wanted(NamedTuple):
    """The type that a value from ``start`` up to ``end`` should have."""

    start: int
    end: int
    type: Type


LONGEST = 900  # characters of a message


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """Something wrong with a part of an expression, by its offsets in the text.

    ``wanted`` are the types that would be right in places of the text, ``known`` the names that
    could be meant by the part itself, ``of`` the kind of what has no such field.
    """

    start: int
    end: int
    code: Code
    message: str
    hint: str = ""
    severity: Severity = "error"
    wanted: tuple[Wanted, ...] = field(default=(), compare=False)
    known: tuple[str, ...] = field(default=(), compare=False)
    of: str = field(default="", compare=False)

    def __post_init__(self) -> None:
        """Keep a message that quotes what is very long to its beginning and its end."""
        if len(self.message) > LONGEST:
            ends = f"{self.message[: LONGEST // 2]} ... {self.message[-LONGEST // 2 :]}"
            object.__setattr__(self, "message", ends)


@dataclass(frozen=True, slots=True)
class Checked:
    """The type of an expression and its problems, in the order of the text.

    ``types`` are those of all parts of ``node``, by the ``id`` of their nodes.
    """

    type: Type
    problems: tuple[Problem, ...]
    types: Mapping[int, Type] = field(compare=False, repr=False)
    node: Node = field(compare=False, repr=False)
