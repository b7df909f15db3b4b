"""The names that an expression sees while it is worked out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pmo_engine.feel import operations as op
from pmo_engine.feel.builtins import BUILTINS
from pmo_engine.feel.values import Missing


class Scope:
    """Names and their values, over those of the scope around; a filter's item brings its own."""

    __slots__ = ("around", "item", "names")

    def __init__(
        self, names: Mapping[str, Any], around: Scope | None = None, item: Any = None
    ) -> None:
        self.names, self.around, self.item = names, around, item

    def find(self, name: str) -> Any:
        """Look a name up from the inside out; a name nowhere to be found is a missing fact."""
        scope: Scope | None = self
        while scope is not None:
            if op.in_scope_of(scope.item, name):
                return op.path(scope.item, name)
            if name in scope.names:
                return scope.names[name]
            scope = scope.around
        return BUILTINS.get(name, Missing((name,)))
