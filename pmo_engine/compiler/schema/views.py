"""Saved lists of records, and what records have to be for their data to be good."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from pmo_engine.compiler.schema.located import Expression, Located, RegisterName, Texts
from pmo_engine.source.yaml_source import Text


class ViewEntry(Located):
    """A list of a register's records that is asked for by name."""

    id: Text = Field(description="What the list is called on the command line.")
    of: RegisterName = Field(description="The register whose records it shows, as in `risks`.")
    title: Text | None = Field(default=None, description="What stands above the list.")
    where: Expression | None = Field(
        default=None,
        description=(
            "Which records: a condition on the record by its root, its fields and its figures, as"
            " in `risk.score >= 12`; all if left out."
        ),
    )
    sort: Texts | None = Field(
        default=None,
        description=(
            "The fields or figures that they are sorted by, one or a list; a `-` before one puts"
            " the highest first. By project and key if left out."
        ),
    )
    show: Texts | None = Field(
        default=None,
        description=(
            "The columns: `project`, `key`, `status`, `owner`, `due`, fields and figures; all of"
            " them if left out."
        ),
    )


class Views(Located):
    """Lists of records that are asked for by name."""

    kind: Literal["views"]
    views: list[ViewEntry] = Field(description="The lists.")


class ContradictionEntry(Located):
    """What cannot be so of a record, in its own words."""

    when: Expression = Field(
        description="The condition that holds of a record whose data contradict each other."
    )
    says: Text = Field(description="What is wrong then, as in `more remains than there was`.")


class QualityEntry(Located):
    """What the open records of a register have to be for their data to be good."""

    of: RegisterName = Field(description="The register, as in `risks`.")
    complete: Texts | None = Field(
        default=None,
        description=(
            "The fields that an open record has once it is complete, one or a list, beside those"
            " that are required."
        ),
    )
    stale_after: Text | None = Field(
        default=None, description="How old what it says may be, as in `30 days`."
    )
    since: Text | None = Field(
        default=None,
        description="The day that this counts from, a field; the last change if left out.",
    )
    contradictions: list[ContradictionEntry] = Field(
        default_factory=list, description="What cannot be so."
    )


class Quality(Located):
    """What the data of records have to be, told by the report on their quality."""

    kind: Literal["quality"]
    quality: list[QualityEntry] = Field(description="The registers.")
