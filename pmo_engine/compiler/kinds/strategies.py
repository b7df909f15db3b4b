"""Planning strategies."""

from __future__ import annotations

from pmo_engine.compiler import schema as s
from pmo_engine.compiler.kinds.kind import Kind, part
from pmo_engine.compiler.planning import strategies

KIND = Kind(
    s.StrategiesDocument,
    parts=(
        part(
            "strategies",
            strategies.strategies,
            "registers tables fact_types functions tolerances gates",
        ),
    ),
    printed=frozenset({"strategies.title", "strategies.about"}),
)
