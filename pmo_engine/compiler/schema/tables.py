"""Decision tables."""

from __future__ import annotations

from typing import Annotated, Any, Literal, TypeAlias

from pydantic import Discriminator, Field, Tag, ValidatorFunctionWrapHandler, WrapValidator

from pmo_engine.compiler.schema.located import FEEL, Day, Located, Texts, TypeName
from pmo_engine.source.yaml_source import Mapping, Text


def _keeping_places(value: Any, check: ValidatorFunctionWrapHandler) -> Any:
    """Check the values of a mapping and keep the places of its keys."""
    checked = check(value)
    if not isinstance(value, Mapping):
        return checked
    kept = Mapping(value.mark)
    kept.update(checked)
    kept.keys_at = value.keys_at
    return kept


def _form(value: Any) -> str:
    if isinstance(value, dict):
        return "mapping"
    return "list" if isinstance(value, list) else "text"


NamedCells: TypeAlias = Annotated[dict[str, Texts], WrapValidator(_keeping_places)]
Cells: TypeAlias = Annotated[
    Annotated[NamedCells, Tag("mapping")]
    | Annotated[list[Texts], Tag("list")]
    | Annotated[Text, Tag("text")],
    Discriminator(_form),
]
"""Cells by the names of their columns, or in their order; one alone may stand as it is."""


class TableInputEntry(Located):
    """A column of tests."""

    name: Text = Field(description="What cells and callers call it.")
    type: TypeName = Field(description="The type by name, or the list of words that it may be.")
    allowed: Texts | None = Field(
        default=None, description="A test that every value passes, as in `>= 0`."
    )
    label: Text | None = Field(default=None, description="What people call the column.")
    about: Text | None = Field(default=None, description="What is asked, in a sentence.")


class TableOutputEntry(Located):
    """A column of answers."""

    name: Text = Field(description="What the answer is called where there are several.")
    type: TypeName = Field(description="The type by name, or the list of words that it may be.")
    allowed: list[Text] = Field(
        default_factory=list,
        description="The tests of which an answer passes one, the most important first.",
    )
    label: Text | None = Field(default=None, description="What people call the column.")
    default: Texts | None = Field(default=None, description="The answer where no row matches.")
    about: Text | None = Field(default=None, description="What is answered, in a sentence.")


class TableRowEntry(Located):
    """A row: where all of its tests hold, its answers are given."""

    when: Annotated[Cells, FEEL] = Field(
        default_factory=list,
        description="Its tests, by column or in their order; `-` or none is met by everything.",
    )
    then: Annotated[Cells, FEEL] = Field(description="Its answers, by column or in their order.")
    in_force_from: Day | None = Field(default=None, description="The first day on which it holds.")
    in_force_to: Day | None = Field(
        default=None, description="The first day on which it no longer holds."
    )
    clause: Text | None = Field(default=None, description="The clause that it carries out.")
    source: Text | None = Field(default=None, description="Who decided it, when and where.")
    about: Text | None = Field(default=None, description="What it is for, in a sentence.")


class TableEntry(Located):
    """A decision table, which expressions call by its id."""

    kind: Literal["table"]
    id: Text = Field(description="What expressions call it, as in `signer`.")
    title: Text = Field(description="What people call it.")
    hit_policy: Literal[
        "unique",
        "any",
        "priority",
        "first",
        "rule_order",
        "output_order",
        "collect",
        "sum",
        "min",
        "max",
        "count",
    ] = Field(default="unique", description="Which answers count where several rows match.")
    inputs: list[TableInputEntry] = Field(min_length=1, description="The columns of tests.")
    outputs: list[TableOutputEntry] = Field(min_length=1, description="The columns of answers.")
    rows: list[TableRowEntry] = Field(min_length=1, description="The rows, in their order.")
    clause: Text | None = Field(default=None, description="The clause that it carries out.")
    source: Text | None = Field(default=None, description="Who decided it, when and where.")
    about: Text | None = Field(default=None, description="What it is for, in a sentence.")
