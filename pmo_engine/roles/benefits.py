"""Benefits and value: one consistent way to manage both."""

from __future__ import annotations

from pmo_engine.resources import rules_dir
from pmo_engine.roles.base import Assessment, FunctionalRole, Review
from pmo_engine.roles.figures import counted, gaps

VALUES = ("planned_value", "forecast_value", "realised_value")


class Benefits(FunctionalRole):
    """Every benefit profile is signed, and the forecast of all stays near the business case.

    A disbenefit is a loss: what its profile gives is taken off what the benefits come to.
    """

    id = "benefits"
    title = "Benefits and value"
    pack = rules_dir() / "benefits"

    def assess(self, review: Review) -> Assessment:
        profiles = counted(review.register("benefits"))
        if missing := gaps("benefits", profiles, *VALUES, "signed"):
            return Assessment.cannot_tell(missing)
        unsigned = [profile for profile in profiles if not profile["signed"]]
        if unsigned:
            return Assessment.not_met("profiles that nobody signed", unsigned)
        planned, forecast = review.figure("planned"), review.figure("forecast_benefits")
        if forecast < planned * (1 - review.parameter("tolerance")):
            reason = f"{forecast} is forecast of the {planned} planned"
            return Assessment.not_met(reason)
        return Assessment.met()
