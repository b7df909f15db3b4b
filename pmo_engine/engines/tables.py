"""What a decision table comes to: the hit policies of the DMN standard (version 1.5, clause 8.2.8).

A row matches where all its tests are true. Where facts are missing, a row may be open: neither
matched nor ruled out. The answer is then missing too, unless it is the same whatever the open
rows turn out to be; a missing fact is taken to be within what its column allows.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Any, Protocol, TypeAlias

from pmo_engine.feel import operations as op
from pmo_engine.feel.builtins import BUILTINS
from pmo_engine.feel.format import to_text
from pmo_engine.feel.kinds import conforms
from pmo_engine.feel.signatures import convert
from pmo_engine.feel.types import describe
from pmo_engine.feel.values import Missing
from pmo_engine.model.frozen import dataclass
from pmo_engine.policy import LISTING, Expression, Table, TableInput, TableOutput, TableRow

Reached: TypeAlias = tuple[TableRow, Any]  # a row, and True or what it misses

SHOWN = 60


class Cells(Protocol):
    """How a table's cells are worked out."""

    def test(self, cell: Expression, value: Any) -> Any:
        """Work out a condition on the name ``?``."""

    def value(self, cell: Expression) -> Any:
        """Work out an answer."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a table came to: a value, and the numbers of the rows that it is from.

    ``why`` says why there is none, and the value is null; a row may also answer null itself.
    """

    value: Any
    rows: tuple[int, ...] = ()
    why: str = ""


def decide(table: Table, values: Sequence[Any], cells: Cells) -> Found:
    """Work out a table for the values of its inputs; null, and why, where it has no answer."""
    try:
        for column, value in zip(table.inputs, values, strict=True):
            _admit(column, value, cells)
        return _Decision(table, values, cells).found()
    except _NoAnswer as no_answer:
        return Found(None, no_answer.rows, no_answer.why)


class _NoAnswer(Exception):
    """Why a table comes to null, and the numbers of the rows that are to blame."""

    def __init__(self, why: str, rows: tuple[int, ...] = ()) -> None:
        super().__init__(why)
        self.why, self.rows = why, rows


def _admit(column: TableInput, value: Any, cells: Cells) -> None:
    """Refuse a value that is not of the column's type or not among those allowed."""
    if isinstance(value, Missing):
        return
    if value is not None and not conforms(value, column.type):
        raise _NoAnswer(f"'{column.name}' is {_shown(value)}, not {describe(column.type)}")
    if column.allowed is None:
        return
    truths = [cells.test(column.allowed, value)]
    if isinstance(value, list) and truths[0] is not True:
        truths = [cells.test(column.allowed, item) for item in value]
    if any(truth is not True for truth in truths):
        raise _NoAnswer(f"'{column.name}' is {_shown(value)}, not {column.allowed.text}")


@dataclass(slots=True)
class _Decision:
    """One call of a table."""

    table: Table
    values: Sequence[Any]
    cells: Cells

    def found(self) -> Found:
        match self.table.hit_policy:
            case "first":
                return self._foremost(self._reached())
            case "unique":
                return self._only(list(self._reached()))
            case "any":
                return self._agreed(list(self._reached()))
            case "priority":
                return self._foremost(self._by_output(list(self._reached())))
            case "output_order":
                return self._all(self._by_output(list(self._reached())))
            case _:
                return self._all(list(self._reached()))

    def _reached(self) -> Iterator[Reached]:
        """Give the rows that match, with True, and those that are open, with what they miss."""
        for row in self.table.rows:
            truth = self._matches(row)
            if truth is not False:
                yield row, truth

    def _matches(self, row: TableRow) -> bool | Missing:
        missing = []
        for test, value in zip(row.when, self.values, strict=True):
            truth = self.cells.test(test, value)
            if isinstance(truth, Missing):
                missing.append(truth)
            elif truth is not True:
                return False
        return Missing.of(*missing) if missing else True

    def _only(self, reached: Sequence[Reached]) -> Found:
        matched = [row for row, truth in reached if truth is True]
        if len(matched) > 1:
            raise _both(matched, "match")
        if matched and len(reached) > 1:
            return Found(_missing(reached))
        return self._foremost(reached)

    def _agreed(self, reached: Sequence[Reached]) -> Found:
        matched = [row for row, truth in reached if truth is True]
        answers = [self._answer(row) for row in matched]
        agree = _agree(answers)
        if isinstance(agree, Missing):
            return Found(agree)
        if not agree:
            raise _both(matched, "match and give different answers")
        if not matched:
            return self._foremost(reached)
        found = Found(answers[0], _numbers(matched))
        return self._unless_open([each for each in reached if each[1] is not True], found)

    def _foremost(self, reached: Iterable[Reached]) -> Found:
        """Give the answer of the first row that matches, if no open row before it differs."""
        before: list[Reached] = []
        for row, truth in reached:
            if truth is True:
                return self._unless_open(before, Found(self._answer(row), (row.number,)))
            before.append((row, truth))
        return self._unless_open(before, self._no_match())

    def _unless_open(self, before: Sequence[Reached], found: Found) -> Found:
        if not before:
            return found
        try:
            answers = [found.value, *(self._answer(row) for row, _ in before)]
        except _NoAnswer:
            return Found(_missing(before))
        decided = not found.why and _agree(answers) is True
        return found if decided else Found(_missing(before))

    def _all(self, reached: Sequence[Reached]) -> Found:
        if missing := _missing(reached):
            return Found(missing)
        rows = _numbers(row for row, _ in reached)
        if self.table.hit_policy == "count":
            return Found(Decimal(len(rows)), rows)
        if not rows:
            return self._no_match()
        answers = [self._answer(row) for row, _ in reached]
        if self.table.hit_policy in LISTING:
            return Found(answers, rows)
        total = BUILTINS[self.table.hit_policy].call([answers], ())
        said = ", ".join(map(_shown, answers))
        why = f"{said} have no {self.table.hit_policy}" if total is None else ""
        return Found(total, rows, why)

    def _no_match(self) -> Found:
        listed = self.table.hit_policy in LISTING
        if not self.table.has_default:
            return Found([]) if listed else Found(None, why="no row matches")
        answer = self._put_together([output.default for output in self.table.outputs])
        return Found([answer] if listed else answer)

    def _answer(self, row: TableRow) -> Any:
        return self._put_together(row.then, row)

    def _put_together(self, cells: Sequence[Expression | None], row: TableRow | None = None) -> Any:
        """Work out the cells of a row, or the defaults: one value, or a context of several."""
        outputs = self.table.outputs
        pairs = zip(outputs, cells, strict=True)
        values = [cell and self._value(output, cell, row) for output, cell in pairs]
        if len(values) == 1:
            return values[0]
        return dict(zip((output.name for output in outputs), values, strict=True))

    def _value(self, output: TableOutput, cell: Expression, row: TableRow | None) -> Any:
        value = convert(self.cells.value(cell), output.type)
        if value is None or isinstance(value, Missing):
            return value
        if conforms(value, output.type) and self._allows(output.allowed, value):
            return value
        who = f"row {row.number}" if row else "the default"
        name = f" for '{output.name}'" if output.name else ""
        said = f"{who} gives {_shown(value)}{name}, which is not allowed"
        raise _NoAnswer(said, (row.number,) if row else ())

    def _allows(self, allowed: Sequence[Expression], value: Any) -> bool:
        return not allowed or self._place(allowed, value) < len(allowed)

    def _place(self, allowed: Sequence[Expression], value: Any) -> int:
        """Say where among the allowed values one stands; after them all if it is none of them."""
        places = (
            place for place, each in enumerate(allowed) if self.cells.test(each, value) is True
        )
        return next(places, len(allowed))

    def _by_output(self, reached: Sequence[Reached]) -> Sequence[Reached]:
        """Sort by the places of the answers among the allowed values, column after column."""
        if len(reached) < 2:  # noqa: PLR2004 - one is in order
            return reached
        return sorted(reached, key=lambda each: self._rank(each[0]))

    def _rank(self, row: TableRow) -> tuple[int, ...]:
        return tuple(
            self._place(output.allowed, self.cells.value(cell))
            for output, cell in zip(self.table.outputs, row.then, strict=True)
        )


def _agree(answers: Sequence[Any]) -> Any:
    return op.conjunction(op.equal(answers[0], other) for other in answers[1:])


def _missing(reached: Iterable[Reached]) -> Missing | None:
    found = [truth for _, truth in reached if truth is not True]
    return Missing.of(*found) if found else None


def _numbers(rows: Iterable[TableRow]) -> tuple[int, ...]:
    return tuple(row.number for row in rows)


def _both(rows: Sequence[TableRow], what: str) -> _NoAnswer:
    *first, last = _numbers(rows)
    both = "both " if len(first) == 1 else ""
    said = f"rows {', '.join(map(str, first))} and {last} {both}{what}"
    return _NoAnswer(said, _numbers(rows))


def _shown(value: Any) -> str:
    text = to_text(value)
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}..."
