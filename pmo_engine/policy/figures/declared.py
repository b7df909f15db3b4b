"""Figures: declared once, worked out from registers, and shown from that one declaration."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import field
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from pmo_engine.feel import types as t
from pmo_engine.model.frozen import dataclass
from pmo_engine.model.money import Money
from pmo_engine.policy.expressions import Expression
from pmo_engine.policy.registers import CLOSED, REFUSED

if TYPE_CHECKING:
    from pmo_engine.policy.registers import Register
    from pmo_engine.source.diagnostics import Mark

Unit: TypeAlias = Literal["money", "ratio", "share", "points", "days", "count", "fte", "words"]
"""What a figure is measured in: ``ratio`` one amount by another, ``share`` a part of a whole."""
Over: TypeAlias = Literal["counted", "open", "all"]
"""Which records a figure looks at: those that ``counted`` keeps, of these the open ones, or all."""
Across: TypeAlias = Literal["project", "office"]
"""Whose records a figure looks at: those of the project in hand, or of all projects."""
UNCOUNTED = REFUSED | {"blocked"}
"""How records stand that came to nothing, or may not be: they are in no sum."""
COUNTING = "working_days_between"
"""The one function of governance that figures see beside ``is_known``: no role acts in them."""
MEASURES: Mapping[Unit, tuple[str, ...]] = {
    "money": ("money",),
    "words": ("string", "boolean", "date", "enum"),
}
"""The types of what a unit measures; any other measures numbers."""
_PLACES = Decimal("0.0001")


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of a project, or of each record of the register ``of``.

    ``unavailable`` is the condition under which there is none, ``because`` why, in words.
    ``pack`` is that whose parameters the formula sees.
    """

    id: str
    label: str
    unit: Unit
    formula: Expression
    source: str
    about: str = ""
    of: str | None = None
    over: Over = "counted"
    across: Across = "project"
    unavailable: Expression | None = None
    because: str = ""
    pack: str | None = None
    mark: Mark | None = field(default=None, compare=False)

    @property
    def expressions(self) -> tuple[Expression, ...]:
        """Give its condition, where it has one, and its formula."""
        return (self.formula,) if self.unavailable is None else (self.unavailable, self.formula)

    @property
    def names(self) -> frozenset[str]:
        """Name everything that it looks at."""
        return frozenset().union(*(each.names for each in self.expressions))

    def rounded(self, value: Any) -> Any:
        """Give a value as it is shown: money to its minor unit, numbers to four places."""
        match value:
            case Money():
                return value.quantized()
            case Decimal():
                return value.quantize(_PLACES).normalize() + 0 if value else Decimal(0)
            case _:
                return value


@dataclass(frozen=True, slots=True)
class WorkedExample:
    """A figure worked by hand: facts in, what each figure must come to, and the arithmetic.

    ``gives`` is by figure, that of a record by its key and figure (``R-1.score``).
    """

    name: str
    working: str
    at: str | None
    facts: Mapping[str, Any]
    gives: Mapping[str, Any]
    mark: Mark = field(compare=False)


def counts(record: Mapping[str, Any]) -> bool:
    """Tell whether sums count a record: none that is blocked, rejected, withdrawn, rescinded."""
    return record.get("standing", record.get("status")) not in UNCOUNTED


def is_open(record: Mapping[str, Any], register: Register) -> bool:
    """Tell whether a record counts and is not over."""
    return counts(record) and not _is_over(record, register.life.closed)


def _is_over(record: Mapping[str, Any], closed: Collection[str]) -> bool:
    status = record.get("status")
    return status == CLOSED or status in closed or record.get("closed_at") is not None


def looked_at(records: Sequence[Any], register: Register, over: Over) -> list[Any]:
    """Give the records that a figure looks at."""
    match over:
        case "open":
            closed = register.life.closed
            return [e for e in looked_at(records, register, "counted") if not _is_over(e, closed)]
        case "all":
            return list(records)
        case _:
            return [e for e in records if e.get("standing", e.get("status")) not in UNCOUNTED]


def measures(unit: Unit, kind: t.Type) -> bool:
    """Tell whether what a formula comes to can be measured in a unit."""
    match kind:
        case t.MoneyType():
            return unit == "money"
        case t.EnumType():
            return unit == "words"
        case t.Simple("any"):
            return True
        case t.Simple(name):
            return name in MEASURES.get(unit, ("number",))
        case _:
            return False
