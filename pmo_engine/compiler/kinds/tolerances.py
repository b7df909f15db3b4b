"""Tolerances."""

from __future__ import annotations

from pmo_engine.compiler import schema as s
from pmo_engine.compiler.binding import tolerances
from pmo_engine.compiler.checks import tolerances as checks
from pmo_engine.compiler.kinds.kind import Kind, part

KIND = Kind(
    s.Tolerances,
    parts=(part("tolerances", tolerances.tolerances, "registers roles"),),
    checks=(checks.tolerance_fits,),
    printed=frozenset(
        {"tolerances.about", "tolerances.up_to.source"}
        | {f"tolerances.criteria{key}" for key in ("", ".text", ".source")}
    ),
)
