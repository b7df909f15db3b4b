"""Planning and estimating: sound project plans and dependencies."""

from __future__ import annotations

from datetime import date

from pmo_engine.resources import rules_dir
from pmo_engine.roles.base import Assessment, Entry, FunctionalRole, Review, absent
from pmo_engine.roles.figures import counted, gaps


class Planning(FunctionalRole):
    """No milestone slips beyond tolerance, reached or forecast.

    One that is not reached slips with each day, whatever day it was forecast for.
    """

    id = "planning"
    title = "Planning and estimating"
    pack = rules_dir() / "planning"

    def assess(self, review: Review) -> Assessment:
        milestones = counted(review.register("milestones"))
        ahead = [each for each in milestones if each.get("actual") is None]
        if missing := gaps("milestones", milestones, "baseline") + absent(ahead, "forecast"):
            return Assessment.cannot_tell(missing)
        days = review.parameter("slip_days")
        slipping = [each for each in milestones if _slip(each, review.today) > days]
        if slipping:
            return Assessment.not_met(f"slips by more than {days} days", slipping)
        return Assessment.met()


def _slip(milestone: Entry, today: date) -> int:
    reached: date = milestone.get("actual") or max(milestone["forecast"], today)
    baseline: date = milestone["baseline"]
    return (reached - baseline).days
