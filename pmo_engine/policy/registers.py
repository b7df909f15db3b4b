"""What is recorded: registers, their fields, and how tables of others fill them."""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING

from pmo_engine.feel import types as t
from pmo_engine.model.frozen import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pmo_engine.model.event_names import EventName
    from pmo_engine.source.diagnostics import Mark


EVENTS = ("submitted", "updated", "approved", "rejected", "withdrawn", "rescinded", "closed")
"""What happens to the records of every register."""
STATUSES = ("submitted", "approved", "rejected", "withdrawn", "rescinded", "closed")
IMPLICIT: tuple[tuple[str, t.Type], ...] = (
    ("key", t.STRING),
    ("status", t.EnumType(STATUSES, closed=False)),
    ("owner", t.STRING),
    ("due", t.DATE),
    ("submitted_by", t.STRING),
    ("submitted_at", t.MOMENT),
    ("decided_at", t.MOMENT),
)
IMPORTED = frozenset({"owner", "due"})  # what every record has and a table may fill


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a register's record."""

    name: str
    type: t.Type
    required: bool
    about: str
    set_by: str | None = None  # the role whose holders alone may set it
    names: str | None = None  # as whom it names somebody: owner, producer, reviewer, party
    asks_anew: bool = True  # whether its change asks anew whoever was asked
    mark: Mark | None = field(default=None, compare=False)


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
    events: tuple[EventName, ...]  # "<noun>.<what happened>"
    imports: tuple[ImportLayout, ...]
    mark: Mark = field(compare=False)


def record_type(register: Register) -> t.ContextType:
    """Give the type of one record: its own fields and those that every record has."""
    own = tuple((field.name, _as_given(field.type)) for field in register.fields.values())
    return t.ContextType((*own, *IMPLICIT), register.root)


def _as_given(type_: t.Type) -> t.Type:
    """Give the type that a fact has: what is given as a moment is read with its zone."""
    if isinstance(type_, t.ListType):
        return t.ListType(_as_given(type_.item))
    return t.MOMENT if type_ == t.DATE_TIME else type_
