"""Decimal numbers as text."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from decimal import Decimal


def digits(number: Decimal) -> str:
    """Write a number without exponent and idle zeros; every digit is kept, equal ones are alike."""
    written = f"{number:f}"
    if "." in written:
        written = written.rstrip("0").rstrip(".")
    return written if number else "0"
