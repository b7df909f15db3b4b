"""Rates of other currencies."""

from __future__ import annotations

from pmo_engine.compiler import schema as s
from pmo_engine.compiler.binding import rates
from pmo_engine.compiler.checks import rates as checks
from pmo_engine.compiler.kinds.kind import Kind, part

KIND = Kind(
    s.Rates,
    parts=(part("rates", rates.rates),),
    checks=(checks.every_day_has_a_rate,),
    printed=frozenset({"rates.source"}),
)
