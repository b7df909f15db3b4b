"""Text of others on one line."""

from __future__ import annotations

LONGEST_REASON = 400  # characters


def one_line(text: str) -> str:
    """Make one line of printable characters, so that no text can add a header or hide its end."""
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())
