"""When something holds: in words, and as of the document's day."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_engine.prose.values import value_in_words

if TYPE_CHECKING:
    from datetime import date

    from pmo_engine.documents.model import Time
    from pmo_engine.policy import InForce


BEGINNING = "the beginning"
"""Since when something is in force that has no first day."""


def when_in_force(span: InForce) -> str:
    """Say from when to when something holds, as a sentence after another; nothing for always."""
    since = f"from {value_in_words(span.start)}" if span.start else ""
    until = f"up to the day before {value_in_words(span.end)}" if span.end else ""
    said = " ".join(part for part in (since, until) if part)
    return f" In force {said}." if said else ""


def time_of(span: InForce, on: date) -> Time:
    """Say whether a span is past, present or announced on a day; nothing for always."""
    if span.start is None and span.end is None:
        return ""
    if on in span:
        return "in force"
    return "announced" if span.start is not None and on < span.start else "past"
