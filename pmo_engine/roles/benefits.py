"""Benefits and value: one consistent way to manage both."""

from __future__ import annotations

from pmo_engine.resources import rules_dir
from pmo_engine.roles.base import Assessment, FunctionalRole, Review
from pmo_engine.roles.figures import counted, gaps, ratio, shown, total


class Benefits(FunctionalRole):
    """Every benefit profile is signed, and the forecast of all stays near the business case."""

    id = "benefits"
    title = "Benefits and value"
    pack = rules_dir() / "benefits"

    def assess(self, review: Review) -> Assessment:
        profiles = counted(review.register("benefits"))
        needed = ("planned_value", "forecast_value", "realised_value", "signed")
        if missing := gaps("benefits", profiles, *needed):
            return Assessment.cannot_tell(missing)
        planned = total(profiles, "planned_value", review.currency)
        forecast = total(profiles, "forecast_value", review.currency)
        realised = total(profiles, "realised_value", review.currency)
        figures = {
            "planned": planned,
            "forecast": forecast,
            "realised": realised,
            "realised_share": shown(ratio(realised, planned)),
            "drift": shown(ratio(forecast - planned, planned)),
        }
        unsigned = [profile for profile in profiles if not profile["signed"]]
        if unsigned:
            return Assessment.not_met("profiles that nobody signed", unsigned, figures)
        if forecast < planned * review.parameter("forecast_floor"):
            reason = f"{forecast} is forecast of the {planned} planned"
            return Assessment.not_met(reason, figures=figures)
        return Assessment.met(figures)
