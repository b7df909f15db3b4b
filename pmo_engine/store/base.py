"""What all tables share. Every time is aware and in UTC; a row's `version` counts its changes.

The modules of tables have annotations that are there at once, where others have `from __future__
import annotations`: pydantic would compile each of theirs anew in every process.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any, ClassVar, cast, get_args

from pydantic_core import PydanticUndefined
from sqlalchemy import CheckConstraint, Connection, ForeignKey, Index, MetaData, event, text
from sqlalchemy.orm import declared_attr
from sqlalchemy.orm.attributes import set_attribute
from sqlmodel import Field, SQLModel

from pmo_engine.model.life_cycle import LifeCycle

_NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Table(SQLModel):
    """What all tables share: a metadata of their own, with names for every constraint.

    Nobody has pydantic look at a row's values, so that it builds nothing to do so.
    """

    model_config = {"defer_build": True}
    metadata: ClassVar[MetaData] = MetaData(naming_convention=_NAMES)

    def __init__(self, **values: Any) -> None:
        """A row with these columns; the mapper is told of no change, since there is none yet.

        One without a default may be set later. Raises `TypeError` for what is no column.
        """
        known, given, made = _columns_of(type(self))
        if not known.issuperset(values):
            unknown = ", ".join(sorted(values.keys() - known))
            raise TypeError(f"{type(self).__name__} has no column {unknown}")
        state = vars(self)
        state.update(given)
        for name, make in made:
            if name not in values:
                state[name] = make()
        state.update(values)

    def __setattr__(self, name: str, value: Any) -> None:
        """Tell the mapper of a change; pydantic, which looks at no value, need not hear of it."""
        if name == "_sa_instance_state":
            vars(self)[name] = value
        else:
            set_attribute(self, name, value)


@cache
def _columns_of(
    model: type[Table],
) -> tuple[frozenset[str], dict[str, Any], tuple[tuple[str, Callable[[], Any]], ...]]:
    """A row's columns, and what they are unless they are given: values, and those made for each."""
    fields = model.model_fields.items()
    made = {name: field.default_factory for name, field in fields if field.default_factory}
    plain = {name: field.default for name, field in fields if name not in made}
    plain = {name: value for name, value in plain.items() if value is not PydanticUndefined}
    return frozenset(model.model_fields), plain, cast("Any", tuple(made.items()))


class Identified(Table):
    """A row with an id of its own, which the repository makes unless it was given."""

    id: str = Field(default="", primary_key=True)


class Versioned(Identified):
    """A row that only changes from the version that was read, which counts up with each change.

    `life_cycle`: the states that its column `state_in` goes through, where it has them.
    """

    life_cycle: ClassVar[LifeCycle | None] = None
    state_in: ClassVar[str] = "status"
    version: int = 1

    @declared_attr.directive
    @classmethod
    def __mapper_args__(cls) -> dict[str, Any]:
        return {"version_id_col": cls.__table__.c.version}  # type: ignore[attr-defined]


def one_of(column: str, values: Any) -> CheckConstraint:
    """A column holds one of the words of a literal type."""
    listed = ", ".join(f"'{value}'" for value in get_args(values))
    return CheckConstraint(f"{column} IN ({listed})", name=column)


def always(name: str, condition: str) -> CheckConstraint:
    """What holds of every row."""
    return CheckConstraint(condition, name=name)


def only_one(name: str, *columns: str, where: str) -> Index:
    """Among the rows for which a condition holds, no two have the same columns."""
    return partial(name, *columns, where=where, unique=True)


def partial(name: str, *columns: str, where: str, unique: bool = False) -> Index:
    """An index of the rows for which a condition holds."""
    return Index(name, *columns, unique=unique, info={"where": text(where)})


@event.listens_for(Table.metadata, "before_create")
def _give_conditions(metadata: MetaData, connection: Connection, **_: Any) -> None:
    """Tell the database at hand the conditions; to name another's means to import all of it."""
    indexes = (index for table in metadata.tables.values() for index in table.indexes)
    for index in indexes:
        if "where" in index.info:
            index.dialect_options[connection.dialect.name]["where"] = index.info["where"]


def refers_to(target: str, **field: Any) -> Any:
    """A foreign key, looked at when the transaction commits, so that rows go in in any order.

    It is the database's to keep, and made where all tables are known, so that one can do without
    the others.
    """
    return Field(sa_column_kwargs={"info": {"refers_to": target}}, **field)


def refer(metadata: MetaData) -> None:
    """Makes the foreign keys of all tables, once."""
    columns = [column for table in metadata.tables.values() for column in table.columns]
    for column in columns:
        if "refers_to" in column.info and not column.foreign_keys:
            target = column.info["refers_to"]
            column.append_foreign_key(ForeignKey(target, deferrable=True, initially="DEFERRED"))
