"""Binds how tables that others keep fill a register: which column is which field."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from pmo_engine import policy as tree
from pmo_engine.policy.registers import IMPORTED, STATUS
from pmo_engine.source import codes
from pmo_engine.source.diagnostics import nearest

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pmo_engine.compiler import schema as s
    from pmo_engine.compiler.binding.context import Findings


def import_layout(
    findings: Findings, entry: s.ImportEntry, fields: Mapping[str, tree.Field]
) -> tree.ImportLayout:
    """Bind how the columns of a table become records."""
    for name, column in (*entry.columns.items(), *entry.first.items()):
        if name not in {*fields, *IMPORTED, STATUS}:
            hint = nearest(name, fields) or f"known: {', '.join(fields)}"
            findings.add(column.mark, codes.UNKNOWN, f"unknown field '{name}'", hint)
    for name in entry.columns.keys() & entry.first.keys():
        message = f"'{name}' is under 'columns' too"
        findings.add(
            entry.first[name].mark, codes.DECLARED_TWICE, message, "a field is filled in one way"
        )
    if entry.dates is not None and not _tells_days(entry.dates):
        message = f"'{entry.dates}' does not tell day, month and year"
        findings.add(
            entry.dates.mark, codes.WRONG_VALUE, message, "as in '%B %d, %Y' for March 2, 2026"
        )
    return tree.ImportLayout(
        id=str(entry.id),
        key=None if entry.key is None else str(entry.key),
        project=None if entry.project is None else str(entry.project),
        project_name=None if entry.project_name is None else str(entry.project_name),
        columns=tuple((name, str(column)) for name, column in entry.columns.items()),
        first=tuple((name, str(column)) for name, column in entry.first.items()),
        dates=None if entry.dates is None else str(entry.dates),
        sign=str(entry.amounts.sign),
        thousands=str(entry.amounts.thousands),
        decimal=_decimal(findings, entry.amounts),
    )


def _decimal(findings: Findings, amounts: s.AmountFormat) -> str:
    if amounts.decimal is None:
        return "," if amounts.thousands == "." else "."
    if amounts.decimal not in {".", ","} or amounts.decimal == amounts.thousands:
        message = f"'{amounts.decimal}' cannot stand before decimal places here"
        hint = "write '.' or ',', and not what separates thousands"
        findings.add(amounts.decimal.mark, codes.WRONG_VALUE, message, hint)
    return str(amounts.decimal)


def _tells_days(form: str) -> bool:
    day = datetime(2023, 11, 30, tzinfo=UTC)
    try:
        return datetime.strptime(day.strftime(form), form).date() == day.date()  # noqa: DTZ007 - a day
    except ValueError:
        return False
