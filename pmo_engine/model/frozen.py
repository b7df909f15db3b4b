"""Dataclasses, most of them frozen, that are there at once: a command in a fresh process makes 250.

The standard library writes and compiles six methods for each, which takes most of the time that
its making takes. Here they are written once for all, and do the same. ``__init__`` alone is
compiled, when some of a class have been made: of most classes a command makes few or none.
"""

from __future__ import annotations

import sys
from dataclasses import MISSING, FrozenInstanceError, fields
from dataclasses import dataclass as standard
from functools import cached_property, partial
from operator import attrgetter, ge, gt, le, lt
from reprlib import recursive_repr
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from dataclasses import Field, dataclass
else:

    def dataclass(cls: Any = None, /, **options: Any) -> Any:
        """Make a dataclass, with the options of the standard library's decorator."""
        if cls is None:
            return partial(dataclass, **options)
        return _quickly(cls, **options)


FEW = 32
"""How many of a class are made before its ``__init__`` is compiled, which takes as long."""
_GIVEN = object()
"""Stands for what a factory makes where nothing was given."""

__all__ = ["dataclass"]


def _quickly(
    cls: type[Any],
    *,
    frozen: bool = False,
    slots: bool = False,
    eq: bool = True,
    order: bool = False,
    kw_only: bool = False,
) -> type[Any]:
    own = vars(cls)
    made: type[Any] = standard(init=False, repr=False, eq=False, slots=slots, kw_only=kw_only)(cls)
    every = fields(made)
    methods: dict[str, Any] = {"__init__": _Unwritten(made, every, frozen=frozen)}
    if "__repr__" not in own:
        methods["__repr__"] = _shown
    if frozen:
        methods |= {"__setattr__": _refuse_set, "__delattr__": _refuse_delete}
    if eq:
        methods |= _comparing(every, own, frozen=frozen)
    if order:
        methods |= _ordering(every)
    if frozen and slots:
        methods |= {"__getstate__": _state, "__setstate__": _set_state}
    for name, method in methods.items():
        setattr(made, name, method)
    return made


class _Unwritten:
    """Stands for a class's ``__init__`` until it is worth compiling, and puts it there then.

    The first few of a class are made from here, which is slower than what is compiled and takes
    a fraction of compiling it. Whoever looks at it, or gives what does not fit, gets that one.
    """

    def __init__(self, cls: type[Any], every: Sequence[Field[Any]], *, frozen: bool) -> None:
        self._cls, self._every, self._frozen = cls, every, frozen
        self._left = FEW

    def __get__(self, one: Any, owner: type[Any]) -> Any:
        if one is None or self._left < 1:
            return self._write().__get__(one, owner)
        self._left -= 1
        return partial(self._make, one)

    def _make(self, one: Any, /, *given: Any, **named: Any) -> None:
        by_place, needed, known, put = self._fields
        values = dict(zip(by_place, given, strict=False)) | named
        fits = needed <= values.keys() <= known and len(values) == len(given) + len(named)
        if not fits:
            self._write()(one, *given, **named)
            return
        for each in put:
            object.__setattr__(one, each.name, _value_among(values, each))
        if hasattr(one, "__post_init__"):
            one.__post_init__()

    @cached_property
    def _fields(self) -> tuple[list[str], set[str], set[str], list[Field[Any]]]:
        """Those given by place, those that must be given, those that may, those that are put."""
        given = [each for each in self._every if each.init]
        return (
            [each.name for each in given if not each.kw_only],
            {each.name for each in given if _has_no_value(each)},
            {each.name for each in given},
            [each for each in self._every if _is_put(self._cls, each)],
        )

    def _write(self) -> Any:
        init: Any = _init(self._cls, self._every, frozen=self._frozen)
        type.__setattr__(self._cls, "__init__", init)
        return init


def _has_no_value(field: Field[Any]) -> bool:
    return field.default is MISSING and field.default_factory is MISSING


def _value_among(values: dict[str, Any], field: Field[Any]) -> Any:
    if field.name in values:
        return values[field.name]
    return field.default if field.default_factory is MISSING else field.default_factory()


def _init(cls: type[Any], every: Sequence[Field[Any]], *, frozen: bool) -> Callable[..., None]:
    """Compile ``__init__`` as the standard library would write it."""
    given = [each for each in every if each.init]
    first = [_parameter(each) for each in given if not each.kw_only]
    named = [_parameter(each) for each in given if each.kw_only]
    put = "  put(self, {name!r}, {value})" if frozen else "  self.{name} = {value}"
    every_put = [each for each in every if _is_put(cls, each)]
    lines = [put.format(name=each.name, value=_value(each)) for each in every_put]
    if hasattr(cls, "__post_init__"):
        lines.append("  self.__post_init__()")
    parameters = ", ".join(["self", *first, *(["*", *named] if named else [])])
    text = "\n".join([f" def __init__({parameters}):", *(lines or ["  pass"]), " return __init__"])
    return _compiled(cls, text, every)


def _compiled(cls: type[Any], text: str, every: Sequence[Field[Any]]) -> Callable[..., None]:
    values = {f"_default_{each.name}": each.default for each in every}
    values |= {f"_make_{each.name}": each.default_factory for each in every}
    values |= {"put": object.__setattr__, "GIVEN": _GIVEN}
    scope: dict[str, Any] = {}
    exec(f"def make({', '.join(values)}):\n{text}", vars(sys.modules[cls.__module__]), scope)  # noqa: S102 - of names of fields alone
    init: Callable[..., None] = scope["make"](**values)
    init.__qualname__ = f"{cls.__qualname__}.__init__"
    init.__annotations__ = {each.name: each.type for each in every if each.init} | {"return": None}
    return init


def _parameter(field: Field[Any]) -> str:
    if field.default_factory is not MISSING:
        return f"{field.name}=GIVEN"
    return field.name if field.default is MISSING else f"{field.name}=_default_{field.name}"


def _value(field: Field[Any]) -> str:
    made = f"_make_{field.name}()"
    if not field.init:
        return f"_default_{field.name}" if field.default_factory is MISSING else made
    if field.default_factory is MISSING:
        return field.name
    return f"{made} if {field.name} is GIVEN else {field.name}"


def _is_put(cls: type[Any], field: Field[Any]) -> bool:
    """A field that nobody gives and nothing makes is what the class has, if it can have it."""
    if field.init or field.default_factory is not MISSING:
        return True
    return field.default is not MISSING and "__slots__" in vars(cls)


def _comparing(every: Sequence[Field[Any]], own: Any, *, frozen: bool) -> dict[str, Any]:
    get = _getter([each.name for each in every if each.compare])
    hashed = _getter([e.name for e in every if (e.compare if e.hash is None else e.hash)])

    def __eq__(self: Any, other: Any) -> Any:  # noqa: N807 - it becomes one
        if self is other:  # what a tuple finds of its items, too
            return True
        return get(self) == get(other) if other.__class__ is self.__class__ else NotImplemented

    def __hash__(self: Any) -> int:  # noqa: N807 - it becomes one
        return hash(hashed(self))

    methods: dict[str, Any] = {} if "__eq__" in own else {"__eq__": __eq__}
    if own.get("__hash__") is None:
        methods["__hash__"] = __hash__ if frozen else None
    return methods


def _ordering(every: Sequence[Field[Any]]) -> dict[str, Any]:
    get = _getter([each.name for each in every if each.compare])

    def by(compare: Callable[[Any, Any], bool]) -> Callable[[Any, Any], Any]:
        def compared(self: Any, other: Any) -> Any:
            return compare(get(self), get(other)) if _is_alike(self, other) else NotImplemented

        return compared

    return {"__lt__": by(lt), "__le__": by(le), "__gt__": by(gt), "__ge__": by(ge)}


def _is_alike(self: Any, other: Any) -> bool:
    return other.__class__ is self.__class__


def _getter(names: list[str]) -> Callable[[Any], tuple[Any, ...]]:
    if not names:
        return lambda _: ()
    get = attrgetter(*names)
    return get if len(names) > 1 else lambda self: (get(self),)


@recursive_repr()
def _shown(self: Any) -> str:
    shown = (f"{each.name}={getattr(self, each.name)!r}" for each in fields(self) if each.repr)
    return f"{type(self).__qualname__}({', '.join(shown)})"


def _refuse_set(self: Any, name: str, value: Any) -> None:
    _refuse(self, name, "assign to")
    object.__setattr__(self, name, value)


def _refuse_delete(self: Any, name: str) -> None:
    _refuse(self, name, "delete")
    object.__delattr__(self, name)


def _refuse(self: Any, name: str, what: str) -> None:
    """Classes that derive from one and are none themselves may have more, as in the original."""
    if name in self.__dataclass_fields__ or "__dataclass_fields__" in vars(type(self)):
        raise FrozenInstanceError(f"cannot {what} field {name!r}")


def _state(self: Any) -> list[Any]:
    return [getattr(self, each.name) for each in fields(self)]


def _set_state(self: Any, state: list[Any]) -> None:
    for each, value in zip(fields(self), state, strict=True):
        object.__setattr__(self, each.name, value)
