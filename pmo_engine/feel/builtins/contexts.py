"""Functions on contexts."""

from __future__ import annotations

from typing import Any

from pmo_engine.feel import operations as op
from pmo_engine.feel.builtins.register import Table
from pmo_engine.feel.compatibility import join
from pmo_engine.feel.kinds import kind
from pmo_engine.feel.types import ANY, BOOLEAN, STRING, ContextType, ListType, Type
from pmo_engine.feel.values import Missing, Record

FUNCTIONS = Table()

_OPEN = ContextType((), open=True)
_ENTRIES = ListType(ContextType((("key", STRING), ("value", ANY)), open=True))
_function = FUNCTIONS.enter


@_function("get value", {"m": _OPEN, "key": STRING}, ANY, structural=True, nullable=True)
def _get_value(context: dict[str, Any], key: str) -> Any:
    return op.path(context, key)


@_function("get value", {"context": _OPEN, "keys": ListType(STRING)}, ANY, nullable=True)
def _get_value_at(context: dict[str, Any], keys: list[str]) -> Any:
    value: Any = context if keys else None
    for key in keys:
        value = op.path(value, key)
    return value


@_function("get entries", {"m": _OPEN}, _ENTRIES)
def _get_entries(context: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"key": key, "value": value} for key, value in _whole(context).items()]


@_function("context", {"entries": _ENTRIES}, _OPEN)
def _context(entries: list[dict[str, Any]]) -> dict[str, Any] | None:
    keys = [entry["key"] for entry in entries]
    if None in keys or len(set(keys)) < len(keys):
        return None
    return {entry["key"]: entry["value"] for entry in entries}


@_function("context put", {"context": _OPEN, "key": STRING, "value": ANY}, _OPEN, structural=True)
def _put(context: dict[str, Any], key: str, value: Any) -> dict[str, Any]:
    return {**_whole(context), key: value}


@_function("context put", {"context": _OPEN, "keys": ListType(STRING), "value": ANY}, _OPEN)
def _put_at(context: dict[str, Any], keys: list[str], value: Any) -> Any:
    if not keys or None in keys:
        return None
    first, *rest = keys
    if not rest:
        return {**_whole(context), first: value}
    inner = op.path(context, first)
    if isinstance(inner, Missing):
        return inner
    below = _put_at(inner, rest, value) if isinstance(inner, dict) else None
    return below if not isinstance(below, dict) else {**_whole(context), first: below}


@_function("context merge", {"contexts": ListType(_OPEN)}, _OPEN)
def _merge(contexts: list[dict[str, Any] | None]) -> dict[str, Any] | None:
    merged: dict[str, Any] = {}
    for context in contexts:
        if context is None:
            return None
        merged |= _whole(context)
    return merged


@_function("is_known", {"value": ANY}, BOOLEAN, sees_missing=True)
def _is_known(value: Any) -> bool | Missing:
    """Tell whether a fact was given; a list is known when every item is. An error stays one."""
    found = Missing.of(*op.as_list(value))
    if found.paths:
        return False
    return found if found.faults else True


@_function("is defined", {"value": ANY}, BOOLEAN, sees_missing=True)
def _is_defined(value: Any) -> bool | Missing:
    """Tell whether there is a value: neither null nor the result of an error."""
    return value if _not_given(value) else not _absent(value)


def _either(value: Type, default: Type) -> Type:
    return join(value, default)


@_function("get or else", {"value": ANY, "default": ANY}, _either, sees_missing=True, nullable=True)
def _get_or_else(value: Any, default: Any) -> Any:
    """Give a value, and another where it is null or the result of an error."""
    return default if _absent(value) and not _not_given(value) else value


def _absent(value: Any) -> bool:
    return value is None or isinstance(value, Missing)


def _not_given(value: Any) -> bool:
    """Tell whether facts are missing, which may yet be given."""
    return isinstance(value, Missing) and bool(value.paths)


@_function("is", {"value1?": ANY, "value2?": ANY}, BOOLEAN, deep=True)
def _is(left: Any = None, right: Any = None) -> bool:
    """Tell whether two values are the same in every part: 12:00Z is not 13:00+01:00."""
    if kind(left) != kind(right):
        return False
    if isinstance(left, list):
        return len(left) == len(right) and all(map(_is, left, right))
    if isinstance(left, dict):
        return left.keys() == right.keys() and all(_is(left[name], right[name]) for name in left)
    return bool(left == right) and _zone(left) == _zone(right)


def _whole(context: dict[str, Any]) -> dict[str, Any]:
    return context.whole() if isinstance(context, Record) else context


def _zone(value: Any) -> Any:
    return getattr(value, "tzinfo", None)
