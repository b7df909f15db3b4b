"""Binds decision tables: columns first, so that the cells of one table may call another."""

from __future__ import annotations

import re
from dataclasses import replace
from graphlib import CycleError, TopologicalSorter
from typing import TYPE_CHECKING, TypeAlias, cast

from pmo_engine import policy as tree
from pmo_engine.compiler import schema as s
from pmo_engine.compiler.binding.cells import CellBinder
from pmo_engine.compiler.binding.context import Context, unique
from pmo_engine.compiler.binding.naming.taken import brought, taken, way_out
from pmo_engine.compiler.binding.registers import ROLE, field_type
from pmo_engine.feel import types as t
from pmo_engine.feel.format import to_literal
from pmo_engine.feel.nodes import Literal, Membership, Name
from pmo_engine.feel.syntax.parser import FeelSyntaxError, parse
from pmo_engine.feel.walk import walk
from pmo_engine.source import codes
from pmo_engine.source.diagnostics import nearest
from pmo_engine.source.yaml_source import Mapping as Marked
from pmo_engine.source.yaml_source import Text, mark_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from pmo_engine.compiler.binding.cells import Written
    from pmo_engine.source.diagnostics import Mark

    Cell: TypeAlias = Written | None

CLOCK: dict[str, t.Type] = {"today": t.DATE, "now": t.MOMENT}
_MORE_TYPES: dict[str, t.Type] = {
    each.name: each for each in (t.TIME, t.DAYS_TIME_DURATION, t.YEARS_MONTHS_DURATION)
}
_LIST = re.compile(r"list<(.+)>")
_IDENTIFIER = re.compile(r"[^\W\d]\w*")


class TableBinder:
    """Binds the tables of a policy and its packs."""

    def __init__(self, context: Context, facts: Mapping[str, t.Type]) -> None:
        self.context = context
        self.findings = context.findings
        self.facts = facts
        self.functions: dict[str, t.FunctionType] = {}

    def bind(self) -> dict[str, tree.Table]:
        """Bind every table in the order of the files."""
        written = [(d.id, d) for d in self.context.reading.of(s.TableEntry)]
        documents = unique(
            self.findings, written, "table", lambda mark: brought(self.context, mark)
        )
        columns = {name: self._columns(entry) for name, entry in documents.items()}
        self.functions = {name: table.type for name, table in columns.items()}
        bound = {name: self._filled(columns[name], entry) for name, entry in documents.items()}
        self._check_circles(bound)
        return bound

    def _columns(self, entry: s.TableEntry) -> tree.Table:
        """Bind the columns of a table, without their cells."""
        self._check_name(entry.id)
        for column in entry.inputs:
            self._check_identifier(column.name, "input")
        unique(self.findings, [(column.name, column) for column in entry.inputs], "input")
        unique(self.findings, [(column.name, column) for column in entry.outputs], "output")
        inputs = tuple(
            tree.TableInput(
                str(each.name),
                self._type(each),
                None,
                _text(each.about),
                each.mark,
                _text(each.label),
            )
            for each in entry.inputs
        )
        outputs = tuple(
            tree.TableOutput(
                str(each.name),
                self._type(each),
                (),
                None,
                _text(each.about),
                each.mark,
                _text(each.label),
            )
            for each in entry.outputs
        )
        return tree.Table(
            id=str(entry.id),
            title=str(entry.title),
            inputs=inputs,
            outputs=outputs,
            hit_policy=entry.hit_policy,
            rows=(),
            clause=_text(entry.clause),
            source=_text(entry.source),
            about=_text(entry.about),
            mark=entry.mark,
        )

    def _check_name(self, name: Text) -> None:
        self._check_identifier(name, "table")
        why = taken(self.context, name) if is_name(name) else ""
        if why:
            message = f"'{name}' cannot be a table: {why}"
            hint = way_out(self.context, name, self.facts, "table")
            self.findings.add(name.mark, codes.DECLARED_TWICE, message, hint)

    def _check_identifier(self, name: Text, what: str) -> None:
        if not is_name(name):
            message = f"{what} '{name[:60]}' is no name that an expression can use"
            self.findings.add(name.mark, codes.WRONG_VALUE, message, "use letters, digits and _")

    def _type(self, entry: s.TableInputEntry | s.TableOutputEntry) -> t.Type:
        more = None if isinstance(entry.type, list) else _more(entry.type)
        found = more or field_type(self.context, entry)
        if isinstance(entry, s.TableOutputEntry) and entry.type == ROLE:
            return t.EnumType((*self.context.role_names(), tree.NOBODY))
        return found

    def _filled(self, table: tree.Table, entry: s.TableEntry) -> tree.Table:
        own = {column.name: column.type for column in table.inputs}
        cells = CellBinder(self.findings, {**self.functions, **CLOCK, **own})
        inputs = tuple(
            replace(column, allowed=cells.test(each.allowed or [], column.type))
            for column, each in zip(table.inputs, entry.inputs, strict=True)
        )
        outputs = tuple(
            replace(
                column,
                allowed=self._allowed(cells, each, column),
                default=self._default(cells, each, column),
            )
            for column, each in zip(table.outputs, entry.outputs, strict=True)
        )
        rows = (self._row(cells, table, place) for place in enumerate(entry.rows, 1))
        known = tuple(row for row in rows if row is not None)
        return replace(table, inputs=inputs, outputs=outputs, rows=known)

    def _allowed(
        self, cells: CellBinder, entry: s.TableOutputEntry, column: tree.TableOutput
    ) -> tuple[tree.Expression, ...]:
        if not entry.allowed and isinstance(column.type, t.EnumType):
            return tuple(_is_word(word, column.mark) for word in column.type.values)
        bound = (cells.test(each, column.type) for each in entry.allowed)
        return tuple(each for each in bound if each is not None)

    def _default(
        self, cells: CellBinder, entry: s.TableOutputEntry, column: tree.TableOutput
    ) -> tree.Expression | None:
        if entry.default is None:
            return None
        return cells.answer(entry.default, column.type, column.mark)

    def _row(
        self, cells: CellBinder, table: tree.Table, place: tuple[int, s.TableRowEntry]
    ) -> tree.TableRow | None:
        number, entry = place
        when = self._laid_out(entry.when, [each.name for each in table.inputs], entry.mark)
        then = self._laid_out(entry.then, [each.name for each in table.outputs], entry.mark)
        self._check_days(number, entry)
        if when is None or then is None:
            return None
        return tree.TableRow(
            number=number,
            when=tuple(self._tests(cells, zip(table.inputs, when, strict=True), entry.mark)),
            then=tuple(self._answers(cells, zip(table.outputs, then, strict=True), entry.mark)),
            in_force=tree.InForce(entry.in_force_from, entry.in_force_to),
            clause=_text(entry.clause),
            source=_text(entry.source),
            about=_text(entry.about),
            mark=entry.mark,
        )

    def _tests(
        self, cells: CellBinder, columns: Iterable[tuple[tree.TableInput, Cell]], mark: Mark
    ) -> Iterator[tree.Expression]:
        for column, cell in columns:
            bound = cells.anything(mark) if cell is None else cells.test(cell, column.type)
            if cell == []:
                message = f"nothing stands in the cell of '{column.name}'"
                hint = "a cell that everything passes is written -"
                self.findings.add(mark, codes.NOT_AN_EXPRESSION, message, hint)
            if bound is not None:
                yield bound

    def _answers(
        self, cells: CellBinder, columns: Iterable[tuple[tree.TableOutput, Cell]], mark: Mark
    ) -> Iterator[tree.Expression]:
        for column, cell in columns:
            if cell is None:
                message = f"this row has no answer for '{column.name}'"
                self.findings.add(
                    mark, codes.CELLS_AND_COLUMNS, message, f"add '{column.name}:' under 'then'"
                )
            elif (bound := cells.answer(cell, column.type, mark)) is not None:
                yield bound

    def _laid_out(
        self,
        cells: Mapping[str, Written] | Sequence[Written] | Text,
        names: Sequence[str],
        mark: Mark,
    ) -> list[Cell] | None:
        """Give a row's cells in the order of the columns; None for those left out."""
        if isinstance(cells, Text):
            cells = [cells]
        if isinstance(cells, Marked):
            for key in cells:
                if key not in names:
                    hint = nearest(key, names) or f"columns are {', '.join(names)}"
                    place = cells.keys_at[key]
                    self.findings.add(
                        place, codes.CELLS_AND_COLUMNS, f"unknown column '{key[:60]}'", hint
                    )
            return [cells.get(name) for name in names]
        listed = list(cast("Sequence[Written]", cells))
        if len(listed) in {0, len(names)}:
            return [*listed] or [None] * len(names)
        first = listed[0][0] if isinstance(listed[0], list) and listed[0] else listed[0]
        counted = f"{len(listed)} cell{'s' * (len(listed) > 1)}"
        columns = f"{len(names)} column{'s' * (len(names) > 1)}"
        message = f"{counted} where there {'are' if len(names) > 1 else 'is'} {columns}"
        self.findings.add(
            mark_of(first, mark), codes.CELLS_AND_COLUMNS, message, f"{', '.join(names)}"
        )
        return None

    def _check_days(self, number: int, entry: s.TableRowEntry) -> None:
        first, end = entry.in_force_from, entry.in_force_to
        if first is not None and end is not None and end <= first:
            message = f"row {number} is never in force: from {first} to {end}"
            hint = "'in_force_to' is the first day on which it no longer holds"
            self.findings.add(entry.mark, codes.WRONG_VALUE, message, hint)

    def _check_circles(self, bound: Mapping[str, tree.Table]) -> None:
        needs = {name: set(calls(table)) & bound.keys() for name, table in bound.items()}
        try:
            TopologicalSorter(needs).prepare()
        except CycleError as error:
            circle = list(reversed(error.args[1]))
            message = f"these tables call one another: {' -> '.join(circle)}"
            hint = "let one of them look only at its own inputs"
            self.findings.add(bound[circle[0]].mark, codes.TABLE_CIRCLE, message, hint)


def _more(name: str) -> t.Type | None:
    """Give the types that a table has beside those of fields, and lists of them."""
    inner = _LIST.fullmatch(name)
    if inner is None:
        return _MORE_TYPES.get(name)
    item = _more(inner[1])
    return None if item is None else t.ListType(item)


def is_name(name: str) -> bool:
    """Tell whether an expression can use a text as a name."""
    try:
        return bool(_IDENTIFIER.fullmatch(name)) and parse(name) == Name(name)
    except FeelSyntaxError:
        return False


def calls(table: tree.Table) -> Iterator[str]:
    """Name everything that a table's cells speak of, its own inputs apart."""
    own = {column.name for column in table.inputs} | {"?"}
    for cell in cells_of(table):
        for node in walk(cell.node):
            if isinstance(node, Name) and node.name not in own:
                yield node.name


def cells_of(table: tree.Table) -> Iterator[tree.Expression]:
    """Go through all expressions of a table."""
    yield from (each.allowed for each in table.inputs if each.allowed is not None)
    for output in table.outputs:
        yield from output.allowed
        if output.default is not None:
            yield output.default
    for row in table.rows:
        yield from (*row.when, *row.then)


def _is_word(word: str, mark: Mark) -> tree.Expression:
    node = Membership(Name("?"), (Literal(word),))
    return tree.Expression(to_literal(word), node, t.BOOLEAN, mark)


def _text(text: Text | None) -> str:
    return str(text or "")
