"""Quality assurance: products can deliver the expected benefits."""

from __future__ import annotations

from pmo_engine.resources import rules_dir
from pmo_engine.roles.base import Assessment, FunctionalRole, Review, absent
from pmo_engine.roles.figures import gaps, has_come, share


class Quality(FunctionalRole):
    """Reviews planned by now took place, and what failed has a concession."""

    id = "quality"
    title = "Quality assurance"
    pack = rules_dir() / "quality"

    def assess(self, review: Review) -> Assessment:
        reviews = review.register("quality")
        due = [each for each in reviews if has_come(each, "planned", review.today)]
        if missing := gaps("quality", reviews, "planned") + absent(due, "result", "attempt"):
            return Assessment.cannot_tell(missing)
        passed = [each for each in due if each["result"] == "pass"]
        first = [each for each in passed if each["attempt"] == 1]
        figures = {"due": len(due), "first_pass_yield": share(len(first), len(due))}
        failed = [each for each in due if each["result"] == "fail"]
        if missing := absent(failed, "concession"):
            return Assessment.cannot_tell(missing)
        unaccepted = [each for each in failed if not each["concession"]]
        if unaccepted:
            return Assessment.not_met("failed without a concession", unaccepted, figures)
        return Assessment.met(figures)
