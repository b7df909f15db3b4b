"""The group that the commands under ``pmo records`` enter themselves into."""

from __future__ import annotations

from pathlib import Path

import typer

from pmo_engine.cli import output as o

records_app = o.group("Registers as tables and lists, and how good their data are.")

TABLES = (".csv", ".xlsx")


def a_table(path: Path | None) -> Path | None:
    """Refuse a file to write whose name is not that of a table."""
    if path is not None and path.suffix.lower() not in TABLES:
        raise typer.BadParameter(f"a table's name ends in {' or '.join(TABLES)}, not '{path.name}'")
    return path
