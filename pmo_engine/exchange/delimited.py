"""CSV files, record by record with the line that each begins at: RFC 4180, UTF-8, and others."""

from __future__ import annotations

import codecs
import csv
from collections.abc import Iterator
from io import BufferedIOBase, BytesIO
from pathlib import Path

from pmo_engine.exchange.errors import Fault, quoted
from pmo_engine.exchange.files import READ_ERRORS, opened, read_fault

MAX_LINE_BYTES = 1 << 20
MAX_RECORD_LINES = 10_000
PART = 1 << 20
WINDOWS = "cp1252"
UTF_16 = "utf-16"
CALLED = {WINDOWS: "Windows-1252", UTF_16: "UTF-16"}


def read_records(path: Path) -> Iterator[tuple[int, list[str]]]:
    """Yield the line that a record begins at and its fields, the header first, no blank lines.

    Every record has as many fields as the header. Raises `HistoryError`.
    """
    with opened(path) as file:
        records = iter(_Records(path, file))
        try:
            line, header = next(records)
        except StopIteration:
            raise Fault("the file is empty").at(path) from None
        check_header(path, line, header)
        yield line, header
        for line, fields in records:
            check_width(path, line, fields, header)
            yield line, fields


def read_any(path: Path, delimiter: str, encoding: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the records of a CSV file as an office has it, however wide. Raises `HistoryError`."""
    with opened(path) as file:
        if encoding == UTF_16:
            yield from _Records(path, _as_utf_8(path, file), delimiter)
        else:
            yield from _Records(path, file, delimiter, encoding)


def _as_utf_8(path: Path, file: BufferedIOBase) -> BufferedIOBase:
    """Give a file in UTF-16 as the same text in UTF-8, which is read line by line."""
    try:
        return BytesIO(file.read().decode(UTF_16).encode())
    except READ_ERRORS as error:
        raise read_fault(error).at(path) from None
    except UnicodeError:
        fault = Fault("begins as UTF-16, and is not", "save the file as CSV in UTF-8")
        raise fault.at(path) from None


def encoding_of(path: Path) -> str:
    """Tell whether a file is UTF-8, UTF-16, or what spreadsheets on Windows write.

    Raises `HistoryError`.
    """
    decoder = codecs.getincrementaldecoder("utf-8")()
    with opened(path) as file:
        try:
            if _begins_as_utf_16(file):
                return UTF_16
            while part := file.read(PART):
                decoder.decode(part)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return WINDOWS
        except READ_ERRORS as error:
            raise read_fault(error).at(path) from None
    return "utf-8"


def _begins_as_utf_16(file: BufferedIOBase) -> bool:
    begin = getattr(file, "peek", file.read1)(2)[:2]
    return begin in {codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE}


def check_header(path: Path, line: int, header: list[str]) -> None:
    """Refuse a header with a column that has no name, or the name of another."""
    for number, name in enumerate(header, 1):
        if not name:
            raise Fault(f"column {number} has no name", "name every column").at(path, line)
        if name in header[: number - 1]:
            raise Fault(f"two columns are named {quoted(name)}", "rename one of them").at(
                path, line
            )


def check_width(path: Path, line: int, fields: list[str], header: list[str]) -> None:
    """Refuse a record that is shorter or longer than the header."""
    if len(fields) != len(header):
        raise Fault(
            f"{len(fields)} fields where the header has {len(header)}",
            "a field that holds a comma is put in double quotes",
        ).at(path, line)


class _Records:
    def __init__(
        self, path: Path, file: BufferedIOBase, delimiter: str = ",", encoding: str = "utf-8"
    ) -> None:
        self._path = path
        self._file = file
        self._delimiter = delimiter
        self._encoding = encoding
        self._start = 1

    def __iter__(self) -> Iterator[tuple[int, list[str]]]:
        reader = csv.reader(self._lines(), delimiter=self._delimiter, strict=True)
        try:
            for fields in reader:
                if fields:
                    yield self._start, fields
                self._start = reader.line_num + 1
        except csv.Error as error:
            raise self._fault(error).at(self._path, self._start) from None

    def _lines(self) -> Iterator[str]:
        number = 1
        while raw := self._read_line(number):
            if number - self._start > MAX_RECORD_LINES:
                raise Fault(
                    f"a record of more than {MAX_RECORD_LINES:,} lines",
                    "is a double quote missing?",
                ).at(self._path, self._start)
            yield self._decoded(raw.removeprefix(codecs.BOM_UTF8) if number == 1 else raw, number)
            number += 1

    def _read_line(self, number: int) -> bytes:
        try:
            raw = self._file.readline(MAX_LINE_BYTES + 1)
        except READ_ERRORS as error:
            raise read_fault(error).at(self._path, number) from None
        if len(raw) > MAX_LINE_BYTES:
            raise Fault(f"a line of more than {MAX_LINE_BYTES:,} bytes").at(self._path, number)
        return raw

    def _decoded(self, raw: bytes, line: int) -> str:
        try:
            text = raw.decode(self._encoding)
            where = text.find("\0")
        except UnicodeDecodeError as error:
            where = error.start
        if where < 0:
            return text
        fault = Fault(f"the byte 0x{raw[where]:02x} is no text", "save the file as CSV in UTF-8")
        raise fault.at(self._path, line, where + 1)

    @staticmethod
    def _fault(error: csv.Error) -> Fault:
        if "unexpected end" in str(error):
            return Fault("the file is cut off: a quoted field of this record is not closed")
        if "new-line character" in str(error):
            said = "its lines end in a carriage return alone"
            return Fault(said, "save the file as CSV in UTF-8")
        hint = "quotes around a field with commas, quotes or line ends; quotes inside doubled"
        return Fault(f"not a record of RFC 4180: {error}", hint)
