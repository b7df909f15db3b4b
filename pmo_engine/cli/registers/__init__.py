"""``pmo records``: one module for each sort of command; each imports what it needs when it runs."""

from pmo_engine.cli.registers import lists, lives, mapping, quality, tables
from pmo_engine.cli.registers.group import records_app

__all__ = ["lists", "lives", "mapping", "quality", "records_app", "tables"]
