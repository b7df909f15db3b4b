"""Which records of a register a sum, a count or an extreme is of.

What was refused or is blocked is in none, whatever asks for it: an expression that is to take it in
says so, by ``as_entered``. Which names are those of registers is the caller's to know.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pmo_engine.feel import nodes as n
from pmo_engine.feel.rewrite import rewrite
from pmo_engine.model.vocabulary import LEFT_OUT

if TYPE_CHECKING:
    from collections.abc import Collection

AS_ENTERED = "as_entered"
AGGREGATES = frozenset(
    {"sum", "count", "min", "max", "mean", "median", "mode", "stddev", "product"}
)
"""The functions that make one value of a list."""
_HANDED_ON = frozenset(
    {
        *("append", "concatenate", "union", "flatten", "distinct values", "reverse", "sort"),
        *("sublist", "remove", "insert before", "list replace"),
    }
)
"""Those that make a list of a list."""


def counting(node: n.Node, registers: Collection[str]) -> n.Node:
    """Give an expression whose aggregates are of the records that count."""

    def change(each: n.Node) -> n.Node:
        match each:
            case n.Call(n.Name(name), arguments) if name in AGGREGATES:
                return replace(each, arguments=_all(arguments, registers))
            case _:
                return each

    return rewrite(node, change) if registers else node


def _all(parts: tuple[n.Node, ...], registers: Collection[str]) -> tuple[n.Node, ...]:
    return tuple(_counted(each, registers) for each in parts)


def _counted(node: n.Node, registers: Collection[str]) -> n.Node:
    """Go from a list to the records that it is of."""
    match node:
        case n.Name(name) if name in registers:
            return replace(node, counted=True)
        case n.Path(base) | n.Filter(base):
            return replace(node, base=_counted(base, registers))
        case n.ForLoop(iterators):
            among = (replace(e, domain=_counted(e.domain, registers)) for e in iterators)
            return replace(node, iterators=tuple(among))
        case n.Conditional(_, one, other):
            one, other = _all((one, other), registers)
            return replace(node, consequence=one, alternative=other)
        case n.Call(n.Name(name), arguments) if name in _HANDED_ON:
            return replace(node, arguments=_all(arguments, registers))
        case n.ListLiteral(items):
            return replace(node, items=_all(items, registers))
        case _:
            return node


def those_counted(records: Any) -> Any:
    """Leave out what was refused or is blocked; what says nothing of it counts."""
    if not isinstance(records, list):
        return records
    return [each for each in records if not _is_left_out(each)]


def _is_left_out(record: Any) -> bool:
    return isinstance(record, dict) and record.get("standing") in LEFT_OUT
