"""The records of many projects at once, with no more of each than is looked at."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from functools import lru_cache
from itertools import groupby
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select
from sqlalchemy.orm import class_mapper
from sqlmodel import col

from pmo_engine.feel.bounds import unbounded
from pmo_engine.feel.types import DATE, MoneyType
from pmo_engine.feel.values import Record
from pmo_engine.feel.wire import WireError, from_wire
from pmo_engine.model.fact_paths import FactPath, is_plain
from pmo_engine.model.money import minor_digits, money_in
from pmo_engine.policy.events import by_the_clocks_of
from pmo_engine.policy.rates import day_decided, in_own_currency
from pmo_engine.policy.registers import record_type
from pmo_engine.store.columns import as_written, documents_of
from pmo_engine.store.tables import Entry

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

    from sqlalchemy import Row

    from pmo_engine.feel.types import Type
    from pmo_engine.model.money import Money
    from pmo_engine.policy import Policy, Register
    from pmo_engine.queries.view import View

OWN = ("standing", "owner", "due", "submitted_by", "submitted_at", "decided_at", "closed_at")
"""What the engine itself keeps of every record, beside its key and its status."""
MOMENTS = frozenset({"submitted_at", "decided_at", "closed_at"})
"""Those of them that formulas read by the office's clocks."""
MOST_KNOWN = 100_000
"""So many different values of a field are remembered while records are read."""
_ABSENT = object()
"""Stands for a field that a document does not have."""
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}").fullmatch
_COLUMNS = ("project", "register_name", "key", "status")
_ALWAYS = ("standing", "closed_at")
"""What tells which records count, and which are open."""


def states(view: View) -> dict[str, tuple[int, int]]:
    """Give how many records each place has and how often they were written: it only ever grows."""
    project, version = col(Entry.project), col(Entry.version)
    counted = select(project, func.count(), func.sum(version)).group_by(project)
    return {id: (number, written) for id, number, written in view.uow.select(counted)}


def _as_usual(kind: Type) -> Callable[[str], Any]:
    """Give what types a text as it is usually written; it gives None for the rest."""
    if kind == DATE:
        return _day
    if not isinstance(kind, MoneyType) or kind.currency is None:
        return _otherwise
    currency, digits = kind.currency, minor_digits(kind.currency)
    part = rf"(?:\.[0-9]{{1,{digits}}})?" if digits else ""
    written = re.compile(rf"(-?[0-9]{{1,18}}{part}) {currency}").fullmatch
    made = money_in(currency)

    def amount(text: str) -> Money | None:
        found = written(text)
        return None if found is None else made(Decimal(found[1]))

    return amount


def _otherwise(_text: str) -> None:
    """Stand where nothing is usual."""


@lru_cache(maxsize=MOST_KNOWN)
def _day(text: str) -> date | None:
    if _DAY(text) is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


class Reader:
    """Reads records as formulas see them: ``fields`` of each register, by its id."""

    def __init__(self, policy: Policy, day: date, fields: Mapping[str, Collection[str]]) -> None:
        wanted = {name for names in fields.values() for name in names}
        dated = ("decided_at",) if policy.rates else ()
        self.own = tuple(each for each in OWN if each in {*wanted, *_ALWAYS, *dated})
        typed = {id: _Typed(policy, policy.registers[id], fields[id], self.own) for id in fields}
        self._registers, self.day = typed, day

    def read(self, view: View, places: Collection[str]) -> Iterator[tuple[str, str, Record]]:
        """Give the place, the register's id and the record of each, in the order of their keys."""
        for place, register, records in self.together(view, places):
            for record in records:
                yield place, register, record

    def together(
        self, view: View, places: Collection[str]
    ) -> Iterator[tuple[str, str, list[Record]]]:
        """Give each place, each register's id there, and its records in the order of their keys."""
        kept = class_mapper(Entry).local_table.c
        columns = (kept[name] for name in (*_COLUMNS, *self.own))
        wanted = select(as_written(kept.document), *columns)
        wanted = wanted.where(kept.register_name.in_(sorted(self._registers)))
        wanted = wanted.where(kept.project.in_(sorted(places)))
        rows = view.uow.select(wanted.order_by(*(kept[name] for name in _COLUMNS[:3])))
        documents = documents_of(kept.document, [row[0] for row in rows])
        for (place, register), several in groupby(zip(rows, documents, strict=True), _home):
            typed = self._registers[register]
            yield place, register, typed.records(place, list(several), self.day)


def _home(kept: tuple[Row[Any], Any]) -> tuple[str, str]:
    row = kept[0]
    return row[1], row[2]


class _Known(dict[str, Any]):
    """What the texts of a field are; each is typed when it is met first."""

    def __init__(self, typed: Callable[[str], Any]) -> None:
        super().__init__()
        self.typed = typed

    def __missing__(self, text: str) -> Any:
        value = self.typed(text)
        if value is not None and len(self) < MOST_KNOWN:
            self[text] = value
        return value


class _Typed:
    """Types the records of one register; a value is typed once, however often it is met.

    But for money, of which most amounts are met once.
    """

    def __init__(
        self, policy: Policy, register: Register, wanted: Collection[str], own: tuple[str, ...]
    ) -> None:
        self.policy, self.plural = policy, register.plural
        kinds = dict(record_type(register).entries)
        declared = register.fields
        of = {f.name: f.first_of for f in declared.values() if f.first_of and f.name in wanted}
        self.firsts = of
        names = [name for name in sorted({*wanted, *of.values()}) if name in declared]
        self.known = {name: _Known(_as_usual(kinds[name])) for name in names}
        self.fields = [
            (name, self._reads(kinds[name], known)) for name, known in self.known.items()
        ]
        self.kinds, self.own, self.declared = kinds, own, kinds.keys()
        self.clocks = policy.calendar.clocks
        self.moments = [name for name in own if name in wanted and name in MOMENTS]

    def _reads(self, kind: Type, known: _Known) -> Callable[[str], Any]:
        usual = isinstance(kind, MoneyType) and kind.currency is not None
        return known.typed if usual else known.__getitem__

    def records(
        self, place: str, kept: Sequence[tuple[Row[Any], Mapping[str, Any]]], today: date
    ) -> list[Record]:
        """Give the stored records of a place as formulas see them."""
        path = self._paths(place, [row[3] for row, _ in kept])
        return [self._record(path(row[3]), row, document, today) for row, document in kept]

    def _paths(self, place: str, keys: Iterable[str]) -> Callable[[str], str]:
        """Give what names the paths of records by their keys."""
        if is_plain(f"{place}/{''.join(keys)}"):
            begin = f"{self.plural}[{place}/"
            return lambda key: f"{begin}{key}]"
        every = FactPath(self.plural)
        return lambda key: every.record(f"{place}/{key}")

    def _record(self, path: str, row: Row[Any], document: Mapping[str, Any], today: date) -> Record:
        _, _, _, key, status, *own = row
        found = Record(path, {"key": key}, self.declared)
        get = document.get
        for name, read in self.fields:
            raw = get(name, _ABSENT)
            if type(raw) is str:
                value = read(raw)
                if value is not None:
                    found[name] = value
                    continue
            if raw is not _ABSENT:
                found |= self._typed(name, raw, self._day(own, today), path)
        for name, first_of in self.firsts.items():
            if first_of in found:
                found.setdefault(name, found[first_of])
        for name, value in zip(self.own, own):  # noqa: B905 - of one length, and called often
            if value is not None:
                found[name] = value
        for name in self.moments:
            if name in found:
                found[name] = by_the_clocks_of(self.clocks, found[name])
        found["status"] = status
        return found

    def _typed(self, name: str, raw: Any, day: date, record: str) -> dict[str, Any]:
        """Type what is not written as usual; what the register does not take is not given."""
        path, kind, known = FactPath(record).field(name), self.kinds[name], self.known[name]
        try:
            given = in_own_currency(self.policy, kind, raw, path, day)
            value = by_the_clocks_of(self.clocks, from_wire(unbounded(kind), given, path))
        except WireError:
            return {}
        if given is raw and type(raw) is str and len(known) < MOST_KNOWN:
            known[raw] = value
        return {name: value}

    def _day(self, own: list[Any], today: date) -> date:
        """Give the day of whose rate an amount of another currency is."""
        if not self.policy.rates:
            return today
        return day_decided(self.policy, own[self.own.index("decided_at")]) or today
