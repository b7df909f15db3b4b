"""The dashboard of a portfolio: the figures that it shows, and the thresholds of their colours."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from pmo_engine.compiler.schema.located import Day, Located, RegisterName
from pmo_engine.policy.figures.dashboard import Aspect
from pmo_engine.source.yaml_source import Text


class BandEntry(Located):
    """Thresholds from a day on, with the decision that set them."""

    from_: Day | None = Field(
        default=None, alias="from", description="Their first day; always if left out."
    )
    green: Text = Field(
        description=(
            "Up to where the figure is green, itself included, in its unit: `10 %`,"
            " `50000 GBP`, `4 weeks` or a number."
        )
    )
    amber: Text = Field(
        description=(
            "Up to where it is amber, itself included; beyond it is red. Less than `green` where"
            " less is worse, as of an index or of benefits."
        )
    )
    source: Text = Field(description="The decision or document that set them.")


class ThresholdEntry(Located):
    """The thresholds of one figure of projects."""

    figure: Text = Field(description="The figure of projects that has a colour by them.")
    of: Aspect = Field(
        description=(
            "What it is about: `money`, `time`, `benefits`, `risk`, `people` or `quality`. A"
            " project has the worst colour of each, and the worst of all."
        )
    )
    bands: list[BandEntry] = Field(
        min_length=1, description="The thresholds, in the order of their days."
    )
    either_way: bool = Field(
        default=False,
        description="Whether only the distance from 0 counts: 12 % under is as bad as 12 % over.",
    )
    optional: bool = Field(
        default=False,
        description=(
            "Whether a project without such a figure, by the figure's own condition, has its colour"
            " from the others alone; else its colour is not known."
        ),
    )
    about: Text | None = Field(default=None, description="How to read it, in words.")


class MoneyShown(Located):
    """The figures that say how a project's money stands."""

    baseline: Text = Field(description="The figure of what was planned.")
    forecast: Text = Field(description="The figure of what is expected at completion.")
    actual: Text | None = Field(default=None, description="The figure of what is spent.")
    contingency: Text | None = Field(
        default=None, description="The figure of what is left of the contingency."
    )


class Shown(Located):
    """The figures that a dashboard shows, by what they are about."""

    time: list[Text] = Field(default_factory=list, description="Figures of time, as a slip.")
    benefits: list[Text] = Field(default_factory=list, description="Figures of benefits.")
    risk: list[Text] = Field(default_factory=list, description="Figures of risk, as an exposure.")
    people: list[Text] = Field(default_factory=list, description="Figures of people and skills.")
    quality: list[Text] = Field(default_factory=list, description="Figures of quality.")


class StatedEntry(Located):
    """Records in which a project's colour is stated by somebody."""

    of: RegisterName = Field(description="The register, as in `reports`.")
    colour: Text = Field(description="The field with the colour that is stated.")
    on: Text = Field(description="The field with the day of the statement; the latest counts.")


class NeedEntry(Located):
    """Records that say how many people with a skill are needed, or can be had, and when."""

    of: RegisterName = Field(description="The register, as in `demands`.")
    skill: Text = Field(description="The field that names the skill.")
    amount: Text = Field(description="The field with the full-time equivalents.")
    first: Text = Field(description="The field with the first day.")
    last: Text = Field(description="The field with the last day.")


class DependencyEntry(Located):
    """Records that say what a project waits for of another."""

    of: RegisterName = Field(description="The register, as in `dependencies`.")
    on: Text = Field(description="The field with the project that delivers.")
    needed: Text = Field(description="The field with the day on which it is needed.")
    promised: Text | None = Field(default=None, description="The field with the day promised.")
    received: Text | None = Field(default=None, description="The field with the day received.")


class Dashboard(Located):
    """What the dashboard of a portfolio shows, and the published thresholds of its colours."""

    kind: Literal["dashboard"]
    money: MoneyShown | None = Field(default=None, description="How a project's money stands.")
    shows: Shown | None = Field(default=None, description="The other figures that are shown.")
    stated: StatedEntry | None = Field(
        default=None,
        description="Where a colour is stated; one that contradicts the figures is marked.",
    )
    demand: NeedEntry | None = Field(default=None, description="Where demand for skills is kept.")
    capacity: NeedEntry | None = Field(default=None, description="Where capacity is kept.")
    dependencies: DependencyEntry | None = Field(
        default=None, description="Where is kept what projects wait for of one another."
    )
    thresholds: list[ThresholdEntry] = Field(
        default_factory=list, description="The thresholds, a figure each."
    )
