"""The standard's built-in functions, by their standard names."""

from __future__ import annotations

from functools import partial
from itertools import chain

from pmo_engine.feel.builtins import contexts, lists, numbers, ranges, strings, temporal
from pmo_engine.feel.builtins.register import Table
from pmo_engine.feel.signatures import Signature, call
from pmo_engine.feel.values import Builtin

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
