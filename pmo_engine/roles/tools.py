"""Tools expert: expertise in the tools that support change."""

from __future__ import annotations

from datetime import timedelta

from pmo_engine.resources import rules_dir
from pmo_engine.roles.base import Assessment, FunctionalRole, Review, absent
from pmo_engine.roles.figures import gaps, has_come


class Tools(FunctionalRole):
    """Access to the tools is reviewed, taken back from leavers, and completely recorded."""

    id = "tools"
    title = "Tools expert"
    pack = rules_dir() / "tools"

    def assess(self, review: Review) -> Assessment:
        accesses = review.register("accesses")
        held = [access for access in accesses if access.get("revoked_on") is None]
        if missing := gaps("accesses", accesses) or absent(held, "reviewed_on"):
            return Assessment.cannot_tell(missing)
        before = review.today - timedelta(days=1)
        days_left = ("last_day", "left_on")
        kept = [e for e in held if any(has_come(e, day, before) for day in days_left)]
        days = review.parameter("access_days")
        stale = [access for access in held if (review.today - access["reviewed_on"]).days > days]
        if kept:
            return Assessment.not_met("leavers who still have access", kept)
        if stale:
            return Assessment.not_met(f"access not reviewed for {days} days", stale)
        completeness = review.figure("completeness")
        if completeness is not None and completeness < review.parameter("completeness_floor"):
            return Assessment.not_met("records of access are incomplete", held)
        return Assessment.met()
