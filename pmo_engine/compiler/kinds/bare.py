"""Keys under which nothing is written: an empty list or mapping, which mostly says nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from pmo_engine.compiler.schema.located import Located
from pmo_engine.source import codes
from pmo_engine.source.diagnostics import Diagnostic, at
from pmo_engine.source.marked import Mapping as Marked

if TYPE_CHECKING:
    from pmo_engine.compiler.kinds.kind import Kind
    from pmo_engine.source.diagnostics import Mark


def bare_keys(kinds: Iterable[Kind], documents: Sequence[Located]) -> Iterator[Diagnostic]:
    """Warn of every empty list and mapping that says no more than if its key were left out."""
    for kind in kinds:
        for document in documents:
            if isinstance(document, kind.model):
                yield from _in_entry(document, "", kind.bare)


def _in_entry(entry: Located, above: str, saying: frozenset[str]) -> Iterator[Diagnostic]:
    keys = _keys(type(entry))
    for name, value in entry.__dict__.items():
        if name not in keys or not isinstance(value, Located | list | Mapping):
            continue
        key = keys[name]
        path = f"{above}{key}"
        if path not in saying:
            if key in entry.bare:
                yield _says_nothing(key, entry.bare[key])
            if isinstance(value, Marked) and f"{path}.*" not in saying:
                empty = [name for name, each in value.items() if each == []]
                yield from (_says_nothing(name, value.keys_at[name]) for name in empty)
        for each in _entries(value):
            yield from _in_entry(each, f"{path}.", saying)


def _says_nothing(key: str, mark: Mark) -> Diagnostic:
    message = f"nothing stands under '{key}', which says no more than without it"
    return at(mark, codes.SAYS_NOTHING, message, f"write what it is for, or leave '{key}' out")


def _entries(value: Any) -> Iterator[Located]:
    inside = value.values() if isinstance(value, Mapping) else value
    for each in (value,) if isinstance(value, Located) else inside:
        if isinstance(each, Located):
            yield each


@cache
def _keys(model: type[Located]) -> dict[str, str]:
    """Name the keys of a model by its fields, but for those that take any value at all."""
    fields = model.model_fields.items()
    return {name: info.alias or name for name, info in fields if info.annotation is not Any}
