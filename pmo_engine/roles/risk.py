"""Risk: effective risk management."""

from __future__ import annotations

from collections.abc import Iterator

from pmo_engine.resources import rules_dir
from pmo_engine.roles.base import Assessment, Entry, FunctionalRole, Review, absent, name_of
from pmo_engine.roles.figures import gaps, live

LEAST, MOST = 1, 5
"""The ends of the scales of probability and impact."""


class Risk(FunctionalRole):
    """Open risks were reviewed lately, and what remains of each lies within appetite."""

    id = "risk"
    title = "Risk"
    pack = rules_dir() / "risk"

    def assess(self, review: Review) -> Assessment:
        entries = review.register("risks")
        risks = live(entries)
        needed = ("probability", "impact", "residual", "reviewed_on")
        if missing := gaps("risks", entries) or absent(risks, *needed):
            return Assessment.cannot_tell(missing)
        if off := [said for risk in risks for said in _off_the_scale(risk)]:
            return Assessment.contradicts(off)
        appetite, age = review.parameter("appetite"), review.parameter("stale_days")
        above = [risk for risk in risks if _is_threat(risk) and risk["residual"] >= appetite]
        if above:
            return Assessment.not_met("residual risk at or above appetite", above)
        stale = [risk for risk in risks if (review.today - risk["reviewed_on"]).days > age]
        if stale:
            return Assessment.not_met(f"not reviewed for more than {age} days", stale)
        return Assessment.met()


def _is_threat(risk: Entry) -> bool:
    """An opportunity is wanted, however large; what nobody classed is taken for a threat."""
    return risk.get("type") != "opportunity"


def _off_the_scale(risk: Entry) -> Iterator[str]:
    """Say what lies off the scale, as a register may hold it from before there was one."""
    for name in ("probability", "impact"):
        if not LEAST <= risk[name] <= MOST:
            yield f"{name_of(risk)}: {name} {risk[name]} is not from {LEAST} to {MOST}"
