"""Finance: professional financial control."""

from __future__ import annotations

from collections.abc import Sequence

from pmo_engine.model.earned_value import EarnedValue
from pmo_engine.resources import rules_dir
from pmo_engine.roles.base import Assessment, Entry, Figures, FunctionalRole, Review
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
    """Every line is funded, its forecast within tolerance, and money spent earns its worth."""

    id = "finance"
    title = "Finance"
    pack = rules_dir() / "finance"

    def assess(self, review: Review) -> Assessment:
        lines = counted(review.register("budget_lines"))
        if missing := gaps("budget_lines", lines, *FIELDS):
            return Assessment.cannot_tell(missing)
        state = _earned_value(lines, review.currency)
        figures = _figures(state)
        unfunded = [line for line in lines if line["commitment"] + line["actual"] > line["funds"]]
        if unfunded:
            return Assessment.not_met("committed beyond the funds", unfunded, figures)
        allowed = 1 + review.parameter("tolerance")
        over = [line for line in lines if line["forecast"] > line["baseline"] * allowed]
        if over:
            return Assessment.not_met("forecast beyond tolerance", over, figures)
        floor = review.parameter("cpi_floor")
        if state.cpi is not None and state.cpi < floor:
            return Assessment.not_met(f"CPI {shown(state.cpi)} is under {floor}", figures=figures)
        return Assessment.met(figures)


def _earned_value(lines: Sequence[Entry], currency: str) -> EarnedValue:
    return EarnedValue(
        bac=total(lines, "baseline", currency),
        pv=total(lines, "planned_value", currency),
        ev=total(lines, "earned_value", currency),
        ac=total(lines, "actual", currency) + total(lines, "accrual", currency),
    )


def _figures(state: EarnedValue) -> Figures:
    eac = rounded(state.eac_at_cpi())
    return {
        "cpi": shown(state.cpi),
        "cost_variance": state.cv,
        "estimate_at_completion": eac,
        "variance_at_completion": state.vac(eac),
    }
