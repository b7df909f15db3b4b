"""Reports."""

from __future__ import annotations

from pmo_engine.compiler import schema as s
from pmo_engine.compiler.binding import reports
from pmo_engine.compiler.kinds.kind import Kind, part

KIND = Kind(
    s.Reports,
    parts=(part("reports", reports.reports, "roles figures"),),
    printed=frozenset({f"reports.{key}" for key in ("title", "purpose")}),
)
