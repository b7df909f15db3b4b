"""Issue: effective issue control."""

from __future__ import annotations

from pmo_engine.resources import rules_dir
from pmo_engine.roles.base import Assessment, Entry, Figures, FunctionalRole, Review, absent
from pmo_engine.roles.figures import live, share


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
        figures = _figures(issues, late, review)
        unplanned = [issue for issue in critical if not issue["planned"]]
        if unplanned:
            return Assessment.not_met("critical issues without a plan", unplanned, figures)
        breaches = figures["breaches"]
        if breaches is not None and breaches > review.parameter("breach_ceiling"):
            return Assessment.not_met("too many issues are overdue", late, figures)
        return Assessment.met(figures)


def _figures(issues: list[Entry], late: list[Entry], review: Review) -> Figures:
    ages = [(review.today - issue["raised_on"]).days for issue in issues]
    days = review.parameter("ageing_days")
    return {
        "open": len(issues),
        "open_by_age": {
            "within": sum(age <= days for age in ages),
            "beyond": sum(age > days for age in ages),
        },
        "breaches": share(len(late), len(issues)),
    }
