"""What crosses the border: commands, queries and decisions answer with models of these."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, TypeAlias

from pydantic import BaseModel, ConfigDict, PlainSerializer, PlainValidator, WithJsonSchema

from pmo_engine.model.durations import Span

if TYPE_CHECKING:
    from datetime import date


class Shape(BaseModel):
    """Frozen, and published by the names that users rely on; times are ISO 8601 texts.

    What validates is built with the first use: a command uses few of those that it imports.
    """

    model_config = ConfigDict(
        frozen=True, populate_by_name=True, serialize_by_alias=True, defer_build=True
    )


def _span(value: Any) -> Span:
    return value if isinstance(value, Span) else Span.parse(str(value))


Allowed: TypeAlias = Annotated[
    Span, PlainValidator(_span), PlainSerializer(str), WithJsonSchema({"type": "string"})
]
"""A time allowed: a span here, "3 working days" in JSON."""


def iso(moment: date | None) -> str | None:
    """Give a day or a moment as JSON has it."""
    return None if moment is None else moment.isoformat()
