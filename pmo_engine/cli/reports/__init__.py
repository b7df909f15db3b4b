"""``pmo report``: the page of everything decided, and the reports that the policy declares."""

from pmo_engine.cli.reports import making, writing
from pmo_engine.cli.reports.report import report_app

__all__ = ["making", "report_app", "writing"]
