"""The records of many projects at once, with no more of each than is looked at."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from functools import lru_cache
from itertools import groupby, islice
from operator import itemgetter
from typing import TYPE_CHECKING, Any, TypeAlias

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
from pmo_engine.store.columns import as_from_the_driver, as_written, documents_of, moment_of
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
AT_ONCE = 100
"""So many records of a register are typed at once."""
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}").fullmatch
_COLUMNS = ("project", "register_name", "key", "status")
_HOME = itemgetter(1, 2)
"""Takes the place and the register of a row."""
_Stored: TypeAlias = "tuple[Row[Any], Mapping[str, Any]]"
"""The row of a record, and its document."""
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
    currency = kind.currency
    written = re.compile(rf"(-?[0-9]{{1,18}}{_part(currency)}) {currency}").fullmatch
    made = money_in(currency)

    def amount(text: str) -> Money | None:
        found = written(text)
        return None if found is None else made(Decimal(found[1]))

    return amount


def _part(currency: str) -> str:
    """Give the pattern of what may stand after the point of an amount."""
    digits = minor_digits(currency)
    return rf"(?:\.[0-9]{{1,{digits}}})?" if digits else ""


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
        columns = [kept[name] for name in (*_COLUMNS, *self.own)]
        wanted = select(as_written(kept.document), *map(as_from_the_driver, columns))
        wanted = wanted.where(kept.register_name.in_(sorted(self._registers)))
        wanted = wanted.where(kept.project.in_(sorted(places)))
        rows = view.uow.select(wanted.order_by(*(kept[name] for name in _COLUMNS[:3])))
        documents = documents_of(kept.document, [row[0] for row in rows])
        homes = [(home, len(list(several))) for home, several in groupby(rows, _HOME)]
        stored: dict[str, list[_Stored]] = {}
        both = zip(rows, documents, strict=True)
        for (_, register), number in homes:
            stored.setdefault(register, []).extend(islice(both, number))
        read = {id: self._registers[id].records(of, self.day) for id, of in stored.items()}
        for (place, register), number in homes:
            yield place, register, list(islice(read[register], number))


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


def _reads(kind: Type, known: _Known) -> Callable[[list[str]], Iterable[Any]]:
    """Give what types the texts of a field, None for each that is not written as usual."""
    if not isinstance(kind, MoneyType) or kind.currency is None:
        return lambda texts: map(known.__getitem__, texts)
    currency, part = kind.currency, _part(kind.currency)
    every = re.compile(rf"(?:-?[0-9]{{1,18}}{part} {currency}\n)*").fullmatch
    made, end = money_in(currency), f" {currency}\n"

    def amounts(texts: list[str]) -> Iterable[Any]:
        written = "".join(f"{text}\n" for text in texts)
        if every(written) is None or written.count("\n") != len(texts):
            return map(known.typed, texts)
        return [made(Decimal(amount)) for amount in written.split(end)[:-1]]

    return amounts


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
        self.fields = {name: _reads(kinds[name], known) for name, known in self.known.items()}
        self.kinds, self.own, self.declared = kinds, own, kinds.keys()
        self.clocks = policy.calendar.clocks
        self.moments = [name for name in own if name in wanted and name in MOMENTS]

    def records(self, stored: Sequence[_Stored], today: date) -> Iterator[Record]:
        """Give stored records as formulas see them, so many at once as a processor has at hand."""
        for at in range(0, len(stored), AT_ONCE):
            yield from self._records(stored[at : at + AT_ONCE], today)

    def _records(self, stored: Sequence[_Stored], today: date) -> list[Record]:
        """Type them field by field, over all of them."""
        found = [
            Record(path, {"key": row[3]}, self.declared)
            for path, (row, _) in zip(self._paths(stored), stored, strict=True)
        ]
        for name in self.fields:
            self._read(name, found, stored, today)
        for name, first_of in self.firsts.items():
            for record in found:
                if first_of in record:
                    record.setdefault(name, record[first_of])
        for at, name in enumerate(self.own, len(_COLUMNS) + 1):
            self._put(name, found, [row[at] for row, _ in stored])
        self._put("status", found, [row[4] for row, _ in stored])
        return found

    def _paths(self, stored: Sequence[_Stored]) -> list[str]:
        """Name the paths of records by their places and keys."""
        keys = [f"{row[1]}/{row[3]}" for row, _ in stored]
        if is_plain("".join(keys)):
            return [f"{self.plural}[{key}]" for key in keys]
        return [*map(FactPath(self.plural).record, keys)]

    def _read(
        self, name: str, records: Sequence[Record], stored: Sequence[_Stored], today: date
    ) -> None:
        """Put what a field is into each record that has it."""
        given = [document.get(name, _ABSENT) for _, document in stored]
        read = iter(self.fields[name]([each for each in given if type(each) is str]))
        for at, (record, raw) in enumerate(zip(records, given, strict=True)):
            value = next(read) if type(raw) is str else None
            if value is not None:
                record[name] = value
            elif raw is not _ABSENT:
                day = self._day(stored[at][0], today)
                record.update(self._typed(name, raw, day, record.path))

    def _put(self, name: str, records: Sequence[Record], values: Sequence[Any]) -> None:
        """Put what the engine itself keeps into each record, where there is something."""
        moment = name in MOMENTS
        for record, value in zip(records, values, strict=True):
            if value is not None:
                read = moment_of(value) if moment else value
                record[name] = by_the_clocks_of(self.clocks, read) if name in self.moments else read

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

    def _day(self, row: Row[Any], today: date) -> date:
        """Give the day of whose rate an amount of another currency is."""
        if not self.policy.rates:
            return today
        decided = row[len(_COLUMNS) + 1 + self.own.index("decided_at")]
        return day_decided(self.policy, decided and moment_of(decided)) or today
