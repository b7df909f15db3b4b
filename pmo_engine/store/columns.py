"""Column types: moments that are always aware and in UTC, documents without floats.

A document of a shape of the program's own carries the number of the shape in which it was written,
and is read in the one of today: whoever changes a shape says how the earlier one becomes it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from types import NoneType
from typing import Any, TypeAlias

from pydantic import BaseModel
from sqlalchemy import JSON, ColumnElement, DateTime, Dialect, String, Text, and_, cast, type_coerce
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator, TypeEngine

from pmo_engine.model.durations import Span
from pmo_engine.store.errors import Newer, Unstorable


class Moment(TypeDecorator[datetime]):
    """An aware time, kept in UTC. A naive one raises `Unstorable`."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - as SQLAlchemy calls it
        return None if value is None else in_utc(value)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - as SQLAlchemy calls it
        return None if value is None else moment_of(value)


def moment_of(value: datetime) -> datetime:
    """What a driver gives for a moment, as a moment in UTC."""
    # SQLite gives back the fields that were written, which are those of UTC.
    return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def as_from_the_driver(column: Any) -> Any:
    """A column, of which a moment is as its driver gives it: see `moment_of`."""
    kind = column.type
    return type_coerce(column, kind.impl_instance) if isinstance(kind, Moment) else column


class Document(TypeDecorator[Any]):
    """JSON (JSONB on PostgreSQL) of text, whole numbers, booleans, nulls, lists and mappings."""

    impl = JSON(none_as_null=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Say which type a database has for it."""
        if dialect.name != "postgresql":
            return self.impl_instance
        from sqlalchemy.dialects.postgresql import JSONB  # noqa: PLC0415 - slow to import

        return dialect.type_descriptor(JSONB(none_as_null=True))


Upgrade: TypeAlias = Callable[[dict[str, Any]], dict[str, Any]]
"""Makes a document of the next shape of one of a shape."""

SHAPE = "$shape"
"""The key under which a document carries the number of its shape; no name of a user is such."""


class Shaped(Document):
    """A document of a shape that is counted: one, and one more for each of its upgrades.

    What was written before shapes were counted is of the first.
    """

    cache_ok = True

    def __init__(self, noun: str, upgrades: tuple[Upgrade, ...] = ()) -> None:
        super().__init__()
        self.noun = noun
        self.upgrades = upgrades

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:  # noqa: ARG002 - as SQLAlchemy calls it
        return None if value is None else {SHAPE: len(self.upgrades) + 1, **value}

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:  # noqa: ARG002 - as SQLAlchemy calls it
        """The document in the shape of today. Raises `Newer`."""
        return None if value is None else self.upgraded(value, value.pop(SHAPE, 1))

    def upgraded(self, value: dict[str, Any], number: int) -> dict[str, Any]:
        """A document that was written in the shape of a number in that of today."""
        if number > len(self.upgrades) + 1:
            raise Newer(self.noun, number, len(self.upgrades) + 1)
        for upgrade in self.upgrades[number - 1 :]:
            value = upgrade(value)
        return value


def as_written(document: Any) -> ColumnElement[str]:
    """Ask for a document as the text that it is kept as: see `documents_of`."""
    return cast(document, Text)


def documents_of(column: Any, written: Sequence[str]) -> list[dict[str, Any]]:
    """The documents of a shaped column, of their texts: many are read in one go."""
    shape: Shaped = column.type
    today = len(shape.upgrades) + 1
    return [
        each if (number := each.pop(SHAPE, 1)) == today else shape.upgraded(each, number)
        for each in json.loads(f"[{','.join(written)}]")
    ]


class Modelled(Shaped):
    """A document of a shape that is read back as the model that it was written from.

    `or_none`: an empty document stands for there being none.
    """

    cache_ok = True

    def __init__(
        self,
        noun: str,
        model: type[BaseModel],
        upgrades: tuple[Upgrade, ...] = (),
        *,
        or_none: bool = False,
    ) -> None:
        super().__init__(noun, upgrades)
        self.model = model
        self.or_none = or_none

    def process_bind_param(self, value: BaseModel | None, dialect: Dialect) -> Any:
        if value is None:
            return super().process_bind_param({} if self.or_none else None, dialect)
        return super().process_bind_param(value.model_dump(mode="json"), dialect)

    def process_result_value(self, value: Any, dialect: Dialect) -> BaseModel | None:
        document = super().process_result_value(value, dialect)
        none = document is None or (self.or_none and not document)
        return None if none else self.model.model_validate(document)


class TimeAllowed(TypeDecorator[Span]):
    """A span of working time, kept as it is written: "3 working days"."""

    impl = String
    cache_ok = True

    def process_bind_param(self, value: Span | None, dialect: Dialect) -> str | None:  # noqa: ARG002 - as SQLAlchemy calls it
        return None if value is None else str(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Span | None:  # noqa: ARG002 - as SQLAlchemy calls it
        return None if value is None else Span.parse(value)


def as_kept(column: Any) -> Any:
    """A column with the text or document that the database has, whatever it is read as."""
    match column.type:
        case Document():
            return type_coerce(column, Document())
        case TimeAllowed():
            return type_coerce(column, String())
        case _:
            return column


class by_code(FunctionElement[str]):  # noqa: N801 - called as a function of the database
    """A text in an order that is the same on every database: by code point."""

    type = String()
    inherit_cache = True


@compiles(by_code)
def _by_code(element: by_code, compiler: Any, **options: Any) -> str:
    return str(compiler.process(element.clauses, **options))  # SQLite's own order


@compiles(by_code, "postgresql")
def _by_code_there(element: by_code, compiler: Any, **options: Any) -> str:
    return f'{compiler.process(element.clauses, **options)} COLLATE "C"'


def begins(id: Any, beginning: str) -> ColumnElement[bool]:
    """Whether an id that the engine made begins so; the bounds let an index find it."""
    between = id.between(beginning, f"{beginning}zzzz")
    return and_(between, id.startswith(beginning, autoescape=True))


def in_utc(moment: datetime) -> datetime:
    """The same moment in UTC. Raises `Unstorable` for a naive time."""
    if moment.tzinfo is None:
        raise Unstorable(f"the time {moment.isoformat()} has no time zone")
    return moment.astimezone(UTC)


def canonical(value: Any) -> str:
    """The one text of a document: keys sorted, no spaces. Raises `Unstorable`."""
    _refuse_inexact(value)
    return _ENCODER.encode(value)


_ENCODER = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False)


_EXACT = frozenset({str, bool, int, NoneType})


def _refuse_inexact(value: Any) -> None:
    if type(value) in _EXACT:
        return
    match value:
        case str() | int():
            return
        case dict():
            for key, item in value.items():
                if not isinstance(key, str):
                    raise Unstorable(f"the key {key!r} of a document is not text")
                if type(item) not in _EXACT:  # most are: a call for each takes as long as writing
                    _refuse_inexact(item)
        case list() | tuple():
            for item in value:
                if type(item) not in _EXACT:
                    _refuse_inexact(item)
        case _:
            raise Unstorable(
                f"{value!r} cannot be kept in a document: "
                f"a {type(value).__name__} has to be written as text"
            )
