"""What a check is: one function, one code."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_engine.model.frozen import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pmo_engine.policy import Policy
    from pmo_engine.source.codes import Code
    from pmo_engine.source.diagnostics import Diagnostic


@dataclass(frozen=True, slots=True)
class Check:
    """Finds one thing that is wrong with a bound policy."""

    code: Code
    find: Callable[[Policy], Iterator[Diagnostic]]


def check(code: Code) -> Callable[[Callable[[Policy], Iterator[Diagnostic]]], Check]:
    """Make a check of a function that finds what a code is about."""
    return lambda find: Check(code, find)
