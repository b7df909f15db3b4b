"""Binds the types that a register's file names, with the range that a field's values keep to."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from pmo_engine.feel import types as t
from pmo_engine.feel.bounds import ends, takes
from pmo_engine.feel.quantities import as_number, is_quantity_type
from pmo_engine.feel.wire import WireError, from_wire
from pmo_engine.model.money import Money
from pmo_engine.source import codes
from pmo_engine.source.diagnostics import Mark
from pmo_engine.source.yaml_source import mark_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pmo_engine.compiler import schema as s
    from pmo_engine.compiler.binding.context import Findings

WHOLE = t.Simple(t.NUMBER.name, bounds=t.Bounds(whole=True))
PERCENT = t.Simple(t.NUMBER.name, bounds=t.Bounds(low=Decimal(0), high=Decimal(100), percent=True))


def ranged(findings: Findings, entry: s.FieldEntry, kind: t.Type) -> t.Type:
    """Give a field's type with the range that its values keep to, and where that is written."""
    if entry.from_ is None and entry.to is None and not entry.one_of:
        return _at(kind, entry.mark)
    if isinstance(kind, t.ListType):
        return t.ListType(ranged(findings, entry, kind.item))
    if not is_quantity_type(kind):
        message = f"{t.describe(kind)} has no range"
        hint = "'from', 'to' and 'one_of' are for numbers, money, days and durations"
        if kind == t.STRING and entry.one_of:
            hint = f"write type: [{', '.join(map(str, entry.one_of))}]"
        findings.add(entry.mark, codes.WRONG_VALUE, message, hint)
        return kind
    return _Ranged(findings, entry, kind).type()


def _at(kind: t.Type, mark: Mark) -> t.Type:
    """Say of a type that is bounded by its name where a field has it."""
    match kind:
        case t.Simple(bounds=t.Bounds() as bounds):
            return replace(kind, bounds=replace(bounds, mark=mark))
        case _:
            return kind


class _Ranged:
    """Reads the range of one field."""

    def __init__(self, findings: Findings, entry: s.FieldEntry, kind: t.Type) -> None:
        assert isinstance(kind, t.Simple | t.MoneyType)
        self.findings, self.entry, self.kind = findings, entry, kind
        self.own = kind.bounds or t.Bounds()

    def type(self) -> t.Type:
        """Give the type, with what of the range could be read."""
        low, high = self._end(self.entry.from_), self._end(self.entry.to)
        low = self.own.low if low is None else low
        high = self.own.high if high is None else high
        among = tuple(self._among())
        found = replace(self.own, low=low, high=high, among=among, mark=self.entry.mark)
        self._check(found)
        return replace(self.kind, bounds=found)

    def _among(self) -> Iterator[Any]:
        for each in self.entry.one_of:
            if (value := self._read(each)) is not None:
                yield value

    def _end(self, written: Any) -> Any:
        return None if written is None else self._read(written)

    def _read(self, written: Any) -> Any:
        """Read a value of the field's type, whose own ends a range may move."""
        kind = replace(self.kind, bounds=replace(self.own, low=None, high=None))
        if isinstance(kind, t.MoneyType) and kind.currency and written == "0":
            return Money(Decimal(0), kind.currency)  # nothing, in whatever currency
        try:
            return from_wire(kind, written, "")
        except WireError as error:
            mark = mark_of(written, self.entry.mark)
            self.findings.misread(error.value, mark, codes.WRONG_VALUE, error)
            return None

    def _check(self, found: t.Bounds) -> None:
        low, high = ends(found)
        if low is not None and high is not None and low > high:
            message = f"no value lies from {found.low} to {found.high}"
            mark = mark_of(self.entry.from_, self.entry.mark)
            self.findings.add(mark, codes.WRONG_VALUE, message, "swap the ends")
        apart = replace(self.kind, bounds=replace(found, among=()))
        outside = [each for each in found.among if not takes(apart, each)]
        if outside:
            message = f"{outside[0]} is one of them, and not {t.describe(apart)}"
            mark = mark_of(self.entry.one_of[0], self.entry.mark)
            self.findings.add(mark, codes.WRONG_VALUE, message, "leave out one of the two")
        if len(set(map(as_number, found.among))) < len(found.among):
            mark = mark_of(self.entry.one_of[0], self.entry.mark)
            self.findings.add(mark, codes.DECLARED_TWICE, "a value is named twice", "leave it out")
