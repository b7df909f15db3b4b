"""What is recorded: registers, their fields, and how tables of others fill them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pmo_engine.feel.types import Type
    from pmo_engine.source.diagnostics import Mark


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a register's record."""

    name: str
    type: Type
    required: bool
    about: str


@dataclass(frozen=True, slots=True)
class ImportLayout:
    """How the columns of a table become records of a register.

    ``columns`` are taken from every table, ``first`` from the one that made the record. ``dates``
    is a format of ``strptime``; ``sign``, ``thousands`` and ``decimal`` are what amounts and
    numbers carry.
    """

    id: str
    key: str | None  # columns that name the record, its project, and the project in words
    project: str | None
    project_name: str | None
    columns: tuple[tuple[str, str], ...]  # field of the record, column of the table
    first: tuple[tuple[str, str], ...]
    dates: str | None
    sign: str
    thousands: str
    decimal: str = "."


@dataclass(frozen=True, slots=True)
class Register:
    """A register: how its records are spoken of, and what they hold."""

    id: str
    noun: str
    root: str
    plural: str
    key_prefix: str
    fields: Mapping[str, Field]
    value: str | None  # the money field that authority is measured against
    events: tuple[str, ...]  # "<noun>.<what happened>"
    imports: tuple[ImportLayout, ...]
    mark: Mark = field(compare=False)
