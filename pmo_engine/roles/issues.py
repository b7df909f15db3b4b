"""Issue: effective issue control."""

from __future__ import annotations

from pmo_engine.resources import rules_dir
from pmo_engine.roles.base import Assessment, FunctionalRole, Review, absent
from pmo_engine.roles.figures import live


class Issues(FunctionalRole):
    """No critical issue is open without a plan, and few are overdue."""

    id = "issues"
    title = "Issue"
    pack = rules_dir() / "issues"

    def assess(self, review: Review) -> Assessment:
        issues = live(review.register("issues"))
        critical = [issue for issue in issues if issue.get("severity") == "critical"]
        missing = absent(issues, "severity", "raised_on", "due") + absent(critical, "planned")
        if missing:
            return Assessment.cannot_tell(missing)
        late = [issue for issue in issues if issue["due"] < review.today]
        unplanned = [issue for issue in critical if not issue["planned"]]
        if unplanned:
            return Assessment.not_met("critical issues without a plan", unplanned)
        breaches = review.figure("breaches")
        if breaches is not None and breaches > review.parameter("breach_ceiling"):
            return Assessment.not_met("too many issues are overdue", late)
        return Assessment.met()
