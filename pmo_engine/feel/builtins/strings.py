"""Functions on text."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from pmo_engine.feel.builtins.register import Table
from pmo_engine.feel.format import to_text
from pmo_engine.feel.limits import bounded, bounded_length
from pmo_engine.feel.patterns.matching import PatternError, compile_pattern
from pmo_engine.feel.types import ANY, BOOLEAN, NUMBER, STRING, ListType, Type

FUNCTIONS = Table()

_TWO: dict[str, Type] = {"string": STRING, "match": STRING}
_function = FUNCTIONS.enter


@_function("string length", {"string": STRING}, NUMBER)
def _length(string: str) -> Decimal:
    return Decimal(len(string))


@_function("upper case", {"string": STRING}, STRING)
def _upper(string: str) -> str:
    return string.upper()


@_function("lower case", {"string": STRING}, STRING)
def _lower(string: str) -> str:
    return string.lower()


@_function("contains", _TWO, BOOLEAN)
def _contains(string: str, match: str) -> bool:
    return match in string


@_function("starts with", _TWO, BOOLEAN)
def _starts(string: str, match: str) -> bool:
    return string.startswith(match)


@_function("ends with", _TWO, BOOLEAN)
def _ends(string: str, match: str) -> bool:
    return string.endswith(match)


@_function("substring before", _TWO, STRING)
def _before(string: str, match: str) -> str:
    before, found, _ = string.partition(match) if match else ("", "", "")
    return before if found else ""


@_function("substring after", _TWO, STRING)
def _after(string: str, match: str) -> str:
    return string.partition(match)[2] if match else string


@_function("substring", {"string": STRING, "start position": NUMBER, "length?": NUMBER}, STRING)
def _substring(string: str, position: Decimal, length: Decimal | None = None) -> str | None:
    start = int(position)
    if start == 0 or abs(start) > len(string) or (length is not None and length < 1):
        return None
    first = start - 1 if start > 0 else len(string) + start
    return string[first:] if length is None else string[first : first + int(length)]


@_function("string join", {"list": ListType(STRING), "delimiter?": STRING}, STRING)
def _join(items: list[str | None], delimiter: str | None = None) -> str:
    texts = [item for item in items if item is not None]
    bounded_length(sum(map(len, texts)) + len(delimiter or "") * len(texts))
    return (delimiter or "").join(texts)


@_function("string", {"from": ANY}, STRING, deep=True)
def _string(value: Any) -> str | None:
    return None if value is None else bounded(to_text(value))


@_function("matches", {"input": STRING, "pattern": STRING, "flags?": STRING}, BOOLEAN)
def _matches(text: str, pattern: str, flags: str | None = None) -> bool | None:
    try:
        return compile_pattern(pattern, flags or "").search(text) is not None
    except PatternError:
        return None


@_function(
    "replace",
    {"input": STRING, "pattern": STRING, "replacement": STRING, "flags?": STRING},
    STRING,
)
def _replace(text: str, pattern: str, replacement: str, flags: str | None = None) -> str | None:
    try:
        return compile_pattern(pattern, flags or "").replace(text, replacement)
    except PatternError:
        return None


@_function("split", {"string": STRING, "delimiter": STRING}, ListType(STRING))
def _split(text: str, delimiter: str) -> list[str] | None:
    try:
        return bounded(compile_pattern(delimiter, "").split(text))
    except PatternError:
        return None
