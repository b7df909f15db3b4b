"""Consultancy and performance management: expertise within the organisation, health checks."""

from __future__ import annotations

from pmo_engine.resources import rules_dir
from pmo_engine.roles.base import Assessment, FunctionalRole, Review, absent
from pmo_engine.roles.figures import gaps


class Performance(FunctionalRole):
    """The last health check is recent, and good enough or followed by a recovery plan."""

    id = "performance"
    title = "Consultancy and performance management"
    pack = rules_dir() / "performance"

    def assess(self, review: Review) -> Assessment:
        checks = review.register("health_checks")
        if missing := gaps("health_checks", checks, "checked_on"):
            return Assessment.cannot_tell(missing)
        last = max(checks, key=lambda check: check["checked_on"])
        if missing := absent([last], "score", "recovery_plan", "findings_open"):
            return Assessment.cannot_tell(missing)
        age = (review.today - last["checked_on"]).days
        if age > review.parameter("check_days"):
            return Assessment.not_met(f"the last health check is {age} days old", [last])
        floor = review.parameter("score_floor")
        if last["score"] < floor and not last["recovery_plan"]:
            reason = f"a score of {last['score']}, under {floor}, without a recovery plan"
            return Assessment.not_met(reason, [last])
        return Assessment.met()
