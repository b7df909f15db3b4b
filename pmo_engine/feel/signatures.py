"""What the functions of the language take and give, and how a call finds its parameters."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, TypeAlias

from pmo_engine.feel.clockwork import midnight
from pmo_engine.feel.kinds import conforms, type_of
from pmo_engine.feel.nodes import TypeName
from pmo_engine.feel.temporal import WideDate
from pmo_engine.feel.types import ANY, DATE_TIME, ListType, Type
from pmo_engine.feel.values import Missing, missing_in
from pmo_engine.model.frozen import dataclass

Result: TypeAlias = "Type | Callable[..., Type]"


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter: its name, its type, whether it may be left out, or given as null."""

    name: str
    type: Type
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Signature:
    """One way to call a function, with what then happens.

    ``result`` is a type, or a function from the arguments' types, in the order of the parameters,
    to one. A ``variadic`` one takes any number of its last parameter. A ``structural`` one moves
    items without looking into them, so that it may be given lists in which facts are missing; one
    that ``sees_missing`` is given what is missing like any other value. Where a function has a
    result only for arguments, or their items, of one kind, ``alike`` are the kinds; with
    ``of_nothing`` it also has one for an empty list, whatever that might hold. A ``deep`` one looks
    into lists and contexts in its arguments however deep they are. Null from a ``nullable`` one is
    a value; from any other it says that there is no result.
    """

    parameters: tuple[Parameter, ...]
    result: Result
    call: Callable[..., Any]
    variadic: bool = False
    structural: bool = False
    sees_missing: bool = False
    alike: frozenset[str] = frozenset()
    of_nothing: bool = False
    deep: bool = False
    nullable: bool = False

    def bind(self, values: Sequence[Any], names: Sequence[str]) -> list[Any] | None:
        """Put the values in the order of the parameters; ``None`` if they do not fit."""
        if names:
            return self._named(dict(zip(names, values, strict=True)))
        if self.variadic:
            return list(values) if values else None
        required = sum(not each.optional for each in self.parameters)
        return list(values) if required <= len(values) <= len(self.parameters) else None

    def _named(self, given: dict[str, Any]) -> list[Any] | None:
        known = {each.name for each in self.parameters}
        needed = {each.name for each in self.parameters if not each.optional}
        if self.variadic or not needed <= given.keys() <= known:
            return None
        # What is left out at the end is not given at all; between others it is null.
        last = max(i for i, each in enumerate(self.parameters) if each.name in given)
        return [given.get(each.name) for each in self.parameters[: last + 1]]

    def missing(self, values: Sequence[Any]) -> list[Missing]:
        """Give what is missing among the arguments and, if that matters, inside lists."""
        if self.sees_missing:
            return []
        if self.deep:
            return [found for value in values for found in missing_in(value)]
        found = [value for value in values if isinstance(value, Missing)]
        lists = () if self.structural else (each for each in values if isinstance(each, list))
        return found + [item for each in lists for item in each if isinstance(item, Missing)]

    def accept(self, values: Sequence[Any]) -> list[Any] | None:
        """Convert values that are nearly right, as the standard does; ``None`` if one is wrong."""
        accepted = []
        for index, value in enumerate(values):
            parameter = self.parameters[min(index, len(self.parameters) - 1)]
            converted = convert(value, parameter.type)
            if value is None:
                fitting = parameter.optional or parameter.type == ANY
            else:
                fitting = conforms(converted, parameter.type)
            if not fitting:
                return None
            accepted.append(converted)
        return accepted


def as_written(value: Any, written: TypeName | None) -> Any:
    """Convert a value for a parameter whose type is written, if it is."""
    expected = None if written is None else type_of(written)
    return value if expected is None else convert(value, expected)


def convert(value: Any, expected: Type) -> Any:
    """Make a list of one of a single value, a single value of a list of one, a moment of a day."""
    if isinstance(value, Missing):
        return value
    if isinstance(expected, ListType):
        return value if value is None or isinstance(value, list) else [value]
    if isinstance(value, list) and len(value) == 1 and expected != ANY:
        return value[0]
    is_date = expected == DATE_TIME and (type(value) is date or isinstance(value, WideDate))
    return midnight(value) if is_date else value


def call(
    signatures: Sequence[Signature],
    values: Sequence[Any],
    names: Sequence[str],
    otherwise: Any = None,
) -> Any:
    """Call the first signature that takes the arguments; ``otherwise`` where there is no result.

    A missing argument makes the result missing, and so does one in a list that is looked into.
    """
    for signature in signatures:
        bound = signature.bind(values, names)
        if bound is None:
            continue
        if missing := signature.missing(bound):
            return Missing.of(*missing)
        accepted = signature.accept(bound)
        if accepted is not None:
            result = signature.call(*accepted)
            return otherwise if result is None and not signature.nullable else result
    return otherwise
