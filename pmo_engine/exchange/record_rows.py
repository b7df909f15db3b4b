"""Rows of a table become records of a register: all of them, or none and a report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import field, replace
from itertools import chain
from typing import TYPE_CHECKING, Any

from pmo_engine.exchange.cell_values import (
    alike_in_words,
    as_formatted,
    as_said,
    hint_of,
    is_a_total,
    is_formula,
    is_not_known,
    items_of,
    may_be_two,
)
from pmo_engine.exchange.errors import MappingError
from pmo_engine.exchange.headings import alike
from pmo_engine.exchange.sheets import CellAmount, CellDay
from pmo_engine.feel import types as t
from pmo_engine.feel.wire import WireError, from_wire
from pmo_engine.model.frozen import dataclass
from pmo_engine.model.identifiers import IdentifierError, canonical
from pmo_engine.policy import ImportLayout
from pmo_engine.policy.registers import IMPORTED, OWNER, STATUS, record_type
from pmo_engine.source.diagnostics import nearest

if TYPE_CHECKING:
    from pmo_engine.policy import Register

OWN_LAYOUT = "fields by name"
OWN_HEADING = frozenset({"key", STATUS})
"""Columns by which the heading of a table is known that the engine wrote itself."""


@dataclass(frozen=True, slots=True)
class ImportedRecord:
    """What one row says: typed fields, ``None`` where its cell is empty.

    ``first`` are fields for a new record alone; one that is there keeps its own. ``key`` is
    ``None`` where the table has none, ``project`` where it does not say.
    """

    line: int
    key: str | None
    project: str | None
    project_name: str | None
    fields: Mapping[str, Any]
    first: Mapping[str, Any]

    @property
    def state(self) -> str | None:
        """The state that the record is to be in, where the table says one."""
        state: str | None = {**self.fields, **self.first}.get(STATUS)
        return state

    def submission(self) -> dict[str, Any]:
        """Give the fields of a new record."""
        return _given(_stateless({**self.fields, **self.first}))

    def changes(self) -> dict[str, Any]:
        """Give what to set in a record that is there; ``None`` takes a field away."""
        return _stateless(self.fields)


@dataclass(frozen=True, slots=True, order=True)
class RowProblem:
    """Why a row cannot be imported; ``column`` is the table's, or empty."""

    line: int
    column: str
    message: str

    def __str__(self) -> str:
        """Give the line of the report."""
        return f"line {self.line}: {f'{self.column}: ' if self.column else ''}{self.message}"


@dataclass(frozen=True, slots=True)
class Prepared:
    """What a table holds; nothing of it may be stored where there are problems."""

    layout: str
    records: tuple[ImportedRecord, ...]
    problems: tuple[RowProblem, ...]
    remarks: tuple[str, ...] = ()  # what was read otherwise than it is written


def columns_of(register: Register, mapping: str | None = None) -> list[frozenset[str]]:
    """Name the columns that each of a register's import layouts needs, or the one named.

    Of a register without layouts any that is called as a field tells the heading.
    """
    if not register.imports and mapping is None:
        return [frozenset({alike(each)}) for name in _own_names(register) for each in _forms(name)]
    chosen = [each for each in register.imports if mapping in {None, each.id}]
    own = [] if mapping is not None else [OWN_HEADING]
    return [*(frozenset(map(alike, _columns(layout))) for layout in chosen), *own]


def prepare(
    register: Register,
    rows: Iterable[tuple[int, Mapping[str, str]]],
    mapping: str | None = None,
    read: Callable[[t.Type, Any, str], Any] = from_wire,
    person: Callable[[str], str | None] = str,
) -> Prepared:
    """Type the rows of a table, each with its line, by one of the register's import layouts.

    ``mapping`` names the layout; otherwise it is the first whose columns the table has. A register
    without layouts takes columns that are called as its fields. Raises MappingError where no
    layout fits. ``read`` types what is written as the engine has it, as in ``60000 EUR``;
    ``person`` gives the id of whom an owner's name means, None where nobody is known by it.
    """
    rows = iter(rows)
    first = next(rows, None)
    if first is None:
        return Prepared(mapping or OWN_LAYOUT, (), ())
    layout = _layout(register, first[1].keys(), mapping)
    reader = _Reader(register, layout, read, person)
    records = tuple(reader.records(chain([first], rows)))
    return Prepared(layout.id, records, tuple(sorted(reader.problems)), tuple(reader.remarks()))


def _layout(register: Register, columns: Iterable[str], wanted: str | None) -> ImportLayout:
    present = list(columns)
    if not register.imports and wanted is None:
        return _own_layout(register, present)
    chosen = [layout for layout in register.imports if wanted in {None, layout.id}]
    if not chosen:
        known = ", ".join(layout.id for layout in register.imports) or "none"
        raise MappingError(f"register '{register.id}' has no import '{wanted}'; it has {known}")
    written = {alike(each): each for each in present}
    for layout in chosen:
        if set(map(alike, _columns(layout))) <= written.keys():
            return _as_written(layout, written)
    if wanted is None and written.keys() >= OWN_HEADING:
        return _own_layout(register, present)
    lacking = "; ".join(
        f"'{layout.id}' needs "
        f"{', '.join(repr(c) for c in _columns(layout) if alike(c) not in written)}"
        for layout in chosen
    )
    raise MappingError(f"the table fits no import of register '{register.id}': {lacking}")


def _as_written(layout: ImportLayout, written: Mapping[str, str]) -> ImportLayout:
    """Give a layout with its columns as the table writes them."""

    def of(columns: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
        return tuple((name, written[alike(column)]) for name, column in columns)

    def one(column: str | None) -> str | None:
        return None if column is None else written[alike(column)]

    return replace(
        layout,
        key=one(layout.key),
        project=one(layout.project),
        project_name=one(layout.project_name),
        columns=of(layout.columns),
        first=of(layout.first),
    )


def _columns(layout: ImportLayout) -> list[str]:
    own = (layout.key, layout.project, layout.project_name)
    mapped = (column for _, column in (*layout.columns, *layout.first))
    return list(dict.fromkeys(column for column in (*own, *mapped) if column is not None))


def _own_layout(register: Register, columns: list[str]) -> ImportLayout:
    """Take columns by the names of fields; one that is no field is refused, not dropped.

    Case, and blanks for ``_``, make no other name.
    """
    names = {alike_in_words(name): name for name in _own_names(register)}
    found: dict[str, str] = {}
    for column in columns:
        name = names.get(alike_in_words(column), column)
        if name not in names.values():
            fields = sorted({*names.values()} - {"key", "project"})
            hint = nearest(column, fields) or f"fields: key, project, {', '.join(fields)}"
            message = f"register '{register.id}' has no field for the column '{column}'"
            way = f"'pmo records mapping {register.id} FILE --save NAME' takes a table as it is"
            raise MappingError(f"{message} ({hint}); {way}")
        if name in found:
            raise MappingError(f"the columns '{found[name]}' and '{column}' are both '{name}'")
        found[name] = column
    return ImportLayout(
        id=OWN_LAYOUT,
        key=found.pop("key", None),
        project=found.pop("project", None),
        project_name=None,
        columns=tuple(found.items()),
        first=(),
        dates=None,
        sign="",
        thousands="",
    )


def _own_names(register: Register) -> list[str]:
    return ["key", "project", STATUS, *sorted(IMPORTED), *register.given]


def _forms(name: str) -> set[str]:
    return {name, name.replace("_", " ")}


@dataclass(slots=True)
class _Reader:
    """Reads rows by one layout and keeps what is wrong with them."""

    register: Register
    layout: ImportLayout
    read: Callable[[t.Type, Any, str], Any]
    person: Callable[[str], str | None]
    problems: list[RowProblem] = field(default_factory=list)
    taken: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    alone: Counter[tuple[str, str]] = field(default_factory=Counter)  # numbers, by column and unit

    def remarks(self) -> Iterator[str]:
        """Say what was read otherwise than it is written, and in how many rows."""
        for (column, unit), count in self.alone.items():
            yield f"{column}: a number alone is taken in {unit} ({count} row{'s' * (count != 1)})"
        for (column, text, said), count in self.taken.items():
            yield f"{column}: '{text}' is taken as {said} ({count} row{'s' * (count != 1)})"

    def records(self, rows: Iterable[tuple[int, Mapping[str, str]]]) -> Iterator[ImportedRecord]:
        seen: dict[tuple[str | None, str], tuple[int, str]] = {}
        for line, row in rows:
            if is_a_total(row, self.layout.key):
                self._refuse(line, self.layout.key, "a row of totals is no record: take it out")
                continue
            made = self._record(line, row)
            if made.key is not None:
                place = made.project, made.key.casefold()
                first, written = seen.setdefault(place, (line, made.key))
                if first != line:
                    self._refuse(line, self.layout.key, _again(made.key, written, first))
            yield made

    def _record(self, line: int, row: Mapping[str, str]) -> ImportedRecord:
        fields = self._typed(line, row, self.layout.columns)
        first = _given(self._typed(line, row, self.layout.first))
        for name, declared in self.register.fields.items():
            if declared.required and fields.get(name) is None and name not in first:
                columns = dict((*self.layout.columns, *self.layout.first))
                self._refuse(line, columns.get(name), f"'{name}' has to be given")
        return ImportedRecord(
            line,
            self._named(line, row, self.layout.key),
            self._named(line, row, self.layout.project),
            self._named(line, row, self.layout.project_name),
            fields,
            first,
        )

    def _typed(
        self, line: int, row: Mapping[str, str], columns: Iterable[tuple[str, str]]
    ) -> dict[str, Any]:
        kinds = dict(record_type(self.register).entries)
        found: dict[str, Any] = {}
        for name, column in columns:
            cell = row[column]
            text = cell if isinstance(cell, CellDay | CellAmount) else cell.strip()
            if is_not_known(kinds[name], text):
                self.taken[column, text, "not known"] += 1
                text = ""
            try:
                found[name] = self._value(kinds[name], text, name, column) if text else None
                if name == OWNER and found[name] is not None:
                    canonical(found[name], OWNER)
            except (WireError, IdentifierError) as error:
                said = str(error).removeprefix(f"{column}: " if name == column else "")
                self._refuse(line, column, f"{said}{hint_of(kinds[name], text)}")
        return found

    def _value(self, kind: t.Type, text: str, name: str, column: str) -> Any:
        if isinstance(kind, t.ListType):
            return [self._value(kind.item, each, name, column) for each in items_of(text)]
        if kind == t.STRING:
            return self._text(text, name, column)
        formatted = as_formatted(self.layout, kind, text, name)
        if formatted is not None:
            return formatted
        if isinstance(text, CellAmount) and isinstance(kind, t.MoneyType):
            text = text.shown
        meant = as_said(kind, text)
        try:
            value = self.read(kind, meant, name)
        except WireError as error:
            readings = () if may_be_two(kind, text) else error.readings
            if len(readings) != 1:
                raise
            (meant,) = readings
            value = self.read(kind, meant, name)
        if isinstance(kind, t.MoneyType) and meant.startswith(f"{text} "):
            self.alone[column, meant.removeprefix(f"{text} ")] += 1
        elif meant != text:
            self.taken[column, text, f"'{meant}'"] += 1
        return value

    def _text(self, text: str, name: str, column: str) -> str:
        """Take a text as it stands; say where it is a formula, or whom an owner's name means."""
        value: str = self.read(t.STRING, text, name)
        if is_formula(value):
            self.taken[column, text, "a text, and not worked out"] += 1
        if name != OWNER:
            return value
        person = self.person(value)
        if person != value:
            said = "somebody whom nobody here knows" if person is None else f"'{person}'"
            self.taken[column, text, said] += 1
        return person or value

    def _named(self, line: int, row: Mapping[str, str], column: str | None) -> str | None:
        if column is None:
            return None
        if not row[column].strip():
            self._refuse(line, column, "is empty")
        return row[column].strip()

    def _refuse(self, line: int, column: str | None, message: str) -> None:
        self.problems.append(RowProblem(line, column or "", message))


def _again(key: str, written: str, line: int) -> str:
    if key == written:
        return f"'{key}' is on line {line} already"
    return f"'{key}' is '{written}' of line {line}, written otherwise: one record, or two keys?"


def _stateless(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if name != STATUS}


def _given(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value is not None}
