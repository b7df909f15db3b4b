"""Opening and reading the file itself, gzipped or plain."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from io import BufferedIOBase
from pathlib import Path

from pmo_engine.exchange.errors import Fault

GZIP_MAGIC = b"\x1f\x8b"
READ_ERRORS = (OSError, EOFError, zlib.error)


@contextmanager
def opened(path: Path) -> Iterator[BufferedIOBase]:
    """Open a file for reading, unpacked if its name ends in `.gz`.

    Raises `HistoryError` if it is missing, empty, a directory, a device, a pipe, or not packed as
    its name says.
    """
    if path.exists() and not path.is_file() and not path.is_dir():
        fault = Fault("a device or a pipe, which may never end", "write it into a file first")
        raise fault.at(path)
    try:
        raw = path.open("rb")
    except OSError as error:
        raise read_fault(error).at(path) from None
    with raw:
        packed = path.name.lower().endswith(".gz")
        try:
            _check_magic(raw.peek(2)[:2], packed=packed)
        except Fault as fault:
            raise fault.at(path) from None
        if not packed:
            yield raw
            return
        with gzip.GzipFile(fileobj=raw) as unpacked:
            yield unpacked


def read_fault(error: Exception) -> Fault:
    """Say in the user's words why a read failed with one of `READ_ERRORS`."""
    match error:
        case EOFError():
            return Fault("the file is cut off: its compressed data end too early", "fetch it again")
        case gzip.BadGzipFile() | zlib.error():
            return Fault(f"the compressed data are damaged: {error}", "fetch it again")
        case OSError(strerror=str(reason)):
            return Fault(f"cannot be read: {reason.lower()}")
        case _:
            return Fault(f"cannot be read: {error}")


def _check_magic(head: bytes, *, packed: bool) -> None:
    if not head:
        raise Fault("the file is empty")
    if packed and head != GZIP_MAGIC:
        raise Fault(
            "not a gzip file, although its name ends in .gz",
            "give it the name of what it is, without .gz",
        )
    if not packed and head == GZIP_MAGIC:
        raise Fault("the file is gzipped, although its name does not say so", "add .gz to its name")
