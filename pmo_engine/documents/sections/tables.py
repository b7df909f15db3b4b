"""Decision tables as sections: each a clause with its rows below it, a clause each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_engine.documents.model import Provision, Row, Section
from pmo_engine.documents.numbering import Numbering, capital, cells, without_empty
from pmo_engine.documents.sections.dates import time_of, when_in_force
from pmo_engine.prose.names import column_in_words, sentence
from pmo_engine.prose.tables import (
    answer_in_words,
    cell_in_words,
    row_in_words,
    table_in_words,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from pmo_engine import policy as tree
    from pmo_engine.policy import Policy


def tables_section(policy: Policy, number: str, *, on: date) -> Section:
    """Make the section on decision tables."""
    numbering = Numbering(number)
    blocks = [_table(table, policy, numbering, on) for table in policy.tables.values()]
    return Section("tables", number, "Decision tables", tuple(blocks), "framework")


def _table(table: tree.Table, policy: Policy, numbering: Numbering, on: date) -> Provision:
    text = "\n".join(_said(table, policy))
    clause = numbering.clause(f"table/{table.id}", table.title.rstrip("."), text, table.mark)
    below = Numbering(clause.number)
    rows = [_row(row, table, policy, below, on) for row in table.rows]
    names = [column_in_words(each) for each in table.inputs]
    names += [column_in_words(each) for each in table.outputs]
    columns = ("Clause", *map(capital, names), "Source")
    return Provision(clause, (without_empty(columns, rows),))


def _row(row: tree.TableRow, table: tree.Table, policy: Policy, below: Numbering, on: date) -> Row:
    origin, in_force = _origin(row), when_in_force(row.in_force)
    source = f" {sentence(f'source: {origin}')}" if origin else ""
    text = f"{row_in_words(row, table, policy)}{in_force}{source}"
    name = f"table/{table.id}/row/{row.number}"
    clause = below.clause(name, f"row {row.number}", text, row.mark)
    tests = (cell_in_words(cell, policy) for cell in row.when)
    answers = (answer_in_words(value, policy).removeprefix("the ") for value in row.then)
    said = cells(clause.number, *tests, *answers, f"{origin}{in_force}".strip())
    return Row(said, clause, time=time_of(row.in_force, on))


def _said(table: tree.Table, policy: Policy) -> Iterator[str]:
    yield from table_in_words(table, policy).splitlines()
    if table.about:
        yield sentence(" ".join(table.about.split()))
    if origin := "; ".join(filter(None, (table.clause, table.source))):
        yield sentence(f"source: {origin}")


def _origin(row: tree.TableRow) -> str:
    return "; ".join(filter(None, (row.about, row.clause, row.source)))
