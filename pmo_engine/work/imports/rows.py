"""Rows of a table become records of a register: all of them, or none and a report."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import field
from datetime import date, datetime
from itertools import chain
from typing import TYPE_CHECKING, Any

from pmo_engine.exchange.sheets import CellDay
from pmo_engine.feel import types as t
from pmo_engine.feel.wire import WireError, from_wire
from pmo_engine.model.frozen import dataclass
from pmo_engine.model.identifiers import IdentifierError
from pmo_engine.policy import ImportLayout
from pmo_engine.policy.registers import IMPORTED, record_type
from pmo_engine.source.diagnostics import nearest
from pmo_engine.work.errors import CommandError
from pmo_engine.work.facts import require_owner

if TYPE_CHECKING:
    from pmo_engine.policy import Register

OWN_LAYOUT = "fields by name"
_SPACES = re.compile("[\u00a0\u202f\u2009]")


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

    def submission(self) -> dict[str, Any]:
        """Give the fields of a new record."""
        return _given({**self.fields, **self.first})

    def changes(self) -> dict[str, Any]:
        """Give what to set in a record that is there; ``None`` takes a field away."""
        return dict(self.fields)


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


def prepare(
    register: Register,
    rows: Iterable[tuple[int, Mapping[str, str]]],
    mapping: str | None = None,
) -> Prepared:
    """Type the rows of a table, each with its line, by one of the register's import layouts.

    ``mapping`` names the layout; otherwise it is the first whose columns the table has. A register
    without layouts takes columns that are called as its fields. Raises CommandError where no
    layout fits.
    """
    rows = iter(rows)
    first = next(rows, None)
    if first is None:
        return Prepared(mapping or OWN_LAYOUT, (), ())
    layout = _layout(register, first[1].keys(), mapping)
    reader = _Reader(register, layout)
    records = tuple(reader.records(chain([first], rows)))
    return Prepared(layout.id, records, tuple(sorted(reader.problems)))


def _layout(register: Register, columns: Iterable[str], wanted: str | None) -> ImportLayout:
    present = list(columns)
    if not register.imports and wanted is None:
        return _own_layout(register, present)
    chosen = [layout for layout in register.imports if wanted in {None, layout.id}]
    if not chosen:
        known = ", ".join(layout.id for layout in register.imports) or "none"
        raise CommandError(f"register '{register.id}' has no import '{wanted}'; it has {known}")
    for layout in chosen:
        if set(_columns(layout)) <= set(present):
            return layout
    lacking = "; ".join(
        f"'{layout.id}' needs {', '.join(repr(c) for c in _columns(layout) if c not in present)}"
        for layout in chosen
    )
    raise CommandError(f"the table fits no import of register '{register.id}': {lacking}")


def _columns(layout: ImportLayout) -> list[str]:
    own = (layout.key, layout.project, layout.project_name)
    mapped = (column for _, column in (*layout.columns, *layout.first))
    return list(dict.fromkeys(column for column in (*own, *mapped) if column is not None))


def _own_layout(register: Register, columns: list[str]) -> ImportLayout:
    """Take columns by the names of fields; one that is no field is refused, not dropped."""
    fields = {*register.fields, *IMPORTED}
    for column in columns:
        if column not in fields | {"key", "project"}:
            hint = nearest(column, fields) or f"fields: key, project, {', '.join(sorted(fields))}"
            message = f"register '{register.id}' has no field for the column '{column}'"
            raise CommandError(f"{message} ({hint})")
    return ImportLayout(
        id=OWN_LAYOUT,
        key="key" if "key" in columns else None,
        project="project" if "project" in columns else None,
        project_name=None,
        columns=tuple((column, column) for column in columns if column in fields),
        first=(),
        dates=None,
        sign="",
        thousands="",
    )


@dataclass(slots=True)
class _Reader:
    """Reads rows by one layout and keeps what is wrong with them."""

    register: Register
    layout: ImportLayout
    problems: list[RowProblem] = field(default_factory=list)

    def records(self, rows: Iterable[tuple[int, Mapping[str, str]]]) -> Iterator[ImportedRecord]:
        seen: dict[tuple[str | None, str], int] = {}
        for line, row in rows:
            made = self._record(line, row)
            if made.key is not None:
                first = seen.setdefault((made.project, made.key), line)
                if first != line:
                    message = f"'{made.key}' is on line {first} already"
                    self._refuse(line, self.layout.key, message)
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
            text = cell if isinstance(cell, CellDay) else cell.strip()
            try:
                found[name] = _value(self.layout, kinds[name], text, name) if text else None
                require_owner(name, found[name])
            except (WireError, IdentifierError) as error:
                self._refuse(line, column, str(error))
        return found

    def _named(self, line: int, row: Mapping[str, str], column: str | None) -> str | None:
        if column is None:
            return None
        if not row[column].strip():
            self._refuse(line, column, "is empty")
        return row[column].strip()

    def _refuse(self, line: int, column: str | None, message: str) -> None:
        self.problems.append(RowProblem(line, column or "", message))


def _value(layout: ImportLayout, kind: t.Type, text: str, name: str) -> Any:
    formatted = bool(layout.sign or layout.thousands or layout.decimal != ".")
    match kind:
        case t.MoneyType(str(currency)) if formatted:
            return from_wire(kind, f"{_digits(layout, text, name)} {currency}", name)
        case t.NUMBER if formatted:
            return from_wire(kind, _digits(layout, text, name), name)
        case t.BOOLEAN if text.casefold() in {"true", "false"}:  # a spreadsheet shouts
            return text.casefold() == "true"
        case t.DATE if isinstance(text, CellDay):
            return text.day
        case t.DATE if layout.dates is not None:
            return _day(layout.dates, text, name)
        case _:
            return from_wire(kind, text, name)


def _digits(layout: ImportLayout, text: str, name: str) -> str:
    """Take sign and separators off an amount, so that ``-$1,234.50`` is ``-1234.50``.

    A sign may stand before or behind it; a space is a space, whether lines break there or not.
    """
    mark = _SPACES.sub(" ", layout.thousands)
    sign, between, point = map(re.escape, (layout.sign, mark, layout.decimal))
    whole = rf"[0-9]{{1,3}}(?:{between}[0-9]{{3}})+|[0-9]+" if mark else "[0-9]+"
    amount = rf"(-?)(?:{sign} ?)?(-?)({whole})(?:{point}([0-9]+))?(?: ?{sign})?"
    found = re.fullmatch(amount, _SPACES.sub(" ", text))
    if found is None or (found[1] and found[2]):
        form = f"{layout.sign}1{layout.thousands}234{layout.decimal}50"
        raise WireError(name, f"'{text}' is not written as in {form}")
    minus, inner, digits, minor = found.groups(default="")
    plain = digits.replace(mark, "") if mark else digits
    return f"{minus}{inner}{plain}{f'.{minor}' if minor else ''}"


def _day(form: str, text: str, name: str) -> date:
    try:
        return datetime.strptime(text, form).date()  # noqa: DTZ007 - a day has no zone
    except ValueError:
        example = date(2026, 3, 2).strftime(form)
        raise WireError(name, f"'{text}' is not written as in {example}") from None


def _given(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value is not None}
