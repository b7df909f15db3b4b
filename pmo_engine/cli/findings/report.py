"""What a check of one or more policies found, in one of the forms that can be asked for."""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING

import typer

from pmo_engine.cli.findings.github import workflow_command
from pmo_engine.cli.findings.sarif import sarif
from pmo_engine.cli.findings.screen import COLOURS, Sources, printable, with_line
from pmo_engine.cli.output import print_json
from pmo_engine.model.frozen import dataclass
from pmo_engine.source.published import PublishedDiagnostic

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pmo_engine.source.diagnostics import Diagnostic

FORMATS = ("text", "short", "json", "sarif", "github")


@dataclass(frozen=True, slots=True)
class Report:
    """All findings, sorted; how many rules there are; texts of files that are not on disk."""

    diagnostics: tuple[Diagnostic, ...]
    rules: int
    texts: Mapping[str, str] = field(default_factory=dict)

    @property
    def errors(self) -> int:
        """Count the findings that keep a folder from being a policy."""
        return sum(item.severity == "error" for item in self.diagnostics)

    @property
    def warnings(self) -> int:
        """Count the findings that do not."""
        return sum(item.severity == "warning" for item in self.diagnostics)

    @property
    def notes(self) -> int:
        """Count what the check says of itself: that it could not look at something."""
        return len(self.diagnostics) - self.errors - self.warnings


def print_report(report: Report, form: str) -> None:
    """Print a report in one of ``FORMATS``."""
    match form:
        case "json":
            print_json([PublishedDiagnostic.of(item) for item in report.diagnostics])
        case "sarif":
            print_json(sarif(report.diagnostics))
        case "github":
            for item in report.diagnostics:
                typer.echo(workflow_command(item))
        case _:
            _print_lines(report, whole=form == "text")


def _print_lines(report: Report, *, whole: bool) -> None:
    sources = Sources(report.texts)
    for item in report.diagnostics:
        if whole:
            typer.echo("\n".join(with_line(item, sources)))
        else:
            typer.secho(printable(str(item)), fg=COLOURS[item.severity])
    typer.echo(_summary(report))
    if whole and report.diagnostics:
        code = report.diagnostics[0].code
        typer.secho(f"'pmo policy code {code}' says more, with an example", dim=True)


def _summary(report: Report) -> str:
    parts = [_counted(report.errors, "error"), _counted(report.warnings, "warning")]
    parts += [_counted(report.notes, "note")] if report.notes else []
    return ", ".join([*parts, _counted(report.rules, "rule")] if report.rules else parts)


def _counted(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"
