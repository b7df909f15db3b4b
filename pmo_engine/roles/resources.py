"""Resource management: is the next stage staffed?"""

from __future__ import annotations

from datetime import timedelta

from pmo_engine.resources import rules_dir
from pmo_engine.roles.base import Assessment, FunctionalRole, Review
from pmo_engine.roles.figures import counted, gaps, live


class Resources(FunctionalRole):
    """What the next weeks need is staffed."""

    id = "resources"
    title = "Resource management"
    pack = rules_dir() / "resources"

    def assess(self, review: Review) -> Assessment:
        demands = live(review.register("demands"))
        if missing := gaps("demands", demands, "fte", "filled", "starts_on"):
            return Assessment.cannot_tell(missing)
        horizon = review.today + timedelta(days=int(review.parameter("horizon_days")))
        near = [demand for demand in counted(demands) if demand["starts_on"] <= horizon]
        short = [demand for demand in near if demand["filled"] < demand["fte"]]
        if short:
            return Assessment.not_met("not fully staffed", short)
        if conflicts := review.figure("overallocated"):
            return Assessment.not_met(f"{conflicts} people are allocated for more than their time")
        return Assessment.met()
