"""Registers, their fields, and the tables that fill them."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from pmo_engine.policy.located import Located, Texts
from pmo_engine.policy.source import Text


class FieldEntry(Located):
    """A field: its type by name, or the list of values that it may have."""

    type: Texts
    about: Text | None = None
    required: bool = False


class AmountFormat(Located):
    """How a table writes amounts and numbers: ``$1,234.50``."""

    sign: Text = Field(default_factory=lambda: Text(""))
    thousands: Text = Field(default_factory=lambda: Text(""))


class ImportEntry(Located):
    """A table that can be imported: which column holds which field."""

    id: Text
    key: Text | None = None
    project: Text | None = None
    project_name: Text | None = None
    columns: dict[str, Text] = Field(min_length=1)
    first: dict[str, Text] = Field(default_factory=dict)
    dates: Text | None = None
    amounts: AmountFormat = Field(default_factory=AmountFormat)


class RegisterEntry(Located):
    """A register."""

    register_: Text = Field(alias="register")
    noun: Text
    root: Text
    plural: Text
    key_prefix: Text | None = None
    value: Text | None = None
    events: list[Text] = Field(default_factory=list)
    fields_: dict[str, FieldEntry] = Field(alias="fields")
    imports: list[ImportEntry] = Field(default_factory=list)


class Registers(Located):
    """Registers and their fields."""

    kind: Literal["registers"]
    registers: list[RegisterEntry]
