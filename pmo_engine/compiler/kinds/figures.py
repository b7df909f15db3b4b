"""Figures, and the examples that work them out by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_engine.compiler import schema as s
from pmo_engine.compiler.checks import figures as checks
from pmo_engine.compiler.figures import binding, worked
from pmo_engine.compiler.kinds.kind import Kind, part
from pmo_engine.compiler.names import Entry, Index

if TYPE_CHECKING:
    from collections.abc import Iterable


def _declare(documents: Iterable[s.Figures], index: Index) -> None:
    for document in documents:
        for figure in document.figures:
            about = f"`{figure.formula}`"
            index.add("figure", Entry(str(figure.id), str(figure.label), about, figure.mark))


FIGURES = Kind(
    s.Figures,
    parts=(part("figures", binding.figures, "registers fact_types functions norms"),),
    checks=(checks.figure_is_worked_out,),
    declare=_declare,
    printed=frozenset({f"figures.{key}" for key in ("label", "source", "about", "because")}),
)
EXAMPLES = Kind(
    s.WorkedExamples,
    parts=(part("worked", worked.worked_examples, "policy"),),
    printed=frozenset({"examples.name", "examples.working"}),
    bare=frozenset({"facts", "examples.facts"}),
)
