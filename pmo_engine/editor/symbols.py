"""What a file holds, as an outline."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_engine.compiler.kinds import MODELS
from pmo_engine.compiler.schema.located import Located
from pmo_engine.model.frozen import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pmo_engine.source.diagnostics import Mark

NAMES = ("id", "register_", "extends", "name", "use", "role", "for_", "rule")


@dataclass(frozen=True, slots=True)
class Symbol:
    """A document or an entry of one: its name, what it says, where it begins, and what is in it."""

    name: str
    detail: str
    mark: Mark
    inner: tuple[Symbol, ...] = ()


def outline(documents: Iterable[Located]) -> list[Symbol]:
    """Give a symbol for each document, with its entries."""
    kinds = {model: kind for kind, model in MODELS.items()}
    return [
        Symbol(kinds[type(each)], _name(each) or "", each.mark, tuple(_entries(each)))
        for each in documents
    ]


def _entries(document: Located) -> Iterator[Symbol]:
    for field in type(document).model_fields:
        value = getattr(document, field)
        entries: Sequence[object] = value if isinstance(value, list) else ()
        for entry in entries:
            if isinstance(entry, Located) and (name := _name(entry)):
                title = getattr(entry, "title", None) or getattr(entry, "noun", None)
                yield Symbol(name, str(title or ""), entry.mark, tuple(_entries(entry)))


def _name(entry: Located) -> str | None:
    found = (getattr(entry, name, None) for name in NAMES)
    return next((str(name) for name in found if name), None)
