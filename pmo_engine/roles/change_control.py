"""Change control: only beneficial or necessary changes reach a baseline."""

from __future__ import annotations

from pmo_engine.model.life_cycle import UNDECIDED
from pmo_engine.resources import rules_dir
from pmo_engine.roles.base import Assessment, FunctionalRole, Review, absent
from pmo_engine.roles.figures import stands

WAITING = frozenset({"submitted", *UNDECIDED})
APPROVED = "approved"


class ChangeControl(FunctionalRole):
    """Every change request is decided, and the baseline holds each that was approved."""

    id = "change_control"
    title = "Change control"
    pack = rules_dir() / "change_control"

    def assess(self, review: Review) -> Assessment:
        changes = review.register("change_requests")
        approved = [change for change in changes if stands(change) == APPROVED]
        missing = absent(changes, "status") + absent(approved, "in_baseline")
        if missing:
            return Assessment.cannot_tell(missing)
        waiting = [change for change in changes if stands(change) in WAITING]
        if waiting:
            return Assessment.not_met("change requests not decided", waiting)
        outside = [change for change in approved if not change["in_baseline"]]
        if outside:
            reason = "approved changes that the baseline does not hold"
            return Assessment.not_met(reason, outside)
        return Assessment.met()
