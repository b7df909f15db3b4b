"""Stages and gates."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_engine.compiler import schema as s
from pmo_engine.compiler.binding import gates
from pmo_engine.compiler.kinds.kind import Kind, part
from pmo_engine.compiler.names import Entry, Index

if TYPE_CHECKING:
    from collections.abc import Iterable


def _declare(documents: Iterable[s.Gates], index: Index) -> None:
    for document in documents:
        for stage in document.stages:
            index.add("stage", Entry(str(stage), "stage", mark=stage.mark))
        for gate in document.gates:
            index.add("gate", Entry(str(gate.id), "gate", str(gate.title), gate.mark))


KIND = Kind(
    s.Gates,
    parts=(
        part("visible", lambda _, facts, tables: {**tables, **facts}, "facts functions"),
        part("confidence", gates.confidence),
        part("gates", gates.gates, "roles registers visible tolerances defaults"),
    ),
    declare=_declare,
    printed=frozenset({"gates.title", "gates.criteria.text", "gates.evidence.text"}),
    bare=frozenset({"gates", "gates.assessments"}),
)
