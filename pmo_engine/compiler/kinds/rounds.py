"""Collection rounds."""

from __future__ import annotations

from pmo_engine.compiler import schema as s
from pmo_engine.compiler.binding import rounds
from pmo_engine.compiler.kinds.kind import Kind, part

KIND = Kind(
    s.Rounds,
    parts=(part("rounds", rounds.rounds, "roles registers defaults"),),
    printed=frozenset({"rounds.purpose"}),
)
