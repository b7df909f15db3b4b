"""Findings of a check as people, editors and code hosts read them."""

from pmo_engine.cli.findings.report import FORMATS, Report, print_report

__all__ = ["FORMATS", "Report", "print_report"]
