"""The one way to write a value as JSON, for what is hashed or signed: RFC 8785 (JCS)."""

from __future__ import annotations

import json
from decimal import Decimal
from reprlib import repr as shortened
from types import NoneType
from typing import Any

import rfc8785

from pmo_engine.model.decimals import digits

LARGEST = 2**53 - 1
"""Beyond it, up or down, not every integer is a number of JSON that all readers take the same."""


class NotCanonical(ValueError):
    """A value that has no canonical form."""

    def __init__(self, value: object, why: object) -> None:
        super().__init__(f"{shortened(value)} has no canonical JSON: {why}")


def canonical(value: Any) -> bytes:
    """Write a value as canonical JSON in UTF-8: keys in the order of UTF-16, no spaces.

    Takes ``None``, booleans, text, numbers, lists, tuples and mappings from text. Numbers that
    JSON does not hold exactly are written as text, so that equal numbers have one form: a Decimal
    in digits without exponent or idle zeros (``"50000.5"``, ``"1000"``), an integer beyond
    2**53 - 1 in digits (``"9007199254740993"``). Raises NotCanonical for all else, as for numbers
    that are not finite and for text with half a surrogate pair.
    """
    try:
        return _written(value)
    except (rfc8785.CanonicalizationError, UnicodeEncodeError) as error:
        raise NotCanonical(value, error) from None
    except RecursionError:
        raise NotCanonical(value, "it is nested too deeply") from None


_ENCODER = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False)

SURROGATES_BEGIN = "\ud800"
"""Text before it is in the same order by code point and by UTF-16."""


def _written(value: Any) -> bytes:
    """Write by the standard library, which is quicker, what it writes in the form of the RFC."""
    floats: list[float] = []
    exact = _exact(value, floats)
    if not floats:
        text = _ENCODER.encode(exact)
        if text.isascii() or max(text) < SURROGATES_BEGIN:
            return text.encode()
    return rfc8785.dumps(exact)


_AS_THEY_ARE = frozenset({str, bool, NoneType})


def _exact(value: Any, floats: list[float]) -> Any:
    """Write as text what JSON does not hold exactly; the floats in it are added to those."""
    if type(value) in _AS_THEY_ARE:
        return value
    match value:
        case str():
            return value
        case float():
            floats.append(value)
            return value
        case int():
            return value if -LARGEST <= value <= LARGEST else str(int(value))
        case Decimal():
            return _finite(value)
        case dict():
            return {
                name if type(name) is str else _key(name): item
                if type(item) in _AS_THEY_ARE
                else _exact(item, floats)
                for name, item in value.items()
            }
        case list() | tuple():
            return [item if type(item) in _AS_THEY_ARE else _exact(item, floats) for item in value]
        case _:
            raise NotCanonical(value, f"it is a {type(value).__name__}")


def _finite(number: Decimal) -> str:
    if not number.is_finite():
        raise NotCanonical(number, "it is not finite")
    return digits(number)


def _key(name: Any) -> str:
    if not isinstance(name, str):
        raise NotCanonical(name, "a key is a text")
    return name
