"""Event logs in XES (IEEE 1849), read by expat, a chunk at a time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, tzinfo
from io import BufferedIOBase
from pathlib import Path
from typing import Final, NoReturn
from xml.parsers import expat

from pmo_engine.exchange.errors import Fault, HistoryError, quoted
from pmo_engine.exchange.event_logs.records import (
    MAX_CASE_EVENTS,
    RecordedCase,
    RecordedEvent,
    sort_by_time,
)
from pmo_engine.exchange.event_logs.timestamps import to_utc
from pmo_engine.exchange.files import READ_ERRORS, opened, read_fault

NAME = "concept:name"
TIMESTAMP = "time:timestamp"

CHUNK_BYTES = 1 << 18
MAX_TOKEN_BYTES = 1 << 20
MAX_DEPTH = 64
MAX_ATTRIBUTES = 10_000
MAX_WORDS = 1_000

# Depths below the document at which the attributes of a trace and of an event stand.
OUTSIDE: Final = 0
IN_TRACE: Final = 3
IN_EVENT: Final = 4


def read_xes(
    path: Path, wanted: frozenset[str] | None, zone: tzinfo | None
) -> Iterator[tuple[RecordedCase, bool]]:
    """Yield each case, and whether its events had to be put in the order of time.

    `wanted` names the attributes to keep (all if None); name and timestamp are always read.
    """
    with opened(path) as file:
        parser = _CaseParser(path, wanted, zone)
        while chunk := parser.read(file):
            parser.feed(chunk)
            yield from parser.taken()
        parser.finish()
        yield from parser.taken()


class _CaseParser:
    """Builds cases from expat's events; the two handlers run for every element of the file."""

    def __init__(self, path: Path, wanted: frozenset[str] | None, zone: tzinfo | None) -> None:
        self._path = path
        self._keep_all = wanted is None
        self._wanted = (wanted or frozenset()) | {NAME, TIMESTAMP}
        self._zone = zone
        self._fed = 0
        self._depth = 0
        self._level = OUTSIDE
        self._cases: list[tuple[RecordedCase, bool]] = []
        self._trace: dict[str, str] = {}
        self._events: list[RecordedEvent] = []
        self._attributes = self._trace
        self._at: datetime | None = None
        self._case_place = self._event_place = (1, 1)
        self._expat = expat.ParserCreate()
        self._expat.buffer_text = True
        self._expat.StartElementHandler = self._start
        self._expat.EndElementHandler = self._end
        self._expat.StartDoctypeDeclHandler = self._refuse_doctype

    def read(self, file: BufferedIOBase) -> bytes:
        """Read the next chunk; empty at the end."""
        try:
            return file.read(CHUNK_BYTES)
        except READ_ERRORS as error:
            raise self._here(read_fault(error)) from None

    def feed(self, chunk: bytes) -> None:
        """Parse a chunk and check the bounds that keep memory constant."""
        self._parse(chunk, final=False)
        self._fed += len(chunk)
        if self._fed - self._expat.CurrentByteIndex > MAX_TOKEN_BYTES:
            self._fail(f"a value or comment here is longer than {MAX_TOKEN_BYTES:,} bytes")
        if len(self._attributes) > MAX_ATTRIBUTES:
            self._fail(f"more than {MAX_ATTRIBUTES:,} attributes in one place")
        if len(self._expat.intern) > MAX_WORDS:
            self._fail(f"more than {MAX_WORDS:,} different names of elements: not an XES log")

    def finish(self) -> None:
        """Check that the file ended where the log does."""
        if not self._fed:
            self._fail("the file is empty")
        self._parse(b"", final=True)

    def taken(self) -> list[tuple[RecordedCase, bool]]:
        """Hand over the cases that are complete."""
        cases, self._cases = self._cases, []
        return cases

    def _parse(self, chunk: bytes, *, final: bool) -> None:
        try:
            self._expat.Parse(chunk, final)
        except expat.ExpatError as error:
            reason = expat.ErrorString(error.code)
            message = f"the log is cut off{self._of_case()}" if final else f"not XML: {reason}"
            raise HistoryError(
                str(self._path), error.lineno, error.offset + 1, message, reason if final else ""
            ) from None
        except (LookupError, ValueError) as error:
            self._fail(f"the encoding that the file declares cannot be read: {error}")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth = depth = self._depth + 1
        if depth == self._level:
            key = attributes.get("key")
            if key is None:
                self._open_event(name)
            elif (self._keep_all or key in self._wanted) and "value" in attributes:
                value = attributes["value"]
                if key == TIMESTAMP:
                    self._at = self._time(value)
                else:
                    self._attributes[key] = value
        elif depth < IN_TRACE:
            self._open_top(name)
        elif depth > MAX_DEPTH:
            self._fail(f"elements are nested deeper than {MAX_DEPTH}")

    def _end(self, _name: str) -> None:
        self._depth = depth = self._depth - 1
        if depth < self._level - 1:
            if self._level == IN_EVENT:
                self._close_event()
            else:
                self._close_trace()

    def _open_top(self, name: str) -> None:
        if self._depth == 1 and name != "log":
            self._fail(f"not an XES log: it begins with <{name}>", "an XES log begins with <log>")
        if self._depth > 1 and name == "event":
            self._fail("an event outside of any case", "put it into a <trace>")
        if self._depth > 1 and name == "trace":
            self._level = IN_TRACE
            self._trace, self._events = {}, []
            self._attributes = self._trace
            self._case_place = self._place()

    def _open_event(self, name: str) -> None:
        if self._level != IN_TRACE or name != "event":
            self._fail(f"<{name}> has no key", "every XES attribute has a key and a value")
        if len(self._events) >= MAX_CASE_EVENTS:
            self._fail(f"more than {MAX_CASE_EVENTS:,} events{self._of_case()}")
        self._level = IN_EVENT
        self._attributes = {}
        self._at = None
        self._event_place = self._place()

    def _close_event(self) -> None:
        attributes, at = self._attributes, self._at
        activity = attributes.pop(NAME, None)
        if not activity:
            self._refuse_event(f"an event without an activity ({NAME})")
        if at is None:
            self._refuse_event(f"an event without a timestamp ({TIMESTAMP})")
        self._events.append(RecordedEvent(activity, at, attributes, self._event_place[0]))
        self._attributes = self._trace
        self._level = IN_TRACE

    def _close_trace(self) -> None:
        case = self._trace.pop(NAME, None)
        if not case:
            raise Fault(f"a case without a name ({NAME})").at(self._path, *self._case_place)
        moved = sort_by_time(self._events)
        self._cases.append((RecordedCase(case, self._trace, self._events), moved))
        self._level = OUTSIDE

    def _time(self, value: str) -> datetime:
        try:
            return to_utc(value, self._zone)
        except Fault as fault:
            raise self._here(fault) from None

    def _refuse_doctype(self, *_declaration: object) -> None:
        self._fail("a document type declaration is refused", "remove <!DOCTYPE ...>")

    def _of_case(self) -> str:
        if self._level == OUTSIDE:
            return ""
        return f" in case {quoted(self._trace.get(NAME, 'without a name'))}"

    def _place(self) -> tuple[int, int]:
        return self._expat.CurrentLineNumber, self._expat.CurrentColumnNumber + 1

    def _here(self, fault: Fault) -> HistoryError:
        return fault.at(self._path, *self._place())

    def _fail(self, message: str, hint: str = "") -> NoReturn:
        raise self._here(Fault(message, hint))

    def _refuse_event(self, message: str) -> NoReturn:
        raise Fault(message + self._of_case()).at(self._path, *self._event_place)
