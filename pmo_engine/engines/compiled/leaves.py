"""The single facts that code reads: where they stand, of which type, which are not given."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any, TypeAlias

from pmo_engine.engines.compiled.code import Unspecialised
from pmo_engine.feel import nodes as n
from pmo_engine.feel import types as t
from pmo_engine.feel.values import Record

Where: TypeAlias = tuple[str, ...]


def steps_of(node: n.Name | n.Path) -> tuple[str, Where]:
    """Take a path apart: its first name, and the names after it."""
    where: list[str] = []
    current: n.Node = node
    while isinstance(current, n.Path):
        where.insert(0, current.name)
        current = current.base
    if not isinstance(current, n.Name):
        raise Unspecialised
    return current.name, tuple(where)


def declared(node: n.Name | n.Path) -> t.Type:
    """Give the type that stands at the end of a way through records."""
    base: n.Node = node
    while isinstance(base, n.Path):
        base = base.base
        if not isinstance(base.static_type, t.ContextType):
            raise Unspecialised
    if node.static_type is None:
        raise Unspecialised
    return node.static_type


def not_given(
    facts: Mapping[str, Any], leaves: Iterable[Where], derived: Collection[str]
) -> frozenset[Where] | None:
    """Say which of the leaves, or of the facts on the way to them, are not given.

    ``None`` where something else is out of the ordinary, or where it is rules that would give one.
    """
    found = set()
    for where in leaves:
        value: Any = facts
        for place, name in enumerate(where):
            try:
                value = value[name]
            except KeyError:
                if not _is_asked_for(value, where[:place], name, derived):
                    return None
                found.add(where[: place + 1])
                break
            except (TypeError, IndexError):
                return None
    return frozenset(found)


def _is_asked_for(holder: Any, path: Where, name: str, derived: Collection[str]) -> bool:
    """Tell whether what is not there would be asked for by the path that leads to it."""
    if not path:
        return name not in derived
    return type(holder) is Record and holder.path == ".".join(path)
