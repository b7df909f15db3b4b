"""Reports."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from pmo_engine.compiler.schema.located import Located, Names, RoleName
from pmo_engine.model.periods import Cycle
from pmo_engine.policy.reports import About, Plot, Shows
from pmo_engine.source.yaml_source import Text

FigureName = Annotated[Text, Names("figure")]


class ReportSectionEntry(Located):
    """A section of a report."""

    shows: Shows = Field(
        description=(
            "What stands in it: the `decisions` that wait, with their time; the `changes` of the"
            " period; `figures`; `risks` as a matrix and a list; the `stages` of projects over the"
            " years; open `exceptions` with their reports; `gates` under review and what they"
            " left to be done; `requests`, how many came and how long they took;"
            " in a report of the office its `dashboard`, the colours of programmes and projects,"
            " and the `cycles` that were closed, with what changed since;"
            " `consideredness` of approvals; collection `rounds`, and how complete the last of each"
            " is; or `words` alone."
        )
    )
    title: Text | None = Field(
        default=None, description="What stands above it; by what it shows if left out."
    )
    says: Text | None = Field(default=None, description="Words of the office that begin it.")
    figures: list[FigureName] = Field(
        default_factory=list,
        description=(
            "The figures that it shows, by their ids, in this order, as in `[bac, forecast]`."
        ),
    )
    by: Literal["project"] | None = Field(
        default=None,
        description=(
            "In a report of the office, `project`: a row for each project beside that of all"
            " together, and bars side by side."
        ),
    )
    plot: Plot | None = Field(
        default=None,
        description=(
            "How the figures are drawn beside their table: `bars`; `lines` over the editions of"
            " the report; or `s_curve` of planned, earned and actual cost, the budget and the"
            " forecast, which are its figures in this order."
        ),
    )
    too_soon: Text | None = Field(
        default=None,
        description=(
            "In `consideredness`: the time within which nobody can have read what they decided,"
            " as in `2 minutes`."
        ),
    )


class ReportEntry(Located):
    """A report: for whom, how often, and what stands in it."""

    id: Text = Field(description="What the report is called on the command line.")
    title: Text = Field(description="What stands on its first page.")
    of: About = Field(
        default="project",
        description="What it is about: one `project`, or the `office` with all its projects.",
    )
    audience: list[RoleName] = Field(
        min_length=1, description="The roles that it is for: their holders are told of it."
    )
    cycle: Cycle | None = Field(
        default=None,
        description=(
            "How often it is made by itself, after each whole `week`, `month`, `quarter` or `year`;"
            " only when somebody asks if left out."
        ),
    )
    purpose: Text | None = Field(default=None, description="What it is for, in a sentence.")
    sections: list[ReportSectionEntry] = Field(
        min_length=1, description="What stands in it, in this order."
    )


class Reports(Located):
    """Reports that are made by hand, and by themselves after each cycle."""

    kind: Literal["reports"]
    reports: list[ReportEntry] = Field(description="The reports.")
