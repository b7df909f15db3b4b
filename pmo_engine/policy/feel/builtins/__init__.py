"""The standard's built-in functions, by their standard names."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from itertools import chain
from typing import Any

from pmo_engine.policy.feel.builtins import contexts, lists, numbers, ranges, strings, temporal
from pmo_engine.policy.feel.builtins.register import Table
from pmo_engine.policy.feel.signatures import Signature, call
from pmo_engine.policy.feel.values import Builtin

_TABLES: tuple[Table, ...] = (
    contexts.FUNCTIONS,
    lists.FUNCTIONS,
    numbers.FUNCTIONS,
    ranges.FUNCTIONS,
    strings.FUNCTIONS,
    temporal.FUNCTIONS,
)
SIGNATURES: dict[str, tuple[Signature, ...]] = {
    name: tuple(signatures)
    for name, signatures in chain.from_iterable(table.items() for table in _TABLES)
}
"""Every way to call each function."""

BUILTINS: dict[str, Builtin] = {
    name: Builtin(name, partial(call, signatures)) for name, signatures in SIGNATURES.items()
}
"""The functions as values, which a scope may also pass on."""

_QUADRATIC = {"distinct values", "union", "index of", "mode"}
_CHARACTERS_PER_STEP = 64


def cost(values: Sequence[Any], function: str = "") -> int:
    """Say how many steps a built-in function (or ``in``) takes on such values."""
    sizes = [_size(value) for value in values]
    steps = 1 + sum(sizes)
    return steps * max(sizes, default=0) if function in _QUADRATIC else steps


def _size(value: Any) -> int:
    if isinstance(value, str):
        return len(value) // _CHARACTERS_PER_STEP
    return len(value) if isinstance(value, list | dict) else 0
