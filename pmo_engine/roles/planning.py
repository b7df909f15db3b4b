"""Planning and estimating: sound project plans and dependencies."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from pmo_engine.model.earned_value import EarnedValue
from pmo_engine.model.money import Money
from pmo_engine.resources import rules_dir
from pmo_engine.roles.base import Assessment, Entry, Figures, FunctionalRole, Review, absent
from pmo_engine.roles.figures import counted, gaps, share, shown, total


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
        figures = _figures(milestones, review)
        days = review.parameter("slip_days")
        slipping = [each for each in milestones if _slip(each, review.today) > days]
        if slipping:
            return Assessment.not_met(f"slips by more than {days} days", slipping, figures)
        return Assessment.met(figures)


def _slip(milestone: Entry, today: date) -> int:
    reached: date = milestone.get("actual") or max(milestone["forecast"], today)
    baseline: date = milestone["baseline"]
    return (reached - baseline).days


def _figures(milestones: Sequence[Entry], review: Review) -> Figures:
    due = [each for each in milestones if each["baseline"] <= review.today]
    reached = [each for each in due if each.get("actual") is not None]
    return {
        "spi": shown(_spi(milestones, due, review.currency)),
        "longest_slip": max(_slip(each, review.today) for each in milestones),
        "milestones_hit": share(sum(_slip(each, review.today) <= 0 for each in reached), len(due)),
    }


def _spi(milestones: Sequence[Entry], due: Sequence[Entry], currency: str) -> Decimal | None:
    """Weigh milestones by their value; not available while one has none."""
    if absent(milestones, "value"):
        return None
    reached = [each for each in milestones if each.get("actual") is not None]
    return EarnedValue(
        bac=total(milestones, "value", currency),
        pv=total(due, "value", currency),
        ev=total(reached, "value", currency),
        ac=Money(Decimal(0), currency),
    ).spi
