"""Finance: professional financial control."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from pmo_engine.model.money import Money
from pmo_engine.resources import rules_dir
from pmo_engine.roles.base import Assessment, Entry, FunctionalRole, Review, name_of
from pmo_engine.roles.figures import counted, gaps, shown

FIELDS = (
    "baseline",
    "planned_value",
    "earned_value",
    "commitment",
    "actual",
    "accrual",
    "forecast",
    "funds",
)


class Finance(FunctionalRole):
    """Every line is funded, its forecast within tolerance, and money spent earns its worth.

    Figures that cannot all be so are told, and so is a forecast far below what the pace so far
    comes to.
    """

    id = "finance"
    title = "Finance"
    pack = rules_dir() / "finance"

    def assess(self, review: Review) -> Assessment:
        lines = counted(review.register("budget_lines"))
        if missing := gaps("budget_lines", lines, *FIELDS):
            return Assessment.cannot_tell(missing)
        if wrong := [said for line in lines for said in _contradictions(line)]:
            return Assessment.contradicts(wrong)
        allowed = 1 + review.parameter("tolerance")
        told = _told(review.figure("forecast"), review.shown_of("estimate_at_completion"), allowed)
        unfunded = [line for line in lines if line["commitment"] + line["actual"] > line["funds"]]
        if unfunded:
            return Assessment.not_met("committed beyond the funds", unfunded, told=told)
        over = [line for line in lines if line["forecast"] > line["baseline"] * allowed]
        if over:
            return Assessment.not_met("forecast beyond tolerance", over, told=told)
        floor = review.parameter("cpi_floor")
        cpi = review.figure("cpi")
        if cpi is not None and cpi < floor:
            return Assessment.not_met(f"CPI {shown(cpi)} is under {floor}", told=told)
        return Assessment.met(told=told)


def _contradictions(line: Entry) -> Iterator[str]:
    """Say which figures of a line cannot all be so: no more than its budget is planned or earned.

    Nor is it expected to cost less than was spent on it.
    """
    name, spent = name_of(line), line["actual"] + line["accrual"]
    for field, how in (("earned_value", "earned"), ("planned_value", "planned by now")):
        if line[field] > line["baseline"]:
            yield f"{name}: {line[field]} {how} of a budget of {line['baseline']}"
    if line["forecast"] < spent:
        yield f"{name}: {spent} spent, and {line['forecast']} forecast at completion"


def _told(forecast: Money, at_pace: Money | None, allowed: Decimal) -> tuple[str, ...]:
    if at_pace is None or at_pace <= forecast * allowed:
        return ()
    return (f"the forecast is {forecast}; at the cost of the work so far it comes to {at_pace}",)
