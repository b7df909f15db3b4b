"""In which types what is known of a project is read: those of the columns that look at it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_engine.compiler import schema as s
from pmo_engine.feel import nodes as n
from pmo_engine.feel.syntax.parser import FeelSyntaxError, parse
from pmo_engine.feel.walk import walk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pmo_engine.compiler.binding.context import Context

PROJECT = n.Name("project")


def attributes_read(context: Context) -> Iterator[tuple[str, s.TableInputEntry]]:
    """Give what the choice of a strategy reads of a project, with the column of the table."""
    tables = {str(each.id): each for each in context.reading.of(s.TableEntry)}
    for document in context.reading.of(s.StrategiesDocument):
        try:
            node = parse(str(document.chosen_by))
        except FeelSyntaxError:
            continue  # which is told where it is bound
        for call in walk(node):
            if isinstance(call, n.Call) and isinstance(call.function, n.Name):
                yield from _columns(call, tables.get(call.function.name))


def _columns(call: n.Call, table: s.TableEntry | None) -> Iterator[tuple[str, s.TableInputEntry]]:
    """Give the attributes among the arguments of a call, which stand in the order of columns."""
    columns = [] if table is None or call.names else table.inputs
    for argument, column in zip(call.arguments, columns, strict=False):
        if isinstance(argument, n.Path) and argument.base == PROJECT:
            yield argument.name, column
