"""Event logs in CSV: one event per row, the rows of a case together."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import tzinfo
from itertools import groupby, islice
from operator import attrgetter
from pathlib import Path
from typing import NamedTuple

from pmo_engine.exchange.delimited import read_records
from pmo_engine.exchange.errors import Fault, quoted
from pmo_engine.exchange.event_logs.records import (
    MAX_CASE_EVENTS,
    Columns,
    RecordedCase,
    RecordedEvent,
    sort_by_time,
)
from pmo_engine.exchange.event_logs.timestamps import to_utc


def read_csv(
    path: Path, wanted: frozenset[str] | None, zone: tzinfo | None, columns: Columns
) -> Iterator[tuple[RecordedCase, bool]]:
    """Yield each case, and whether its events had to be put in the order of time.

    Columns in `wanted` (all others if None) become attributes of the event; an empty field is an
    attribute that is not there. To see that no case comes back later, the names of the cases read
    so far are kept, and nothing else of them.
    """
    seen: set[str] = set()
    for case, rows in groupby(_rows(path, wanted, zone, columns), key=attrgetter("case")):
        events = [row.event for row in islice(rows, MAX_CASE_EVENTS + 1)]
        if case in seen:
            raise Fault(
                f"case {quoted(case)} comes back after rows of other cases",
                f"sort the file by {columns.case!r}",
            ).at(path, events[0].line)
        if len(events) > MAX_CASE_EVENTS:
            fault = Fault(f"more than {MAX_CASE_EVENTS:,} events in case {quoted(case)}")
            raise fault.at(path, events[-1].line)
        seen.add(case)
        moved = sort_by_time(events)
        yield RecordedCase(case, {}, events), moved


class _Row(NamedTuple):
    case: str
    event: RecordedEvent


def _rows(
    path: Path, wanted: frozenset[str] | None, zone: tzinfo | None, columns: Columns
) -> Iterator[_Row]:
    records = read_records(path)
    line, header = next(records)
    try:
        case, activity, timestamp = (_position(header, column) for column in columns)
    except Fault as fault:
        raise fault.at(path, line) from None
    kept = [
        (name, number)
        for number, name in enumerate(header)
        if number not in {case, activity, timestamp} and (wanted is None or name in wanted)
    ]
    for line, fields in records:
        try:
            attributes = {name: fields[number] for name, number in kept if fields[number]}
            at = to_utc(_filled(fields[timestamp], columns.timestamp), zone)
            name = _filled(fields[activity], columns.activity)
            event = RecordedEvent(name, at, attributes, line)
            yield _Row(_filled(fields[case], columns.case), event)
        except Fault as fault:
            raise fault.at(path, line) from None


def _position(header: list[str], column: str) -> int:
    if column not in header:
        raise Fault(f"no column {quoted(column)}", f"the file has {', '.join(map(quoted, header))}")
    return header.index(column)


def _filled(value: str, column: str) -> str:
    if not value:
        raise Fault(f"an event whose {column!r} is empty")
    return value
