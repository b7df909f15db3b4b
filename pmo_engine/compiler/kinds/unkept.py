"""Keys that may be written and that nothing carries out yet: each is told where it stands."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from pmo_engine.compiler.schema.located import Located
from pmo_engine.model.frozen import dataclass
from pmo_engine.source import codes
from pmo_engine.source.diagnostics import Diagnostic, at
from pmo_engine.source.yaml_source import mark_of

if TYPE_CHECKING:
    from pmo_engine.compiler.kinds.kind import Kind

HINT = "it stands in the documents; see to it by hand"


def _always(value: Any, around: Sequence[Any]) -> bool:
    """Say that a key is never kept, whatever is written."""
    del value, around
    return True


@dataclass(frozen=True, slots=True)
class Told:
    """What is said of a key: ``words`` of what happens instead, where it ``holds``.

    ``holds`` is asked with the value and the entries that it is in, the document first. ``alone``:
    the keys below it are kept.
    """

    words: str
    holds: Callable[[Any, Sequence[Any]], bool] = _always
    alone: bool = False


def unkept(kinds: Iterable[Kind], documents: Sequence[Located]) -> Iterator[Diagnostic]:
    """Warn of every key of the documents that its kind says nothing keeps."""
    for kind in kinds:
        mine = [each for each in documents if isinstance(each, kind.model)]
        for path, told in kind.told.items():
            for document in mine:
                yield from _of(document, path, told)


def _of(document: Located, path: str, told: Told) -> Iterator[Diagnostic]:
    for value, around in _found(document, path.split("."), (document,)):
        if told.holds(value, around):
            first = value[0] if isinstance(value, list) else value
            mark = getattr(first, "mark", None) or mark_of(first, around[-1].mark)
            key = path.rpartition(".")[2]
            yield at(mark, codes.NOT_KEPT, f"'{key}': {told.words}", HINT)


def _found(
    entry: Any, steps: Sequence[str], around: tuple[Any, ...]
) -> Iterator[tuple[Any, tuple[Any, ...]]]:
    """Give what is written at a path of keys, each time with the entries that it is in."""
    value = written_at(entry, steps[0])
    if not value:
        return
    if len(steps) == 1:
        yield value, around
        return
    inside = value.values() if isinstance(value, Mapping) else value
    for each in inside if isinstance(value, list | Mapping) else (value,):
        if isinstance(each, Located):
            yield from _found(each, steps[1:], (*around, each))


def written_at(entry: Located, key: str) -> Any:
    """Give what is written in an entry under a key, as files call it."""
    for name, info in type(entry).model_fields.items():
        if key == (info.alias or name) and name in entry.model_fields_set:
            return getattr(entry, name)
    return None
