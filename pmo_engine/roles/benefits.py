"""Benefits and value: one consistent way to manage both."""

from __future__ import annotations

from collections.abc import Sequence

from pmo_engine.model.money import Money
from pmo_engine.resources import rules_dir
from pmo_engine.roles.base import Assessment, Entry, FunctionalRole, Review
from pmo_engine.roles.figures import counted, gaps, ratio, shown, total

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
        planned, forecast, realised = (_net(profiles, name, review.currency) for name in VALUES)
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


def _net(profiles: Sequence[Entry], field: str, currency: str) -> Money:
    losses = [each for each in profiles if each.get("disbenefit")]
    gains = [each for each in profiles if not each.get("disbenefit")]
    return total(gains, field, currency) - total(losses, field, currency)
