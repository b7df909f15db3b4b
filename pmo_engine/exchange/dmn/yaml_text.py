"""Tables as YAML that reads well: a line for each column and row."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from pmo_engine.source.yaml_writing import in_yaml


def tables_in_yaml(tables: Iterable[Mapping[str, Any]]) -> str:
    """Write documents of tables, one after the other."""
    return "---\n".join(map(_table, tables))


def _table(table: Mapping[str, Any]) -> str:
    lines = []
    for key, value in table.items():
        if isinstance(value, list):
            lines += [f"{key}:", *(f"  - {in_yaml(item)}" for item in value)]
        else:
            lines.append(f"{key}: {in_yaml(value)}")
    return "\n".join(lines) + "\n"
