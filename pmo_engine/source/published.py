"""The published shape of a diagnostic, as ``pmo policy check --json`` prints it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_engine.model.shape import Shape
from pmo_engine.source.codes import Severity

if TYPE_CHECKING:
    from pmo_engine.source.diagnostics import Diagnostic


class PublishedDiagnostic(Shape):
    """One finding of a check; line and column count from 1."""

    file: str
    line: int
    column: int
    code: str
    message: str
    hint: str
    severity: Severity

    @classmethod
    def of(cls, item: Diagnostic) -> PublishedDiagnostic:
        """Publish a diagnostic, its fixes apart."""
        return cls(
            file=item.file,
            line=item.line,
            column=item.column,
            code=item.code,
            message=item.message,
            hint=item.hint,
            severity=item.severity,
        )
