"""Commercial: the organisation is an informed customer."""

from __future__ import annotations

from pmo_engine.resources import rules_dir
from pmo_engine.roles.base import Assessment, FunctionalRole, Review
from pmo_engine.roles.figures import gaps, live


class Commercial(FunctionalRole):
    """Interests are declared, and no contract in use has run out or grown beyond its ceiling."""

    id = "commercial"
    title = "Commercial"
    pack = rules_dir() / "commercial"

    def assess(self, review: Review) -> Assessment:
        contracts = live(review.register("contracts"))
        needed = ("original_value", "variations", "expiry", "interests_declared")
        if missing := gaps("contracts", contracts, *needed):
            return Assessment.cannot_tell(missing)
        undeclared = [c for c in contracts if not c["interests_declared"]]
        if undeclared:
            return Assessment.not_met("no declaration of interests", undeclared)
        expired = [c for c in contracts if c["expiry"] < review.today]
        if expired:
            return Assessment.not_met("contracts that have run out", expired)
        ceiling = review.parameter("variation_ceiling")
        grown = [c for c in contracts if c["variations"] > c["original_value"] * ceiling]
        if grown:
            return Assessment.not_met("variations beyond the ceiling", grown)
        return Assessment.met()
