"""How a module of built-in functions lists what it has."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypedDict, TypeVar, Unpack

from pmo_engine.feel.signatures import Parameter, Result, Signature
from pmo_engine.feel.types import Type

Implementation = TypeVar("Implementation", bound=Callable[..., Any])


class Manner(TypedDict, total=False):
    """In what a function differs from most; see ``Signature``."""

    variadic: bool
    structural: bool
    sees_missing: bool
    alike: frozenset[str]
    of_nothing: bool
    deep: bool
    nullable: bool


class Table(dict[str, list[Signature]]):
    """Functions by name, each with all the ways to call it, in the order of trying them."""

    def enter(
        self, name: str, parameters: dict[str, Type], result: Result, **manner: Unpack[Manner]
    ) -> Callable[[Implementation], Implementation]:
        """Enter a function: ``name?`` is a parameter that may be left out or given as null."""
        typed = tuple(_parameter(written, each) for written, each in parameters.items())

        def enter(implementation: Implementation) -> Implementation:
            signature = Signature(typed, result, implementation, **manner)
            self.setdefault(name, []).append(signature)
            return implementation

        return enter


def _parameter(written: str, expected: Type) -> Parameter:
    return Parameter(written.removesuffix("?"), expected, optional=written.endswith("?"))
