"""Decision tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pmo_engine.compiler import schema as s
from pmo_engine.compiler.binding.context import Context
from pmo_engine.compiler.binding.tables import TableBinder
from pmo_engine.compiler.checks import tables as checks
from pmo_engine.compiler.kinds.kind import Kind, part
from pmo_engine.compiler.names import Entry, Index

if TYPE_CHECKING:
    from collections.abc import Iterable


def _tables(context: Context, facts: Any) -> tuple[Any, Any]:
    binder = TableBinder(context, facts)
    return binder.bind(), binder.functions


def _declare(documents: Iterable[s.TableEntry], index: Index) -> None:
    for table in documents:
        inputs = ", ".join(str(each.name) for each in table.inputs)
        about = "\n\n".join(filter(None, [str(table.title), str(table.about or "")]))
        index.add("table", Entry(str(table.id), f"{table.id}({inputs})", about, table.mark))


KIND = Kind(
    s.TableEntry,
    parts=(part("tables functions", _tables, "fact_types"),),
    checks=(
        checks.table_is_complete,
        checks.rows_do_not_overlap,
        checks.rows_can_be_reached,
        checks.outputs_fit_hit_policy,
    ),
    declare=_declare,
    printed=frozenset(
        {"title", "clause", "source", "about", "inputs.about", "outputs.about"}
        | {"rows.clause", "rows.source", "rows.about"}
    ),
    bare=frozenset({"rows.when"}),
)
