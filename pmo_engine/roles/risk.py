"""Risk: effective risk management."""

from __future__ import annotations

from pmo_engine.model.money import Money
from pmo_engine.model.risk import expected_value, exposure, score
from pmo_engine.resources import rules_dir
from pmo_engine.roles.base import Assessment, Entry, Figures, FunctionalRole, Review, absent
from pmo_engine.roles.figures import counted, gaps, live, rounded


class Risk(FunctionalRole):
    """Open risks were reviewed lately, and what remains of each lies within appetite."""

    id = "risk"
    title = "Risk"
    pack = rules_dir() / "risk"

    def assess(self, review: Review) -> Assessment:
        entries = review.register("risks")
        risks = live(entries)
        needed = ("probability", "impact", "residual", "reviewed_on")
        if missing := gaps("risks", entries) or absent(risks, *needed):
            return Assessment.cannot_tell(missing)
        figures = _figures(counted(risks), review)
        appetite, age = review.parameter("appetite"), review.parameter("stale_days")
        above = [risk for risk in risks if _is_threat(risk) and risk["residual"] >= appetite]
        if above:
            return Assessment.not_met("residual risk at or above appetite", above, figures)
        stale = [risk for risk in risks if (review.today - risk["reviewed_on"]).days > age]
        if stale:
            return Assessment.not_met(f"not reviewed for more than {age} days", stale, figures)
        return Assessment.met(figures)


def _is_threat(risk: Entry) -> bool:
    """An opportunity is wanted, however large; what nobody classed is taken for a threat."""
    return risk.get("type") != "opportunity"


def _figures(risks: list[Entry], review: Review) -> Figures:
    threats = [risk for risk in risks if _is_threat(risk)]
    scores = [score(int(risk["probability"]), int(risk["impact"])) for risk in threats]
    return {
        "open": len(risks),
        "highest_score": max(scores, default=None),
        "exposure": _exposure(risks, review.currency),
    }


def _exposure(risks: list[Entry], currency: str) -> Money | None:
    """Sum the expected values; not available while a chance or a cost is not given."""
    if absent(risks, "type", "chance", "impact_cost"):
        return None
    values = (
        expected_value(
            risk["chance"], risk["impact_cost"], opportunity=risk["type"] == "opportunity"
        )
        for risk in risks
    )
    return rounded(exposure(values, currency))
