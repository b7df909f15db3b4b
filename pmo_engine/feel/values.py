"""What an expression can evaluate to, beside Python's own values.

``null`` is ``None``; numbers are ``Decimal``; strings ``str``; booleans ``bool``; a date is
``datetime.date``; a date and time ``datetime.datetime``; a days-and-time duration
``datetime.timedelta``; a years-and-months duration ``model.durations.Months``; money
``model.money.Money``; a time of day is ``temporal.Time``; a list is a ``list``; a context a
``dict``; facts are ``Record``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from pmo_engine.model.frozen import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence


@dataclass(frozen=True, slots=True)
class Missing:
    """What stands where there is no value: a fact that was not given, or the result of an error.

    ``paths`` are those of the facts that would be needed, sorted. ``faults`` say in words what went
    wrong in a rule (a division by zero, a table without an answer), which no further fact mends.
    """

    paths: tuple[str, ...]
    faults: tuple[str, ...] = ()

    @classmethod
    def of(cls, *values: object) -> Missing:
        """Join what is missing in several operands."""
        found = [value for value in values if isinstance(value, Missing)]
        paths = {path for each in found for path in each.paths}
        faults = {fault for each in found for fault in each.faults}
        return cls(tuple(sorted(paths)), tuple(sorted(faults)))

    @classmethod
    def fault(cls, why: str) -> Missing:
        """Make a fault, which is never taken for null or for no."""
        return cls((), (why,))


class Record(dict[str, Any]):
    """The facts of one record; a name it lacks is ``Missing("<path>.<name>")``, not null.

    ``fields`` are the names that its register declares: inside a filter over such records they
    mean the record's, given or missing, and never a name of the scope around.
    """

    __slots__ = ("fields", "path")

    def __init__(
        self, path: str, values: Mapping[str, Any], fields: Collection[str] = frozenset()
    ) -> None:
        super().__init__(values)
        self.path = path
        self.fields = fields

    def missing(self, name: str) -> Missing:
        """Say that this record's ``name`` was not given."""
        return Missing((f"{self.path}.{name}",))

    def whole(self) -> dict[str, Any]:
        """Give all its declared fields, those that were not given as missing."""
        return {**{name: self.missing(name) for name in self.fields if name not in self}, **self}


def missing_in(value: object) -> list[Missing]:
    """Give what is missing in a value, in the lists, contexts and records in it too."""
    if isinstance(value, Missing):
        return [value]
    if isinstance(value, Record):
        value = value.whole()
    if isinstance(value, dict):
        value = list(value.values())
    if not isinstance(value, list):
        return []
    return [found for item in value for found in missing_in(item)]


def faults_in(value: object) -> tuple[str, ...]:
    """Say what went wrong in a value, in the lists, contexts and records in it too."""
    return Missing.of(*missing_in(value)).faults


@dataclass(frozen=True, slots=True)
class Range:
    """A range value; an end that is ``None`` is open to that side."""

    low: Any
    high: Any
    low_included: bool
    high_included: bool


@dataclass(frozen=True, slots=True)
class Function:
    """A function value: its parameters' names and what it does with their values."""

    parameters: tuple[str, ...]
    call: Callable[..., Any]


@dataclass(frozen=True, slots=True)
class EqualityTest:
    """``(= 5)`` or ``(!= 5)`` used as a value: what it is compared with."""

    operator: Literal["=", "!="]
    operand: Any


@dataclass(frozen=True, slots=True, eq=False)
class Builtin:
    """A function of the language; ``call`` takes the values, and names where they were named."""

    name: str
    call: Callable[[Sequence[Any], Sequence[str]], Any]
