"""Finance: professional financial control."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from pmo_engine.model.earned_value import EarnedValue
from pmo_engine.model.money import Money
from pmo_engine.resources import rules_dir
from pmo_engine.roles.base import Assessment, Entry, FunctionalRole, Review, name_of
from pmo_engine.roles.figures import counted, gaps, rounded, shown, total

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
        state = _earned_value(lines, review.currency)
        forecast = total(lines, "forecast", review.currency)
        figures = _figures(state, forecast)
        allowed = 1 + review.parameter("tolerance")
        told = _told(forecast, figures["estimate_at_completion"], allowed)
        unfunded = [line for line in lines if line["commitment"] + line["actual"] > line["funds"]]
        if unfunded:
            return Assessment.not_met("committed beyond the funds", unfunded, figures, told)
        over = [line for line in lines if line["forecast"] > line["baseline"] * allowed]
        if over:
            return Assessment.not_met("forecast beyond tolerance", over, figures, told)
        floor = review.parameter("cpi_floor")
        if state.cpi is not None and state.cpi < floor:
            reason = f"CPI {shown(state.cpi)} is under {floor}"
            return Assessment.not_met(reason, figures=figures, told=told)
        return Assessment.met(figures, told)


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


def _earned_value(lines: Sequence[Entry], currency: str) -> EarnedValue:
    return EarnedValue(
        bac=total(lines, "baseline", currency),
        pv=total(lines, "planned_value", currency),
        ev=total(lines, "earned_value", currency),
        ac=total(lines, "actual", currency) + total(lines, "accrual", currency),
    )


def _figures(state: EarnedValue, forecast: Money) -> dict[str, Any]:
    """Give the indices, variances, and the four estimates of the whole cost, side by side."""
    eac = rounded(state.eac_at_cpi())
    return {
        "cpi": shown(state.cpi),
        "spi": shown(state.spi),
        "cost_variance": state.cv,
        "schedule_variance": state.sv,
        "estimate_at_completion": eac,
        "estimate_at_plan": state.eac_at_plan(),
        "estimate_at_cost_and_pace": rounded(state.eac_at_cpi_and_spi()),
        "forecast": forecast,
        "variance_at_completion": state.vac(eac),
    }
