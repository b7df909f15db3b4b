"""Offices."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_engine.compiler import schema as s
from pmo_engine.compiler.binding import offices
from pmo_engine.compiler.checks import offices as checks
from pmo_engine.compiler.kinds.kind import Kind, part
from pmo_engine.compiler.names import Entry, Index

if TYPE_CHECKING:
    from collections.abc import Iterable


def _declare(documents: Iterable[s.Offices], index: Index) -> None:
    for document in documents:
        for each in document.offices:
            above = f"Under `{each.under}`." if each.under is not None else "At the top."
            index.add("office", Entry(str(each.id), f"{each.kind} office", above, each.mark))


KIND = Kind(
    s.Offices,
    parts=(part("offices", offices.offices, "roles functional calendars calendar"),),
    checks=(checks.form_fits_the_tree,),
    declare=_declare,
    printed=frozenset({"offices.title", "offices.kind"}),
)
