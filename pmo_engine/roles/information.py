"""Information management: the keeper of the master copies."""

from __future__ import annotations

from pmo_engine.resources import rules_dir
from pmo_engine.roles.base import Assessment, FunctionalRole, Review
from pmo_engine.roles.figures import gaps, live


class Information(FunctionalRole):
    """Every configuration item has one master, stands at its baseline and passed its audit."""

    id = "information"
    title = "Information management"
    pack = rules_dir() / "information"

    def assess(self, review: Review) -> Assessment:
        items = live(review.register("configuration_items"))
        needed = ("version", "baseline_version", "masters", "discrepancies")
        if missing := gaps("configuration_items", items, *needed):
            return Assessment.cannot_tell(missing)
        moved = [item for item in items if item["version"] != item["baseline_version"]]
        unclear = [item for item in items if item["masters"] != 1]
        if unclear:
            return Assessment.not_met("not exactly one master copy", unclear)
        if moved:
            return Assessment.not_met("away from their baseline", moved)
        found = [item for item in items if item["discrepancies"] > 0]
        if found:
            return Assessment.not_met("discrepancies found by audit", found)
        return Assessment.met()
