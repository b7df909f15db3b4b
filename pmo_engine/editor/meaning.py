"""What may be written at a place, by the schema of its kind."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal, TypeVar, get_args, get_origin

from pmo_engine.compiler.kinds import MODELS
from pmo_engine.compiler.schema.located import Feel, Located, Names
from pmo_engine.compiler.schema_errors import fields_at
from pmo_engine.model.frozen import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pydantic.fields import FieldInfo

    from pmo_engine.compiler.names import What
    from pmo_engine.editor.place import Place

Marker = TypeVar("Marker", Feel, Names)
EXPECTED: Mapping[str, What] = {
    "approvals": "role",
    "assessments": "functional",
    "exceptions": "role",
    "notices": "role",
    "fired": "rule",
    "unknown": "rule",
}
"""What the keys of a case's ``expect`` name."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """What the schema has at a place.

    ``model`` is that whose keys can be written here, if any can; ``owner``, ``key`` and ``info``
    tell the field whose value is at hand; ``free`` are the keys below it that are not the schema's.
    """

    model: type[Located] | None
    owner: type[Located] | None = None
    key: str | None = None
    info: FieldInfo | None = None
    free: tuple[str, ...] = ()

    @property
    def is_expression(self) -> bool:
        """Say whether an expression, or the path of a fact, is written here."""
        return self._marker(Feel) is not None

    @property
    def is_path(self) -> bool:
        """Say whether the path of a fact is written here."""
        feel = self._marker(Feel)
        return feel is not None and feel.is_path

    @property
    def reference(self) -> Names | None:
        """Say what is named here, and which words may stand beside names."""
        return None if self.free else self._marker(Names)

    def _marker(self, sort: type[Marker]) -> Marker | None:
        """Find what the schema notes of this sort at the key."""
        return next((each for each in _notes(self.info) if isinstance(each, sort)), None)

    @property
    def choices(self) -> tuple[str, ...]:
        """Give the words among which one is written here."""
        return _choices(self.info.annotation) if self.info is not None else ()


def meaning_of(place: Place) -> Meaning:
    """Find what the schema has at a place."""
    annotation: Any = MODELS.get(place.kind)
    found = Meaning(None)
    for step in place.path:
        core = _core(annotation)
        if isinstance(core, type):
            info = fields_at(core, ()).get(step)
            found = Meaning(None, core, step, info)
            annotation = info.annotation if info is not None else None
        else:
            found = replace(found, free=(*found.free, step))
            annotation = core.value if core is not None else None
    core = _core(annotation)
    if place.key is None and isinstance(core, type):
        return replace(found, model=core)
    return found


@dataclass(frozen=True, slots=True)
class _ByName:
    """A mapping from names of the writer's own to values of one form."""

    value: Any


def _core(annotation: Any) -> type[Located] | _ByName | None:
    """Find the mapping that an annotation speaks of, in a list or among other forms or not."""
    if isinstance(annotation, type) and issubclass(annotation, Located):
        return annotation
    if get_origin(annotation) is dict:
        return _ByName(get_args(annotation)[1])
    cores = (_core(each) for each in get_args(annotation))
    return next((each for each in cores if each is not None), None)


def _notes(info: FieldInfo | None) -> Iterator[Any]:
    if info is not None:
        yield from info.metadata
        yield from _noted(info.annotation)


def _noted(annotation: Any) -> Iterator[Any]:
    """Go through what is noted at an annotation and inside of it."""
    yield from getattr(annotation, "__metadata__", ())
    for each in get_args(annotation):
        yield from _noted(each)


def _choices(annotation: Any) -> tuple[str, ...]:
    if annotation is bool:
        return ("true", "false")
    if get_origin(annotation) is Literal:
        return tuple(str(each) for each in get_args(annotation))
    return tuple(choice for each in get_args(annotation) for choice in _choices(each))
