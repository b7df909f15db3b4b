"""Reads what a user names: files, devices, pipes, standard input, all bounded."""

from __future__ import annotations

import json
import os
import select
import stat
import sys
import time
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import typer

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

MOST_JSON = 16 * 1024 * 1024  # bytes
MOST_DEPTH = 50
MOST_DIGITS = 1_000
MOST_EXPONENT = 6_144  # that of decimal128, which exact numbers of other programs fit
SILENCE = 30.0  # seconds in which a pipe has to say something
LONGEST = 300.0  # seconds until it has to have said all
_TOO_DEEP = f"nested deeper than {MOST_DEPTH} levels"
_PIECE = 64 * 1024


def read_json(path: Path, most: int = MOST_JSON) -> Any:
    """Read a JSON file with exact numbers (``-`` is standard input); raises BadParameter."""
    text = read_text(path, most)
    try:
        return loads(text)
    except json.JSONDecodeError as error:
        place = f"{path}:{error.lineno}:{error.colno}"
        raise typer.BadParameter(f"{place}: not JSON: {error.msg.lower()}") from None
    except ValueError as error:
        raise typer.BadParameter(f"{path}: {error}") from None


def loads(text: str) -> Any:
    """Read JSON with exact numbers.

    Raises:
        JSONDecodeError: it is no JSON.
        ValueError: too deep, a name given twice, a number out of range, a text that none is.
    """
    try:
        value = json.loads(
            text,
            parse_float=_decimal,
            parse_int=_whole,
            parse_constant=_no_number,
            object_pairs_hook=_without_duplicates,
        )
    except RecursionError:
        raise ValueError(_TOO_DEEP) from None
    _check(value)
    return value


def a_file(path: Path) -> Path:
    """Give a path back; raises BadParameter where it is a device or a pipe, which may never end."""
    if path.exists() and not path.is_file() and not path.is_dir():
        raise typer.BadParameter(f"{path} is a device or a pipe; write it into a file first")
    return path


def read_text(path: Path, most: int = MOST_JSON) -> str:
    """Read UTF-8 text of at most ``most`` bytes; raises BadParameter."""
    try:
        return read_bytes(path, most).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise typer.BadParameter(f"{path}: not UTF-8 text") from None


def read_bytes(path: Path, most: int) -> bytes:
    """Read at most ``most`` bytes; raises BadParameter.

    A device or a pipe is read as far as that, and while it goes on saying something.
    """
    try:
        data = _standard_input(most) if str(path) == "-" else _file(path, most)
    except OSError as error:
        raise typer.BadParameter(f"{path}: {error.strerror or error}") from None
    if len(data) > most:
        raise typer.BadParameter(f"{path}: larger than {_size(most)}")
    return data


def _size(most: int) -> str:
    for unit, name in ((1024 * 1024, "MiB"), (1024, "KiB")):
        if most >= unit:
            return f"{most // unit} {name}"
    return f"{most} bytes"


def _standard_input(most: int) -> bytes:
    try:
        number = sys.stdin.fileno()
    except (OSError, ValueError, AttributeError):  # it is none of the system's
        return sys.stdin.read(most + 1).encode("utf-8", "surrogateescape")
    return _drained(number, most, patient=os.isatty(number))


def _file(path: Path, most: int) -> bytes:
    if stat.S_ISREG(path.stat().st_mode):
        with path.open("rb") as stream:
            return stream.read(most + 1)
    number = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        return _drained(number, most)
    finally:
        os.close(number)


def _drained(number: int, most: int, *, patient: bool = False) -> bytes:
    """Read a file descriptor to its end, or one byte more than ``most``."""
    end = None if patient else time.monotonic() + LONGEST
    found = bytearray()
    while len(found) <= most:
        _wait(number, end)
        piece = os.read(number, min(_PIECE, most + 1 - len(found)))
        if not piece:
            break
        found += piece
    return bytes(found)


def _wait(number: int, end: float | None) -> None:
    if end is None:
        return
    left = max(end - time.monotonic(), 0)
    if not select.select([number], [], [], min(left, SILENCE))[0] and left > SILENCE:
        raise TimeoutError(f"nothing came for {SILENCE:g} seconds")
    if left <= SILENCE and time.monotonic() >= end:
        raise TimeoutError(f"not at its end after {LONGEST:g} seconds; write it into a file first")


def _decimal(text: str) -> Decimal:
    if len(text) > MOST_DIGITS:
        raise ValueError(f"the number {text[:20]}... has more than {MOST_DIGITS} digits")
    try:
        number = Decimal(text)
    except InvalidOperation:
        _out_of_range(text)
    if number and abs(number.adjusted()) > MOST_EXPONENT:
        _out_of_range(text)
    return number


def _whole(text: str) -> int:
    if len(text) > MOST_DIGITS:
        raise ValueError(f"the number {text[:20]}... has more than {MOST_DIGITS} digits")
    return int(text)


def _out_of_range(text: str) -> NoReturn:
    shown = text if len(text) <= 40 else f"{text[:40]}..."  # noqa: PLR2004 - a line's part
    raise ValueError(
        f"the number {shown} is out of range (1e-{MOST_EXPONENT} to 1e{MOST_EXPONENT})"
    )


def _no_number(text: str) -> NoReturn:
    raise ValueError(f"{text} is no number of JSON; write null where there is none")


def _without_duplicates(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise ValueError(f"'{name}' is given twice")
        found[name] = value
    return found


def _check(value: Any) -> None:
    """Refuse what is nested too deep, and texts that no database keeps; raises ValueError."""
    level, depth = [value], 0
    while level:
        for text in (item for item in level if isinstance(item, str)):
            check_text(text)
        deeper = [item for item in level if isinstance(item, dict | list)]
        if deeper and depth == MOST_DEPTH:
            raise ValueError(_TOO_DEEP)
        level, depth = [inner for item in deeper for inner in _inside(item)], depth + 1


def _inside(value: dict[str, Any] | list[Any]) -> Iterator[Any]:
    if isinstance(value, dict):
        yield from value
        yield from value.values()
    else:
        yield from value


def check_text(text: str) -> None:
    """Raise ValueError for a text with a NUL or half a character in it."""
    if "\x00" in text or any("\ud800" <= char <= "\udfff" for char in text):
        shown = ascii(text[:40])
        raise ValueError(f"{shown} holds a character that no text has (NUL, or half of one)")
