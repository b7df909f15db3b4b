"""The keys of a kind, each by the path of keys that leads to it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, get_args

from pmo_engine.compiler.schema.located import Located

if TYPE_CHECKING:
    from pmo_engine.compiler.kinds.kind import Kind
    from pmo_engine.compiler.kinds.unkept import Told


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
    if told_of(kind, path) is not None:
        return "told"
    return "printed" if path in kind.printed else "kept"


def told_of(kind: Kind, path: str) -> Told | None:
    """Give what the check says of a key that nothing keeps, or of the one above it."""
    for each, told in kind.told.items():
        if path == each or (path.startswith(f"{each}.") and not told.alone):
            return told
    return None


def _models(annotation: Any) -> Iterator[type[Located]]:
    if isinstance(annotation, type) and issubclass(annotation, Located):
        yield annotation
        return
    for each in get_args(annotation):
        yield from _models(each)
