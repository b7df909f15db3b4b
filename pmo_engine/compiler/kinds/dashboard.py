"""The dashboard of a portfolio, with the thresholds of its colours."""

from __future__ import annotations

from pmo_engine.compiler import schema as s
from pmo_engine.compiler.figures import dashboard
from pmo_engine.compiler.kinds.kind import Kind, part

KIND = Kind(
    s.Dashboard,
    parts=(
        part("thresholds", dashboard.thresholds, "figures registers"),
        part("dashboard", dashboard.dashboard, "figures registers"),
    ),
    printed=frozenset({"thresholds.about", "thresholds.bands.source"}),
)
