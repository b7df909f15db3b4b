"""The keys of a kind, each by the path of keys that leads to it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, get_args

from pmo_engine.compiler.schema.located import Located

if TYPE_CHECKING:
    from pmo_engine.compiler.kinds.kind import Kind


def key_paths(model: type[Located], above: str = "") -> Iterator[str]:
    """Give the path of every key of a model, those of its entries included, as files call them."""
    for name, info in model.model_fields.items():
        path = f"{above}{info.alias or name}"
        if path != "kind":
            yield path
        seen: set[str] = set()
        for inner in _models(info.annotation):
            found = [each for each in key_paths(inner, f"{path}.") if each not in seen]
            seen.update(found)
            yield from found


def standing(kind: Kind, path: str) -> str:
    """Say what becomes of a key: "kept" by the engine, "printed" as words, or "told"."""
    told = any(path == each or path.startswith(f"{each}.") for each in kind.told)
    return "told" if told else "printed" if path in kind.printed else "kept"


def _models(annotation: Any) -> Iterator[type[Located]]:
    if isinstance(annotation, type) and issubclass(annotation, Located):
        yield annotation
        return
    for each in get_args(annotation):
        yield from _models(each)
