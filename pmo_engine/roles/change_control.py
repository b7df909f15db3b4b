"""Change control: only beneficial or necessary changes reach a baseline."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from pmo_engine.model.life_cycle import UNDECIDED
from pmo_engine.resources import rules_dir
from pmo_engine.roles.base import Assessment, Entry, Figures, FunctionalRole, Review, absent
from pmo_engine.roles.figures import ratio, shown, stands, total

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
        figures = {"undecided": len(waiting), **_figures(changes, approved, review.currency)}
        if waiting:
            return Assessment.not_met("change requests not decided", waiting, figures)
        outside = [change for change in approved if not change["in_baseline"]]
        if outside:
            reason = "approved changes that the baseline does not hold"
            return Assessment.not_met(reason, outside, figures)
        return Assessment.met(figures)


def _figures(changes: Sequence[Entry], approved: Sequence[Entry], currency: str) -> Figures:
    return {
        "cycle_days": _cycle_days(changes),
        "change_budget_used": shown(_budget_used(changes, approved, currency)),
    }


def _cycle_days(changes: Sequence[Entry]) -> Decimal | None:
    """Average the days from submission to decision."""
    times = [
        change["decided_at"] - change["submitted_at"]
        for change in changes
        if not absent([change], "decided_at", "submitted_at")
    ]
    seconds = sum(int(time.total_seconds()) for time in times)
    return shown(Decimal(seconds) / (86_400 * len(times))) if times else None


def _budget_used(
    changes: Sequence[Entry], approved: Sequence[Entry], currency: str
) -> Decimal | None:
    """Give the approved cost by the change budget as the latest request states it."""
    stated = [change for change in changes if not absent([change], "change_budget")]
    if not stated or absent(approved, "cost"):
        return None
    return ratio(total(approved, "cost", currency), stated[-1]["change_budget"])
