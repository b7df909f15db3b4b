"""Decision tables, as the DMN standard has them (version 1.5, clause 8)."""

from __future__ import annotations

from dataclasses import field, replace
from typing import TYPE_CHECKING, Literal, Self, TypeAlias

from pmo_engine.feel import types as t
from pmo_engine.model.frozen import dataclass
from pmo_engine.policy.expressions import Dated, InForce

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from pmo_engine.policy.expressions import Expression
    from pmo_engine.source.diagnostics import Mark

HitPolicy: TypeAlias = Literal[
    "unique",
    "any",
    "priority",
    "first",
    "rule_order",
    "output_order",
    "collect",
    "sum",
    "min",
    "max",
    "count",
]
ORDERED_BY_OUTPUT: frozenset[HitPolicy] = frozenset({"priority", "output_order"})
LISTING: frozenset[HitPolicy] = frozenset({"rule_order", "output_order", "collect"})
AGGREGATING: frozenset[HitPolicy] = frozenset({"sum", "min", "max", "count"})


@dataclass(frozen=True, slots=True)
class TableInput:
    """A column of tests: what is tested, of which type, within which bounds.

    ``allowed`` is a condition on the name ``?``; a value outside it has no answer.
    """

    name: str
    type: t.Type
    allowed: Expression | None
    about: str
    mark: Mark = field(compare=False)
    label: str = ""


@dataclass(frozen=True, slots=True)
class TableOutput:
    """A column of answers. ``allowed`` are conditions on ``?``, the most important first."""

    name: str
    type: t.Type
    allowed: tuple[Expression, ...]
    default: Expression | None
    about: str
    mark: Mark = field(compare=False)
    label: str = ""


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row: a test for each input (a condition on ``?``), an answer for each output.

    ``number`` is its place in the table as written, from 1.
    """

    number: int
    when: tuple[Expression, ...]
    then: tuple[Expression, ...]
    in_force: InForce
    clause: str
    source: str
    about: str
    mark: Mark = field(compare=False)


@dataclass(frozen=True, slots=True)
class Table(Dated):
    """A decision table; expressions call it by ``id``, with its inputs as arguments."""

    id: str
    title: str
    inputs: tuple[TableInput, ...]
    outputs: tuple[TableOutput, ...]
    hit_policy: HitPolicy
    rows: tuple[TableRow, ...]
    clause: str
    source: str
    about: str
    mark: Mark = field(compare=False)

    def on(self, day: date) -> Table:
        """Give the table with the rows that are in force on ``day``; itself where all are."""
        rows = tuple(row for row in self.rows if day in row.in_force)
        return self if len(rows) == len(self.rows) else replace(self, rows=rows)

    def as_of(self, day: date) -> Self | None:
        """Give the table with the rows of ``day``, as always in force."""
        always = InForce()
        rows = (replace(row, in_force=always) for row in self.rows if day in row.in_force)
        return replace(self, rows=tuple(rows))

    def turns(self) -> Iterator[date | None]:
        """Give the days on which rows begin, and those on which they have ended."""
        return (day for row in self.rows for day in (row.in_force.start, row.in_force.end))

    @property
    def has_default(self) -> bool:
        """Say whether there is an answer where no row matches."""
        return any(output.default is not None for output in self.outputs)

    @property
    def type(self) -> t.FunctionType:
        """Give the type that it has as a function."""
        names = tuple(each.name for each in self.inputs)
        return t.FunctionType(tuple(each.type for each in self.inputs), self.result, names)

    @property
    def result(self) -> t.Type:
        """Give the type of what it comes to: a value, a context of several, or a list of them."""
        if self.hit_policy == "count":
            return t.NUMBER
        if len(self.outputs) == 1:
            one = self.outputs[0].type
        else:
            one = t.ContextType(tuple((each.name, each.type) for each in self.outputs), self.id)
        return t.ListType(one) if self.hit_policy in LISTING else one
