"""What static checking finds, by the codes of the policy's diagnostics."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from pmo_engine.feel.types import Type
from pmo_engine.source.codes import Code, Severity


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """Something wrong with a part of an expression, by its offsets in the text."""

    start: int
    end: int
    code: Code
    message: str
    hint: str = ""
    severity: Severity = "error"


@dataclass(frozen=True, slots=True)
class Checked:
    """The type of an expression and its problems, in the order of the text.

    ``types`` are those of all its parts, by the ``id`` of their nodes.
    """

    type: Type
    problems: tuple[Problem, ...]
    types: Mapping[int, Type] = field(compare=False, repr=False)
