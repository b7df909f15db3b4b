"""What crosses the border: commands, queries and decisions answer with models of these."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict

if TYPE_CHECKING:
    from datetime import date


class Shape(BaseModel):
    """Frozen, and published by the names that users rely on; times are ISO 8601 texts."""

    model_config = ConfigDict(frozen=True, populate_by_name=True, serialize_by_alias=True)


def iso(moment: date | None) -> str | None:
    """Give a day or a moment as JSON has it."""
    return None if moment is None else moment.isoformat()
