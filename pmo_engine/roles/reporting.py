"""Reporting: data and reports for each stakeholder."""

from __future__ import annotations

from datetime import date

from pmo_engine.model.rag import Colour, worst
from pmo_engine.resources import rules_dir
from pmo_engine.roles.base import Assessment, Entry, FunctionalRole, Review, absent
from pmo_engine.roles.figures import gaps

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
        measured = worst(Colour(last[name]) for name in MEASURED)
        days = review.parameter("report_days")
        if (review.today - last["submitted_on"]).days > days:
            return Assessment.not_met(f"no report for more than {days} days", [last])
        if not last["signed_off"]:
            return Assessment.not_met("the last report is not signed off", [last])
        if last["colour"] != measured and not _override_holds(last, review.today):
            reason = f"{last['colour']} where the measures say {measured}"
            return Assessment.not_met(reason, [last])
        if late := review.figure("reports_missing"):
            return Assessment.met(told=[f"{late} due and not submitted"])
        return Assessment.met()


def _override_holds(report: Entry, today: date) -> bool:
    """An override holds with a reason and, where it names an end, until that day."""
    until = report.get("override_until")
    return report.get("override_reason") is not None and (until is None or until >= today)
