"""How a module of built-in functions lists what it has."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from pmo_engine.policy.feel.signatures import Parameter, Result, Signature
from pmo_engine.policy.feel.types import Type

Implementation = TypeVar("Implementation", bound=Callable[..., Any])


class Table(dict[str, list[Signature]]):
    """Functions by name, each with all the ways to call it, in the order of trying them."""

    def enter(
        self,
        name: str,
        parameters: dict[str, Type],
        result: Result,
        *,
        variadic: bool = False,
        structural: bool = False,
        sees_missing: bool = False,
        alike: frozenset[str] = frozenset(),
        of_nothing: bool = False,
    ) -> Callable[[Implementation], Implementation]:
        """Enter a function: ``name?`` is a parameter that may be left out or given as null."""

        def enter(implementation: Implementation) -> Implementation:
            signature = Signature(
                tuple(_parameter(written, each) for written, each in parameters.items()),
                result,
                implementation,
                variadic=variadic,
                structural=structural,
                sees_missing=sees_missing,
                alike=alike,
                of_nothing=of_nothing,
            )
            self.setdefault(name, []).append(signature)
            return implementation

        return enter


def _parameter(written: str, expected: Type) -> Parameter:
    return Parameter(written.removesuffix("?"), expected, optional=written.endswith("?"))
