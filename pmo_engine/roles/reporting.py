"""Reporting: data and reports for each stakeholder."""

from __future__ import annotations

from collections.abc import Sequence

from pmo_engine.model.rag import Colour, worst
from pmo_engine.resources import rules_dir
from pmo_engine.roles.base import Assessment, Entry, Figures, FunctionalRole, Review, absent
from pmo_engine.roles.figures import gaps, share

MEASURED = ("cost_colour", "time_colour", "quality_colour", "benefits_colour")


class Reporting(FunctionalRole):
    """The last report is current and signed off, and its colour agrees with its measures."""

    id = "reporting"
    title = "Reporting"
    pack = rules_dir() / "reporting"

    def assess(self, review: Review) -> Assessment:
        reports = review.register("reports")
        submitted = [report for report in reports if report.get("submitted_on") is not None]
        if missing := gaps("reports", reports, "due") or gaps("reports", submitted):
            return Assessment.cannot_tell(missing)
        last = max(submitted, key=lambda report: report["submitted_on"])
        if missing := absent([last], "colour", "signed_off", *MEASURED):
            return Assessment.cannot_tell(missing)
        figures = _figures(reports, submitted, last, review)
        days = review.parameter("report_days")
        if (review.today - last["submitted_on"]).days > days:
            return Assessment.not_met(f"no report for more than {days} days", [last], figures)
        if not last["signed_off"]:
            return Assessment.not_met("the last report is not signed off", [last], figures)
        if figures["overridden"] and last.get("override_reason") is None:
            reason = f"{last['colour']} where the measures say {figures['measured']}"
            return Assessment.not_met(reason, [last], figures)
        return Assessment.met(figures)


def _figures(
    reports: Sequence[Entry], submitted: Sequence[Entry], last: Entry, review: Review
) -> Figures:
    due = [report for report in reports if report["due"] <= review.today]
    prompt = [report for report in submitted if report["submitted_on"] <= report["due"]]
    measured = worst(Colour(last[name]) for name in MEASURED)
    return {
        "timeliness": share(sum(report in prompt for report in due), len(due)),
        "colour": last["colour"],
        "measured": measured,
        "overridden": last["colour"] != measured,
    }
