"""Figures, and the worked examples that test them."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from pmo_engine.compiler.schema.located import Expression, Located, PackName
from pmo_engine.policy.figures import Across, Over, Unit
from pmo_engine.source.yaml_source import Mapping, Text


class FigureEntry(Located):
    """A figure: what people call it, how it is worked out, and by what source."""

    id: Text = Field(description="What formulas and assessments call it, as in `cpi`.")
    label: Text = Field(description="What people call it, as in `cost performance index`.")
    of: Text | None = Field(
        default=None,
        description=(
            "The noun of a register of whose every record it is a figure, as in `risk`; a figure of"
            " the project, or of several together, if left out."
        ),
    )
    unit: Unit = Field(
        description=(
            "What it is measured in: `money`, `ratio`, `share` (of a whole), `points`, `days`,"
            " `count`, `fte` (full-time equivalents) or `words`."
        )
    )
    formula: Expression = Field(
        description=(
            "How it is worked out: from the registers by their plurals, or the record by its root,"
            " from the pack's parameters and from other figures by their ids."
        )
    )
    over: Over = Field(
        default="counted",
        description=(
            "The records that it looks at: `counted` leaves out what is blocked, rejected,"
            " withdrawn or rescinded, `open` what is closed as well; `all` leaves out none."
        ),
    )
    across: Across = Field(
        default="project",
        description=(
            "Whose records it looks at beside its own: those of the `project`, or of all projects"
            " of the `office`."
        ),
    )
    not_available_when: Expression | None = Field(
        default=None, description='When there is no such figure, as in `ac = @"0 GBP"`.'
    )
    because: Text | None = Field(
        default=None, description="Why there is none then, in words that stand in its place."
    )
    source: Text = Field(description="The standard, method or decision that the formula is from.")
    about: Text | None = Field(default=None, description="How to read it.")


class Figures(Located):
    """Figures that are declared once, and shown so on records, at gates, in lists and reports."""

    kind: Literal["figures"]
    pack: PackName | None = Field(
        default=None, description="The pack whose parameters the formulas see."
    )
    beside: list[PackName] = Field(
        default_factory=list,
        description=(
            "Packs that these figures look at the registers of, as in `[planning]`; where a policy"
            " does not use them all, these figures are left out."
        ),
    )
    figures: list[FigureEntry] = Field(description="The figures.")


class ExampleEntry(Located):
    """A worked example: facts, and what the figures come to."""

    name: Text = Field(description="What the example shows, in a few words.")
    working: Text = Field(description="The arithmetic, by hand, or where it is published.")
    at: Text | None = Field(default=None, description="When, as in `2026-03-02T12:00:00Z`.")
    facts: Mapping = Field(
        default_factory=Mapping, description="The records, laid over those of the document."
    )
    gives: Mapping = Field(
        description=(
            "What each figure comes to, that of a record as `R-1.score`; `not available`, with the"
            " words why or without."
        )
    )


class WorkedExamples(Located):
    """Figures worked out by hand, against which formulas are tested."""

    kind: Literal["worked_examples"]
    at: Text | None = Field(
        default=None, description="When the examples are, as in `2026-03-02T12:00:00Z`."
    )
    facts: Mapping = Field(default_factory=Mapping, description="The records that all share.")
    examples: list[ExampleEntry] = Field(min_length=1, description="The examples.")
